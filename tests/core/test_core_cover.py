"""Who must be stood in for, and by whom: rows over the whole leave, or the partner of the A and B posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from punchsync.core.moment import show_day
from punchsync.core.records import Leave, Posting, StandIn
from punchsync.core.rules import Pack
from punchsync.packs.load import load
from punchsync.packs.shelf import shipped

from .build import MONDAY, hall, leave, month, outing, posting, roster, ruling, standin

NINETOFIVE, FOURSIGN, TIANYANG = (load(shipped()[id]).pack for id in ("ninetofive", "foursign", "tianyang"))
FRIDAY = "2026-11-13"
AS_OF = "2026-11-20 12:00"

Row = tuple[str, int, str, str]  # date, session, kind, source


def people(post: str = "staff", backup: str = "") -> list[Posting]:
    """P1 and a colleague at one window for a week, neither the other's B post."""
    return [posting(last=FRIDAY, post=post, backup=backup), posting("P2", last=FRIDAY, device="2")]


def yielded(pack: Pack, leaves: Sequence[Leave], postings: Sequence[Posting] = (), **rows: Any) -> list[Row]:
    """What nobody's standing in yields of P1's leave."""
    case = hall(leaves=leaves, postings=postings or people(), through=AS_OF, **rows)
    found = month(case, AS_OF, pack).violations
    return [
        (show_day(v.day)[5:], v.session, v.kind, v.source)
        for v in found
        if v.source in ("standin", "leave") and v.person == "P1"
    ]


# ninetofive: rows over all of the leave, from a length that goes by the post


def nine(end: str, post: str = "staff", **more: Any) -> Leave:
    """A leave of Monday from 09:00 on, with every sign-off that any length asks."""
    return leave("09:00", end, approvals="window_lead inspection unit_leader", **more)


UNCOVERED = [("11-09", 1, "uncovered", "standin")]


@pytest.mark.parametrize(
    ("post", "end", "expected"),
    [
        ("staff", "12:59:59", []),
        ("staff", "13:00:00", []),  # half of the session: half a day
        ("staff", "13:00:01", UNCOVERED),
        ("lead", "09:00:01", UNCOVERED),
        ("lead", "13:00:00", UNCOVERED),
        ("chief", "13:00:00", UNCOVERED),
    ],
)
def test_a_leave_is_stood_in_for_from_the_length_that_its_post_asks(post: str, end: str, expected: list[Row]) -> None:
    assert yielded(NINETOFIVE, [nine(end)], people(post)) == expected


def test_a_leave_outside_all_sessions_needs_nobody() -> None:
    row = leave("07:00", "09:00", approvals="unit_leader inspection")

    assert yielded(NINETOFIVE, [row], people("lead")) == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (posting("P2", last=FRIDAY), []),  # two A posts
        (posting("P2", last=FRIDAY, backup="P1"), UNCOVERED),  # the other is a B post
        (posting("P2", last=FRIDAY, window="税务"), UNCOVERED),
        (posting("P2", "2026-11-10", FRIDAY), UNCOVERED),  # not yet there on the day the leave starts
        (posting("P2", MONDAY, MONDAY), []),
    ],
)
def test_the_only_person_of_a_window_is_stood_in_for_from_half_a_day_on(other: Posting, expected: list[Row]) -> None:
    assert yielded(NINETOFIVE, [nine("13:00")], [posting(last=FRIDAY), other]) == expected


def test_a_b_post_is_never_the_only_person_of_its_window() -> None:
    here = [posting(last=FRIDAY, backup="P2"), posting("P2", last=FRIDAY)]

    assert yielded(NINETOFIVE, [nine("13:00")], here) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("09:00", "14:59:59")], UNCOVERED),
        ([("09:00", "15:00:00")], []),
        ([("08:00", "15:00:01")], []),
        ([("09:00:01", "15:00")], UNCOVERED),
        ([("09:00", "12:00"), ("12:00", "15:00")], []),
        ([("09:00", "12:00"), ("12:00:01", "15:00")], UNCOVERED),
        ([("13:00", "15:00"), ("09:00", "14:00")], []),
        ([], UNCOVERED),
    ],
)
def test_rows_together_hold_all_of_the_leave_within_sessions(rows: list[tuple[str, str]], expected: list[Row]) -> None:
    found = [standin(*span, id=f"S{n}", by=f"P{n}") for n, span in enumerate(rows, 2)]

    assert yielded(NINETOFIVE, [nine("15:00")], standins=found) == expected


