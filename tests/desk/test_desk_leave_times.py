"""Days as a clerk types them in the leave form, on Friday, 20 November 2026."""

from __future__ import annotations

import pytest

from punchsync.core.moment import parse_moment
from punchsync.desk.leave.times import end_of_leave, start_of_leave

NOW = parse_moment("2026-11-20 10:00:00")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "2026-11-20"), ("20", "2026-11-20"), ("３", "2026-12-03"), ("13", "2026-11-13"), ("1120", "2026-11-20"),
        ("11-20", "2026-11-20"), ("11.20", "2026-11-20"), ("11月20日上午", "2026-11-20 am"), ("0105", "2027-01-05"),
        ("20a", "2026-11-20 am"), ("20 pm", "2026-11-20 pm"), ("明天", "2026-11-21"), ("大后天下午", "2026-11-23 pm"),
        ("p", "2026-11-20 pm"), ("14:30", "2026-11-20 14:30"), ("20 8:30", "2026-11-20 08:30"),
        ("8点", "2026-11-20 08:00"),
        ("20261120", "2026-11-20"), ("2026-11-20", "2026-11-20"), ("32", "32"), ("0231", "0231"), ("某天", "某天"),
        ("<b>", "<b>"), ("99999999", "99999999"),
    ],
)  # fmt: skip
def test_a_short_start_is_the_nearest_day_and_what_is_none_stays_as_it_is(typed: str, meant: str) -> None:
    assert start_of_leave(typed, NOW) == meant


@pytest.mark.parametrize(
    ("start", "typed", "meant"),
    [
        ("2026-11-20", "", "2026-11-20"), ("2026-11-20 am", "", "2026-11-20 am"),
        ("2026-11-20 14:30", "", "2026-11-20 pm"),
        ("2026-11-20", "3", "2026-12-03"), ("2026-11-20", "1119", "2027-11-19"), ("2026-11-05", "6a", "2026-11-06 am"),
        ("2026-11-20 08:30", "10:00", "2026-11-20 10:00"), ("某天", "", "某天"), ("某天", "20", "2026-11-20"),
    ],
)  # fmt: skip
def test_a_short_end_is_the_first_day_that_is_not_before_the_start(start: str, typed: str, meant: str) -> None:
    assert end_of_leave(typed, start, NOW) == meant
