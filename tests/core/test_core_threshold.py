"""What follows from totals: too much leave in a year, too little presence in a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from punchsync.core.moment import DAY, HOUR, show_clock, show_day, start_of, weekday
from punchsync.core.records import Calendar, Leave, Posting, Punch, Read, Roster
from punchsync.core.rules import LeaveLimit, Pack, Presence

from .build import CALENDAR, at, day, device, hall, leave, month, outage, posting, roster, ruling, terminal
from .rulebook import book, said

FIFTEEN = LeaveLimit(**said("fifteen"), kinds=frozenset({"personal", "sick"}), over=30, yields="leave_over")
PACK = book(leave_limits=(FIFTEEN,))  # 09:00–12:00, 14:00–17:00
YEAR = [posting(first="2026-01-01", last="2026-12-31")]
LAST = "2026-12-31 23:59:59"

Row = tuple[str, int, str, str, str]  # date, session, kind, source, window


def over(
    *leaves: Leave, as_of: str = LAST, name: str = "2026-11", pack: Pack = PACK, postings: Sequence[Posting] = YEAR,
    rosters: Sequence[Roster] = (), calendar: Calendar = CALENDAR,
) -> list[Row]:  # fmt: skip
    """The rows of leave over the year's limit in a month."""
    case = hall(postings=postings, leaves=leaves, rosters=rosters, calendar=calendar)
    found = month(case, as_of, pack, name).violations
    return [
        (show_day(v.day)[5:], v.session, v.kind, v.source, v.window) for v in found if v.source == "threshold"
    ]  # fmt: skip


def away(first: str, last: str, id: str = "L1", kind: str = "personal", **more: Any) -> Leave:
    return leave(f"2026-{first}", f"2026-{last}", id=id, kind=kind, **more)


def passed(date: str, session: int) -> list[Row]:
    return [(date, session, "leave_over", "threshold", "公安")]


# 2 to 20 November: fifteen working days; Monday the 23rd is the sixteenth


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("11-20 am", []),
        ("11-20 pm", []),  # 30 half-days: fifteen days
        ("11-22 pm", []),
        ("11-23 am", passed("11-23", 1)),
        ("11-30 pm", passed("11-23", 1)),
    ],
)
def test_the_session_that_passes_fifteen_days_carries_the_row(last: str, expected: list[Row]) -> None:
    assert over(away("11-02 am", last)) == expected


def test_a_year_begun_with_an_afternoon_passes_in_one() -> None:
    assert over(away("11-02 pm", "11-30 pm")) == passed("11-23", 2)


def test_kinds_are_counted_together_and_as_a_union_and_others_are_not() -> None:
    personal, sick = away("11-02 am", "11-13 pm"), away("11-09 am", "11-23 am", "L2", "sick")
    annual = away("10-12 am", "10-30 pm", "L3", "annual")

    assert over(personal, sick, annual) == passed("11-23", 1)
    assert over(personal, annual) == []


def test_months_of_a_year_are_counted_together_and_the_row_stands_in_one_of_them() -> None:
    rows = [away("03-02 am", "03-20 pm"), away("11-10 pm", "11-12 pm", "L2")]

    assert [over(*rows, name=name) for name in ("2026-03", "2026-11", "2026-12")] == [[], passed("11-10", 2), []]


def test_only_leave_that_is_valid_and_as_taken_counts() -> None:
    invalid = away("11-02 am", "11-30 pm", approvals="")
    returned = [away("11-02 am", "11-30 pm", returned=f"2026-11-23 {clock}") for clock in ("09:00:00", "09:00:01")]

    assert [over(row) for row in (invalid, *returned)] == [[], [], passed("11-23", 1)]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("11-20 17:00", []),
        ("11-23 09:00", []),
        ("11-23 13:00", passed("11-23", 1)),  # half of the session: the 31st half-day
        ("11-23 17:00", passed("11-23", 1)),  # the 31st and 32nd at once
    ],
)
def test_a_one_session_day_wholly_on_leave_counts_two_at_once(last: str, expected: list[Row]) -> None:
    rows = [roster(sessions="09:00-17:00", first="2026-11-01", last="2026-11-30")]

    assert over(away("11-02 09:00", last), rosters=rows) == expected


