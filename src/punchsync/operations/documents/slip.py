"""Gather what a leave slip says."""

from __future__ import annotations

from typing import Final

from punchsync.core.excuse import Excuses
from punchsync.core.leave_slip import InPlace, Signed, Slip, signs
from punchsync.core.moment import day_of
from punchsync.core.records import SIGN_OFFS, Case, Leave, Posting
from punchsync.core.timetable import Timetables
from punchsync.operations.hall import Hall, on_calendar, records
from punchsync.operations.leave import Story, story

KINDS: Final = ("staff", "roster", "leave", "standin", "calendar")


class NoLeave(Exception):
    """There is no such leave, or it was withdrawn; carries its id."""


def slip(hall: Hall, id: str) -> Slip:
    """The slip of a leave as it stands now; raises NoLeave."""
    with hall.store.reading() as work:
        case = on_calendar(hall, records(hall, work, KINDS))
        leave = next((x for x in case.leaves if x.id == id), None)
        told = story(work, id, SIGN_OFFS)
    if leave is None or told is None:
        raise NoLeave(id)
    timetables = Timetables(case, hall.pack)
    excuses = Excuses(case, hall.pack, timetables)
    standing = excuses.standing(leave)
    return Slip(
        hall.name, leave, timetables.posting(leave.person, day_of(leave.start.moment)) or last(case, leave.person),
        standing, excuses.half_days(leave.person, excuses.taken(leave)),
        signs(hall.pack, leave, standing, written(told)), in_place(case, excuses, leave), hall.clock.now(),
    )  # fmt: skip


def written(found: Story) -> dict[str, Signed]:
    """What was written down of each sign-off, the latest word."""
    return {
        v.body["sign_off"]: Signed(
            v.body["sign_off"], False, v.body["given"] == "yes", v.body["given"] == "no", v.body["by"], v.at,
            v.body["note"],
        )
        for v in found.signs
        if v.body["given"]
    }  # fmt: skip


def in_place(case: Case, excuses: Excuses, leave: Leave) -> tuple[InPlace, ...]:
    """Who stands in for the person in that time."""
    names = {p.person: p.name for p in case.postings}
    start, end = excuses.bounds(leave.person, leave.start, leave.end)
    spans = [(s, excuses.bounds(s.absent, s.start, s.end)) for s in case.standins if s.absent == leave.person]
    return tuple(
        InPlace(names.get(s.standin, s.standin), s.standin, a, b) for s, (a, b) in spans if a < end and start < b
    )


def last(case: Case, person: str) -> Posting | None:
    """A person's last posting."""
    return max((p for p in case.postings if p.person == person), key=lambda p: p.first, default=None)
