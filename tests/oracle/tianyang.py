"""Literal judge for tests: what tianyang says of whole periods — runs of absence, notices, bars, grades
(HALLS: 第四条, 第九条, 第二十条, 第二十三条, 第二十六条, 第二十七条).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .facts import Duty, Facts, OutcomeRow, Score, month_of, months_in, plain, quarter_of, year_of

DUTY = ("person", "勤")
COUNTED = ("late", "early", "off_post", "absent_half_day")
MINOR = ("late", "early", "no_badge", "games", "wandering", "private_work")


def row(period: str, subject_type: str, subject: str, outcome: str, count: int | Decimal) -> OutcomeRow:
    return (period, subject_type, subject, outcome, plain(Decimal(count)), "proposed")


def known_sessions(facts: Facts, person: str, month: str) -> list[Duty]:
    """The person's required sessions of the month in order, up to the first that is not known."""
    mine = [d for d in facts.duties if d.person == person and month_of(d.day) == month]
    out = []
    for duty in sorted(mine, key=lambda d: (d.day, d.session)):
        if not duty.known:
            break
        out.append(duty)
    return out


def absence_runs(facts: Facts, person: str, month: str) -> tuple[int, Duty] | None:
    """3 runs of absence, or one run of 4 half-days: the count, and the session that completes it.

    The count: runs if there are 3, else the half-days of the longest.
    """
    absent = {(v.day, v.session) for v in facts.violations if v.person == person and v.kind == "absent_half_day"}
    runs: list[int] = []  # the half-days of each
    completed: Duty | None = None
    before = False
    for duty in known_sessions(facts, person, month):
        now = (duty.day, duty.session) in absent
        if now and before:
            runs[-1] += 1
        elif now:
            runs.append(1)
        if completed is None and now and (len(runs) >= 3 or runs[-1] >= 4):
            completed = duty
        before = now
    if completed is None:
        return None
    return (len(runs) if len(runs) >= 3 else max(runs)), completed


def notices(facts: Facts) -> list[OutcomeRow]:
    """第二十三条(一): points of late, early, off_post and absence in the year ≥ 5."""
    out = []
    for year in facts.periods(year_of):
        for person in facts.subjects("person", year):
            counted = [v for v in facts.breaches("person", person, year) if v.kind in COUNTED]
            points = sum((v.points.get(DUTY, Decimal(0)) for v in counted), Decimal(0))
            if points >= 5:
                out.append(row(year, "person", person, "notify_unit", points))
    return out


def unqualified(facts: Facts) -> list[OutcomeRow]:
    """第二十条(四): the window of the session that completes the runs; of several people the largest count."""
    most: dict[tuple[str, str], int] = {}
    for month in facts.periods(month_of):
        for person in facts.subjects("person", month):
            runs = absence_runs(facts, person, month)
            if runs is not None:
                count, session = runs
                key = (month, facts.posted[session.day][person])
                most[key] = max(count, most.get(key, 0))
    return [row(month, "window", window, "unqualified", count) for (month, window), count in most.items()]


def month_bar(facts: Facts, person: str, month: str) -> int:
    """第二十六条(三) for one month: the six kinds together if ≥ 3, else the runs' count, else 0."""
    minor = len([v for v in facts.breaches("person", person, month) if v.kind in MINOR])
    if minor >= 3:
        return minor
    runs = absence_runs(facts, person, month)
    return 0 if runs is None else runs[0]


def bars(facts: Facts) -> list[OutcomeRow]:
    """One row for the quarter, one for the year; the largest count of their months."""
    out = []
    for naming in (quarter_of, year_of):
        for period in facts.periods(naming):
            for person in facts.subjects("person", period):
                count = max(month_bar(facts, person, month) for month in months_in(period))
                if count > 0:
                    out.append(row(period, "person", person, "award_barred", count))
    return out


def returned(facts: Facts) -> list[OutcomeRow]:
    """第二十七条(二): absent on ≥ 6 half-days of the month."""
    out = []
    for month in facts.periods(month_of):
        for person in facts.subjects("person", month):
            absent = [v for v in facts.breaches("person", person, month) if v.kind == "absent_half_day"]
            if len(absent) >= 6:
                out.append(row(month, "person", person, "returned_to_unit", len(absent)))
    return out


def graded(facts: Facts, subject_type: str, period: str) -> dict[str, Decimal]:
    """The totals from all chapters of those posted who have an imported row of the period."""
    out = {}
    for subject in facts.subjects(subject_type, period):
        rows: list[Score] = facts.score_rows(subject_type, subject, period)
        if any(s.imported for s in rows):
            out[subject] = sum((s.score for s in rows), Decimal(0))
    return out


def window_grade(total: Decimal) -> str:
    if total >= 95:
        return "grade_excellent"
    return "grade_qualified" if total >= 75 else "grade_unqualified"


def person_grade(total: Decimal, everybody: list[Decimal]) -> str:
    """Excellent needs 95 and a place among the best 20 %, ties included."""
    place = 1 + len([other for other in everybody if other > total])
    if total >= 95 and Fraction(place, len(everybody)) <= Fraction(20, 100):
        return "grade_excellent"
    if total >= 75:
        return "grade_competent"
    return "grade_basic" if total >= 70 else "grade_incompetent"


def grades(facts: Facts) -> list[OutcomeRow]:
    """第四条, 第九条: windows by quarter, people by year, over and certain."""
    out = []
    for quarter in facts.periods(quarter_of):
        if facts.known(quarter):
            for window, total in graded(facts, "window", quarter).items():
                out.append(row(quarter, "window", window, window_grade(total), total))
    for year in facts.periods(year_of):
        if facts.known(year):
            totals = graded(facts, "person", year)
            for person, total in totals.items():
                out.append(row(year, "person", person, person_grade(total, list(totals.values())), total))
    return out


def tianyang_outcomes(facts: Facts) -> list[OutcomeRow]:
    """All but the awards, which follow from the ranking."""
    return [
        *notices(facts),
        *unqualified(facts),
        *bars(facts),
        *returned(facts),
        *grades(facts),
    ]
