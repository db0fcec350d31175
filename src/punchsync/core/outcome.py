"""Outcomes and rankings: what totals and scores lead to; proposals, until a named person confirms them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from punchsync.core.excuse import Excuses
from punchsync.core.moment import Day
from punchsync.core.period import months_between, months_of, period_of, span_of
from punchsync.core.records import Posting
from punchsync.core.rules import Pack, Ranking
from punchsync.core.score import Score, posted

Subject = tuple[str, str]  # person or window, id


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


class Known(NamedTuple):
    """What has been settled: score rows, violations by month, and the months of which nothing is unknown."""

    scores: Sequence[Score]
    standings: Sequence[Standing]
    certain: AbstractSet[str]


def leave_limits(pack: Pack, excuses: Excuses, postings: Iterable[Posting], today: Day) -> list[Outcome]:
    """People whose leave of a kind passes the limit of a calendar year, up to today; counted in days."""
    rows = list(postings)
    if not rows:
        return []
    years = sorted({m[:4] for m in months_between(min(p.first for p in rows), today)})
    out: list[Outcome] = []
    for year in years:
        first, last = span_of(year)
        people, _ = posted(rows, first, min(last, today))
        for person in people:
            for limit in pack.leave_limits:
                half_days = excuses.total(person, limit.kind, first, min(last, today))
                if half_days > limit.over:
                    days = Decimal(half_days) / 2
                    cites = pack.cite(limit.cites)
                    out.append(Outcome(year, "person", person, limit.outcome, days, limit.says, cites))
    return sorted(out)


def rank(
    pack: Pack, known: Known, postings: Sequence[Posting], barred: AbstractSet[tuple[str, str, str]], today: Day
) -> list[Rank]:
    """Every ranking of a pack whose period is over and of which nothing is pending or unverified.

    `barred` are (period, subject type, subject id) without a row.
    """
    if not postings:
        return []
    months = months_between(min(p.first for p in postings), today)
    totals = _totals(known.scores)
    out: list[Rank] = []
    for rule in pack.rankings:
        for period in sorted({period_of(span_of(m)[0], rule.period) for m in months}):
            first, last = span_of(period)
            if last >= today or not _certain(period, known, postings):
                continue
            people, windows = posted(postings, first, last)
            subjects = people if rule.subject == "person" else windows
            rows = [
                _row(rule, period, (rule.subject, id), known, totals.get((rule.subject, id), {}))
                for id in subjects
                if (period, rule.subject, id) not in barred
                and (not rule.posted_throughout or _throughout(id, postings, first, last))
            ]
            out += _ranked(rows)
    return sorted(out, key=lambda r: (r.period, r.subject_type, r.rank, r.subject_id))


def awards(pack: Pack, ranks: Iterable[Rank]) -> list[Outcome]:
    """An award for every rank within a ranking's places, ties included; the count is the rank."""
    rules = {r.id: r for r in pack.rankings}
    out: list[Outcome] = []
    for r in ranks:
        rule = rules[r.rule]
        if r.rank <= rule.places:
            count, article = Decimal(r.rank), pack.cite(rule.cites)
            out.append(Outcome(r.period, r.subject_type, r.subject_id, "award", count, rule.says, article))
    return out


def _certain(period: str, known: Known, postings: Sequence[Posting]) -> bool:
    return all(m in known.certain or not any(posted(postings, *span_of(m))) for m in months_of(period))


def _throughout(person: str, postings: Sequence[Posting], first: Day, last: Day) -> bool:
    day = first
    for p in sorted((p for p in postings if p.person == person), key=lambda p: p.first):
        if p.first <= day <= p.last:
            day = p.last + 1
    return day > last


def _row(rule: Ranking, period: str, subject: Subject, known: Known, by_period: Mapping[str, Fraction]) -> Rank:
    months = months_of(period)
    if rule.by_months:
        here = [by_period[m] for m in months if m in by_period]
        score = sum(here, Fraction(0)) / len(here) if here else Fraction(0)
    else:
        score = by_period.get(period, Fraction(0))
    mine = [s for s in known.standings if s.subject == subject and s.month in months]
    return Rank(period, *subject, 0, score, sum(s.violations for s in mine), sum(s.seconds for s in mine), rule.id)


def _totals(scores: Iterable[Score]) -> dict[Subject, dict[str, Fraction]]:
    out: dict[Subject, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for s in scores:
        out[s.account_type, s.account_id][s.period] += Fraction(s.score)
    return out


def _ranked(rows: list[Rank]) -> list[Rank]:
    out: list[Rank] = []
    for n, row in enumerate(sorted(rows, key=_merit), 1):
        same = out and _merit(out[-1]) == _merit(row)
        out.append(row._replace(rank=out[-1].rank if same else n))
    return out


def _merit(row: Rank) -> tuple[Fraction, int, int]:
    return (-row.score, row.violations, row.seconds)
