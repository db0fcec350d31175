"""Literal judge for tests: one row of violations, and what a session's checkpoints say of it (HALLS: Session)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .days import Check
from .hours import Case, posting

WAITING = ("late", "early", "off_post", "absent_half_day")
Days = dict[tuple[str, date], list[Check]]
Account = tuple[str, str]  # account type, category


@dataclass(eq=False)
class Violation:
    """One row; `place` orders it in its session: `in` 0, `out` 1, then all others by time."""

    day: date
    person: str
    session: int
    kind: str
    window: str
    unit: str
    seconds: int
    source: str
    place: tuple[int, datetime]
    warned: bool = False
    second: bool = False  # ninetofive: the other half-day of a session absent at both ends
    points: dict[Account, Decimal] = field(default_factory=dict)  # deductions

    @property
    def order(self) -> tuple[date, int, tuple[int, datetime], str]:
        return (self.day, self.session, self.place, self.kind)

    @property
    def month(self) -> str:
        return self.day.strftime("%Y-%m")


def row_of(
    case: Case, person: str, day: date, session: int, kind: str, *, source: str, place: tuple[int, datetime]
) -> Violation | None:
    """A person's row with the window and unit of its date; without a posting on its date there is none."""
    post = posting(case, person, day)
    if post is None:
        return None
    return Violation(day, person, session, kind, post["window"], post["unit"], 0, source, place)


def same_session(rows: list[Violation], person: str, day: date, session: int) -> list[Violation]:
    return [r for r in rows if (r.person, r.day, r.session) == (person, day, session)]


def checks_of(days: Days, row: Violation) -> list[Check]:
    return [check for check in days.get((row.person, row.day), []) if check.session == row.session]


def unknown_session(days: Days, row: Violation) -> bool:
    return any(check.unknown for check in checks_of(days, row))


def excused_absence(days: Days, row: Violation) -> bool:
    """An excused unverified absence swallows what it would have swallowed."""
    return any(check.cleared and check.would == "missing" for check in checks_of(days, row))


def kind_of(case: Case, verdict: str, seconds: int) -> str:
    """The violation a verdict makes; late past the pack's limit is off_post."""
    if verdict == "missing":
        return "absent_half_day"
    if verdict == "late" and case.hall.limit is not None and seconds > case.hall.limit:
        return "off_post"
    return verdict
