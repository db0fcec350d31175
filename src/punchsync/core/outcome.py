"""Outcomes: what numbers that pass a limit lead to; proposals, until a named person confirms them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from punchsync.core.excuse import Excuses
from punchsync.core.fact import Fact, of_step
from punchsync.core.facts import UNITS
from punchsync.core.horizon import Horizon, Subject
from punchsync.core.moment import Day
from punchsync.core.period import days_of_month, period_of, span_of
from punchsync.core.records import LAST_DAY
from punchsync.core.rule import Rule
from punchsync.core.rules import Pack


class Outcome(NamedTuple):
    """A row of the export `outcomes`: what a subject's count leads to, by which rule and article."""

    period: str
    subject_type: str
    subject_id: str
    outcome: str
    counted: Decimal
    rule: str
    article: str


class Rank(NamedTuple):
    """A row of the export `ranking`; `score` is exact."""

    period: str
    subject_type: str
    subject_id: str
    rank: int
    score: Fraction
    violations: int
    seconds: int
    rule: str


class Standing(NamedTuple):
    """A subject's standing violations and their seconds in a month."""

    month: str
    subject: Subject
    violations: int
    seconds: int


class Limit(NamedTuple):
    """From which sum of the facts of a name within a period on a rule leads to an outcome, and of which periods."""

    fact: str
    rule: Rule
    outcome: str
    least: Decimal
    within: str
    periods: tuple[str, ...]


def limits(pack: Pack) -> list[Limit]:
    """The limits of a pack on facts, in its order; a fact of a run or of an item's step passes whatever it says."""
    nothing = Decimal(0)
    return [
        *(
            Limit(of_step(item.id, outcome), item, outcome, nothing, item.counted, (item.counted,))
            for item in pack.items
            for outcome in dict.fromkeys(step.outcome for step in item.steps if step.outcome)
        ),
        *(Limit(c.id, c, c.outcome, c.least * UNITS[c.unit], c.within, c.periods) for c in pack.counts),
        *(Limit(p.id, p, p.outcome, p.least, p.within, (p.within,)) for p in pack.points_limits),
        *(Limit(r.id, r, r.outcome, nothing, "month", r.periods) for r in pack.runs),
    ]


def counted(pack: Pack, facts: Iterable[Fact], today: Day = LAST_DAY) -> list[Outcome]:
    """What the facts of months lead to, as soon as a limit is reached.

    Facts are summed within the rule's period; a longer period has the largest of its sums. Of an amended rule the
    version decides that is the last in force in the period, up to today. Rules that say the same are one: within a
    period its first rule that is reached counts.
    """
    by_rule: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.value > 0:
            by_rule[fact.rule].append(fact)
    found: dict[tuple[str, str, str, str, str], dict[str, Outcome]] = defaultdict(dict)
    stated = limits(pack)
    versions: dict[str, list[Rule]] = defaultdict(list)
    for limit in stated:
        versions[limit.fact].append(limit.rule)
    for limit in stated:
        sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        for fact in by_rule.get(limit.fact, ()):
            within = period_of(days_of_month(fact.month)[0], limit.within)
            sums[within, fact.subject_type, fact.subject_id] += fact.value
        says, article = limit.rule.says, pack.cite(limit.rule.cites)
        for (within, subject_type, subject_id), value in sums.items():
            if value < limit.least or governing(versions[limit.fact], within, today) is not limit.rule:
                continue
            for kind in limit.periods:
                period = period_of(span_of(within)[0], kind)
                row = Outcome(period, subject_type, subject_id, limit.outcome, value, says, article)
                found[key(row)].setdefault(within, row)
    return [max(rows.values(), key=lambda row: row.counted) for rows in found.values()]


def governing(versions: Sequence[Rule], period: str, today: Day) -> Rule:
    """The version of a rule that is the last in force on some day of a period up to today; else its last."""
    first, last = span_of(period)
    here = [r for r in versions if r.first <= min(last, today) and r.last >= first]
    return max(here or versions, key=lambda r: r.first)


def key(row: Outcome) -> tuple[str, str, str, str, str]:
    """What makes an outcome that one: period, subject, outcome, and what the rule says."""
    return (*row[:4], row.rule)


def leave_limits(pack: Pack, excuses: Excuses, horizon: Horizon) -> list[Outcome]:
    """People whose leave of some kinds together passes the limit of a calendar year, up to today; counted in days."""
    out: list[Outcome] = []
    for year in horizon.periods("year") if pack.leave_limits else ():
        first, last = span_of(year)
        for rule in pack.leave_limits:
            since, until = max(first, rule.first), min(last, horizon.today, rule.last)
            if not rule.outcome or until < since:
                continue
            for person in horizon.posted(year, "person"):
                half_days = excuses.total(person, rule.kinds, since, until)
                if half_days > rule.over:
                    days = Decimal(half_days) / 2
                    cites = pack.cite(rule.cites)
                    out.append(Outcome(year, "person", person, rule.outcome, days, rule.says, cites))
    return out


def posted_days(pack: Pack, horizon: Horizon, works: Callable[[Day], bool]) -> list[Outcome]:
    """People posted on too few days of a period that is over; the count is the days. `works`: a working day."""
    out: list[Outcome] = []
    for rule in pack.posted_days:
        for period in horizon.periods(rule.within):
            if not horizon.over(period) or not rule.on(span_of(period)[1]):
                continue
            for person in horizon.posted(period, "person"):
                subject = ("person", person)
                held = horizon.days_of(subject, period)
                days = len(held) if rule.days == "calendar" else sum(1 for day in held if works(day))
                if days < rule.least:
                    cites = pack.cite(rule.cites)
                    out.append(Outcome(period, "person", person, rule.outcome, Decimal(days), rule.says, cites))
    return out
