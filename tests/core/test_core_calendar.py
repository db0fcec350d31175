"""Working days: weekends, holidays, make-up days, the hall's own dates, and years nobody published."""

from __future__ import annotations

import pytest

from punchsync.core.calendar import day_kind, known
from punchsync.core.records import Calendar

from .build import day, hall, month, posting

PUBLISHED = Calendar(
    frozenset({2026}),
    holidays=frozenset({day("2026-10-01"), day("2026-10-05")}),
    makeup=frozenset({day("2026-10-10")}),
    overrides={day("2026-10-12"): "off", day("2026-10-11"): "work", day("2026-10-13"): "am_off",
               day("2026-10-10"): "pm_off", day("2028-03-01"): "off"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("date", "kind"),
    [
        ("2026-10-09", "work"),
        ("2026-10-17", "off"),  # a Saturday
        ("2026-10-18", "off"),  # a Sunday
        ("2026-10-01", "off"),  # a holiday on a Thursday
        ("2026-10-12", "off"),  # a Monday, by the hall's own row
        ("2026-10-11", "work"),  # a Sunday, by the hall's own row
        ("2026-10-13", "am_off"),
        ("2026-10-10", "pm_off"),  # a make-up day, by the hall's own row
        ("2025-12-31", "unknown"),
        ("2027-01-01", "unknown"),
        ("2028-03-01", "off"),  # a year that only the hall's own rows cover
        ("2028-03-02", "work"),
        ("2028-03-04", "off"),
    ],
)
def test_a_date_is_of_one_kind(date: str, kind: str) -> None:
    assert day_kind(PUBLISHED, day(date)) == kind


def test_a_make_up_day_on_a_saturday_is_worked() -> None:
    assert (
        day_kind(Calendar(frozenset({2026}), frozenset(), frozenset({day("2026-10-10")})), day("2026-10-10")) == "work"
    )


def test_a_year_is_known_once_published_or_covered() -> None:
    assert [known(PUBLISHED, day(f"{year}-06-01")) for year in (2025, 2026, 2027, 2028)] == [False, True, False, True]


def test_nobody_is_judged_on_a_day_of_a_year_that_nobody_published() -> None:
    here = posting(first="2027-01-04", last="2027-01-04")

    found = month(hall(postings=[here], calendar=PUBLISHED), "2027-02-01 00:00", name="2027-01")

    assert (found.verdicts, found.violations) == ((), ())