def test_time_outside_the_sessions_needs_nobody() -> None:
    row = leave("2026-11-08 00:00", "2026-11-10 09:00", approvals="unit_leader")

    assert yielded(NINETOFIVE, [row], standins=[standin("09:00", "17:00")]) == []


@pytest.mark.parametrize(("filed", "expected"), [("09:00:00", []), ("09:00:01", []), ("2026-11-12 09:00", [])])
def test_where_the_source_asks_no_filing_in_time_a_late_row_covers(filed: str, expected: list[Row]) -> None:
    assert yielded(NINETOFIVE, [nine("17:00")], standins=[standin("09:00", "17:00", filed=filed)]) == expected


def test_another_person_s_rows_and_other_days_cover_nothing() -> None:
    rows = [standin("09:00", "17:00", absent="P2"), standin("2026-11-10 09:00", "2026-11-10 17:00", id="S2")]

    assert yielded(NINETOFIVE, [nine("17:00")], standins=rows) == UNCOVERED


def test_halves_of_a_row_are_placed_by_the_absent_person_s_timetable() -> None:
    rows = [standin(f"{MONDAY} am", f"{MONDAY} am")]  # on a one-session day until noon

    assert yielded(NINETOFIVE, [nine("12:00", post="lead")], people("lead"), standins=rows) == []
    assert yielded(NINETOFIVE, [nine("12:00:01", post="lead")], people("lead"), standins=rows) == UNCOVERED


# foursign: from a whole day on, by rows filed in time


def whole(start: str = MONDAY, end: str = MONDAY, **more: Any) -> Leave:
    return leave(f"{start} am", f"{end} pm", **{"approvals": "unit_leader", **more})


@pytest.mark.parametrize(("end", "expected"), [("16:00:00", []), ("16:00:01", UNCOVERED), ("19:50", UNCOVERED)])
def test_two_half_days_as_asked_need_somebody_to_stand_in(end: str, expected: list[Row]) -> None:
    assert yielded(FOURSIGN, [leave("10:00", end, approvals="centre unit_leader")]) == expected


@pytest.mark.parametrize(("filed", "expected"), [("09:59:59", []), ("10:00:00", []), ("10:00:01", UNCOVERED)])
def test_a_row_counts_that_is_filed_by_the_start_of_the_first_session_it_touches(
    filed: str, expected: list[Row]
) -> None:
    assert yielded(FOURSIGN, [whole()], standins=[standin("10:00", "19:50", filed=filed)]) == expected


@pytest.mark.parametrize(("filed", "expected"), [("16:00:00", []), ("16:00:01", UNCOVERED)])
def test_each_row_is_in_time_by_its_own_first_session(filed: str, expected: list[Row]) -> None:
    rows = [standin("10:00", "13:30", filed="10:00"), standin("13:30", "19:50", id="S2", filed=filed)]

    assert yielded(FOURSIGN, [whole()], standins=rows) == expected


def test_in_time_goes_by_the_absent_person_s_timetable_not_the_other_s() -> None:
    early = roster(person="P9", sessions="06:00-08:00")

    assert yielded(FOURSIGN, [whole()], standins=[standin("06:00", "19:50", filed="10:00")], rosters=[early]) == []


@pytest.mark.parametrize(
    ("returned", "end", "expected"),
    [
        ("12:00:00", "12:00:00", []),
        ("12:00:01", "12:00:00", UNCOVERED),
        ("", "19:50", []),
        ("10:00:00", "", []),  # cancelled
    ],
)
def test_the_leave_is_covered_as_taken_though_its_length_is_as_asked(
    returned: str, end: str, expected: list[Row]
) -> None:
    rows = [standin("10:00", end)] if end else []

    assert yielded(FOURSIGN, [whole(returned=returned)], standins=rows) == expected


def test_an_uncovered_leave_is_dated_its_first_working_session() -> None:
    begun_on_sunday = whole("2026-11-08", "2026-11-10", id="L1")
    begun_in_the_pause = leave("2026-11-11 14:00", "2026-11-12 20:00", id="L2", approvals="unit_leader")

    found = yielded(FOURSIGN, [begun_on_sunday, begun_in_the_pause])

    assert found == [("11-09", 1, "uncovered", "standin"), ("11-11", 2, "uncovered", "standin")]


def test_half_a_leave_covered_leaves_the_whole_of_it_uncovered_from_its_first_session() -> None:
    rows = [standin("10:00", "19:50")]

    assert yielded(FOURSIGN, [whole(end="2026-11-10")], standins=rows) == UNCOVERED


def test_a_leave_that_is_not_valid_is_not_stood_in_for() -> None:
    assert yielded(FOURSIGN, [whole(approvals="centre")]) == []


