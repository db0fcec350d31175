"""What a month says of people and windows under the rules that count: violations, points, runs of absence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Final

from punchsync.core.fact import Fact
from punchsync.core.moment import Day
from punchsync.core.outcome_rules import Runs
from punchsync.core.rules import Pack
from punchsync.core.tally import SessionState
from punchsync.core.violations import ABSENT, Violation
from punchsync.core.wanted import Wanted, violation_of

Absences = AbstractSet[tuple[Day, int]]  # day, session

UNITS: Final = {"times": Decimal(1), "half_days": Decimal(1), "days": Decimal("0.5")}
"""What one violation counts for in the unit of a count."""


def facts(
    pack: Pack,
    month: str,
    violations: Sequence[Violation],
    sessions: Mapping[str, Sequence[SessionState]],
    window_on: Callable[[str, Day], str],
    wanted: Iterable[Wanted],
) -> list[Fact]:
    """The facts of a hall's month, sorted; a rule asks only about the days on which it is in force.

    The versions of an amended rule share its id, and so its facts: `outcome.counted` asks the one that governs.

    `violations` and `wanted` are the month's standing ones, `sessions` every person's required sessions in order.
    """
    found = [
        *of_counts(pack, month, violations),
        *of_points(pack, month, violations, wanted),
        *of_runs(pack, month, violations, sessions, window_on),
    ]
    return sorted(found)


def of_counts(pack: Pack, month: str, violations: Iterable[Violation]) -> Iterator[Fact]:
    """How many violations of a count's kinds a person or window has, in the count's unit."""
    if not pack.counts:
        return
    found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for v in violations:
        for rule in pack.counts:
            subject = v.person if rule.subject == "person" else v.window
            if subject and v.kind in rule.kinds and rule.on(v.day):
                found[rule.id, rule.subject, subject] += UNITS[rule.unit]
    for place, value in found.items():
        yield Fact(month, *place, value)


def of_points(pack: Pack, month: str, violations: Iterable[Violation], wanted: Iterable[Wanted]) -> Iterator[Fact]:
    """How many points a person or window was charged in a category for violations of these kinds."""
    if not pack.points_limits:
        return
    kinds = {v.id: v.kind for v in violations}
    points: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for w in wanted:
        kind = kinds.get(violation_of(w.cause))
        for rule in pack.points_limits:
            mine = (w.account_type, w.category) == (rule.subject, rule.category)
            if mine and kind in rule.kinds and rule.on(w.value_date):
                points[rule.id, w.account_type, w.account_id] -= w.points
    for place, value in points.items():
        yield Fact(month, *place, value)


def of_runs(
    pack: Pack,
    month: str,
    violations: Iterable[Violation],
    sessions: Mapping[str, Sequence[SessionState]],
    window_on: Callable[[str, Day], str],
) -> Iterator[Fact]:
    """Whose absences ran too often or too long; a window has the largest number of its people."""
    if not pack.runs:
        return
    absent: dict[str, set[tuple[Day, int]]] = defaultdict(set)
    for v in violations:
        if v.kind == ABSENT and v.person:
            absent[v.person].add((v.day, v.session))
    largest: dict[tuple[str, str, str], int] = {}
    for rule in pack.runs:
        for person in sorted(absent):
            value, completed = run(rule, sessions.get(person, ()), absent[person])
            if completed is None:
                continue
            subject = person if rule.subject == "person" else window_on(person, completed)
            if subject:
                place = (rule.id, rule.subject, subject)
                largest[place] = max(value, largest.get(place, 0))
    for place, value in largest.items():
        yield Fact(month, *place, Decimal(value))


def run(rule: Runs, sessions: Iterable[SessionState], absent: Absences) -> tuple[int, Day | None]:
    """The number of a person's runs of absence (or, where too few, the longest's half-days) and when it was too much.

    Only sessions before the first unknown one count: what came after it may be one run or two.
    """
    runs = length = longest = 0
    completed: Day | None = None
    for day, number, known in sessions:
        if not rule.first <= day <= rule.last:
            continue
        if not known:
            break
        if (day, number) not in absent:
            length = 0
            continue
        length += 1
        runs += length == 1
        longest = max(longest, length)
        if completed is None and (runs >= rule.runs or longest >= rule.longest):
            completed = day
    return (runs if runs >= rule.runs else longest), completed
