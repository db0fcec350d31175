"""Quiet hours have four edges: both ends, on this side and on the other of midnight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.moment import DAY, parse_moment
from punchsync.core.quiet import Quiet, parse_quiet, quiet_until

NIGHT, NOON = parse_quiet("21:30-07:30"), parse_quiet("12:00-14:00")


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (NIGHT, "2026-11-20 21:29:59", None),
        (NIGHT, "2026-11-20 21:30:00", "2026-11-21 07:30:00"),
        (NIGHT, "2026-11-20 23:59:59", "2026-11-21 07:30:00"),
        (NIGHT, "2026-11-21 00:00:00", "2026-11-21 07:30:00"),
        (NIGHT, "2026-11-21 07:29:59", "2026-11-21 07:30:00"),
        (NIGHT, "2026-11-21 07:30:00", None),
        (NOON, "2026-11-20 11:59:59", None),
        (NOON, "2026-11-20 12:00:00", "2026-11-20 14:00:00"),
        (NOON, "2026-11-20 13:59:59", "2026-11-20 14:00:00"),
        (NOON, "2026-11-20 14:00:00", None),
        (None, "2026-11-20 03:00:00", None),
    ],
)
def test_quiet_hours_hold_from_their_begin_until_their_end(quiet: Quiet | None, now: str, until: str | None):
    assert quiet_until(quiet, parse_moment(now)) == (None if until is None else parse_moment(until))


@given(st.integers(0, DAY - 1), st.integers(0, DAY - 1), st.integers(63_000_000_000, 64_000_000_000))
def test_where_quiet_hours_end_they_are_over_and_they_last_less_than_a_day(begin: int, end: int, now: int):
    until = quiet_until(Quiet(begin, end), now)
    if until is not None:
        assert now < until < now + DAY and until % DAY == end
        assert quiet_until(Quiet(begin, end), until) is None
        assert quiet_until(Quiet(begin, end), until - 1) == until


def test_no_quiet_hours_are_none():
    assert parse_quiet("") is None
