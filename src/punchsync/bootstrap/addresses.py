"""Where stores are: addresses from settings or credentials, relative files in the site's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from punchsync.address import is_postgresql
from punchsync.problems import Complaint, Refused
from punchsync.settings import CREDENTIAL, FILE, secret
from punchsync.settings.parts import ScoringPart
from punchsync.texts import _

if TYPE_CHECKING:
    pass


def store_url(url: str, folder: Path) -> str:
    """A store's address, from its credential where it has one; its file's folder is made if absent.

    Raises Refused for a credential that can't be had or is no good address.
    """
    if url.startswith(CREDENTIAL):
        found = secret(folder, url)
        if not is_postgresql(found):
            allowed = _("postgresql+psycopg://用户:密码@主机/库名（密码里的特殊字符写成 %XX）")
            raise Refused([Complaint(FILE, url, _("凭据的内容不是 PostgreSQL 数据库的地址"), allowed)])
        return found
    made = in_folder(url, folder)
    if made.startswith("sqlite:///"):
        Path(made.removeprefix("sqlite:///")).parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    return made


def in_folder(url: str, folder: Path) -> str:
    """An address with a relative SQLite file taken from the site's folder; a URI (`file:…`) stays as it is."""
    scheme, slashes, path = url.partition(":///")
    if scheme != "sqlite" or not slashes or path in ("", ":memory:") or path.startswith("file:"):
        return url
    return f"sqlite:///{(folder / path).resolve()}"


def scoring_url(folder: Path, part: ScoringPart) -> str:
    """A scoring store's address, from its credential where it has one; raises Refused if that has no good one."""
    if part.url is None or not part.url.startswith(CREDENTIAL):
        return part.url or ""
    url = secret(folder, part.url)
    try:
        good = not url.startswith(CREDENTIAL) and ScoringPart(sink=part.sink, url=url).url
    except ValueError:
        good = None
    if not good:
        allowed = _("https://… 或 http://…") if part.sink == "http" else _("SQLAlchemy 的数据库地址")
        raise Refused([Complaint(FILE, part.url, _("凭据的内容不是评分库的地址"), allowed)])
    return url
