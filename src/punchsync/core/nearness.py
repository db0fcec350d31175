"""How far somebody is from what a pack does at a count: so many lates this month, points this year. Pure.

Only what stands is counted: what is pending or unverified is nobody's count, and nobody is warned of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from punchsync.core.excuse import Excuses
from punchsync.core.fact import Fact
from punchsync.core.facts import run
from punchsync.core.moment import Day
from punchsync.core.outcome import governing, limits
from punchsync.core.outcome_rules import Count, PointsLimit
from punchsync.core.period import days_of_month, period_of, span_of
from punchsync.core.records import LAST_DAY, LEAVE_KINDS, VIOLATION_KINDS
from punchsync.core.rule import Rule
from punchsync.core.rules import Pack
from punchsync.core.score import Score
from punchsync.core.tally import SessionState
from punchsync.core.violations import ABSENT, Violation

LEVELS: Final = ("reached", "near", "far")
ORDER: Final = (*VIOLATION_KINDS, *LEAVE_KINDS)
SHARE: Final = 5
"""Near is whoever lacks at most a fifth of a limit, and at least one."""


class Near(NamedTuple):
    """What was counted of a subject within a period against the `least` at which a rule acts.

    `unit`: times, half_days, days, points, runs, longest (of a run, in half-days), leave (in half-days). It acts by an
    outcome (`outcome`, its code) or by one more violation (`yields`); `kinds` are what it counts.
    """

    rule: str
    period: str
    unit: str
    kinds: tuple[str, ...]
    counted: Decimal
    least: Decimal
    outcome: str
    yields: str
    says: str
    article: str

    @property
    def lacking(self) -> Decimal:
        """How much more it takes."""
        return max(self.least - self.counted, Decimal(0))

    @property
    def level(self) -> str:
        """`reached`, `near` or `far`."""
        if self.counted >= self.least:
            return "reached"
        return "near" if self.counted and self.lacking <= max(Decimal(1), self.least / SHARE) else "far"


def by_facts(pack: Pack, facts: Iterable[Fact], subject_type: str, day: Day) -> dict[str, list[Near]]:
    """By subject, what the facts of months come to in the periods that a day lies in; only those above nothing."""
    sums: dict[tuple[str, str, str], Decimal] = {}
    stated = [x for x in limits(pack) if isinstance(x.rule, Count | PointsLimit) and x.rule.subject == subject_type]
    versions: dict[str, list[Rule]] = {}
    for limit in stated:
        versions.setdefault(limit.fact, []).append(limit.rule)
    kinds_of_period = {limit.fact: limit.within for limit in stated}
    for fact in facts:
        within = kinds_of_period.get(fact.rule)
        period = period_of(days_of_month(fact.month)[0], within) if within else ""
        if within and fact.subject_type == subject_type and period == period_of(day, within):
            place = (fact.rule, period, fact.subject_id)
            sums[place] = sums.get(place, Decimal(0)) + fact.value
    out: dict[str, list[Near]] = {}
    for limit in stated:
        rule, period = limit.rule, period_of(day, limit.within)
        if governing(versions[limit.fact], period, day) is not rule or not isinstance(rule, Count | PointsLimit):
            continue
        unit = rule.unit if isinstance(rule, Count) else "points"
        for (name, where, subject), counted in sums.items():
            if (name, where) == (limit.fact, period):
                out.setdefault(subject, []).append(
                    said(pack, rule, period, unit, rule.kinds, counted, limit.least, limit.outcome)
                )
    return out


def by_conversions(pack: Pack, violations: Iterable[Violation], day: Day) -> list[Near]:
    """How near a person's month is to the next violation that so many others make (`every`)."""
    rows, month, out = list(violations), period_of(day, "month"), list[Near]()
    for rule in pack.conversions:
        count = sum(1 for v in rows if v.kind in rule.kinds and rule.on(v.day))
        if count and rule.on(day):
            after = rule.every * (count // rule.every) or rule.every
            least = after if count <= after else after + rule.every
            near = said(pack, rule, month, "times", rule.kinds, Decimal(count), Decimal(least), "")
            out.append(near._replace(yields=rule.yields))
    return out


def by_runs(
    pack: Pack,
    violations: Iterable[Violation],
    sessions: Sequence[SessionState],
    month: str,
    subject_type: str = "person",
) -> Iterator[Near]:
    """How near a person's absences of a month are to too many runs, and to one that is too long.

    A window's rule is reached by any of its people.
    """
    absent = {(v.day, v.session) for v in violations if v.kind == ABSENT and v.person}
    day = days_of_month(month)[-1]
    for rule in pack.runs if absent else ():
        if rule.subject != subject_type or not rule.on(day):
            continue
        runs, _completed = run(replace(rule, runs=1), sessions, absent)
        longest, _completed = run(replace(rule, runs=len(absent) + 1), sessions, absent)
        for unit, counted, least in (("runs", runs, rule.runs), ("longest", longest, rule.longest)):
            if counted:
                yield said(pack, rule, month, unit, {ABSENT}, Decimal(counted), Decimal(least), rule.outcome)


def by_leave(pack: Pack, excuses: Excuses, person: str, today: Day) -> Iterator[Near]:
    """How near a person's leave of a year is to the limit: the first half-day beyond it counts."""
    year = period_of(today, "year")
    first, last = span_of(year)
    for rule in pack.leave_limits:
        since, until = max(first, rule.first), min(last, today, rule.last)
        taken = excuses.total(person, rule.kinds, since, until) if since <= until else 0
        if taken:
            near = said(pack, rule, year, "leave", rule.kinds, Decimal(taken), Decimal(rule.over + 1), rule.outcome)
            yield near._replace(yields=rule.yields)


def by_stars(pack: Pack, scores: Iterable[Score], subject_type: str, today: Day) -> Iterator[Near]:
    """How near the points lost in a period are to the next step of the stars."""
    rows = list(scores)
    for rule in pack.stars:
        period = period_of(today, rule.within)
        if rule.subject != subject_type or not rule.on(min(span_of(period)[1], LAST_DAY)):
            continue
        lost = sum((-s.points for s in rows if s.period == period and s.points < 0), Decimal(0))
        steps = sorted(rule.steps, key=lambda step: step.least)
        step = next((s for s in steps if lost < s.least), steps[-1] if steps else None)
        if lost and step is not None:
            yield said(pack, rule, period, "points", (), lost, step.least, step.outcome)


def said(
    pack: Pack,
    rule: Rule,
    period: str,
    unit: str,
    kinds: Iterable[str],
    counted: Decimal,
    least: Decimal,
    outcome: str,
) -> Near:
    """A rule's count, with its words and article."""
    names = tuple(sorted(kinds, key=lambda k: ORDER.index(k) if k in ORDER else -1))
    return Near(rule.id, period, unit, names, counted, least, outcome, "", rule.says, pack.cite(rule.cites))


def in_order(found: Iterable[Near]) -> list[Near]:
    """The nearest first; of several that say the same of the same period the nearest."""
    rows = sorted(found, key=lambda n: (LEVELS.index(n.level), n.lacking / n.least, n.period, n.rule, n.unit))
    kept: dict[tuple[str, str, str, str], Near] = {}
    for near in rows:
        kept.setdefault((near.rule, near.period, near.unit, near.outcome), near)
    return list(kept.values())
