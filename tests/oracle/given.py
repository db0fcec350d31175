"""Literal judge for tests: the scores that others give — random rows for a site, and what they are in the
export `scores`.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from .facts import Score, month_of, months_in, plain, quarter_of, year_of
from .records import Row, Site, day_of, days_between, moment

KEY = ("period", "subject_type", "subject_id", "category")
VOTES = ["100", "98.5", "95", "92.35", "92.35", "90", "90", "88.125", "85.1", "70", "0"]
# with a base of 100 and some own deductions: around 95, 75 and 70
CHAPTERS = ["0", "-3", "-4.5", "-4.8", "-5", "-5", "-5.2", "-10", "-24.5", "-25", "-25", "-25.2", "-29.5", "-30", "-31"]
# with 0, 5, 10 or 15 of one's own: around 15 and 20
DEDUCTIONS = ["0", "-4.5", "-5", "-5", "-9.5", "-10", "-10", "-14.9", "-15", "-15", "-19.99", "-20", "3", "-5.50"]


def score_row(period: str, subject_type: str, subject: str, category: str, points: str) -> Row:
    row = {"period": period, "subject_type": subject_type, "subject_id": subject}
    return row | {"category": category, "points": points, "note": ""}


def subjects(site: Site) -> list[tuple[str, str]]:
    """Every person and window of the staff."""
    staff = site.rows("staff")
    people = sorted({("person", row["person_id"]) for row in staff})
    return people + sorted({("window", row["window"]) for row in staff})


def periods_of(site: Site) -> tuple[list[str], list[str], list[str]]:
    """The months, quarters and years from the first posting to as-of (two years at most)."""
    last = moment(site.as_of).date()
    first = max(min(day_of(row["from"]) for row in site.rows("staff")), last - timedelta(days=730))
    days = days_between(min(first, last), last)
    return (
        sorted({month_of(day) for day in days}),
        sorted({quarter_of(day) for day in days}),
        sorted({year_of(day) for day in days}),
    )


def citizens_rows(rng: Random, site: Site) -> list[Row]:
    """`monthly` per month, `peer` and `panel` per quarter; some missing, many equal."""
    out = []
    _, quarters, _ = periods_of(site)
    bland = rng.random() < 0.3  # everybody alike: ties
    for subject_type, subject in subjects(site):
        for quarter in quarters:
            for month in months_in(quarter):
                if rng.random() < 0.85:
                    points = "90" if bland else rng.choice(VOTES)
                    out.append(score_row(month, subject_type, subject, "monthly", points))
            for category in ("peer", "panel"):
                if rng.random() < 0.85:
                    points = "90" if bland else rng.choice(VOTES)
                    out.append(score_row(quarter, subject_type, subject, category, points))
    return out


def tianyang_rows(rng: Random, site: Site) -> list[Row]:
    """The other chapters: windows per quarter, people per year; one row or two, some missing."""
    out = []
    _, quarters, years = periods_of(site)
    for subject_type, subject in subjects(site):
        for period in quarters if subject_type == "window" else years:
            if rng.random() < 0.8:
                out.append(score_row(period, subject_type, subject, "其他各章", rng.choice(CHAPTERS)))
            if rng.random() < 0.3:
                out.append(score_row(period, subject_type, subject, "加分", rng.choice(["0.2", "0.5", "1", "5"])))
    return out


def changxing_rows(rng: Random, site: Site) -> list[Row]:
    """The other tables: people per quarter; what is above zero makes up for nothing."""
    out = []
    _, quarters, _ = periods_of(site)
    for subject_type, subject in subjects(site):
        for quarter in quarters:
            for category in ("业务工作", "文明礼仪"):
                if rng.random() < (0.5 if subject_type == "person" else 0.1):
                    out.append(score_row(quarter, subject_type, subject, category, rng.choice(DEDUCTIONS)))
    return out


def other_rows(rng: Random, site: Site) -> list[Row]:
    """Now and then a row of any length of period."""
    out = []
    for subject_type, subject in subjects(site):
        for periods in periods_of(site):
            if rng.random() < 0.15:
                points = rng.choice(["1", "-1", "0.5", "-2.5", "0", "0.05", "0.33"])
                out.append(score_row(rng.choice(periods), subject_type, subject, "群众评议", points))
    return out


def random_scores(rng: Random, site: Site, pack: str) -> list[Row]:
    """Rows for the table `scores` of a site with staff and as-of; a key comes once, some are withdrawn."""
    out = other_rows(rng, site)
    if pack == "citizens":
        out += citizens_rows(rng, site)
    elif pack == "tianyang":
        out += tianyang_rows(rng, site)
    elif pack == "changxing":
        out += changxing_rows(rng, site)
    for row in out:
        if rng.random() < 0.03:
            row["withdrawn"] = site.as_of
    rng.shuffle(out)
    return out


def standing(site: Site) -> list[Row]:
    """The rows of `scores` that stand: of one key the last, and nothing withdrawn."""
    last = {tuple(row[column] for column in KEY): row for row in site.tables.get("scores", [])}
    return [row for row in last.values() if not row.get("withdrawn")]


def imported(site: Site) -> list[Score]:
    """The imported rows as score rows: base 0, nothing capped."""
    return [
        Score(
            row["period"],
            row["subject_type"],
            row["subject_id"],
            row["category"],
            Decimal(0),
            Decimal(row["points"]),
            Decimal(row["points"]),
            imported=True,
        )
        for row in standing(site)
    ]


def exported(rows: list[Score]) -> list[tuple[str, ...]]:
    """The rows of the export `scores`, own and imported alike, in no order."""
    return [
        (s.period, s.account_type, s.account_id, s.category, plain(s.base), plain(s.points), plain(s.score))
        for s in rows
    ]
