"""Who is away in a month, by window, person and day; only those within the user's reach."""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi import Response

from punchsync import words
from punchsync.core.intervals import intersect, touches
from punchsync.core.moment import DAY, Day, day_of, start_of
from punchsync.core.period import days_of_month, period_of
from punchsync.core.records import Leave
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.leave.words import LETTERS
from punchsync.desk.pages.leave import month_of
from punchsync.desk.room import Room
from punchsync.texts import _

room = Room()
PAGE: Final = 60
"""People on a page."""


class Cell(NamedTuple):
    """A day of a person: which half of it, of what kind, by which leave; `granted`: all sign-offs are there."""

    half: str
    kind: str
    leave: str
    granted: bool
    title: str


class Line(NamedTuple):
    """A person's month."""

    person: str
    name: str
    cells: dict[Day, Cell]


@room.get("/leave/calendar", Right.LEAVE_SEE, "leave calendar")
def show(ask: Ask) -> Response:
    """The month asked for, or this one."""
    days = month_of(ask.query("month")) or days_of_month(period_of(ask.today, "month"))
    wanted = ask.query("window")
    first, last = start_of(days[0]), start_of(days[-1] + 1)
    lines: dict[str, dict[str, Line]] = {}
    for leave in ask.known.case.leaves:
        if leave.start.moment >= last or leave.end.moment + DAY <= first or not ask.reach.person(leave.person):
            continue
        posting = ask.known.posting(leave.person, max(days[0], day_of(leave.start.moment)))
        window = posting.window if posting else ""
        if wanted and window != wanted:
            continue
        people = lines.setdefault(window, {})
        line = people.setdefault(leave.person, Line(leave.person, ask.known.name(leave.person), {}))
        mark(ask, line, leave, days)
    every = [(w, line) for w, people in sorted(lines.items()) for _id, line in sorted(people.items()) if line.cells]
    page, pages = ask.paged(len(every), PAGE)
    groups: dict[str, list[Line]] = {}
    for window, line in every[(page - 1) * PAGE : page * PAGE]:
        groups.setdefault(window, []).append(line)
    months = (period_of(days[0] - 1, "month"), period_of(days[0], "month"), period_of(days[-1] + 1, "month"))
    off = {d for d in days if ask.known.bench.timetables.kind(d) == "off"}
    windows = sorted(w for w in ask.known.windows if ask.reach.window(w))
    return ask.page(
        "leave/calendar.html", days=days, groups=list(groups.items()), months=months, off=off,
        window=wanted, windows=windows, page=page, pages=pages,
    )  # fmt: skip


def mark(ask: Ask, line: Line, leave: Leave, days: range) -> None:
    """Put a leave into a person's month: the sessions that it takes, day by day."""
    excuses = ask.known.bench.excuses
    spans = intersect(excuses.taken(leave), [(start_of(days[0]), start_of(days[-1] + 1))])
    granted = excuses.standing(leave).valid
    sides: dict[Day, set[str]] = {}
    for session, half_days in excuses.halves(leave.person, spans):
        on = sides.setdefault(day_of(session.start), set())
        whole = half_days == 2
        if whole or touches(spans, session.start, start_of(day_of(session.start)) + DAY // 2):
            on.add("am")
        if whole or touches(spans, max(session.start, start_of(day_of(session.start)) + DAY // 2), session.end):
            on.add("pm")
    for day, halves in sides.items():
        before = line.cells.get(day)
        if before is not None and before.granted and not granted:
            continue
        part = _("全") if len(halves) == 2 or before is not None else _("上") if "am" in halves else _("下")
        state = "" if granted else _("，待签字")
        title = _("{kind} {part}{state}").format(kind=words.leave(leave.kind), part=part, state=state)
        line.cells[day] = Cell(part, LETTERS[leave.kind], leave.id, granted, title)
