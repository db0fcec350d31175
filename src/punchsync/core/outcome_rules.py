"""The kinds of rule that lead to outcomes: counts, runs, the worst, stars, eligibility, grades, rankings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from punchsync.core.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Rule):
    """At least `least` violations of these kinds of one subject within a period: an outcome of the periods named.

    Counted in `times`, in `half_days`, or in `days` (two half-days).
    """

    subject: str
    kinds: frozenset[str]
    least: int
    within: str
    periods: tuple[str, ...]
    outcome: str
    unit: str = "times"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsLimit(Rule):
    """At least `least` points of a category for violations of these kinds within a period: an outcome."""

    subject: str
    category: str
    kinds: frozenset[str]
    least: Decimal
    within: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs(Rule):
    """In a month `runs` runs of absence, or one of `longest` half-days: an outcome of the person or the window."""

    subject: str
    runs: int
    longest: int
    periods: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst(Rule):
    """Of a month's subjects with violations the last `places`, an outcome.

    All who tie with the last of them too, or (`ties` false) none of those who tie over the places.
    """

    subject: str
    places: int
    ties: bool = True
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Rule):
    """Each month that completes `times` months running with an outcome: another outcome."""

    subject: str
    of: str
    times: int
    outcome: str


@dataclass(frozen=True, slots=True)
class StarStep:
    """At least so many points: that outcome."""

    least: Decimal
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Star(Rule):
    """Points below zero of all score rows of a period, by the first step they reach; `barred` is as the first step."""

    subject: str
    within: str
    steps: tuple[StarStep, ...]
    barred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDays(Rule):
    """Fewer than `least` days of posting in a period, `calendar` or `working` ones: an outcome."""

    within: str
    least: int
    days: str = "calendar"
    outcome: str


@dataclass(frozen=True, slots=True)
class GradeStep:
    """At least so many points (and among the best per cent, if given): that grade."""

    least: Decimal
    grade: str
    best_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade(Rule):
    """Grades of a period by the sum of all score rows, for subjects to whom others gave points in it."""

    subject: str
    within: str
    steps: tuple[GradeStep, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class Share:
    """A category of given scores as a share of a ranking's score; `by_months`: the mean of the months given."""

    category: str
    weight: Decimal
    by_months: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Rule):
    """A ranking of people or windows per period.

    By the sum of the period's scores, by the mean of the months' (`by_months`), or by `shares` of given scores.
    `places` are awarded, `shortlist` shortlisted (0: none).
    """

    subject: str
    period: str
    places: int
    shortlist: int = 0
    by_months: bool = False
    posted_throughout: bool = False
    shares: tuple[Share, ...] = ()
