"""Rankings of people and windows, and the awards of their first places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction

from punchsync.core.horizon import Horizon, Subject
from punchsync.core.outcome import Outcome, Rank, Standing
from punchsync.core.outcome_rules import Ranking
from punchsync.core.period import months_of, span_of
from punchsync.core.rules import Pack
from punchsync.core.score import Score


class Merits:
    """Scores and violations of every subject, laid out for ranking."""

    def __init__(self, scores: Iterable[Score], standings: Iterable[Standing]) -> None:
        self._totals: dict[Subject, dict[str, Fraction]] = defaultdict(dict)
        self._given: dict[Subject, dict[tuple[str, str], Fraction]] = defaultdict(dict)
        self._standings = {(s.subject, s.month): s for s in standings}
        for s in scores:
            subject = (s.account_type, s.account_id)
            here = self._totals[subject]
            here[s.period] = here.get(s.period, Fraction(0)) + Fraction(s.score)
            if s.given:
                self._given[subject][s.category, s.period] = Fraction(s.points)

    def row(self, rule: Ranking, period: str, subject: Subject) -> Rank:
        """A subject's row of a period, not ranked yet."""
        months = months_of(period)
        totals = self._totals.get(subject, {})
        if rule.shares:
            score = self._shared(rule, period, subject, months)
        elif rule.by_months:
            score = mean(totals[m] for m in months if m in totals)
        else:
            score = totals.get(period, Fraction(0))
        mine = [s for s in (self._standings.get((subject, m)) for m in months) if s is not None]
        violations, seconds = sum(s.violations for s in mine), sum(s.seconds for s in mine)
        return Rank(period, *subject, 0, score, violations, seconds, rule.id)

    def _shared(self, rule: Ranking, period: str, subject: Subject, months: list[str]) -> Fraction:
        given = self._given.get(subject, {})
        score = Fraction(0)
        for share in rule.shares:
            asked = months if share.by_months else [period]
            found = [given[share.category, p] for p in asked if (share.category, p) in given]
            score += Fraction(share.weight) * mean(found)
        return score


def mean(values: Iterable[Fraction]) -> Fraction:
    """The exact mean; of nothing, zero."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found) if found else Fraction(0)


def rank(
    pack: Pack,
    horizon: Horizon,
    scores: Iterable[Score],
    standings: Iterable[Standing],
    barred: AbstractSet[tuple[str, str, str]],
) -> list[Rank]:
    """Every ranking of a pack whose period is certain, by the rules in force on the period's last day.

    `barred` are (period, subject type, subject id) without a row.
    """
    if not pack.rankings:
        return []
    merits = Merits(scores, standings)
    out: list[Rank] = []
    for rule in pack.rankings:
        for period in horizon.periods(rule.period):
            if not rule.on(span_of(period)[1]) or not horizon.certain(period):
                continue
            out += ranked(
                merits.row(rule, period, (rule.subject, id))
                for id in horizon.posted(period, rule.subject)
                if (period, rule.subject, id) not in barred
                and (not rule.posted_throughout or horizon.throughout((rule.subject, id), period))
            )
    return sorted(out, key=lambda r: (r.period, r.subject_type, r.rank, r.subject_id))


def ranked(rows: Iterable[Rank]) -> list[Rank]:
    """Rows with their ranks, best first: equals share a rank, and the next is skipped."""
    out: list[Rank] = []
    for n, row in enumerate(sorted(rows, key=merit), 1):
        same = out and merit(out[-1]) == merit(row)
        out.append(row._replace(rank=out[-1].rank if same else n))
    return out


def merit(row: Rank) -> tuple[Fraction, int, int]:
    """What a row is ranked by: the highest score, then the fewest violations, then the fewest seconds."""
    return (-row.score, row.violations, row.seconds)


def awards(pack: Pack, ranks: Iterable[Rank]) -> list[Outcome]:
    """An award for every rank within a ranking's places, ties included, and so the shortlist; the count is the rank."""
    out: list[Outcome] = []
    for r in ranks:
        last = span_of(r.period)[1]
        rule = next(x for x in pack.rankings if x.id == r.rule and x.on(last))
        for outcome, places in (("shortlisted", rule.shortlist), ("award", rule.places)):
            if r.rank <= places:
                subject = (r.subject_type, r.subject_id)
                cites = pack.cite(rule.cites)
                out.append(Outcome(r.period, *subject, outcome, Decimal(r.rank), rule.says, cites))
    return out
