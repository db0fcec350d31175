"""What a bulletin of a week, a month or a quarter says: totals by window, each violation with its date. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from punchsync.core.away import Away
from punchsync.core.bulletin import Following, Occurrence, TerminalDay, Unknown
from punchsync.core.hourly import Hours
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment, last_second, to_date
from punchsync.core.outcome import Rank
from punchsync.core.period import period_of, span_of
from punchsync.core.records import Posting
from punchsync.core.score import Score
from punchsync.core.trend import Trend
from punchsync.core.violations import ABSENT, Violation

KINDS: Final = ("weekly", "monthly", "quarterly")
"""The bulletins of more than a day, the shortest first."""

Half = tuple[str, Day, int]
"""A person's half-day: person, day, session."""


class WindowTotal(NamedTuple):
    """A window's period: people posted, half-days asked and excused, occurrences, and people not known in full."""

    window: str
    unit: str
    people: int
    required: int
    excused: int
    late: int
    early: int
    off_post: int
    absent: int
    other: int
    unknown: int


class Summary(NamedTuple):
    """All of a period's bulletin; `scores` and `ranks` are the period's own, which a week has none of."""

    hall: str
    kind: str
    period: str
    first: Day
    last: Day
    as_of: Moment | None
    windows: list[WindowTotal]
    leave: Away
    occurrences: list[Occurrence]
    unknown: list[Unknown]
    scores: list[Score]
    ranks: list[Rank]
    outcomes: list[Following]
    corrections: list[Entry]
    terminals: list[TerminalDay]
    hours: Hours
    trend: Trend
    names: Mapping[str, str]

    @property
    def provisional(self) -> bool:
        """Whether the period was not over when it was settled, or something of it is not known yet."""
        return bool(self.unknown) or self.as_of is None or self.as_of < last_second(self.last)


def named(kind: str, day: Day) -> str:
    """The period of a kind of bulletin that a day lies in: `2026-W47` (ISO 8601), `2026-11`, `2026-Q4`."""
    if kind == "weekly":
        year, week, _weekday = to_date(day).isocalendar()
        return f"{year:04d}-W{week:02d}"
    return period_of(day, "month" if kind == "monthly" else "quarter")


def reach(kind: str, day: Day) -> tuple[Day, Day]:
    """The first and last day of that period, both included."""
    if kind == "weekly":
        year, week, _weekday = to_date(day).isocalendar()
        monday = date.fromisocalendar(year, week, 1).toordinal()
        return monday, monday + 6
    return span_of(named(kind, day))


def totals(
    postings: Sequence[Posting], verdicts: Iterable[Verdict], violations: Iterable[Violation]
) -> list[WindowTotal]:
    """The windows of a stretch of days by name; a half-day counts for the window that its person was posted to then."""
    of_person: dict[str, list[Posting]] = defaultdict(list)
    for p in postings:
        of_person[p.person].append(p)
    halves: dict[str, dict[Half, set[str]]] = defaultdict(lambda: defaultdict(set))
    for v in verdicts:
        here = next((p for p in of_person[v.person] if p.first <= v.day <= p.last), None)
        if here is not None:
            halves[here.window][v.person, v.day, v.session].add(v.verdict)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for violation in violations:
        kinds[violation.window][violation.kind] += 1
    units = {p.window: p.unit for p in postings}
    return [_total(window, units[window], halves[window], kinds[window]) for window in sorted(units)]


def _total(window: str, unit: str, states: Mapping[Half, set[str]], kinds: Counter[str]) -> WindowTotal:
    excused = sum(1 for s in states.values() if s == {"excused"})
    unknown = {person for (person, _day, _session), s in states.items() if s & {"pending", "unverified"}}
    told = kinds["late"], kinds["early"], kinds["off_post"], kinds[ABSENT]
    people = {person for person, _day, _session in states}
    other = kinds.total() - sum(told)
    return WindowTotal(window, unit, len(people), len(states) - excused, excused, *told, other, len(unknown))
