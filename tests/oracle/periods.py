"""Literal judge for tests: `outcomes(pack, facts)` and `ranking(pack, facts)` give the export rows of whole
periods (HALLS: Thresholds, Ranking, Packs).
"""

from __future__ import annotations

from decimal import Decimal

from .facts import Facts, OutcomeRow, month_of, plain, quarter_of
from .ranks import Placed, leave_bars, placed, posting_bars, ranking
from .tianyang import tianyang_outcomes

__all__ = ["outcomes", "ranking"]

STATE = "proposed"


def span_of(period: str) -> str:
    """`month`, `quarter` or `year`."""
    if len(period) == 4:
        return "year"
    return "quarter" if "Q" in period else "month"


# places of an award: pack -> (who, period) -> places; ties included
AWARDS = {
    "yihuang": {("window", "month"): 5, ("person", "quarter"): 10, ("person", "year"): 15},
    "tianyang": {("window", "quarter"): 3},
    "tongshan": {("window", "quarter"): 8, ("person", "quarter"): 20},
    "citizens": {("window", "quarter"): 5, ("person", "quarter"): 10},
}
SHORTLISTS = {"citizens": {("window", "quarter"): 8, ("person", "quarter"): 13}}


def within(order: list[Placed], places: dict[tuple[str, str], int], outcome: str) -> list[OutcomeRow]:
    """Every rank within the number of places; the count is the rank."""
    return [
        (p.period, p.subject_type, p.subject, outcome, str(p.rank), STATE)
        for p in order
        if p.rank <= places.get((p.subject_type, span_of(p.period)), 0)
    ]


def awards(pack: str, facts: Facts) -> list[OutcomeRow]:
    order = placed(pack, facts)
    return [
        *within(order, AWARDS.get(pack, {}), "award"),
        *within(order, SHORTLISTS.get(pack, {}), "shortlisted"),
    ]


def month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def talks(facts: Facts) -> dict[tuple[str, str, str], int]:
    """tongshan: (month, subject_type, subject) -> violations of the last two of a certain month, and of all
    who tie with the second.
    """
    out = {}
    for month in facts.periods(month_of):
        if not facts.known(month):
            continue
        for subject_type in ("window", "person"):
            numbers: dict[str, tuple[int, int]] = {}
            for subject in facts.subjects(subject_type, month):
                rows = facts.breaches(subject_type, subject, month)
                if rows:
                    numbers[subject] = (len(rows), sum(v.seconds for v in rows))
            if not numbers:
                continue
            worst = sorted(numbers.values(), reverse=True)[:2]
            for subject, mine in numbers.items():
                if mine >= worst[-1]:
                    out[month, subject_type, subject] = mine[0]
    return out


def tongshan_outcomes(facts: Facts) -> list[OutcomeRow]:
    found = talks(facts)
    out: list[OutcomeRow] = []
    for (month, subject_type, subject), count in found.items():
        out.append((month, subject_type, subject, "talk", str(count), STATE))
        before = month_before(month)
        running = [(m, subject_type, subject) in found for m in (before, month_before(before))]
        if subject_type == "person" and all(running):
            out.append((month, "person", subject, "replace_person", str(count), STATE))
    return out


def changxing_outcomes(facts: Facts) -> list[OutcomeRow]:
    """表一 二3, 表三 四2: games bar person and window; 五(二)4: stars by the points of all rows, or barred."""
    out: list[OutcomeRow] = []
    for quarter in facts.periods(quarter_of):
        for subject_type in ("window", "person"):
            for subject in facts.subjects(subject_type, quarter):
                games = [v for v in facts.breaches(subject_type, subject, quarter) if v.kind == "games"]
                if games:
                    out.append((quarter, subject_type, subject, "award_barred", str(len(games)), STATE))
                if subject_type == "window":
                    continue
                below = [s.points for s in facts.score_rows("person", subject, quarter) if s.points < 0]
                points = -sum(below, Decimal(0))
                if points >= 20 or games:
                    out.append((quarter, "person", subject, "star_minus_two", plain(points), STATE))
                elif points >= 15:
                    out.append((quarter, "person", subject, "star_minus_one", plain(points), STATE))
    return out


def foursign_outcomes(facts: Facts) -> list[OutcomeRow]:
    """三(一): late + early + off_post ≥ 4 in the month; absent ≥ 5 half-days: two rules, two rows."""
    out: list[OutcomeRow] = []
    for month in facts.periods(month_of):
        for person in facts.subjects("person", month):
            kinds = [v.kind for v in facts.breaches("person", person, month)]
            minor = kinds.count("late") + kinds.count("early") + kinds.count("off_post")
            half_days = kinds.count("absent_half_day")
            if minor >= 4:
                out.append((month, "person", person, "returned_to_unit", str(minor), STATE))
            if half_days >= 5:
                days = plain(Decimal(half_days) / 2)
                out.append((month, "person", person, "returned_to_unit", days, STATE))
    return out


def outcomes(pack: str, facts: Facts) -> list[OutcomeRow]:
    """The rows of the export `outcomes` without rule and article, in no order; two rules may give equal rows."""
    out = awards(pack, facts)
    if pack == "yihuang":
        out += [(year, "person", person, "award_barred", days, STATE) for year, person, days in leave_bars(facts)]
    elif pack == "tianyang":
        out += tianyang_outcomes(facts)
    elif pack == "tongshan":
        out += tongshan_outcomes(facts)
    elif pack == "changxing":
        out += changxing_outcomes(facts)
    elif pack == "foursign":
        out += foursign_outcomes(facts)
    elif pack == "citizens":
        out += [
            (quarter, "person", person, "award_barred", days, STATE) for quarter, person, days in posting_bars(facts)
        ]
    return out
