"""The calendar as a hall has it: which years are known and by whose word, and what a date is and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from punchsync.core.calendar import day_kind, known
from punchsync.core.moment import Day, parse_day, to_date, to_day, weekday
from punchsync.core.records import Calendar
from punchsync.operations.hall import Hall

SATURDAY = 5


class Own(NamedTuple):
    """A row of the hall's calendar: work, off, am_off or pm_off."""

    day: Day
    kind: str
    note: str


class Year(NamedTuple):
    """A year: whether it is published, its days off and make-up days in the notice, and the hall's rows."""

    year: int
    published: bool
    off: int
    makeup: int
    own: tuple[Own, ...]


class What(NamedTuple):
    """What a date is, and why: `hall`, `makeup`, `holiday`, `weekend`, `weekday`; `unknown` in an unknown year."""

    day: Day
    kind: str
    why: str
    note: str


class Known(NamedTuple):
    """The published calendar with the hall's dates over it, and the hall's rows."""

    calendar: Calendar
    rows: tuple[Own, ...]


def of_hall(hall: Hall) -> Known:
    """The calendar that a hall is judged by."""
    with hall.store.reading() as work:
        bodies = work.records.all("calendar").values()
    return of_rows(hall.published(), bodies)


def of_rows(published: Calendar, bodies: Iterable[Mapping[str, str]]) -> Known:
    """A published calendar with a hall's records of the kind `calendar` over it; withdrawn ones don't count."""
    rows = sorted(Own(parse_day(b["date"]), b["kind"], b["note"]) for b in bodies if not b.get("withdrawn"))
    overrides = {r.day: r.kind for r in rows}
    return Known(replace(published, overrides=overrides), tuple(rows))


def years(known: Known) -> list[Year]:
    """Every year that is published or that the hall has rows in, in order."""
    calendar, rows = known
    numbers = sorted(calendar.years | {to_date(r.day).year for r in rows})
    return [
        Year(
            y,
            y in calendar.years,
            sum(1 for d in calendar.holidays if to_date(d).year == y),
            sum(1 for d in calendar.makeup if to_date(d).year == y),
            tuple(r for r in rows if to_date(r.day).year == y),
        )
        for y in numbers
    ]


def what(known_: Known, day: Day) -> What:
    """What a date is and why."""
    calendar, rows = known_
    own = next((r for r in rows if r.day == day), None)
    if own is not None:
        return What(day, own.kind, "hall", own.note)
    if not known(calendar, day):
        return What(day, "unknown", "unknown", "")
    if day in calendar.makeup:
        why = "makeup"
    elif day in calendar.holidays:
        why = "holiday"
    else:
        why = "weekend" if weekday(day) >= SATURDAY else "weekday"
    return What(day, day_kind(calendar, day), why, "")


def notice(calendar: Calendar, year: int) -> tuple[list[tuple[Day, Day]], list[Day]]:
    """A published year's stretches of days off, both ends included, and its make-up days."""
    first, last = to_day(date(year, 1, 1)), to_day(date(year, 12, 31))
    off = [d for d in sorted(calendar.holidays) if first <= d <= last]
    return stretches(off), [d for d in sorted(calendar.makeup) if first <= d <= last]


def stretches(days: Sequence[Day]) -> list[tuple[Day, Day]]:
    """Days in order as stretches that follow one another without a gap."""
    if not days:
        return []
    breaks = [n for n, (a, b) in enumerate(pairwise(days), 1) if b != a + 1]
    return [(days[i], days[j - 1]) for i, j in pairwise([0, *breaks, len(days)])]
