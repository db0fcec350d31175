"""Stars and grades: what the score rows of a period come to, the hall's own and those that others gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from punchsync.core.horizon import Horizon
from punchsync.core.outcome import Outcome
from punchsync.core.outcome_rules import Grade
from punchsync.core.period import span_of
from punchsync.core.rules import Pack
from punchsync.core.score import Score

Whose = tuple[str, str, str]  # period, subject type, subject id


def stars(pack: Pack, horizon: Horizon, scores: Iterable[Score], barred: AbstractSet[Whose]) -> list[Outcome]:
    """What the points below zero of a period lead to, by the first step they reach, as soon as they do.

    Of those posted in it; whoever is barred has the first step; the count is the points.
    """
    if not pack.stars:
        return []
    lost: dict[Whose, Decimal] = defaultdict(Decimal)
    for s in scores:
        if s.points < 0:
            lost[s.period, s.account_type, s.account_id] -= s.points
    out: list[Outcome] = []
    for rule in pack.stars:
        periods = {p for p in horizon.periods(rule.within) if rule.on(span_of(p)[1])}
        out_of_it = barred if rule.barred else set[Whose]()
        for whose in sorted({*lost, *out_of_it}):
            period, subject, id = whose
            if subject != rule.subject or period not in periods or id not in horizon.posted(period, subject):
                continue
            points = lost.get(whose, Decimal(0))
            step = next((s for s in rule.steps if points >= s.least or whose in out_of_it), None)
            if step is not None:
                out.append(Outcome(period, subject, id, step.outcome, points, rule.says, pack.cite(rule.cites)))
    return out


def grades(pack: Pack, horizon: Horizon, scores: Sequence[Score]) -> list[Outcome]:
    """Grades of certain periods, for the posted to whom others gave points in them; the count is the total."""
    if not pack.grades:
        return []
    totals: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    given: set[Whose] = set()
    for s in scores:
        totals[s.period, s.account_type][s.account_id] += s.score
        if s.given:
            given.add((s.period, s.account_type, s.account_id))
    out: list[Outcome] = []
    for rule in pack.grades:
        for period in horizon.periods(rule.within):
            if not rule.on(span_of(period)[1]) or not horizon.certain(period):
                continue
            graded = {
                id: total
                for id, total in totals[period, rule.subject].items()
                if (period, rule.subject, id) in given and id in horizon.posted(period, rule.subject)
            }
            cites = pack.cite(rule.cites)
            out += [
                Outcome(period, rule.subject, id, grade, graded[id], rule.says, cites)
                for id, grade in graded_by(rule, graded).items()
            ]
    return out


def graded_by(rule: Grade, totals: dict[str, Decimal]) -> dict[str, str]:
    """Everybody's grade: the first step whose points, and whose share of the best, they reach."""
    places: dict[Decimal, int] = {}
    for place, total in enumerate(sorted(totals.values(), reverse=True), 1):
        places.setdefault(total, place)
    out: dict[str, str] = {}
    for id, total in totals.items():
        out[id] = rule.otherwise
        for step in rule.steps:
            best = step.best_percent is None or 100 * places[total] <= step.best_percent * len(totals)
            if total >= step.least and best:
                out[id] = step.grade
                break
    return out
