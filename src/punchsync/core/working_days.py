"""Working days counted from a date."""

from __future__ import annotations

from typing import NamedTuple

from punchsync.core.calendar import day_kind
from punchsync.core.moment import Day
from punchsync.core.records import Calendar


class Term(NamedTuple):
    """So many working days, from the first to the last; None where the calendar is not known that far."""

    days: int
    first: Day | None
    last: Day | None


def after(calendar: Calendar, day: Day, count: int) -> Term:
    """The term of so many working days (half ones too) that begins after a day."""
    found: list[Day] = []
    while len(found) < count:
        day += 1
        kind = day_kind(calendar, day)
        if kind == "unknown":
            return Term(count, found[0] if found else None, None)
        if kind != "off":
            found.append(day)
    return Term(count, found[0], found[-1]) if found else Term(count, None, None)
