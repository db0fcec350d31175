"""One leave: how it stands, who signed, what happened to it, and what the ledger has of its days."""

from __future__ import annotations

from typing import Final

from fastapi import Response

from punchsync.core.leave_effect import Change
from punchsync.core.ledger import Entry
from punchsync.core.moment import day_of
from punchsync.core.records import Leave, Posting
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.leave.form import standing
from punchsync.desk.leave.shown import State, events, signs_of, state_of
from punchsync.desk.leave.told import View, tell, tell_own
from punchsync.desk.leave.write import story_of
from punchsync.desk.room import Room
from punchsync.intake import build
from punchsync.leave_words import stretch
from punchsync.operations.leave import Story
from punchsync.texts import _

room = Room()
DAYS: Final = 62
"""Of a long leave's days as many are looked up in the ledger."""


@room.get("/leave/{id:path}", Right.LEAVE_SEE, "leave")
def show(ask: Ask) -> Response:
    """The page of a leave."""
    return page(ask, story_of(ask, ask.path("id")), {})


def page(ask: Ask, found: Story, problems: dict[str, str]) -> Response:
    """The page, with what was wrong of what was asked."""
    leave = standing(found.latest, found.versions[0].body["registered_at"])
    plain = leave or build.leave({**found.latest, "withdrawn": ""})
    posting: Posting | None = ask.known.posting(plain.person, day_of(plain.start.moment))
    sections = []
    if leave is not None:
        view = View(ask.known, ask.hall.pack, Change(leave.person, leave, leave), leave)
        sections = tell(view) if ask.may(Right.LEAVE_WRITE) else tell_own(view)
    typed = {name: ask.form.one(name) for name in ("returned_at", "end", "reason", "note")}
    return ask.page(
        "leave/record.html", 422 if problems else 200, id=plain.id, leave=plain, body=found.latest, posting=posting,
        span=stretch(plain), state=state_of(ask, leave) if leave else State(_("已作废"), ""),
        signs=signs_of(ask, found, leave), events=events(found), sections=sections, entries=entries(ask, plain),
        seen=len(found.versions), problems=problems, typed=typed, standins=standins(ask, plain),
    )  # fmt: skip


def entries(ask: Ask, leave: Leave) -> list[Entry]:
    """What was booked for the person on the days of the leave, reversals too."""
    first, last = day_of(leave.start.moment), day_of(max(leave.start.moment, leave.end.moment - 1))
    with ask.hall.store.reading() as work:
        return work.ledger.of_account("person", leave.person, first, min(last, first + DAYS))


def standins(ask: Ask, leave: Leave) -> list[tuple[str, str]]:
    """Who stands in for the person in that time, with the record's id."""
    excuses = ask.known.bench.excuses
    start, end = excuses.bounds(leave.person, leave.start, leave.end)
    rows = [s for s in ask.known.case.standins if s.absent == leave.person]
    spans = [(s, excuses.bounds(s.absent, s.start, s.end)) for s in rows]
    return [(s.id, ask.known.name(s.standin)) for s, (a, b) in spans if a < end and start < b]
