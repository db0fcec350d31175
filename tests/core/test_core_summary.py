"""A longer bulletin's period and totals: half-days by the window of the day, people not known, weeks of ISO 8601."""

from __future__ import annotations

import pytest

from punchsync.core.judge import Verdict
from punchsync.core.moment import Day, parse_day
from punchsync.core.records import Posting
from punchsync.core.summary import WindowTotal, named, reach, totals
from punchsync.core.violations import Violation

MONDAY = parse_day("2026-10-12")


def posting(person: str, window: str, first: Day, last: Day) -> Posting:
    return Posting(person, person, "局", window, "staff", person, (), first, last)


def half(person: str, day: Day, session: int, verdict: str) -> list[Verdict]:
    return [Verdict(day, person, session, c, None, None, "", verdict, 0, "") for c in ("in", "out")]


def violation(window: str, kind: str) -> Violation:
    return Violation(f"v{window}{kind}", MONDAY, "甲", 1, kind, window, "局", 0, "punch", 0, 0, False, "", "", "")


@pytest.mark.parametrize(
    ("kind", "day", "name", "first", "last"),
    [
        ("weekly", "2026-10-12", "2026-W42", "2026-10-12", "2026-10-18"),
        ("weekly", "2026-10-18", "2026-W42", "2026-10-12", "2026-10-18"),
        ("weekly", "2027-01-03", "2026-W53", "2026-12-28", "2027-01-03"),
        ("weekly", "2025-12-29", "2026-W01", "2025-12-29", "2026-01-04"),
        ("monthly", "2028-02-29", "2028-02", "2028-02-01", "2028-02-29"),
        ("quarterly", "2026-11-22", "2026-Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_day_lies_in_one_period_of_each_kind(kind: str, day: str, name: str, first: str, last: str) -> None:
    assert named(kind, parse_day(day)) == name
    assert reach(kind, parse_day(day)) == (parse_day(first), parse_day(last))


def test_a_half_day_counts_for_the_window_that_its_person_was_posted_to_then() -> None:
    postings = [posting("甲", "公安", MONDAY - 9, MONDAY), posting("甲", "税务", MONDAY + 1, MONDAY + 9)]
    verdicts = [
        *half("甲", MONDAY, 1, "normal"),
        *half("甲", MONDAY, 2, "excused"),
        *half("甲", MONDAY + 1, 1, "pending"),
        *half("乙", MONDAY, 1, "normal"),  # posted nowhere any more
    ]
    violations = [violation("公安", k) for k in ("late", "late", "absent_half_day", "games")]
    assert totals(postings, verdicts, violations) == [
        WindowTotal("公安", "局", 1, 1, 1, 2, 0, 0, 1, 1, 0),
        WindowTotal("税务", "局", 1, 1, 0, 0, 0, 0, 0, 0, 1),
    ]


def test_a_window_with_nobody_there_has_a_row_of_noughts() -> None:
    assert totals([posting("甲", "公安", MONDAY, MONDAY)], [], []) == [
        WindowTotal("公安", "局", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    ]
