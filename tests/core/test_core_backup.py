"""Who owes the session of an A post that is wholly excused: each reason why a B post does, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from punchsync.core.moment import show_clock
from punchsync.core.records import Posting, Roster
from punchsync.core.rules import Backup, Pack

from .build import MONDAY, day, hall, leave, month, outing, posting, roster
from .rulebook import book, said

RULE = Backup(**said("backup"))
ROSTERED = book(seasons=(), backup=(RULE,))  # nobody has a timetable but by roster
HOURS = "09:00-12:00 14:00-17:00"
MORNING, AFTERNOON = ["1 09:00-12:00"], ["1 14:00-17:00"]
AM, PM = (f"{MONDAY} am", f"{MONDAY} am"), (f"{MONDAY} pm", f"{MONDAY} pm")

A = posting("A1", device="1")
B = posting("B1", device="2", backup="A1")
ON_LEAVE = leave(*AM, person="A1", id="LA")


def owed(
    *postings: Posting, person: str = "B1", rosters: Sequence[Roster] = (), pack: Pack = ROSTERED,
    **rows: Any,
) -> list[str]:  # fmt: skip
    """The sessions of a person's Monday, by number; A1 is rostered, and on leave unless told otherwise."""
    rows.setdefault("leaves", [ON_LEAVE])
    case = hall(postings=postings, rosters=[roster("RA", sessions=HOURS, person="A1"), *rosters], **rows)
    mine = [v for v in month(case, pack=pack).verdicts if v.person == person]
    ins, outs = ([v for v in mine if v.checkpoint == kind] for kind in ("in", "out"))
    clocks = [(i.session, i.due or 0, o.due or 0) for i, o in zip(ins, outs, strict=True)]
    return [f"{n} {show_clock(start % 86_400)[:5]}-{show_clock(end % 86_400)[:5]}" for n, start, end in clocks]


def test_the_b_post_owes_the_session_from_which_the_only_a_post_is_wholly_excused() -> None:
    assert owed(A, B) == MORNING


def test_while_the_a_post_is_there_the_b_post_owes_nothing() -> None:
    assert owed(A, B, leaves=[]) == []


def test_a_leave_that_is_not_valid_makes_nobody_owe() -> None:
    assert owed(A, B, leaves=[replace(ON_LEAVE, approvals=frozenset())]) == []


@pytest.mark.parametrize(
    ("registered", "expected"), [("09:00:00", AFTERNOON), ("14:00:00", AFTERNOON), ("14:00:01", [])]
)
def test_an_outing_in_time_excuses_the_a_post_too(registered: str, expected: list[str]) -> None:
    rows = [outing("14:00", "17:00", person="A1", registered=registered)]

    assert owed(A, B, leaves=[], outings=rows) == expected


@pytest.mark.parametrize(
    ("until", "expected"), [("11:49:59", []), ("11:50:00", []), ("11:50:01", MORNING), ("12:00:00", MORNING)]
)
def test_wholly_is_when_no_piece_of_ten_minutes_is_left(until: str, expected: list[str]) -> None:
    assert owed(A, B, leaves=[leave("09:00", until, person="A1")]) == expected


def test_each_session_is_owed_by_itself() -> None:
    rows = [ON_LEAVE, leave(*PM, person="A1", id="LP")]

    assert (owed(A, B, leaves=rows), owed(A, B, leaves=rows[1:])) == (["1 09:00-12:00", "2 14:00-17:00"], AFTERNOON)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (posting("A2", device="3"), []),
        (posting("A2", device="3", window="税务"), MORNING),
        (posting("A2", device="3", backup="A1"), MORNING),  # another B post
        (posting("A2", "2026-11-10", "2026-11-10", device="3"), MORNING),
    ],
)
def test_a_window_with_another_a_post_that_day_needs_no_b_post(other: Posting, expected: list[str]) -> None:
    assert owed(A, replace(B, person="A0"), other, person="A0") == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (replace(B, first=day("2026-11-10"), last=day("2026-11-10")), []),
        (replace(B, backup_for=("A2",)), []),
        (replace(B, backup_for=("A2", "A1")), MORNING),
        (replace(B, window="税务"), MORNING),
    ],
)
def test_only_who_is_posted_as_his_b_post_that_day_owes(other: Posting, expected: list[str]) -> None:
    assert owed(A, other) == expected


def test_who_is_rostered_off_owes_nothing() -> None:
    assert owed(A, B, rosters=[roster("RB", "off", person="B1")]) == []


def test_who_has_no_roster_row_owes() -> None:
    assert owed(A, B, rosters=[roster("RB", "off", person="B2")]) == MORNING


