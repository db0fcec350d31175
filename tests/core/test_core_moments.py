"""Moments and days as integers, and their written forms."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchsync.core import moment


@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))
def test_a_moment_is_written_and_read_to_the_second(value: datetime) -> None:
    found = moment.to_moment(value)

    assert moment.show_moment(found) == value.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
    assert moment.parse_moment(moment.show_moment(found)) == found


@given(st.dates())
def test_a_day_knows_its_date_weekday_and_bounds(value: date) -> None:
    found = moment.to_day(value)

    assert (moment.to_date(found), moment.weekday(found)) == (value, value.weekday())
    assert moment.parse_day(moment.show_day(found)) == found
    first, last = moment.start_of(found), moment.last_second(found)
    assert [moment.day_of(m) - found for m in (first - 1, first, last, last + 1)] == [-1, 0, 0, 1]


def test_a_moment_may_leave_out_its_seconds() -> None:
    assert moment.parse_moment("2026-11-09 08:30") == moment.parse_moment("2026-11-09 08:30:00")


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-09", "2026-11-09 8:30", "2026-11-09 24:00", "2026-11-09 08:60", "2026-11-09 08:30:60",
     "2026-02-29 08:30", "20261109 08:30", "2026-11-09 08:30 ", "2026-11-09_08:30", "2026-11-09 ０8:30"],
)  # fmt: skip
def test_anything_else_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError):
        moment.parse_moment(text)


@pytest.mark.parametrize("text", ["", "2026-1-09", "2026/01/09", "2026-13-01", "2026-11-31", "20261109"])
def test_anything_else_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):
        moment.parse_day(text)
