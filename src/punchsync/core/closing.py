"""Closing months: which are closed, on which day a correction is booked, and what of a closed period stays as issued.

Corrections are booked after the last month closed, whatever lies open before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple, Protocol, TypeVar

from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.period import KINDS, days_of_month, months_of, period_of

CLOSE: Final = "close"
REOPEN: Final = "reopen"


class Closing(NamedTuple):
    """A month closed or opened again: by whom (may be empty), why, and when."""

    number: int
    month: str
    action: str  # close, reopen
    by: str
    reason: str
    at: Moment


class Dated(Protocol):
    """A row that belongs to a period."""

    @property
    def period(self) -> str: ...


D = TypeVar("D", bound=Dated)


def closed_by(history: Iterable[Closing]) -> set[str]:
    """The months that are closed after all of this, in its order."""
    latest = {c.month: c.action for c in history}
    return {month for month, action in latest.items() if action == CLOSE}


def closed_on(history: Iterable[Closing], day: Day) -> set[str]:
    """The months that were closed at the end of a day."""
    return closed_by(c for c in history if day_of(c.at) <= day)


def booked_on(today: Day, closed: AbstractSet[str]) -> Day:
    """The day an entry is booked on: today, or the first day after the last closed month where today's is closed."""
    if period_of(today, "month") not in closed:
        return today
    return days_of_month(max(closed))[-1] + 1


def kept(period: str, closed: AbstractSet[str]) -> bool:
    """Whether a period is closed (a quarter or year with its last month), so that its conclusions stay as issued."""
    return months_of(period)[-1] in closed


def ending_with(month: str) -> list[str]:
    """The periods whose last month this is, the shortest first: what is kept with it, and was not before."""
    day = days_of_month(month)[-1]
    return [period for kind in KINDS if months_of(period := period_of(day, kind))[-1] == month]


def issued_by(history: Iterable[Closing]) -> list[Closing]:
    """The closings that closed the months that are closed after all of this, by month."""
    latest = {c.month: c for c in history}
    return [c for _month, c in sorted(latest.items()) if c.action == CLOSE]


def as_issued(fresh: Iterable[D], stored: Iterable[D], closed: AbstractSet[str]) -> list[D]:
    """The fresh rows of open periods with the stored rows of closed ones."""
    return [
        *(row for row in stored if kept(row.period, closed)),
        *(row for row in fresh if not kept(row.period, closed)),
    ]