@pytest.mark.parametrize(("end", "expected"), [("09:00:00", MORNING), ("09:00:01", []), ("12:00:00", [])])
def test_who_is_on_leave_in_any_part_of_the_session_owes_nothing(end: str, expected: list[str]) -> None:
    rows = [ON_LEAVE, leave("07:00", end, person="B1", id="LB")]

    assert owed(A, B, leaves=rows) == expected


def test_a_leave_that_is_not_valid_or_over_before_the_session_frees_nobody() -> None:
    invalid = leave("07:00", "12:00", person="B1", id="LB", approvals="")
    returned = leave("07:00", "12:00", person="B1", id="LB", returned="09:00:00")

    assert [owed(A, B, leaves=[ON_LEAVE, row]) for row in (invalid, returned)] == [MORNING, MORNING]


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ("07:00-08:00", ["1 07:00-08:00", "2 09:00-12:00"]),
        ("06:00-09:00", ["1 06:00-09:00", "2 09:00-12:00"]),  # ends when the other begins
        ("06:00-09:01", ["1 06:00-09:01"]),
        ("11:59-13:00", ["1 11:59-13:00"]),
        ("12:00-13:00", ["1 09:00-12:00", "2 12:00-13:00"]),
        ("14:00-17:00", ["1 09:00-12:00", "2 14:00-17:00"]),
    ],
)
def test_who_has_a_session_of_his_own_touching_it_owes_nothing_else_both_are_numbered_anew(
    sessions: str, expected: list[str]
) -> None:
    assert owed(A, B, rosters=[roster("RB", sessions=sessions, person="B1")]) == expected


def test_the_default_shift_counts_as_his_own() -> None:
    assert owed(A, B, pack=book(backup=(RULE,))) == [*MORNING, "2 14:00-17:00"]
    assert owed(A, B, pack=book(backup=(RULE,)), rosters=[roster("RB", sessions="18:00-19:00", person="B1")]) == [
        "1 09:00-12:00", "2 18:00-19:00",
    ]  # fmt: skip


def test_the_first_free_one_by_person_id_owes_and_he_alone() -> None:
    second = replace(B, person="B2", device_user_id="3")

    assert [owed(A, B, second, person=p) for p in ("B1", "B2")] == [MORNING, []]
    assert [owed(A, second, B, person=p, rosters=[roster("RB", "off", person="B1")]) for p in ("B1", "B2")] == [
        [], MORNING,
    ]  # fmt: skip


def test_who_owes_one_session_already_owes_no_other_at_the_same_time() -> None:
    other = posting("A2", device="3", window="税务")
    both = replace(B, backup_for=("A1", "A2"))
    third = posting("B2", device="4", backup="A2")
    rows = [ON_LEAVE, leave(*AM, person="A2", id="L2")]
    row = roster("RZ", sessions="10:00-11:00 14:00-17:00", person="A2")

    found = [owed(A, other, both, third, person=p, rosters=[row], leaves=rows, pack=ROSTERED) for p in ("B1", "B2")]

    assert found == [MORNING, ["1 10:00-11:00"]]


def test_windows_are_gone_through_in_their_order() -> None:
    other = replace(A, person="A2", window="交通", device_user_id="3")  # sorts before 公安
    both = replace(B, backup_for=("A1", "A2"))
    rows = [ON_LEAVE, leave(*AM, person="A2", id="L2")]

    assert owed(A, other, both, rosters=[roster("RZ", sessions="10:00-11:00", person="A2")], leaves=rows) == [
        "1 10:00-11:00"
    ]


@pytest.mark.parametrize(("first", "last", "count"), [(0, 0, 1), (1, 1, 0), (-1, -1, 0)])
def test_the_rule_holds_on_its_days_only(first: int, last: int, count: int) -> None:
    rule = replace(RULE, first=day() + first, last=day() + last)

    assert len(owed(A, B, pack=book(seasons=(), backup=(rule,)))) == count


def test_his_absence_belongs_to_his_own_window_and_moves_no_leave_of_his() -> None:
    case = hall(
        postings=[A, replace(B, window="税务", unit="税务局")],
        leaves=[ON_LEAVE, leave(*PM, person="B1", id="LB", kind="annual")],
        rosters=[roster("RA", sessions=HOURS, person="A1")],
    )

    found = month(case, pack=ROSTERED)

    absent = [(v.person, v.session, v.kind, v.window, v.unit) for v in found.violations]
    assert absent == [("A1", 2, "absent_half_day", "公安", "公安局"), ("B1", 1, "absent_half_day", "税务", "税务局")]
    assert [(t.person, t.required_sessions, t.leave_other) for t in found.tallies] == [("A1", 1, 1), ("B1", 1, 0)]
