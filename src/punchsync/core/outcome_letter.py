"""What a letter to a unit says of a confirmed outcome: whose, of which period, by which article, for what. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from punchsync.core.moment import Day
from punchsync.core.outcome import Outcome, limits
from punchsync.core.outcome_rules import Count, PointsLimit, Runs
from punchsync.core.period import period_of
from punchsync.core.rules import Item, Pack
from punchsync.core.violations import ABSENT, Violation


class Letter(NamedTuple):
    """An outcome as a letter tells it; `cited` has rule and article of each violation by its id."""

    hall: str
    id: str
    outcome: Outcome
    name: str
    unit: str
    window: str
    violations: tuple[Violation, ...]
    cited: Mapping[str, tuple[str, str]]
    decided_on: Day


def counted(pack: Pack, outcome: Outcome, violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Those of a subject's violations of a period that an outcome's rule counts, in time order.

    Of a rule that counts by a shorter period than the outcome's, those of the one with the most. Rules on the worst,
    on stars and the like count all there are; rules on leave, posted days or given scores none.
    """
    kinds, within = _asked(pack, outcome)
    found: dict[str, list[Violation]] = defaultdict(list)
    for v in sorted(violations, key=lambda v: v.order):
        if kinds is None or v.kind in kinds:
            found[period_of(v.day, within) if within else ""].append(v)
    most: list[Violation] = max(found.values(), key=len, default=[])
    return tuple(most)


def _asked(pack: Pack, outcome: Outcome) -> tuple[frozenset[str] | None, str]:
    """The kinds that an outcome's rule counts (None: all) and within what, empty for the whole period."""
    for limit in limits(pack):
        if (limit.rule.says, limit.outcome) == (outcome.rule, outcome.outcome):
            if isinstance(limit.rule, Runs):
                return frozenset({ABSENT}), limit.within
            if isinstance(limit.rule, Count | PointsLimit | Item):
                return limit.rule.kinds, limit.within
    if any(r.says == outcome.rule for r in (*pack.leave_limits, *pack.posted_days, *pack.grades, *pack.rankings)):
        return frozenset(), ""
    return None, ""
