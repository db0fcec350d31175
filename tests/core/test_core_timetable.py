"""Timetables: windows of checkpoints, seasons, rosters, and days of which a half is free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from punchsync.core.moment import show_clock, show_moment
from punchsync.core.records import Bound, Calendar, Roster
from punchsync.core.rules import Pack, Season, Shift
from punchsync.core.timetable import DayPlan, Timetables, cut, plan_day, resolve

from .build import CALENDAR, MONDAY, YIHUANG, at, bound, day, hall, month, posting, roster, spans, words
from .rulebook import book, said

BOTH = frozenset({"in", "out"})
WINTER, SUMMER = "08:30-12:00 14:30-17:30", "08:30-12:00 15:00-18:00"
SATURDAY = "2026-11-14"


def windows(sessions: str, kinds: frozenset[str] = BOTH) -> list[tuple[int, str, str, str, str, str]]:
    plan = plan_day(day(), spans(sessions), kinds)
    assert all(show_moment(m)[:10] == MONDAY for p in plan.checkpoints for m in p[2:])
    clock = [[show_clock(m % 86_400) for m in p[2:]] for p in plan.checkpoints]
    return [(p.session, p.kind, c[0], c[1], c[2], c[3]) for p, c in zip(plan.checkpoints, clock, strict=True)]


def sessions(
    date: str, rows: Sequence[Roster] = (), calendar: Calendar = CALENDAR, person: str = "P1", pack: Pack = YIHUANG
) -> str:
    """A person's sessions of a date, by number; an empty text for none."""
    people = [posting(person, "2026-01-01", "2026-12-31")]
    plan = Timetables(hall(rosters=rows, postings=people, calendar=calendar), pack).of("P1", day(date))
    if plan is None:
        return ""
    assert [s.number for s in plan.sessions] == list(range(1, len(plan.sessions) + 1))
    return " ".join(f"{show_clock(s.start % 86_400)[:5]}-{show_clock(s.end % 86_400)[:5]}" for s in plan.sessions)


def test_the_windows_of_a_winter_day() -> None:
    assert windows(WINTER) == [
        (1, "in", "08:30:00", "05:30:00", "12:00:00", "12:00:00"),
        (1, "out", "12:00:00", "08:30:00", "14:30:00", "14:30:00"),
        (2, "in", "14:30:00", "12:00:00", "17:30:00", "17:30:00"),
        (2, "out", "17:30:00", "14:30:00", "23:59:59", "20:30:00"),
    ]


def test_sessions_far_apart_open_and_close_three_hours_around_them() -> None:
    assert windows("08:00-10:00 17:00-18:00")[1:3] == [
        (1, "out", "10:00:00", "08:00:00", "13:00:00", "13:00:00"),
        (2, "in", "17:00:00", "14:00:00", "18:00:00", "18:00:00"),
    ]


def test_the_only_session_of_a_day_is_also_its_last() -> None:
    assert windows("09:00-17:00") == [
        (1, "in", "09:00:00", "06:00:00", "17:00:00", "17:00:00"),
        (1, "out", "17:00:00", "09:00:00", "23:59:59", "20:00:00"),
    ]


def test_windows_are_cut_to_the_date() -> None:
    assert windows("01:00-04:00 21:30-23:30") == [
        (1, "in", "01:00:00", "00:00:00", "04:00:00", "04:00:00"),
        (1, "out", "04:00:00", "01:00:00", "07:00:00", "07:00:00"),
        (2, "in", "21:30:00", "18:30:00", "23:30:00", "23:30:00"),
        (2, "out", "23:30:00", "21:30:00", "23:59:59", "23:59:59"),
    ]


