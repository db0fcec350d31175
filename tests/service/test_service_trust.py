"""Whether our own clock may be believed, decided from numbers alone."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.moment import DAY, HOUR, parse_moment
from punchsync.core.reading import Reading
from punchsync.service.trust import (
    AGAINST,
    AGREES,
    OFF,
    SILENT,
    SPLIT,
    STEP,
    Line,
    Trust,
    Vote,
    bounded,
    instants,
    looked,
    rounded,
    strayed,
    vote,
)

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
SURE = Trust(agreed=True, heard=True)


def after(begin: str, end: str, passed: float, zone: ZoneInfo) -> int:
    """By how much a clock that showed these moments, so much time apart, strayed."""
    line = Line(instants(parse_moment(begin), zone)[0], 1_000.0)
    return strayed(line, 1_000.0 + passed, instants(parse_moment(end), zone))


@pytest.mark.parametrize(
    ("away", "expected"),
    [(0, 0), (STEP, 0), (STEP + 1, STEP + 1), (-STEP, 0), (-STEP - 1, -STEP - 1), (DAY, DAY), (-DAY, -DAY)],
)
def test_a_clock_has_strayed_when_it_parts_from_the_time_that_passed_by_more_than_a_minute(
    away: int, expected: int
) -> None:
    line = Line(5_000.0, 100.0)
    assert strayed(line, 700.0, (5_600.0 + away,)) == expected


def test_summer_time_is_no_step_in_either_direction() -> None:
    assert after("2028-03-26 01:59:00", "2028-03-26 03:01:00", 120, BERLIN) == 0
    assert after("2028-10-29 02:59:00", "2028-10-29 02:01:00", 120, BERLIN) == 0
    assert after("2028-10-29 01:30:00", "2028-10-29 02:30:00", 2 * HOUR, BERLIN) == 0
    assert after("2028-10-28 12:00:00", "2028-10-29 12:00:00", 25 * HOUR, BERLIN) == 0


def test_the_same_hands_without_summer_time_are_a_step() -> None:
    assert after("2028-03-26 01:59:00", "2028-03-26 03:01:00", 120, SHANGHAI) == HOUR
    assert after("2028-06-01 12:00:00", "2028-06-02 12:00:00", 60, BERLIN) == DAY - 60


@pytest.mark.parametrize(
    ("offsets", "live", "agreed", "expected"),
    [
        ([], 3, True, Vote(SILENT)),
        ([], 3, False, Vote(SILENT)),
        ([0, 1, -2], 3, False, Vote(AGREES, 0)),
        ([OFF], 1, False, Vote(AGREES, OFF)),
        ([OFF + 1], 1, True, Vote(AGAINST, OFF + 1)),
        ([-OFF - 1], 1, False, Vote(AGAINST, -OFF - 1)),
        ([DAY, DAY + 60], 2, True, Vote(AGAINST, DAY + 60)),
        ([DAY, DAY + 61], 2, True, Vote(SPLIT)),
        ([DAY, DAY + 61], 2, False, Vote(AGAINST, DAY)),
        ([DAY], 2, True, Vote(SPLIT)),  # one of several that alone answered
        ([DAY], 2, False, Vote(AGAINST, DAY)),  # nobody ever agreed with us
        ([0, DAY], 2, True, Vote(AGREES, 0)),
        ([0, DAY], 2, False, Vote(AGREES, 0)),
        ([0, DAY, DAY], 3, True, Vote(AGAINST, DAY)),
        ([0, DAY, -DAY], 3, True, Vote(SPLIT)),
        ([0, 0, DAY, DAY], 4, True, Vote(AGREES, 0)),
        ([DAY, DAY, -DAY, -HOUR], 4, True, Vote(SPLIT)),
        ([DAY, DAY + 5, DAY + 9, 0, 0], 5, True, Vote(AGAINST, DAY + 5)),
    ],
)
def test_terminals_vote(offsets: list[int], live: int, agreed: bool, expected: Vote) -> None:
    assert vote(offsets, live, agreed) == expected


@given(st.lists(st.integers(-OFF, OFF), min_size=1), st.integers(1, 9), st.booleans())
def test_terminals_that_are_all_near_never_speak_against_us(offsets: list[int], live: int, agreed: bool) -> None:
    assert vote(offsets, live, agreed).kind == AGREES


@given(st.lists(st.integers(-3 * DAY, 3 * DAY)), st.integers(1, 9), st.booleans())
def test_our_clock_is_outvoted_only_by_more_than_half_of_those_that_answered(
    offsets: list[int], live: int, agreed: bool
) -> None:
    said = vote(offsets, live, agreed)
    near = sum(abs(o) <= OFF for o in offsets)
    if said.kind == AGAINST:
        with_it = sum(abs(o - said.offset) <= 60 for o in offsets if abs(o) > OFF)
        assert 2 * with_it > len(offsets) or not (agreed or near)
        assert 2 * near < len(offsets)


def test_a_step_is_doubted_until_a_round_agrees() -> None:
    stepped = looked(SURE, DAY, 0, 50.0)
    assert (stepped.doubt, stepped.off, stepped.ahead, stepped.agreed) == ("stepped", DAY, DAY, False)
    assert looked(stepped, DAY, 0, 60.0) == stepped
    assert rounded(stepped, Vote(AGREES, 3)) == Trust(agreed=True, heard=True)
    assert rounded(stepped, Vote(SILENT)).doubt == "stepped"
    assert rounded(stepped, Vote(SPLIT)).doubt == "stepped"


def test_a_clock_that_is_set_back_to_where_it_was_is_believed_though_no_round_agreed_yet() -> None:
    back = looked(looked(SURE, DAY, 0, 50.0), 0, 0, 60.0)
    assert (back.doubt, back.agreed, back.heard) == ("", False, False)


def test_what_terminals_said_moves_with_the_clock() -> None:
    outvoted = rounded(Trust(), Vote(AGAINST, -DAY))
    assert (outvoted.doubt, outvoted.off, outvoted.ahead) == ("terminals", DAY, DAY)
    mended = looked(outvoted, -DAY, 0, 50.0)
    assert (mended.against, mended.doubt) == (0, "stepped")
    assert rounded(mended, Vote(AGREES)).doubt == ""
    worse = looked(outvoted, DAY, 0, 50.0)
    assert (worse.against, worse.off) == (-2 * DAY, 2 * DAY)


def test_terminals_that_fall_silent_take_nothing_back() -> None:
    outvoted = rounded(SURE, Vote(AGAINST, HOUR))
    assert rounded(outvoted, Vote(SILENT)).doubt == rounded(outvoted, Vote(SPLIT)).doubt == "terminals"
    assert outvoted.ahead == 0


@pytest.mark.parametrize(("passed", "expected"), [(DAY - 1, "stepped"), (DAY, "")])
def test_a_step_that_nobody_contradicts_is_believed_after_a_day(passed: int, expected: str) -> None:
    stepped = looked(SURE, HOUR, 0, 50.0)
    assert looked(stepped, HOUR + 1, 0, 50.0 + passed).doubt == expected
    again = looked(stepped, HOUR + STEP + 1, 0, 50.0 + passed)
    assert (again.doubt, again.since) == ("stepped", 50.0 + passed)


def test_a_step_that_terminals_contradict_is_never_believed() -> None:
    outvoted = rounded(looked(SURE, HOUR, 0, 50.0), Vote(AGAINST, -HOUR))
    assert looked(outvoted, HOUR, 0, 50.0 + 9 * DAY).doubt == "terminals"


@pytest.mark.parametrize(("behind", "expected"), [(0, ""), (1, "behind"), (DAY, "behind")])
def test_a_clock_before_the_last_settle_is_doubted_until_it_is_past_it(behind: int, expected: str) -> None:
    trust = looked(SURE, 0, behind, 50.0)
    assert (trust.doubt, trust.off, trust.ahead) == (expected, -behind, 0)
    assert rounded(trust, Vote(AGREES)).doubt == expected
    assert looked(trust, 0, 0, 60.0).doubt == ""


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        (SURE, 0),
        (Trust(strayed=DAY), DAY),
        (Trust(strayed=-DAY), 0),
        (Trust(against=-HOUR), HOUR),
        (Trust(against=HOUR), 0),
        (Trust(strayed=DAY, against=-HOUR), DAY),
        (Trust(behind=HOUR), 0),
    ],
)
def test_a_clock_may_be_ahead_by_what_either_sign_of_it_says(trust: Trust, expected: int) -> None:
    assert trust.ahead == expected


def test_a_reading_reaches_no_further_than_the_earliest_moment_given() -> None:
    reading = Reading("T1", "tcp", "", "", (), began=1_000)
    assert bounded(reading, 1_001, 2_000) == reading
    assert bounded(reading, 999, 998) == replace(reading, began=998)
    assert bounded(replace(reading, began=None), 1).began is None
