"""What follows from how leaves and outings were registered: in time or not, with a letter or without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from punchsync.core.moment import show_day, show_moment
from punchsync.core.records import Leave, Outing
from punchsync.core.rules import Cover, LateRegistration, Pack

from .build import MONDAY, at, day, hall, leave, month, outing, posting, roster, ruling
from .rulebook import book, said

LATE_LEAVE = LateRegistration(**said("late_leave"), about="leave", yields="retroactive_leave")
LATE_OUTING = LateRegistration(**said("late_outing"), about="outing", yields="off_post")
BOTH = book(late_registrations=(LATE_LEAVE, LATE_OUTING))  # 09:00–12:00, 14:00–17:00
TUESDAY, FRIDAY = "2026-11-10", "2026-11-13"
AS_OF = "2026-11-20 12:00"

Row = tuple[str, int, str, str]  # date, session, kind, source


def yielded(*spans: Leave | Outing, pack: Pack = BOTH, **rows: Any) -> list[Row]:
    """What the registrations of a week yield."""
    rows.setdefault("postings", [posting(last=FRIDAY)])
    leaves, outings = [s for s in spans if isinstance(s, Leave)], [s for s in spans if isinstance(s, Outing)]
    found = month(hall(through=AS_OF, leaves=leaves, outings=outings, **rows), AS_OF, pack).violations
    return [
        (show_day(v.day)[5:], v.session, v.kind, v.source)
        for v in found
        if v.source in ("leave", "outing", "standin")
    ]  # fmt: skip


def retroactive(date: str = "11-09") -> list[Row]:
    return [(date, 0, "retroactive_leave", "leave")]


@pytest.mark.parametrize(
    ("registered", "expected"),
    [("08:59:59", []), ("09:00:00", []), ("09:00:01", retroactive()), ("2026-11-19 09:00", retroactive())],
)
def test_a_leave_is_registered_by_the_start_of_the_first_session_it_touches(
    registered: str, expected: list[Row]
) -> None:
    assert yielded(leave("10:00", "11:00", registered=registered)) == expected


@pytest.mark.parametrize(
    ("start", "registered", "expected"),
    [
        ("12:00", "14:00:00", []),  # touches the afternoon only
        ("12:00", "14:00:01", retroactive()),
        ("11:59:59", "09:00:01", retroactive()),
        ("2026-11-08 08:00", "09:00:00", []),  # from Sunday on
        ("2026-11-08 08:00", "09:00:01", [("11-08", 0, "retroactive_leave", "leave")]),
    ],
)
def test_that_session_is_the_first_of_his_own_timetable_and_the_row_is_dated_the_leave_s_start(
    start: str, registered: str, expected: list[Row]
) -> None:
    week = [posting(first="2026-11-08", last=FRIDAY)]

    assert yielded(leave(start, "15:00", registered=registered), postings=week) == expected


@pytest.mark.parametrize(("registered", "expected"), [("18:00:00", []), ("18:00:01", retroactive())])
def test_a_leave_that_touches_no_session_is_in_time_by_its_own_start(registered: str, expected: list[Row]) -> None:
    assert yielded(leave("18:00", "20:00", registered=registered)) == expected


@pytest.mark.parametrize(("registered", "expected"), [("10:00:00", []), ("10:00:01", retroactive())])
def test_halves_and_rosters_are_the_person_s_own(registered: str, expected: list[Row]) -> None:
    own = [roster(sessions="10:00-11:00 13:00-15:00")]

    assert yielded(leave(f"{MONDAY} am", f"{MONDAY} am", registered=registered), rosters=own) == expected


@pytest.mark.parametrize(
    ("first", "present", "expected"),
    [
        ("09:00:00", "12:00:00", []),  # a later version says later: the first registration counts
        ("09:00:01", "08:00:00", retroactive()),
        ("09:00:01", "12:00:00", retroactive()),
    ],
)
def test_the_first_registration_counts_whatever_a_later_version_says(
    first: str, present: str, expected: list[Row]
) -> None:
    row = replace(leave("09:00", "12:00", registered=present), first_registered_at=at(first))

    assert yielded(row) == expected


@pytest.mark.parametrize(
    ("returned", "expected"), [("", retroactive()), ("09:00:01", retroactive()), ("09:00:00", []), ("08:00:00", [])]
)
def test_a_cancelled_leave_yields_nothing(returned: str, expected: list[Row]) -> None:
    assert yielded(leave("09:00", "12:00", registered="10:00", returned=returned)) == expected


def test_a_leave_that_is_not_valid_yields_nothing() -> None:
    assert yielded(leave("09:00", "12:00", registered="10:00", approvals="")) == []


def test_each_leave_yields_one_row() -> None:
    rows = [
        leave(f"{MONDAY} am", f"{TUESDAY} pm", registered="10:00"),
        leave("10:00", "11:00", id="L2", registered="10:30"),
        leave(f"{TUESDAY} am", f"{TUESDAY} am", id="L3", registered="10:30"),
    ]

    assert yielded(*rows) == retroactive() * 2


def off_post(date: str = "11-09", session: int = 1) -> list[Row]:
    return [(date, session, "off_post", "outing")]


PRESENT = "08:55 12:01 13:55 17:01"


@pytest.mark.parametrize(("registered", "expected"), [("08:59:59", []), ("09:00:00", []), ("09:00:01", off_post())])
def test_an_outing_that_was_not_filed_in_time_is_off_post_in_its_first_session(
    registered: str, expected: list[Row]
) -> None:
    assert yielded(outing("10:00", "16:00", registered=registered), punched=PRESENT) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("12:00", "14:00", []),  # touches no session
        ("11:59:59", "14:00", off_post()),
        ("12:00", "14:00:01", off_post(session=2)),
        ("18:00", "20:00", []),
        ("2026-11-08 08:00", "10:00", off_post()),
    ],
)
def test_the_session_of_an_outing_is_the_first_that_it_touches(start: str, end: str, expected: list[Row]) -> None:
    assert yielded(outing(start, end, registered="2026-11-12 08:00"), punched=PRESENT) == expected


def test_an_outing_in_time_excuses_and_one_that_is_not_excuses_nothing() -> None:
    def verdicts(registered: str) -> list[str]:
        rows = [outing(f"{MONDAY} am", f"{MONDAY} am", registered=registered)]
        found = month(hall("13:55 17:01", through=AS_OF, outings=rows), AS_OF, BOTH)
        return [*(v.verdict for v in found.verdicts), *(v.kind for v in found.violations)]

    assert verdicts("09:00:00") == ["excused", "excused", "normal", "normal"]
    # off_post is swallowed by the absence of its session
    assert verdicts("09:00:01") == ["missing", "missing", "normal", "normal", "absent_half_day"]


def test_the_off_post_of_an_outing_waits_until_its_session_is_known() -> None:
    rows = [outing("10:00", "11:00", registered="10:30")]

    found = [
        [v.kind for v in month(hall("08:55", through, outings=rows), pack=BOTH).violations if v.session == 1]
        for through in ("13:59:59", "14:00:00")
    ]
    stayed = month(hall("08:55 12:01", "12:01", outings=rows), pack=BOTH).violations

    assert found == [[], ["absent_half_day"]]
    assert [v.kind for v in stayed] == ["off_post"]


def test_a_day_without_a_posting_yields_nothing() -> None:
    rows: list[Leave | Outing] = [
        leave("09:00", "12:00", registered="10:00"),
        leave("2026-11-08 08:00", f"{TUESDAY} 12:00", id="L2", registered=f"{TUESDAY} 10:00"),
        outing(f"{TUESDAY} 09:00", f"{TUESDAY} 12:00", registered="2026-11-12 10:00"),
    ]

    assert yielded(*rows, postings=[posting()], punched=PRESENT) == retroactive()


def test_nothing_is_dated_after_as_of_s_date() -> None:
    row = leave(f"{TUESDAY} 09:00", f"{TUESDAY} 12:00", registered="2026-11-12 10:00")
    case = hall(leaves=[row], postings=[posting(last=FRIDAY)])

    found = [
        [v.kind for v in month(case, as_of, BOTH).violations if v.source == "leave"]
        for as_of in (f"{MONDAY} 23:59:59", f"{TUESDAY} 00:00:00")
    ]

    assert found == [[], ["retroactive_leave"]]


@pytest.mark.parametrize("about", ["leave", "outing"])
def test_a_pack_that_says_nothing_of_it_yields_nothing(about: str) -> None:
    other = book(late_registrations=(LATE_OUTING if about == "leave" else LATE_LEAVE,))
    row = (
        leave("09:00", "12:00", registered="10:00")
        if about == "leave"
        else outing("09:00", "12:00", registered="10:00")
    )

    assert yielded(row, pack=other, punched=PRESENT) == []


@pytest.mark.parametrize(("first", "last", "count"), [(0, 0, 1), (1, 1, 0), (-1, -1, 0), (-1, 1, 1)])
def test_the_rule_in_force_on_the_leave_s_first_day_decides(first: int, last: int, count: int) -> None:
    rule = replace(LATE_LEAVE, first=day() + first, last=day() + last)
    row = leave("09:00", f"{TUESDAY} 12:00", registered="10:00")

    assert len(yielded(row, pack=book(late_registrations=(rule,)))) == count


LETTERED = Cover(
    **said("cover"), half_days=1, half_days_lead=1, half_days_alone=1, whole=True, in_time=True, yields="uncovered",
    letter="unit_leader", unlettered="off_post",
)  # fmt: skip


@pytest.mark.parametrize(
    ("approvals", "expected"),
    [
        ("centre", [("11-09", 1, "off_post", "leave")]),
        ("centre unit_leader", [("11-09", 1, "uncovered", "standin")]),
        ("unit_leader", [("11-09", 1, "uncovered", "standin")]),
    ],
)
def test_a_leave_nobody_stands_in_for_is_another_kind_without_the_letter(approvals: str, expected: list[Row]) -> None:
    row = leave("09:00", "12:00", approvals=approvals)

    assert yielded(row, pack=book(covers=(LETTERED,))) == expected


def test_a_leave_may_yield_both_and_each_row_says_record_rule_and_moment() -> None:
    pack = book(covers=(LETTERED,), late_registrations=(LATE_LEAVE,))
    row = leave("08:30", "12:00", registered="2026-11-12 10:00")

    found = month(hall(through=AS_OF, leaves=[row]), AS_OF, pack).violations

    assert [(v.kind, v.session, v.rule, v.cause, v.seconds, show_moment(v.at)[11:]) for v in found][:2] == [
        ("retroactive_leave", 0, "late_leave", "L1", 0, "08:30:00"),
        ("off_post", 1, "cover", "L1", 0, "09:00:00"),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ruling("excuse", 0), []),
        (ruling("excuse", 0, kind="retroactive_leave"), []),
        (ruling("excuse", 1), retroactive()),
        (ruling("amend", 0, kind="retroactive_leave", as_kind="leave_breach"), [("11-09", 0, "leave_breach", "leave")]),
    ],
)
def test_rulings_act_on_it_as_on_any_base_violation(row: object, expected: list[Row]) -> None:
    assert yielded(leave("09:00", "12:00", registered="10:00"), rulings=[row]) == expected


def test_its_id_is_that_of_the_leave_and_rule_whatever_else_changes() -> None:
    def ids(*rows: Leave) -> list[str]:
        found = month(hall(through=AS_OF, leaves=rows), AS_OF, BOTH).violations
        return [v.id for v in found if v.source == "leave"]

    one = leave("09:00", "12:00", registered="10:00")
    other = replace(one, registered_at=at("11:00"), end=one.start.__class__(at("15:00")))

    assert ids(one) == ids(other)
    assert len(set(ids(one, replace(one, id="L2")))) == 2
