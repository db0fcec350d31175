"""Literal judge for tests: rows of source `threshold` — leave over its measure, presence below it (HALLS: county,
changxing).
"""

from __future__ import annotations

from datetime import date

from .facts import month_of, period_days, year_of
from .hours import Case, known_timetable, posting, published
from .leave import required, taken, valid_leaves
from .owed import day_sessions
from .records import DAY, Interval, covered_seconds, days_between, midnight
from .violation import Days, Violation, row_of


def session_counts(case: Case, person: str, day: date, parts: list[Interval]) -> list[tuple[int, int]]:
    """(session, half-days of leave): a session touched counts 1; an only session 1 up to its half, else 2."""
    sessions = known_timetable(case, person, day)
    out = []
    for n, session in enumerate(sessions, 1):
        seconds = covered_seconds(session, parts)
        whole = (session[1] - session[0]).total_seconds()
        if seconds > 0:
            out.append((n, 2 if len(sessions) == 1 and seconds * 2 > whole else 1))
    return out


def leave_over(case: Case, last: date) -> list[Violation]:
    """county 二.3①: personal and sick leave together over 15 days in the year, dated the session that passes them."""
    out = []
    for person in case.people:
        rows = [row for row in valid_leaves(case, person) if row["kind"] in ("personal", "sick")]
        parts = [part for row in rows for part in taken(case, row)]
        if not parts:
            continue
        first, end = min(p[0] for p in parts).date(), min(last, max(p[1] for p in parts).date())
        count: dict[str, int] = {}
        for day in days_between(first, end):
            if not published(case, day.year):
                continue
            for n, halves in session_counts(case, person, day, parts):
                before = count.get(year_of(day), 0)
                count[year_of(day)] = before + halves
                if before <= 30 < before + halves:
                    start = known_timetable(case, person, day)[n - 1][0]
                    row = row_of(case, person, day, n, "leave_over", source="threshold", place=(2, start))
                    out += [row] if row is not None else []
    return out


def presence(case: Case, days: Days, rows: list[Violation], person: str, month: str) -> tuple[int, int]:
    """(seconds present, seconds required) over the person's required sessions of the month."""
    present = needed = 0
    for day in period_days(month):
        if (person, day) not in days:
            continue
        for n, session in enumerate(day_sessions(case, person, day), 1):
            pieces = required(case, person, session)[0]
            seconds = sum(int((end - start).total_seconds()) for start, end in pieces)
            here = [r for r in rows if (r.person, r.day, r.session) == (person, day, n)]
            needed += seconds
            if pieces and not any(r.kind == "absent_half_day" for r in here):
                present += seconds - sum(r.seconds for r in here if r.kind in ("late", "early"))
    return present, needed


def low_presence(case: Case, days: Days, rows: list[Violation], last: date) -> list[Violation]:
    """changxing 表三 四1: less than 90 % of a month that is over and known, dated the last posted day of it."""
    out = []
    for person in case.people:
        for month in sorted({month_of(day) for who, day in days if who == person}):
            if last <= period_days(month)[-1]:
                continue
            mine = [day for day in period_days(month) if posting(case, person, day) is not None]
            if any(check.unknown for day in mine for check in days[person, day]):
                continue
            present, needed = presence(case, days, rows, person, month)
            if needed > 0 and present * 10 < needed * 9:
                place = (2, midnight(mine[-1] + DAY))
                row = row_of(case, person, mine[-1], 0, "low_presence", source="threshold", place=place)
                out += [row] if row is not None else []
    return out


def threshold_rows(case: Case, days: Days, rows: list[Violation], last: date) -> list[Violation]:
    """What the pack counts over a year or a month; rulings don't touch these rows."""
    if case.site.pack == "county":
        return leave_over(case, last)
    if case.site.pack == "changxing":
        return low_presence(case, days, rows, last)
    return []