def test_the_lack_of_a_stand_in_is_ruled_on_like_any_violation_of_its_session() -> None:
    assert yielded(FOURSIGN, [whole()], rulings=[ruling("excuse", kind="uncovered")]) == []


# tianyang: session by session, by a partner or by rows filed in time

LETTER = "window_lead unit_leader"
MORNING = [("11-09", 1, "uncovered", "standin")]
AFTERNOON = [("11-09", 2, "uncovered", "standin")]


def away(half: str = "am", person: str = "P1", **more: Any) -> Leave:
    """A valid leave of half of Monday, with a letter of the unit."""
    given = {"approvals": LETTER, "id": f"L{person}", "registered": "2026-11-06 10:00:00", **more}
    return leave(f"{MONDAY} {half}", f"{MONDAY} {half}", person=person, **given)


def pair(first: str = MONDAY, *, window: str = "公安") -> list[Posting]:
    """P1 (A) and P2 (his B)."""
    return [posting(last=FRIDAY), posting("P2", first, FRIDAY, backup="P1", device="2", window=window)]


def test_without_a_partner_a_leave_is_not_covered() -> None:
    assert yielded(TIANYANG, [away()]) == MORNING


@pytest.mark.parametrize("approvals", ["window_lead", LETTER])
def test_his_b_post_covers_a_person_on_leave(approvals: str) -> None:
    assert yielded(TIANYANG, [away(approvals=approvals)], pair()) == []


def test_whoever_he_is_the_b_post_for_covers_him_too() -> None:
    here = [posting(last=FRIDAY, backup="P2"), posting("P2", last=FRIDAY, device="2")]

    assert yielded(TIANYANG, [away()], here) == []


@pytest.mark.parametrize(("first", "expected"), [("2026-11-09", []), ("2026-11-10", MORNING)])
def test_a_partner_who_is_not_posted_that_day_covers_nobody(first: str, expected: list[Row]) -> None:
    assert yielded(TIANYANG, [away()], pair(first)) == expected


def test_a_partner_of_another_window_covers_too() -> None:
    assert yielded(TIANYANG, [away()], pair(window="税务")) == []


@pytest.mark.parametrize(
    ("sessions", "shift", "expected"),
    [
        ("", "off", MORNING),
        ("14:30-17:30", "", MORNING),
        ("12:00-17:30", "", MORNING),  # begins when the session ends
        ("11:59-17:30", "", []),
        ("07:00-08:30", "", MORNING),
    ],
)
def test_a_partner_without_a_timetable_in_the_session_covers_nobody(
    sessions: str, shift: str, expected: list[Row]
) -> None:
    rows = [roster(person="P2", sessions=sessions, shift=shift)]

    assert yielded(TIANYANG, [away()], pair(), rosters=rows) == expected


@pytest.mark.parametrize(
    ("registered", "expected"),
    [("2026-11-06 09:59:59", MORNING), ("2026-11-06 10:00:00", MORNING), ("2026-11-06 10:00:01", [])],
)
def test_a_partner_whose_leave_was_registered_before_or_at_the_same_time_covers_nobody(
    registered: str, expected: list[Row]
) -> None:
    assert yielded(TIANYANG, [away(), away(person="P2", registered=registered)], pair()) == expected


def test_of_two_partners_on_leave_the_one_who_registered_later_is_not_covered() -> None:
    here = [posting(last=FRIDAY), posting("P2", last=FRIDAY, backup="P1", device="2")]
    leaves = [away(), away(person="P2", registered="2026-11-06 10:00:01")]

    found = month(hall(leaves=leaves, postings=here, through=AS_OF), AS_OF, TIANYANG).violations

    assert [(v.person, v.kind) for v in found if v.source == "standin"] == [("P2", "uncovered")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (away("pm", "P2"), []),  # in the other half
        (away("am", "P2", approvals="inspection"), []),  # not valid
        (away("am", "P2", returned="08:30:00"), []),  # cancelled
        (away("am", "P2", returned="08:30:01"), MORNING),
    ],
)
def test_only_a_partner_s_valid_leave_in_that_session_as_taken_takes_him_away(
    other: Leave, expected: list[Row]
) -> None:
    before = replace(other, registered_at=0)

    assert yielded(TIANYANG, [away(), before], pair()) == expected


def test_a_partner_s_outing_does_not_take_him_away() -> None:
    rows = [outing("08:30", "12:00", person="P2", registered="2026-11-01 07:00")]

    assert yielded(TIANYANG, [away()], pair(), outings=rows) == []


