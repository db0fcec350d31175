"""Literal judge for tests: what a whole period is judged from — days, postings, violations, scores, leave.

Whoever judges the days fills this in; outcomes, rankings and grades read nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

OutcomeRow = tuple[str, str, str, str, str, str]  # period, subject_type, subject_id, outcome, count, state
RankingRow = tuple[str, str, str, str, str, str, str]  # period, type, id, rank, score, violations, seconds


@dataclass(frozen=True, eq=False)
class Breach:
    """One standing row of `violations`; `person` is empty for a window's own (window_empty)."""

    day: date
    person: str
    session: int
    kind: str
    window: str
    seconds: int = 0
    source: str = "punch"
    points: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)  # (type, category) -> deduction, positive


@dataclass(frozen=True)
class Duty:
    """A session in which something is due from a person; `known`: nothing of it is pending or unverified.

    An unverified checkpoint that a ruling excused counts as known.
    """

    day: date
    person: str
    session: int
    known: bool = True


@dataclass(frozen=True)
class Score:
    """One row of `scores`: points are uncapped and negative for deductions; imported rows have base 0."""

    period: str
    account_type: str
    account_id: str
    category: str
    base: Decimal
    points: Decimal
    score: Decimal
    imported: bool = False


def no_leave(person: str, kind: str, period: str) -> int:
    """A hall without leave."""
    return 0


@dataclass
class Facts:
    """What is known of a hall on as-of's date; nothing in it lies after that date."""

    as_of: date
    posted: dict[date, dict[str, str]]  # date -> person -> window
    violations: list[Breach] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)  # own and imported
    # (person, kind of leave, period) -> half-days of valid leave as taken, as a union, up to as-of's date
    leave_half_days: Callable[[str, str, str], int] = no_leave

    def over(self, period: str) -> bool:
        return self.as_of > period_days(period)[-1]

    def known(self, period: str) -> bool:
        """The period is over and nothing of the whole hall in it is pending or unverified."""
        inside = period_days(period)
        return self.over(period) and all(d.known for d in self.duties if inside[0] <= d.day <= inside[-1])

    def person_known(self, person: str, month: str) -> bool:
        """The month is over and nothing of this person in it is pending or unverified."""
        mine = [d for d in self.duties if d.person == person and month_of(d.day) == month]
        return self.over(month) and all(d.known for d in mine)

    def periods(self, naming: Callable[[date], str]) -> list[str]:
        """The months, quarters or years in which somebody is posted."""
        return sorted({naming(day) for day in self.posted if self.posted[day]})

    def subjects(self, subject_type: str, period: str) -> list[str]:
        """The people, or windows, posted on some day of the period."""
        found: set[str] = set()
        for day in period_days(period):
            for person, window in self.posted.get(day, {}).items():
                found.add(person if subject_type == "person" else window)
        return sorted(found)

    def breaches(self, subject_type: str, subject: str, period: str) -> list[Breach]:
        """The violations of a person, or those whose window it is, in the period."""
        inside = period_days(period)
        rows = [v for v in self.violations if inside[0] <= v.day <= inside[-1]]
        if subject_type == "person":
            return [v for v in rows if v.person == subject]
        return [v for v in rows if v.window == subject]

    def score_rows(self, subject_type: str, subject: str, period: str) -> list[Score]:
        """The score rows of exactly this period, own and imported."""
        mine = (period, subject_type, subject)
        return [s for s in self.scores if (s.period, s.account_type, s.account_id) == mine]


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def quarter_of(day: date) -> str:
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def year_of(day: date) -> str:
    return f"{day.year:04d}"


@cache
def period_days(period: str) -> list[date]:
    """All calendar days of `2026-10`, `2026-Q4`, `2026`, in order."""
    first = date(int(period[:4]), 1, 1)
    year = [first + timedelta(days=n) for n in range(366)]
    return [day for day in year if period in (month_of(day), quarter_of(day), year_of(day))]


def months_in(period: str) -> list[str]:
    return sorted({month_of(day) for day in period_days(period)})


def plain(number: Decimal) -> str:
    """A decimal without trailing zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def two_places(score: Fraction) -> str:
    """Half up at two decimals; written without trailing zeros as every decimal of the exports."""
    hundredfold = score * 100
    cents = hundredfold.numerator // hundredfold.denominator
    if hundredfold - cents >= Fraction(1, 2):
        cents += 1
    return plain(Decimal(cents) / 100)
