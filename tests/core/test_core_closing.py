"""Closed months: where a correction is booked, what stays as issued, and the ids of outcomes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from punchsync.core.closing import Closing, as_issued, booked_on, closed_by, kept
from punchsync.core.decision import Decision, latest, place_of, short_id
from punchsync.core.moment import parse_day, show_day
from punchsync.core.outcome import Outcome


@pytest.mark.parametrize(
    ("today", "closed", "booked"),
    [
        ("2026-11-05", (), "2026-11-05"),
        ("2026-11-05", ("2026-10",), "2026-11-05"),
        ("2026-11-01", ("2026-10",), "2026-11-01"),
        ("2026-10-31", ("2026-10",), "2026-11-01"),
        ("2026-10-15", ("2026-10", "2026-11"), "2026-12-01"),
        ("2026-12-31", ("2026-12",), "2027-01-01"),
        ("2026-09-30", ("2026-10",), "2026-09-30"),
    ],
)
def test_an_entry_is_booked_today_or_on_the_first_day_that_is_open(
    today: str, closed: tuple[str, ...], booked: str
) -> None:
    assert show_day(booked_on(parse_day(today), set(closed))) == booked


@pytest.mark.parametrize(
    ("period", "stays"),
    [
        ("2026-10", True), ("2026-11", False), ("2026-12", True), ("2026-Q4", True), ("2026-Q3", False), ("2026", True),
        ("2027", False),
    ],
)  # fmt: skip
def test_a_quarter_or_year_is_closed_with_its_last_month(period: str, stays: bool) -> None:
    assert kept(period, {"2026-10", "2026-12"}) is stays


def test_what_was_issued_of_a_closed_period_stays_and_the_rest_is_fresh() -> None:
    def row(period: str, subject: str) -> Outcome:
        return Outcome(period, "person", subject, "award", Decimal(1), "r1", "第五条")

    stored = [row("2026-10", "p1"), row("2026-11", "p1"), row("2026", "p1")]
    fresh = [row("2026-10", "p2"), row("2026-11", "p2"), row("2026", "p2")]

    assert as_issued(fresh, stored, {"2026-10"}) == [stored[0], fresh[1], fresh[2]]


def test_the_last_that_was_done_with_a_month_counts() -> None:
    history = [Closing(n, *what, "", "", 0) for n, what in enumerate((("a", "close"), ("b", "close"), ("a", "reopen")))]

    assert closed_by(history) == {"b"}


def test_an_outcome_has_one_id_whatever_its_count_and_no_two_share_one() -> None:
    row = Outcome("2026", "person", "p1", "bar", Decimal(10), "r1", "第五条")
    others = [row._replace(period="2025"), row._replace(subject_id="p2"), row._replace(rule="r2")]

    ids = [short_id(place_of(o)) for o in (row, row._replace(counted=Decimal(11)), *others)]

    assert (ids[0] == ids[1], len(set(ids)), {len(i) for i in ids}) == (True, 4, {13})


def test_the_last_decision_on_an_outcome_counts() -> None:
    place = ("2026", "person", "p1", "bar", "r1")
    history = [Decision(n, *place, state, "张主任", "", 0) for n, state in enumerate(("confirmed", "dropped"))]

    assert latest(history) == {place: history[1]}
