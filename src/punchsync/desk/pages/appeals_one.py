"""One appeal in full: its evidence, what was decided and booked, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Response

from punchsync import appeal_words
from punchsync.core.appeal import MERITS, OPEN, plain
from punchsync.core.checkpoint import Sealed
from punchsync.core.records import VIOLATION_KINDS
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.review.appeal import SEALED, number_in, refused, seen
from punchsync.desk.review.queue import own
from punchsync.desk.room import Room
from punchsync.operations.appeal_brief import Full, full
from punchsync.operations.appeals import Deciding, Objection, decide
from punchsync.texts import _

room = Room()


@room.get("/appeals/{number}", Right.APPEAL_SEE, "appeal")
def one(ask: Ask) -> Response:
    """An appeal in full."""
    return shown(ask, the_one(ask))


@room.get("/appeals/{number}/evidence/{position}", Right.APPEAL_SEE, "evidence")
def evidence(ask: Ask) -> Response:
    """A file that came with an appeal, as long as it is what it was."""
    found = the_one(ask)
    position = number_in(ask, "position")
    with ask.hall.store.reading() as work:
        files = work.appeals.evidence(found.brief.appeal.number)
    file = next((f for f in files if f.position == position), None)
    if file is None:
        raise Missing(str(position))
    if not file.intact:
        return shown(ask, found, _("证据 {name} 与收到时不符，没有取出；请找管理员核对数据。").format(name=file.name))
    return ask.download(file.content, file.name, "application/octet-stream")


@room.post("/appeals/{number}/withdraw", Right.APPEAL_FILE, "appeal withdrawn")
def withdraw(ask: Ask) -> Response:
    """Take an appeal back, as who filed it."""
    found = the_one(ask)
    try:
        decide(ask.hall, found.brief.appeal.number, Deciding("withdrawn", ask.who), settling=False)
    except Objection as why:
        return shown(ask, found, refused(why))
    except Sealed:
        return shown(ask, found, SEALED())
    return ask.to(f"/appeals/{found.brief.appeal.number}", _("申诉已撤回。"))


def the_one(ask: Ask) -> Full:
    """The appeal that an address names, if it is within reach."""
    n = number_in(ask, "number")
    ask.about["appeal"] = n
    with ask.hall.store.reading() as work:
        found = full(ask.hall, work, n, ask.today)
    if found is None or not seen(ask, found.brief.appeal):
        raise Missing(str(n))
    if found.brief.appeal.person:
        ask.about["person"] = found.brief.appeal.person
    return found


def shown(ask: Ask, found: Full, why: str = "", problems: Mapping[str, str] | None = None) -> Response:
    """An appeal's page."""
    a = found.brief.appeal
    is_open = found.brief.state == OPEN
    involved = own(ask, a.person) or plain(a.filed_by) == plain(ask.who)
    decides = is_open and ask.may(Right.APPEAL_DECIDE)
    again = [b for b in (found.brief, *found.others) if b.state in MERITS]
    return ask.page(
        "appeals/one.html",
        422 if why or problems else 200,
        full=found,
        a=a,
        d=found.brief.decision,
        effect=appeal_words.effect(found.effect),
        why=why,
        problems=problems or {},
        may_decide=decides and not involved,
        is_own=decides and involved,
        may_withdraw=is_open and plain(a.filed_by) == plain(ask.who),
        may_review=(
            found.now is not None and found.brief.state in MERITS and len(again) == 1
            and all(b.state != OPEN for b in found.others) and ask.may(Right.APPEAL_FILE)
        ),
        kinds=kinds(found),
        typed={name: ask.form.one(name) for name in ("outcome", "as_kind", "document", "note")},
        unsettled=found.effect == "unsettled",
    )  # fmt: skip


def kinds(found: Full) -> list[str]:
    """What a violation may be amended to."""
    now = found.now
    return [k for k in VIOLATION_KINDS if now and k != now.kind and (k != "window_empty" or not now.person)]
