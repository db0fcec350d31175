"""Literal judge for tests: rankings of every pack, and who is barred from them (HALLS: Ranking; yihuang,
tianyang 第十条, tongshan, citizens).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .facts import (
    Facts,
    RankingRow,
    month_of,
    months_in,
    period_days,
    plain,
    quarter_of,
    two_places,
    year_of,
)

Naming = Callable[[date], str]

# pack -> (who is ranked, over which periods)
RANKED: dict[str, list[tuple[str, Naming]]] = {
    "yihuang": [("window", month_of), ("person", quarter_of), ("person", year_of)],
    "county": [],
    "tianyang": [("window", quarter_of)],
    "tongshan": [
        ("window", month_of),
        ("person", month_of),
        ("window", quarter_of),
        ("person", quarter_of),
    ],
    "changxing": [],
    "ninetofive": [],
    "foursign": [],
    "pinghu": [],
    "citizens": [("window", quarter_of), ("person", quarter_of)],
    "bureau": [],
}


@dataclass(frozen=True)
class Placed:
    """One subject's place in one ranking, the score exact."""

    period: str
    subject_type: str
    subject: str
    rank: int
    score: Fraction
    violations: int
    seconds: int


def leave_bars(facts: Facts) -> list[tuple[str, str, str]]:
    """yihuang 考勤制度 3: personal > 20 days or sick > 30 days of the calendar year; (year, person, days)."""
    out = []
    for year in facts.periods(year_of):
        for person in facts.subjects("person", year):
            for kind, days in (("personal", 20), ("sick", 30)):
                half_days = facts.leave_half_days(person, kind, year)
                if half_days > 2 * days:
                    out.append((year, person, plain(Decimal(half_days) / 2)))
    return out


def posted_days(facts: Facts, person: str, period: str) -> int:
    """The calendar days of the period on which the person is posted."""
    return len([day for day in period_days(period) if person in facts.posted.get(day, {})])


def posting_bars(facts: Facts) -> list[tuple[str, str, str]]:
    """citizens: posted on fewer than 60 calendar days of a quarter that is over; (quarter, person, days)."""
    out = []
    for quarter in facts.periods(quarter_of):
        if not facts.over(quarter):
            continue
        for person in facts.subjects("person", quarter):
            days = posted_days(facts, person, quarter)
            if days < 60:
                out.append((quarter, person, str(days)))
    return out


def exact_sum(facts: Facts, subject_type: str, subject: str, period: str) -> Fraction:
    """The sum of the subject's score rows of exactly this period, own and imported."""
    return sum((Fraction(s.score) for s in facts.score_rows(subject_type, subject, period)), Fraction(0))


def citizens_score(facts: Facts, subject_type: str, subject: str, quarter: str) -> Fraction:
    """80 % of the mean of the months that have a monthly score, 10 % peer vote, 10 % panel; missing parts are 0."""
    monthly = [
        Fraction(s.points)
        for month in months_in(quarter)
        for s in facts.score_rows(subject_type, subject, month)
        if s.imported and s.category == "monthly"
    ]
    votes = {s.category: Fraction(s.points) for s in facts.score_rows(subject_type, subject, quarter) if s.imported}
    mean = sum(monthly, Fraction(0)) / len(monthly) if monthly else Fraction(0)
    return (
        Fraction(80, 100) * mean
        + Fraction(10, 100) * votes.get("peer", Fraction(0))
        + Fraction(10, 100) * votes.get("panel", Fraction(0))
    )


def score_of(pack: str, facts: Facts, subject_type: str, subject: str, period: str) -> Fraction:
    """What the pack ranks by."""
    if pack == "citizens":
        return citizens_score(facts, subject_type, subject, period)
    if pack == "yihuang" and subject_type == "person":
        months = months_in(period)
        total = sum((exact_sum(facts, "person", subject, month) for month in months), Fraction(0))
        return total / len(months)
    return exact_sum(facts, subject_type, subject, period)


def entrants(pack: str, facts: Facts, subject_type: str, period: str) -> list[str]:
    """Who is ranked: posted in the period (yihuang's people: on every day of it), and not barred."""
    found = facts.subjects(subject_type, period)
    if subject_type == "window":
        return found
    if pack == "yihuang":
        barred = {(year, person) for year, person, _ in leave_bars(facts)}
        whole = len(period_days(period))
        return [p for p in found if posted_days(facts, p, period) == whole and (period, p) not in barred]
    if pack == "citizens":
        barred = {(quarter, person) for quarter, person, _ in posting_bars(facts)}
        return [p for p in found if (period, p) not in barred]
    return found


def placed(pack: str, facts: Facts) -> list[Placed]:
    """Every ranking of periods over and certain: score highest first, then violations, then seconds, fewest
    first; equal: same rank, the next is skipped.
    """
    out = []
    for subject_type, naming in RANKED[pack]:
        for period in facts.periods(naming):
            if not facts.known(period):
                continue
            keys: dict[str, tuple[Fraction, int, int]] = {}
            for subject in entrants(pack, facts, subject_type, period):
                rows = facts.breaches(subject_type, subject, period)
                score = score_of(pack, facts, subject_type, subject, period)
                keys[subject] = (-score, len(rows), sum(v.seconds for v in rows))
            for subject, (minus_score, count, seconds) in keys.items():
                rank = 1 + len([k for k in keys.values() if k < keys[subject]])
                out.append(Placed(period, subject_type, subject, rank, -minus_score, count, seconds))
    return out


def ranking(pack: str, facts: Facts) -> list[RankingRow]:
    """The rows of the export `ranking`, in no order."""
    return [
        (p.period, p.subject_type, p.subject, str(p.rank), two_places(p.score), str(p.violations), str(p.seconds))
        for p in placed(pack, facts)
    ]
