"""What is sent where: the scoring store and the channels of notices."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from punchsync.bootstrap.addresses import in_folder, scoring_url
from punchsync.core.attention import CODES, Listener
from punchsync.core.moment import HOUR
from punchsync.core.quiet import parse_quiet
from punchsync.operations.ports import Channel, ScoringStore
from punchsync.problems import Complaint, Refused
from punchsync.settings import CREDENTIAL, FILE, secret
from punchsync.settings.parts import NotifyPart, PersonalPart, ScoringPart
from punchsync.texts import _

CAREFUL: Final = ("full", "masked", "numbers")
"""Publication levels, the most careful last."""


def scoring_store(folder: Path, part: ScoringPart, name: str, hall: str) -> ScoringStore:
    """The scoring store of these settings; raises Refused for what of them is bad."""
    url = scoring_url(folder, part)
    if part.sink == "sql":
        from punchsync.deliver.sql import SqlStore, Unusable

        try:
            return SqlStore(in_folder(url, folder), name=name, timeout=part.timeout)
        except Unusable as error:
            allowed = _("SQLAlchemy 的数据库地址，所用的驱动已安装")
            raise Refused([Complaint(FILE, "scoring.url", str(error), allowed)]) from None
    from punchsync.deliver.http import HttpStore
    from punchsync.deliver.sign import key_from

    key, token = (secret(folder, s) if s else None for s in (part.secret, part.token))
    if token is not None and not re.fullmatch(r"[!-~]+", token):
        raise Refused([Complaint(FILE, str(part.token), _("凭据的内容不能用作令牌"), _("ASCII 字符，不含空白"))])
    try:
        signing = None if key is None else key_from(key)
    except ValueError:
        allowed = _("whsec_ 加 Base64，或任意不为空的文字")
        raise Refused([Complaint(FILE, str(part.secret), _("凭据的内容不能用作密钥"), allowed)]) from None
    try:
        return HttpStore(
            url, name=name, hall=hall, timeout=part.timeout, stamp=lambda: int(time.time()), key=signing, token=token
        )
    except ValueError as error:
        raise Refused([Complaint(FILE, "scoring.url", str(error), _("https://… 或 http://…"))]) from None


def listeners(parts: Iterable[NotifyPart]) -> tuple[Listener, ...]:
    """Channels by their credentials' names: where several parts name one, it is told of all that they ask for, at the
    most careful of their levels, and not in the quiet hours of the first that has some."""
    found: dict[str, Listener] = {}
    for part in parts:
        name = part.url.removeprefix(CREDENTIAL)
        before = found.get(name, Listener(name, {}, part.level))
        after = dict(before.after)
        events = {code for event in part.on for code in (CODES if event == "attention" else (event,))}
        for event in sorted(events):
            after[event] = min(after.get(event, part.after * HOUR), part.after * HOUR)
        level = max(before.level, part.level, key=CAREFUL.index)
        found[name] = Listener(name, after, level, before.quiet or parse_quiet(part.quiet))
    return tuple(found.values())


def channel(folder: Path, name: str) -> Channel:
    """A channel of notices; raises Refused if its credential can't be had or is no good one."""
    from punchsync.deliver.notice import AppriseChannel, Unusable
    from punchsync.deliver.robots import NoRobot, robot_of

    url = secret(folder, CREDENTIAL + name)
    try:
        return robot_of(name, url, time.time) or AppriseChannel(name, url)
    except (NoRobot, Unusable):
        allowed = _("一个 Apprise 地址，如 mailtos://用户:密码@smtp.example?to=收信人，或群机器人的 Webhook 地址")
        raise Refused([Complaint(FILE, CREDENTIAL + name, _("凭据的内容不是通知渠道的地址"), allowed)]) from None


def mail(folder: Path, part: PersonalPart, name: str, address: str) -> Channel:
    """The way to one person's address; raises Refused if the credential can't be had or is not of a mail service."""
    from punchsync.deliver.notice import AppriseChannel, Unusable

    try:
        return AppriseChannel(name, secret(folder, part.url or ""), address)
    except Unusable:
        allowed = _("邮件服务的 Apprise 地址，如 mailtos://用户:密码@smtp.example")
        raise Refused(
            [Complaint(FILE, part.url or "personal.url", _("凭据的内容不是邮件服务的地址"), allowed)]
        ) from None
