"""What `check` says of printing: the letterhead, and whether there are Chinese fonts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from punchsync.problems import Refused
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site


def printing(opened: Site) -> Iterator[tuple[str, str]]:
    """A line for each: what is bad of the letterhead, and what can't be printed without fonts."""
    from punchsync.bootstrap.letterheads import letterhead
    from punchsync.bootstrap.printing import FONTS
    from punchsync.publish.fonts import NoFont, find

    try:
        letterhead(opened.folder, opened.hall.name, "daily")
    except Refused as error:
        yield from (("fail", c.show()) for c in error.complaints)
    forms = opened.settings.bulletin.forms
    if not {"pdf", "docx", "html"} & set(forms):
        return
    try:
        found = find((str(opened.folder / FONTS),))
    except NoFont as error:
        yield "warn", _("通报：{why}").format(why=error)
        return
    families = "、".join(dict.fromkeys(face.family for face in found.faces))
    yield "ok", _("通报：印成 {forms}，字体 {families}").format(forms="、".join(forms), families=families)
