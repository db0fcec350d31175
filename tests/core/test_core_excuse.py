"""Leave and outings: validity by ladder and length, half-days, daily hours, return, and what is in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from punchsync.core.excuse import Excuses, pieces
from punchsync.core.moment import show_moment
from punchsync.core.records import Leave, Outing, Roster
from punchsync.core.rules import Pack, Rung
from punchsync.core.timetable import Timetables

from .build import MONDAY, YIHUANG, at, day, hall, leave, month, outing, posting, roster, words
from .rulebook import said

WEEK = ["2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"]
SHORT, LONG = "window_lead inspection", "unit_leader centre_leader"


def excuses(
    *rows: Leave | Outing, pack: Pack = YIHUANG, post: str = "staff", rosters: Sequence[Roster] = ()
) -> Excuses:
    case = hall(
        postings=[posting(first=WEEK[0], last=WEEK[4], post=post)],
        leaves=[r for r in rows if isinstance(r, Leave)],
        outings=[r for r in rows if isinstance(r, Outing)],
        rosters=rosters,
    )
    return Excuses(case, pack, Timetables(case, pack))


def asked(half_days: int) -> tuple[str, str]:
    """The bounds of a leave of so many half-days from Monday morning on."""
    last = half_days - 1
    return f"{WEEK[0]} am", f"{WEEK[last // 2]} {'pm' if last % 2 else 'am'}"


def valid(half_days: int, *, kind: str, approvals: str = "", certificate: bool = False, post: str = "staff") -> bool:
    row = leave(*asked(half_days), kind=kind, approvals=approvals, certificate=certificate)
    standing = excuses(row, post=post).standing(row)
    assert standing.half_days == half_days
    return standing.valid


def shown(spans: Sequence[tuple[int, int]]) -> list[str]:
    return [f"{show_moment(start)[5:16]} {show_moment(end)[5:16]}" for start, end in spans]


@pytest.mark.parametrize(
    ("kind", "half_days", "short", "long"),
    [
        ("official", 1, True, True),
        ("official", 2, True, True),  # one day, included
        ("official", 3, False, True),
        ("personal", 3, True, True),
        ("personal", 4, True, True),  # two days, included
        ("personal", 5, False, True),
    ],
)
def test_a_leave_needs_the_sign_offs_of_its_length_or_of_a_longer_one(
    kind: str, half_days: int, short: bool, long: bool
) -> None:
    found = [valid(half_days, kind=kind, approvals=given) for given in (SHORT, LONG, "window_lead", "unit_leader", "")]

    assert found == [short, long, False, False, False]


@pytest.mark.parametrize(("half_days", "alone"), [(4, True), (5, True), (6, False), (7, False)])
def test_a_sick_leave_needs_its_certificate_and_from_three_days_two_leaders(half_days: int, alone: bool) -> None:
    found = [
        valid(half_days, kind="sick", approvals=approvals, certificate=certificate)
        for approvals, certificate in (("", True), (LONG, True), (LONG, False), ("unit_leader", True))
    ]

    assert found == [alone, True, False, alone]


def test_a_standing_says_what_a_leave_lacks() -> None:
    rows = [
        leave(*asked(1), id="L1", kind="personal", approvals="inspection"),
        leave(*asked(6), id="L2", kind="sick", approvals="centre_leader"),
        leave(*asked(1), id="L3", kind="annual", approvals=""),
    ]
    bench = excuses(*rows)

    assert [bench.standing(row).lacking for row in rows] == [("window_lead",), ("unit_leader", "certificate"), ("any",)]


@pytest.mark.parametrize(("post", "expected"), [("staff", False), ("lead", True), ("chief", True)])
def test_the_window_lead_is_not_asked_of_a_lead_or_chief(post: str, expected: bool) -> None:
    assert valid(1, kind="personal", approvals="inspection", post=post) == expected


def test_where_nothing_is_left_to_ask_any_one_approval_does() -> None:
    rung = Rung(**said("ladder"), kinds=frozenset({"personal"}), sign_offs=("window_lead",))
    pack = replace(YIHUANG, ladder=(rung,))
    rows = [leave(*asked(1), kind="personal", approvals=given) for given in ("", "centre", "window_lead")]

    lead = [excuses(row, pack=pack, post="lead").standing(row).valid for row in rows]
    staff = [excuses(row, pack=pack).standing(row).valid for row in rows]

    assert (lead, staff) == ([False, True, True], [False, False, True])


@pytest.mark.parametrize("kind", ["annual", "marriage", "compensatory", "other"])
def test_kinds_that_the_pack_does_not_name_need_any_one_approval(kind: str) -> None:
    assert [valid(9, kind=kind, approvals=given) for given in ("", "window_lead", "centre")] == [False, True, True]


def test_validity_goes_by_the_length_as_asked_and_totals_by_what_was_taken() -> None:
    row = leave(*asked(5), kind="personal", approvals=SHORT, returned="2026-11-09 13:00")
    complete = replace(row, approvals=frozenset(LONG.split()))
    bench, other = excuses(row), excuses(complete)

    assert (bench.standing(row).valid, bench.excused("P1")) == (False, [])
    assert other.total("P1", "personal", day("2026-11-01"), day("2026-11-30")) == 1
    assert shown(other.excused("P1")) == ["11-09 08:30 11-09 13:00"]


@pytest.mark.parametrize(
    ("start", "end", "half_days"),
    [
        ("08:30", "12:00", 1),
        ("11:59:59", "14:30", 1),  # a second of the morning
        ("12:00", "14:30", 0),  # the pause between
        ("12:00", "14:30:01", 1),
        ("11:59:59", "14:30:01", 2),
        ("2026-11-09 00:00", "2026-11-10 00:00", 2),
        ("2026-11-09 00:00", "2026-11-10 08:30", 2),
        ("2026-11-09 00:00", "2026-11-10 08:30:01", 3),
        ("2026-11-14 00:00", "2026-11-16 00:00", 0),  # a weekend
    ],
)
def test_a_session_that_is_touched_counts_a_half_day(start: str, end: str, half_days: int) -> None:
    row = leave(start, end)

    assert excuses(row).standing(row).half_days == half_days


@pytest.mark.parametrize(
    ("end", "half_days"), [("09:00", 0), ("09:00:01", 1), ("13:00:00", 1), ("13:00:01", 2), ("17:00", 2)]
)
def test_on_a_one_session_day_at_most_half_of_it_is_a_half_day(end: str, half_days: int) -> None:
    row = leave("08:00", end)

    assert excuses(row, rosters=[roster(sessions="09:00-17:00")]).standing(row).half_days == half_days


def test_pieces_on_a_one_session_day_are_added_up() -> None:
    one, two = leave("09:00", "11:00:01", kind="annual"), leave("15:00", "17:00", id="L2", kind="annual")

    found = excuses(one, two, rosters=[roster(sessions="09:00-17:00")])

    assert found.total("P1", "annual", day(), day()) == 2


def test_halves_of_a_day_are_placed_by_the_person_s_own_timetable() -> None:
    row = leave(f"{MONDAY} pm", "2026-11-10 am")

    assert shown(excuses(row).excused("P1")) == ["11-09 14:30 11-10 12:00"]
    assert shown(excuses(row, rosters=[roster(sessions="09:00-17:00")]).excused("P1")) == ["11-09 12:00 11-10 12:00"]


def test_daily_hours_are_taken_on_each_day_only() -> None:
    row = leave("2026-11-09 09:00", "2026-11-11 10:00", daily="08:30-10:00")
    bench = excuses(row)

    assert shown(bench.excused("P1")) == [
        "11-09 09:00 11-09 10:00", "11-10 08:30 11-10 10:00", "11-11 08:30 11-11 10:00",
    ]  # fmt: skip
    assert bench.standing(row).half_days == 3


@pytest.mark.parametrize(
    ("returned", "expected"),
    [("", ["11-09 08:30 11-09 12:00"]), ("12:00:01", ["11-09 08:30 11-09 12:00"]),
     ("10:00", ["11-09 08:30 11-09 10:00"]), ("08:30:00", []), ("08:29:59", [])],
)  # fmt: skip
def test_a_leave_lasts_until_the_return_which_cancels_it_at_its_start(returned: str, expected: list[str]) -> None:
    assert shown(excuses(leave("08:30", "12:00", returned=returned)).excused("P1")) == expected


def test_totals_are_a_union_per_kind_within_the_days_asked() -> None:
    rows = [
        leave(*asked(2), id="L1"), leave("10:00", "11:00", id="L2"), leave(*asked(3), id="L3", kind="other"),
        leave("2026-11-13 am", "2026-11-16 am", id="L4", approvals=""),
    ]  # fmt: skip
    bench = excuses(*rows)

    totals = [bench.total("P1", kind, day(), day(last)) for kind in ("annual", "other") for last in WEEK[:2]]

    assert totals == [2, 2, 2, 3]


@pytest.mark.parametrize(
    ("registered", "start", "expected"),
    [
        ("08:29:59", "10:00", True),
        ("08:30:00", "10:00", True),  # the start of the session that it touches
        ("08:30:01", "10:00", False),
        ("14:30:00", "12:00", True),  # touches the afternoon only
        ("14:30:01", "12:00", False),
    ],
)
def test_an_outing_is_in_time_by_the_start_of_the_first_session_it_touches(
    registered: str, start: str, expected: bool
) -> None:
    row = outing(start, "16:00", registered=registered)

    assert excuses(row).in_time(row) == expected


@pytest.mark.parametrize(("registered", "expected"), [("18:00:00", True), ("18:00:01", False)])
def test_an_outing_that_touches_no_session_is_in_time_by_its_own_start(registered: str, expected: bool) -> None:
    row = outing("18:00", "20:00", registered=registered)

    assert excuses(row).in_time(row) == expected


def test_an_outing_not_in_time_excuses_nothing_and_one_still_going_on_has_no_end() -> None:
    late, open_ended = outing("10:00", "11:00", registered="09:00"), outing("2026-11-10 14:30", id="O2")

    found = excuses(late, open_ended).excused("P1")

    assert [show_moment(start) for start, _ in found] == ["2026-11-10 14:30:00"]
    assert found[0][1] > at("2026-12-31 23:59:59")


@pytest.mark.parametrize(
    ("end", "kept", "dropped"),
    [(11 * 3600, [(11, 12)], 0), (11 * 3600 + 3000, [(11.8333, 12)], 0), (11 * 3600 + 3001, [], 1), (12 * 3600, [], 0)],
)
def test_a_piece_shorter_than_ten_minutes_is_dropped(end: int, kept: list[object], dropped: int) -> None:
    found, short = pieces((30_600, 43_200), [(0, end)], 600)

    assert [(round(s / 3600, 4), e / 3600) for s, e in found] == kept
    assert len(short) == dropped


def test_checkpoints_move_to_the_ends_of_what_is_left() -> None:
    morning, evening = leave("08:00", "10:00"), leave("16:00", "17:30", id="L2")
    middle, whole = leave("15:00", "15:30", id="L3"), leave("2026-11-09 am", "2026-11-09 am", id="L4")

    def dues(*rows: Leave) -> list[str]:
        return [show_moment(v.due)[11:16] if v.due else "" for v in month(hall(leaves=rows)).verdicts]

    assert dues(morning, evening) == ["10:00", "12:00", "14:30", "16:00"]
    assert dues(middle) == ["08:30", "12:00", "14:30", "17:30"]
    assert dues(whole) == ["", "", "14:30", "17:30"]


@pytest.mark.parametrize(("until", "first"), [("11:50:00", "missing"), ("11:50:01", "excused")])
def test_under_ten_minutes_of_a_session_are_not_required(until: str, first: str) -> None:
    assert words(month(hall(leaves=[leave("08:30", until)])))[:2] == [first, first]


def test_who_comes_in_spite_of_a_leave_is_on_time() -> None:
    early = month(hall("08:25 12:01 14:25 17:31", leaves=[leave("08:30", "10:00")]))
    not_taken = month(hall("08:25 12:01 14:25 17:31", leaves=[leave("16:00", "17:30")]))
    edge = month(hall("10:10 12:00 14:30 17:30", leaves=[leave("08:30", "10:00")]))

    assert [words(r) for r in (early, not_taken, edge)] == [["normal"] * 4, ["normal"] * 4, ["late"] + ["normal"] * 3]