def test_a_pack_without_out_has_half_of_the_checkpoints() -> None:
    assert [(n, kind) for n, kind, *_ in windows(WINTER, frozenset({"in"}))] == [(1, "in"), (2, "in")]


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2026-05-29", WINTER), ("2026-06-01", SUMMER), ("2026-09-30", SUMMER), ("2026-10-01", WINTER),
     ("2026-05-31", ""), ("2026-01-01", WINTER), ("2026-12-31", WINTER)],
)  # fmt: skip
def test_summer_runs_from_june_to_september_both_ends_included(date: str, expected: str) -> None:
    assert sessions(date) == expected


def test_the_season_edge_is_the_date_itself() -> None:
    worked = Calendar(frozenset({2026}), frozenset(), frozenset({day("2026-05-31")}))

    assert sessions("2026-05-31", calendar=worked) == WINTER


def test_a_season_may_run_over_new_year() -> None:
    season = Season(**said("winter"), shift="winter", begins=(11, 15), ends=(2, 10))

    held = [season.holds(*at) for at in ((11, 14), (11, 15), (12, 31), (1, 1), (2, 10), (2, 11))]

    assert held == [False, True, True, True, True, False]


WEEKDAYS, WEEK = "09:00-12:00 14:00-17:30", ["2026-11-09", "2026-11-12", "2026-11-13", "2026-11-14", "2026-11-15"]
SHIFTS = (
    Shift("day", "平时", spans(WEEKDAYS)), Shift("friday", "周五", spans("09:00-12:00 14:00-17:00")),
    Shift("weekend", "周末", spans("10:00-15:00")),
)  # fmt: skip


def season(shift: str, **more: Any) -> Season:
    return Season(**said(shift), shift=shift, **more)


def test_a_default_shift_may_go_by_the_weekday() -> None:
    friday = season("friday", weekdays=frozenset({4}))
    pack = book(shifts=SHIFTS, seasons=(friday, season("day")))

    assert [sessions(date, pack=pack) for date in WEEK] == [WEEKDAYS, WEEKDAYS, "09:00-12:00 14:00-17:00", "", ""]


def test_a_default_shift_of_the_weekend_holds_where_the_weekend_is_worked() -> None:
    worked = Calendar(frozenset({2026}), frozenset(), frozenset({day(SATURDAY)}))
    days, ends = frozenset(range(5)), frozenset({5, 6})
    pack = book(shifts=SHIFTS, seasons=(season("day", weekdays=days), season("weekend", weekdays=ends)))

    assert [sessions(date, pack=pack, calendar=worked) for date in WEEK[2:]] == [WEEKDAYS, "10:00-15:00", ""]


def test_a_weekday_that_no_season_names_has_no_default_shift() -> None:
    pack = book(shifts=SHIFTS, seasons=(season("day", weekdays=frozenset({0, 1, 2})),))

    assert [sessions(date, pack=pack) for date in WEEK[:2]] == [WEEKDAYS, ""]


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2026-11-10", WEEKDAYS), ("2026-11-11", WEEKDAYS), ("2026-11-12", "10:00-15:00"), ("2026-11-13", "10:00-15:00")],
)
def test_an_amended_default_shift_holds_from_its_first_day_on(date: str, expected: str) -> None:
    old, new = season("day", last=day("2026-11-11")), season("weekend", first=day("2026-11-12"))

    assert sessions(date, pack=book(shifts=SHIFTS, seasons=(old, new))) == expected


def test_an_amendment_in_the_middle_of_a_season_leaves_the_other_season_alone() -> None:
    winter = {"begins": (10, 1), "ends": (5, 31)}
    pack = book(
        shifts=SHIFTS,
        seasons=(
            season("friday", begins=(6, 1), ends=(9, 30)),
            season("day", last=day("2026-11-11"), **winter),
            season("weekend", first=day("2026-11-12"), **winter),
        ),
    )

    assert [sessions(date, pack=pack) for date in ("2026-09-30", "2026-10-01", "2026-11-12", "2026-06-01")] == [
        "09:00-12:00 14:00-17:00", WEEKDAYS, "10:00-15:00", "09:00-12:00 14:00-17:00",
    ]  # fmt: skip