def test_of_two_partners_one_who_stays_is_enough() -> None:
    here = [*pair(), posting("P3", last=FRIDAY, backup="P1", device="3")]
    gone = away(person="P2", registered="2026-11-05 10:00")

    assert yielded(TIANYANG, [away(), gone], here) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (standin("08:30", "12:00", filed="08:30:00"), []),
        (standin("08:30", "12:00", filed="08:30:01"), MORNING),
        (standin("08:30", "11:59:59"), MORNING),
        (standin("08:30:01", "12:00"), MORNING),
    ],
)
def test_rows_filed_in_time_cover_a_session_without_a_partner(row: StandIn, expected: list[Row]) -> None:
    assert yielded(TIANYANG, [away()], standins=[row]) == expected


def test_a_session_partly_on_leave_is_covered_by_a_row_of_that_part() -> None:
    row = leave("10:00", "11:00", approvals=LETTER)

    found = [yielded(TIANYANG, [row], standins=[standin("10:00", end)]) for end in ("10:59:59", "11:00:00")]

    assert found == [MORNING, []]


def test_a_leave_is_dated_its_first_session_that_is_not_covered_and_once_only() -> None:
    row = leave(f"{MONDAY} am", "2026-11-11 pm", approvals=LETTER)
    found = [
        yielded(TIANYANG, [row], standins=rows)
        for rows in ([], [standin("08:30", "12:00")], [standin("08:30", "2026-11-10 12:00")],
                     [standin("08:30", "2026-11-11 17:30")])
    ]  # fmt: skip

    assert found == [MORNING, AFTERNOON, [("11-10", 2, "uncovered", "standin")], []]


@pytest.mark.parametrize(
    ("approvals", "expected"),
    [
        ("window_lead unit_leader", MORNING),
        ("window_lead", [("11-09", 1, "off_post", "leave")]),
        ("window_lead centre_leader", [("11-09", 1, "off_post", "leave")]),
        ("unit_leader", []),  # not valid: absence follows instead
    ],
)
def test_with_a_letter_of_the_unit_it_is_uncovered_and_without_one_off_post(
    approvals: str, expected: list[Row]
) -> None:
    assert yielded(TIANYANG, [away(approvals=approvals)]) == expected


def test_checkpoints_stay_excused_and_each_account_is_charged_as_its_kind_says() -> None:
    def charged(approvals: str) -> tuple[list[str], dict[str, str]]:
        rows = [away(approvals=approvals)]
        found = month(hall("14:25", leaves=rows, postings=[posting()], through=AS_OF), AS_OF, TIANYANG)
        return [v.verdict for v in found.verdicts], {w.account_type: str(w.points) for w in found.wanted}

    assert charged(LETTER) == (["excused", "normal"], {"window": "-1"})
    assert charged("window_lead") == (["excused", "normal"], {"person": "-0.5", "window": "-0.5"})


def test_the_off_post_of_a_leave_waits_for_its_session_and_is_swallowed_by_its_absence() -> None:
    row = leave("10:00", "11:00", approvals="window_lead")

    def said(through: str, punched: str) -> list[tuple[str, str]]:
        case = hall(punched, through, leaves=[row], postings=[posting()])
        return [(v.kind, v.source) for v in month(case, pack=TIANYANG).violations if v.session == 1]

    assert said(AS_OF, "08:25") == [("off_post", "leave")]
    assert said(AS_OF, "14:25") == [("absent_half_day", "punch")]
    assert said("08:00", "") == []


@pytest.mark.parametrize("per", ["leave", "session"])
def test_the_row_leads_to_its_leave_whatever_the_leave_is_called(per: str) -> None:
    (rule,) = TIANYANG.covers
    pack = replace(TIANYANG, covers=(replace(rule, per=per),))
    case = hall("", AS_OF, leaves=[leave(f"{MONDAY} am", f"{MONDAY} am", id="2026/7", approvals=LETTER)])

    assert [v.cause for v in month(case, pack=pack).violations if v.source == "standin"] == ["2026/7"]


def test_a_pack_may_count_each_session_that_is_not_covered() -> None:
    (rule,) = TIANYANG.covers
    each = replace(TIANYANG, covers=(replace(rule, per="session"),))
    row = leave(f"{MONDAY} am", "2026-11-10 pm", approvals=LETTER)

    assert yielded(each, [row], standins=[standin("14:30", "17:30")]) == [
        *MORNING, ("11-10", 1, "uncovered", "standin"), ("11-10", 2, "uncovered", "standin"),
    ]  # fmt: skip