def test_from_twenty_nine_half_days_a_whole_one_session_day_passes_at_once() -> None:
    rows = [roster(sessions="09:00-17:00", first="2026-11-01", last="2026-11-30")]

    # half of the 2nd, then whole days: 29 half-days on the 20th, 31 on the 23rd
    assert over(away("11-02 13:00", "11-23 17:00"), rosters=rows) == passed("11-23", 1)
    assert over(away("11-02 13:00", "11-20 17:00"), rosters=rows) == []


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-11-22 23:59:59", []),
        ("2026-11-23 00:00:00", passed("11-23", 1)),
        ("2026-11-24 00:00:00", passed("11-23", 1)),
    ],
)
def test_it_counts_up_to_as_of_s_date_that_day_whole(as_of: str, expected: list[Row]) -> None:
    assert over(away("11-02 am", "12-31 pm"), as_of=as_of) == expected


def test_each_calendar_year_is_counted_by_itself_and_has_one_row() -> None:
    both = Calendar(frozenset({2025, 2026}), frozenset(), frozenset())
    here = [posting(first="2025-01-01", last="2026-12-31")]
    row = leave("2025-12-01 am", "2026-01-30 pm", kind="sick")

    found = [over(row, name=name, calendar=both, postings=here) for name in ("2025-12", "2026-01")]

    assert found == [passed("12-22", 1), passed("01-22", 1)]


def test_days_of_an_unpublished_year_do_not_count_yet() -> None:
    none = Calendar(frozenset({2025}), frozenset(), frozenset())

    assert over(away("11-02 am", "11-30 pm"), calendar=none) == []


def test_the_row_belongs_to_the_window_of_its_date_and_needs_a_posting() -> None:
    moved = [
        posting(first="2026-01-01", last="2026-11-22"),
        posting(first="2026-11-23", last="2026-12-31", window="税务"),
    ]

    assert over(away("11-02 am", "11-30 pm"), postings=moved) == [("11-23", 1, "leave_over", "threshold", "税务")]
    assert over(away("11-02 am", "11-30 pm"), postings=moved[:1]) == []


@pytest.mark.parametrize(("over_then", "expected"), [(30, "11-23"), (34, "11-23"), (20, "11-23")])
def test_an_amended_limit_still_has_one_row_in_a_year(over_then: int, expected: str) -> None:
    old = replace(FIFTEEN, last=day("2026-11-23"))
    new = replace(FIFTEEN, first=day("2026-11-24"), over=over_then)

    assert over(away("11-02 am", "11-30 pm"), pack=book(leave_limits=(old, new))) == passed(expected, 1)


def test_no_ruling_acts_on_it() -> None:
    rows = [replace(ruling("excuse", 1), day=day("2026-11-23"))]
    case = hall(postings=YEAR, leaves=[away("11-02 am", "11-30 pm")], rulings=rows)

    assert [v.kind for v in month(case, LAST, PACK).violations if v.source == "threshold"] == ["leave_over"]


def test_a_limit_that_leads_to_an_outcome_yields_no_row() -> None:
    barred = replace(FIFTEEN, yields="", outcome="award_barred")

    assert over(away("11-02 am", "11-30 pm"), pack=book(leave_limits=(barred,))) == []


# presence: 90 % of the required seconds of a month that is over and known

NINETY = Presence(**said("ninety"), below=Decimal("0.9"), yields="low_presence")
PRESENT = book(presences=(NINETY,))
FIRST_WEEK = ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"]
REQUIRED = 5 * 6 * HOUR  # 108,000 s: a tenth is three hours
OVER = "2026-12-01 00:00:00"
LOW = [("11-06", 0, "low_presence", "threshold", "公安")]