def test_of_two_seasons_the_first_in_the_pack_decides() -> None:
    pack = book(shifts=SHIFTS, seasons=(season("weekend", begins=(11, 9), ends=(11, 9)), season("day")))

    assert [sessions(date, pack=pack) for date in WEEK[:2]] == ["10:00-15:00", WEEKDAYS]


@pytest.mark.parametrize(
    ("minutes", "opens"),
    [(1, "08:29:00 14:29:00"), (90, "07:00:00 13:00:00"), (150, "06:00:00 12:00:00"), (180, "05:30:00 12:00:00")],
)
def test_a_pack_may_open_the_windows_of_in_later_never_before_the_session_before(minutes: int, opens: str) -> None:
    plan = plan_day(day(), spans(WINTER), frozenset({"in"}), minutes * 60)

    assert " ".join(show_clock(p.opens % 86_400) for p in plan.checkpoints) == opens


def test_opening_later_moves_no_other_window() -> None:
    usual, later = (plan_day(day(), spans(WINTER), BOTH, seconds) for seconds in (10_800, 60))

    assert [p._replace(opens=0) for p in usual.checkpoints] == [p._replace(opens=0) for p in later.checkpoints]
    assert [p.opens for p in usual.checkpoints if p.kind == "out"] == [
        p.opens for p in later.checkpoints if p.kind == "out"
    ]


@pytest.mark.parametrize(
    ("punched", "expected"),
    [("06:59:59", "missing"), ("07:00:00", "normal"), ("07:00:01", "normal"), ("", "missing")],
)
def test_a_punch_before_the_pack_s_opening_serves_nothing(punched: str, expected: str) -> None:
    pack = book(opens_before=7_200)

    assert words(month(hall(f"{punched} 12:01 13:55 17:01"), pack=pack))[0] == expected


@pytest.mark.parametrize("date", ["2025-12-31", "2027-01-01", SATURDAY])
def test_a_day_without_posting_or_work_has_no_timetable(date: str) -> None:
    assert sessions(date) == ""


def test_a_person_s_row_beats_the_window_s_which_beats_the_default() -> None:
    own = roster("A", sessions="09:00-11:00")
    window = roster("B", sessions="10:00-13:00", person="", window="公安", entered="2026-06-01 00:00")

    assert [sessions(MONDAY, rows) for rows in ([own, window], [window], [])] == [
        "09:00-11:00", "10:00-13:00", WINTER,
    ]  # fmt: skip


def test_of_two_rows_the_later_entered_wins_then_the_larger_id() -> None:
    old = roster("Z", sessions="09:00-10:00", entered="2026-01-01 00:00:00")
    new = roster("A", sessions="09:00-11:00", entered="2026-01-01 00:00:01")
    same = roster("B", sessions="09:00-12:00", entered="2026-01-01 00:00:01")

    assert [sessions(MONDAY, rows) for rows in ([old, new], [new, old], [same, new, old])] == [
        "09:00-11:00", "09:00-11:00", "09:00-12:00",
    ]  # fmt: skip


def test_a_row_that_does_not_apply_leaves_the_day_to_the_next() -> None:
    rest = roster("B", sessions="09:00-11:00", days="rest", entered="2026-06-01 00:00")
    plain = roster("A", sessions="10:00-13:00")

    assert sessions(MONDAY, [rest, plain]) == "10:00-13:00"


