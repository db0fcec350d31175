"""Times as clerks type them."""

from __future__ import annotations

import pytest

from punchsync.core.moment import parse_day, parse_moment
from punchsync.desk.registers.times import expanded

NOW = parse_moment("2026-01-10 10:05:30")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("现在", "2026-01-10 10:05"),
        (".", "2026-01-10 10:05"),
        ("930", "2026-01-10 09:30"),
        ("1430", "2026-01-10 14:30"),
        ("9:30", "2026-01-10 09:30"),
        ("９：３０", "2026-01-10 09:30"),
        ("9点半", "2026-01-10 09:30"),
        ("9点", "2026-01-10 09:00"),
        ("9:30:15", "2026-01-10 09:30:15"),
        ("昨天 830", "2026-01-09 08:30"),
        ("前天", "2026-01-08"),
        ("明天下午", "2026-01-11 pm"),
        ("上午", "2026-01-10 am"),
        ("12-31 17:00", "2025-12-31 17:00"),
        ("12月31日", "2025-12-31"),
        ("2-3 930", "2026-02-03 09:30"),
        ("9日", "2026-01-09"),
        ("2-29", "2-29"),
        ("2026.1.5 8:00", "2026-01-05 08:00"),
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05 24:00", "2026-01-05 24:00"),
        ("2026-13-05", "2026-13-05"),
        ("31日 9:00", "2026-01-31 09:00"),
        ("后来", "后来"),
    ],
)
def test_a_short_time_is_written_out(typed: str, meant: str) -> None:
    assert expanded(typed, NOW) == meant


def test_a_time_of_day_is_on_the_day_that_is_given() -> None:
    assert expanded("1700", NOW, parse_day("2025-12-30")) == "2025-12-30 17:00"


def test_the_last_of_february_is_found_in_the_leap_year_nearby() -> None:
    assert expanded("2-29", parse_moment("2027-12-01 08:00:00")) == "2028-02-29"