def week(
    missing: int, *, as_of: str = OVER, through: str = "2026-12-01 00:00", skip: Sequence[str] = (),
    pack: Pack = PRESENT, postings: Sequence[Posting] = (), **rows: Any,
) -> list[Row]:  # fmt: skip
    """A week of 30 required hours: `missing` seconds late, at most 89 minutes a morning; halves to `skip` unpunched."""
    times: list[int] = []
    for date in FIRST_WEEK:
        late = min(missing, 89 * 60)
        missing -= late
        clocks = {"am": (9 * HOUR + late, 12 * HOUR), "pm": (14 * HOUR, 17 * HOUR)}
        for half, pair in clocks.items():
            if f"{date[5:]} {half}" not in skip:
                times += [start_of(day(date)) + second for second in pair]
    assert missing == 0
    numbers = tuple(range(1, len(times) + 1))
    read = Read("T1", 1, tuple((n, n) for n in numbers), times[0], times[-1], numbers[-1:], None, at(through))
    case = hall(
        postings=postings or [posting(first=FIRST_WEEK[0], last=FIRST_WEEK[-1])],
        reads=[read], punches=[Punch("T1", "1", t) for t in times], **{"terminals": [terminal()], **rows},
    )  # fmt: skip
    found = month(case, as_of, pack).violations
    return [
        (show_day(v.day)[5:], v.session, v.kind, v.source, v.window) for v in found if v.source == "threshold"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "expected"),
    [(0, []), (REQUIRED // 10 - 1, []), (REQUIRED // 10, []), (REQUIRED // 10 + 1, LOW), (5 * 5340, LOW)],
)
def test_ninety_per_cent_are_enough_and_a_second_less_is_not(missing: int, expected: list[Row]) -> None:
    assert week(missing) == expected


def test_required_is_what_leave_leaves() -> None:
    rows = [leave("2026-11-06 am", "2026-11-06 pm")]

    # 24 hours are left: a tenth is 8,640 s
    assert [week(8640, leaves=rows), week(8641, leaves=rows)] == [[], LOW]


@pytest.mark.parametrize(
    ("absent", "missing", "expected"),
    [
        (["11-06 pm"], 0, []),  # three hours of thirty
        (["11-06 pm"], 1, LOW),
        (["11-06 am"], 0, []),
        (["11-05 am", "11-06 pm"], 0, LOW),
    ],
)
def test_an_absent_session_counts_with_all_of_its_required_seconds(
    absent: list[str], missing: int, expected: list[Row]
) -> None:
    assert week(missing, skip=absent) == expected


def test_the_late_of_an_absent_session_is_not_taken_twice() -> None:
    rows = [replace(ruling("amend", 1, kind="late", as_kind="absent_half_day"), day=day("2026-11-02"))]

    # Monday morning, 89 minutes late, is an absence: three hours, and no more
    assert [week(5340, rulings=rows), week(5341, rulings=rows)] == [[], LOW]


def test_a_late_that_became_off_post_takes_nothing_away() -> None:
    rows = [replace(ruling("amend", 1, as_kind="off_post"), day=day("2026-11-02"))]

    assert [week(10801), week(10801, rulings=rows)] == [LOW, []]


def test_an_excused_late_is_present() -> None:
    rows = [replace(ruling("excuse", 1), day=day("2026-11-02"))]

    assert [week(10801), week(10801, rulings=rows)] == [LOW, []]


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2026-11-30 23:59:59", []), ("2026-12-01 00:00:00", LOW), ("2026-12-02 00:00:00", LOW)]
)
def test_the_month_must_be_over(as_of: str, expected: list[Row]) -> None:
    assert week(20000, as_of=as_of) == expected


def test_while_a_session_is_unknown_nothing_is_said() -> None:
    dark = [outage("2026-11-06 08:50", "2026-11-06 09:10")]

    # the last afternoon waits for its terminal
    assert week(20000, through="2026-11-06 17:00", skip=["11-06 pm"]) == []
    assert week(20000, skip=["11-06 am"], outages=dark) == []
    assert week(20000, skip=["11-06 am"]) == LOW


def test_another_person_s_unknown_session_holds_nothing_up() -> None:
    here = [posting(first=FIRST_WEEK[0], last=FIRST_WEEK[-1]), posting("P2", "2026-11-06", "2026-11-06", window="税务")]
    unread = [terminal("T1", "公安"), terminal("T2", "税务")]

    assert week(20000, postings=here, devices=[device("", "1", "P1")], terminals=unread) == LOW


def test_nothing_required_is_nothing_too_little() -> None:
    rows = [leave("2026-11-02 am", "2026-11-06 pm")]

    assert week(0, leaves=rows, skip=[f"{d[5:]} {h}" for d in FIRST_WEEK[:4] for h in ("am", "pm")]) == []


def test_it_is_dated_the_last_posted_day_at_that_day_s_window() -> None:
    moved = [
        posting(first="2026-11-02", last="2026-11-05"),
        posting(first="2026-11-06", last="2026-11-15", window="税务"),
    ]
    free = [roster("R1", "off", first="2026-11-09", last="2026-11-15", days="all")]

    assert weekday(day("2026-11-15")) == 6
    assert week(20000, postings=moved, rosters=free) == [("11-15", 0, "low_presence", "threshold", "税务")]


@pytest.mark.parametrize(("first", "count"), [("2026-11-05", 1), ("2026-11-06", 1), ("2026-11-07", 0)])
def test_the_rule_must_be_in_force_on_that_day(first: str, count: int) -> None:
    assert len(week(20000, pack=book(presences=(replace(NINETY, first=day(first)),)))) == count


def test_its_moment_is_the_start_of_its_day() -> None:
    case = hall(postings=[posting()], through="2026-12-01 00:00")

    (found,) = [v for v in month(case, OVER, PRESENT).violations if v.source == "threshold"]

    assert (show_clock(found.at % DAY), found.seconds, found.rule) == ("00:00:00", 0, "ninety")