@pytest.mark.parametrize(
    ("first", "last", "days", "weekdays", "worked", "free"),
    [
        ("2026-11-01", "2026-11-30", "", (), True, False),  # a range, by default on working days
        ("2026-11-01", "2026-11-30", "workdays", (), True, False),
        ("2026-11-01", "2026-11-30", "rest", (), False, True),
        ("2026-11-01", "2026-11-30", "all", (), True, True),
        ("2026-11-01", "2026-11-30", "weekdays", (0,), True, False),
        ("2026-11-01", "2026-11-30", "weekdays", (5,), False, True),
        ("2026-11-01", "2026-11-30", "weekdays", (0, 5), True, True),
    ],
)
def test_days_say_on_which_dates_of_its_range_a_row_applies(
    first: str, last: str, days: str, weekdays: tuple[int, ...], worked: bool, free: bool
) -> None:
    row = roster("A", sessions="09:00-11:00", first=first, last=last, days=days, weekdays=weekdays)

    found = [sessions(date, [row]) == "09:00-11:00" for date in (MONDAY, SATURDAY)]

    assert found == [worked, free]


@pytest.mark.parametrize(
    ("days", "weekdays", "applies"),
    [("", (), True), ("all", (), True), ("rest", (), True), ("workdays", (), False), ("weekdays", (5,), True),
     ("weekdays", (4,), False)],
)  # fmt: skip
def test_a_single_day_always_applies_unless_it_says_otherwise(
    days: str, weekdays: Sequence[int], applies: bool
) -> None:
    row = roster("A", sessions="09:00-11:00", first=SATURDAY, days=days, weekdays=weekdays)

    assert sessions(SATURDAY, [row]) == ("09:00-11:00" if applies else "")


def test_off_and_shifts_of_the_pack_are_rostered_by_name() -> None:
    assert [sessions(MONDAY, [roster("A", shift)]) for shift in ("off", "summer", "winter")] == ["", SUMMER, WINTER]


@pytest.mark.parametrize(
    ("kind", "whole", "left"),
    [
        ("am_off", WINTER, "14:30-17:30"),
        ("pm_off", WINTER, "08:30-12:00"),
        ("am_off", "09:00-17:00", "12:00-17:00"),
        ("pm_off", "09:00-17:00", "09:00-12:00"),
        ("am_off", "09:00-12:00", ""),
        ("pm_off", "12:00-17:00", ""),
        ("work", WINTER, WINTER),
    ],
)
def test_a_free_half_is_cut_at_noon(kind: str, whole: str, left: str) -> None:
    assert cut(spans(whole), kind) == spans(left)


@pytest.mark.parametrize("days", ["", "workdays"])
def test_rows_because_of_work_are_cut_on_a_half_day_and_numbered_afterwards(days: str) -> None:
    half = Calendar(frozenset({2026}), frozenset(), frozenset(), {day(): "am_off"})
    row = roster("A", sessions="09:00-11:00 13:00-16:00", first="2026-11-01", last="2026-11-30", days=days)

    assert [sessions(MONDAY, rows, half) for rows in ([row], [])] == ["13:00-16:00", "14:30-17:30"]


@pytest.mark.parametrize(("days", "weekdays"), [("", ()), ("all", ()), ("weekdays", (0,))])
def test_rows_of_the_date_itself_stand_on_a_half_day(days: str, weekdays: Sequence[int]) -> None:
    half = Calendar(frozenset({2026}), frozenset(), frozenset(), {day(): "am_off"})

    assert sessions(MONDAY, [roster("A", sessions="09:00-11:00", days=days, weekdays=weekdays)], half) == "09:00-11:00"


def test_halves_of_a_span_are_the_person_s_own_two_sessions() -> None:
    two, one = plan_day(day(), spans(WINTER), BOTH), plan_day(day(), spans("09:00-17:00"), BOTH)
    halves = [bound(f"{MONDAY} am"), bound(f"{MONDAY} pm")]

    def resolved(plan: DayPlan | None) -> list[str]:
        found = [resolve(half, plan, ending=ending) for half in halves for ending in (False, True)]
        return [show_moment(m)[8:16] for m in found]

    assert resolved(two) == ["09 08:30", "09 12:00", "09 14:30", "09 17:30"]
    assert resolved(one) == resolved(None) == ["09 00:00", "09 12:00", "09 12:00", "10 00:00"]
    assert resolve(Bound(at("10:00")), two, ending=True) == at("10:00")
