"""A director's month in numbers beside the one before: what was asked, what came, what is not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from punchsync.core.attendance_grid import AGAINST, Line
from punchsync.core.moment import Day
from punchsync.core.month_sheet import Month
from punchsync.core.violations import ABSENT, Violation

EMPTY: Final = "window_empty"
FIVE: Final = 5
TENTH: Final = Decimal("0.1")
CENT: Final = Decimal("0.01")


class Numbers(NamedTuple):
    """A hall's month. `rate` is per cent of the half-days that are known; `score` the mean of the windows that have
    one; None where there is nothing to reckon by."""

    people: int
    required: int
    rate: Decimal | None
    unknown: int
    late: int
    early: int
    off_post: int
    absent: int
    concerned: int
    empty: int
    leave: int
    confirmed: int
    score: Decimal | None


class Place(NamedTuple):
    """A window's month: its score (None: it has none), its violations, its half-days not known."""

    window: str
    score: Decimal | None
    violations: int
    unknown: int


class Brief(NamedTuple):
    """A month, the one before (None: never settled), the best and worst windows, late and absent ones day by day.

    `daily` has a pair for every day that was judged and had anybody to come; `unsure` the days not known in full.
    """

    month: Month
    now: Numbers
    before: Numbers | None
    best: tuple[Place, ...]
    worst: tuple[Place, ...]
    daily: Mapping[Day, tuple[int, int]]
    unsure: frozenset[Day]


def numbers(
    lines: Sequence[Line], violations: Sequence[Violation], scores: Mapping[str, Decimal], confirmed: int
) -> Numbers:
    """A month's numbers out of its lines, its standing violations and its windows' scores."""
    sums = [x.sums for x in lines]
    required, unknown = sum(s.required for s in sums), sum(s.unknown for s in sums)
    sure, there = required - unknown, sum(s.present for s in sums)
    rate = (Decimal(100 * there) / sure).quantize(TENTH, ROUND_HALF_UP) if sure else None
    told = {*AGAINST, ABSENT}
    score = (sum(scores.values(), Decimal(0)) / len(scores)).quantize(CENT, ROUND_HALF_UP) if scores else None
    return Numbers(
        len({x.person for x in lines}), required, rate, unknown,
        sum(s.late for s in sums), sum(s.early for s in sums), sum(s.off_post for s in sums),
        sum(s.absent for s in sums),
        len({v.person for v in violations if v.person and v.kind in told}),
        sum(1 for v in violations if v.kind == EMPTY), sum(s.leave for s in sums), confirmed, score,
    )  # fmt: skip


def places(lines: Iterable[Line], violations: Iterable[Violation], scores: Mapping[str, Decimal]) -> list[Place]:
    """The windows, the best first: by score, then by violations, fewest first."""
    unknown: dict[str, int] = {}
    for line in lines:
        if line.window:
            unknown[line.window] = unknown.get(line.window, 0) + line.sums.unknown
    count = dict.fromkeys(unknown, 0)
    for v in violations:
        if v.window in count:
            count[v.window] += 1
    rows = [Place(w, scores.get(w), count[w], unknown[w]) for w in unknown]
    return sorted(rows, key=lambda p: (-(p.score or 0), p.violations, p.window))


def ends(rows: Sequence[Place]) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The best five and, the worst first, the worst five of windows; of few windows none is both."""
    half = min(FIVE, -(-len(rows) // 2))
    return tuple(rows[:half]), tuple(reversed(rows[half:][-FIVE:]))


def by_day(
    lines: Iterable[Line], violations: Iterable[Violation], days: range
) -> tuple[dict[Day, tuple[int, int]], frozenset[Day]]:
    """Late and absent ones of every day on which anybody was asked for, and the days of which something is unknown."""
    asked: set[Day] = set()
    unsure: set[Day] = set()
    for line in lines:
        for day, cell in zip(days, line.cells, strict=True):
            if not {"leave", "outing", "none"}.issuperset(cell):
                asked.add(day)
            if "unknown" in cell:
                unsure.add(day)
    count = {day: [0, 0] for day in asked}
    for v in violations:
        if v.day in count and v.kind in ("late", ABSENT):
            count[v.day][v.kind == ABSENT] += 1
    return {day: (late, absent) for day, (late, absent) in sorted(count.items())}, frozenset(unsure)
