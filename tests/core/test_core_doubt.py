"""What can't be read as a punch protects who may have made it, when he may have, and nobody else."""

from __future__ import annotations

import pytest

from punchsync.core.records import Doubt

from .build import LATER, at, file, hall, kinds, month, paper, ruling, terminal, words

LATE_MORNING = "12:01 14:25 17:31"  # nothing in the morning


def doubt(first: str, last: str = "", user: str = "1", where: str = "T1") -> Doubt:
    return Doubt(where, user, at(first), at(last or first))


def test_who_may_have_made_a_record_that_shows_no_time_is_not_absent() -> None:
    found = month(hall(LATE_MORNING, doubts=[doubt("08:20:00", "08:26:00")]))

    assert words(found) == ["unverified", "normal", "normal", "normal"]
    assert kinds(found) == []


def test_whose_record_it_is_not_is_judged_as_ever() -> None:
    found = month(hall(LATE_MORNING, doubts=[doubt("08:20:00", user="2")]))

    assert kinds(found) == [(1, "absent_half_day", "punch")]


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        ("05:29:58", "05:29:59", "missing"),  # the window opens at 05:30:00
        ("05:29:58", "05:30:00", "unverified"),
        ("08:39:59", "08:39:59", "unverified"),  # the last second that would have been on time
        ("08:40:00", "08:50:00", "missing"),
    ],
)
def test_only_a_moment_at_which_a_punch_would_have_been_on_time_is_a_doubt(first: str, last: str, verdict: str) -> None:
    assert words(month(hall(LATE_MORNING, doubts=[doubt(first, last)])))[0] == verdict


@pytest.mark.parametrize(("when", "verdict"), [("07:59:59", "late"), ("08:00:00", "unverified")])
def test_a_late_punch_is_doubted_by_the_half_hour_before_its_due_time(when: str, verdict: str) -> None:
    assert words(month(hall("08:45 12:01 14:25 17:31", doubts=[doubt(when)])))[0] == verdict


def test_a_good_punch_stays_good() -> None:
    found = month(hall("08:25 12:01 14:25 17:31", doubts=[doubt("08:20:00", "12:00:00")]))

    assert words(found) == ["normal"] * 4


def test_a_record_of_nobody_known_protects_everybody_for_whom_the_terminal_counts() -> None:
    one = hall(LATE_MORNING, doubts=[doubt("08:20:00", user="")], terminals=[terminal("T1")])
    other = hall(LATE_MORNING, doubts=[doubt("08:20:00", user="", where="T2")], terminals=[terminal("T1")])

    assert [words(month(case))[0] for case in (one, other)] == ["unverified", "missing"]


def test_one_s_own_record_counts_on_whatever_terminal_it_was_made() -> None:
    case = hall(LATE_MORNING, doubts=[doubt("08:20:00", where="T9")])

    assert words(month(case))[0] == "unverified"


def test_one_dark_terminal_is_enough_for_who_has_a_record_on_it() -> None:
    """Of two terminals one has his record without a time: the other one's silence proves nothing."""
    reads = [file(1, 2, 3, first="12:01", last="17:31", through=LATER), file(through=LATER, terminal="T2", id=2)]
    case = hall(LATE_MORNING, terminals=[terminal("T1"), terminal("T2")], reads=reads, doubts=[doubt("08:20:00")])

    assert words(month(case))[0] == "unverified"


def test_a_paper_sign_in_clears_a_doubt_and_uphold_ends_it() -> None:
    doubts = [doubt("08:20:00", "08:26:00")]
    cleared = month(hall(LATE_MORNING, doubts=doubts, papers=[paper("08:25")]))
    upheld = month(hall(LATE_MORNING, doubts=doubts, rulings=[ruling("uphold")]))

    assert (words(cleared)[0], kinds(cleared)) == ("normal", [])
    assert (words(upheld)[0], kinds(upheld)) == ("missing", [(1, "absent_half_day", "punch")])


def test_a_doubt_of_many_days_holds_on_each_of_them() -> None:
    case = hall(LATE_MORNING, doubts=[Doubt("T1", "1", at("2026-11-06 12:00"), at("2026-11-12 12:00"))])

    assert words(month(case))[0] == "unverified"
