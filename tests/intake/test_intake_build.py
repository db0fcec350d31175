"""Bodies become the core's records, and say which days they are about."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from punchsync.core.moment import FOREVER, parse_day, parse_moment
from punchsync.core.records import (
    LAST_DAY,
    Bound,
    Case,
    Device,
    GivenScore,
    Incident,
    Leave,
    Outage,
    Outing,
    Paper,
    Posting,
    Roster,
    Ruling,
    StandIn,
)  # fmt: skip
from punchsync.intake.build import Record, build, build_all, overrides
from punchsync.intake.kinds import KINDS
from punchsync.intake.notices import published
from punchsync.intake.parse import parse
from punchsync.intake.touched import touched

from .examples import CANONICAL
from .files import CONTEXT, DEMO


def made(kind: str) -> Any:
    """The record of a kind's example, whatever its type."""
    return RECORDS[kind]


def d(text: str) -> int:
    return parse_day(text)


def m(text: str) -> int:
    return parse_moment(text)


HOUR = 3600
RECORDS: dict[str, Record] = {
    "staff": Posting("001", "甲一", "公安局", "公安", "lead", "0007", ("002", "003"), d("2026-01-01"), d("2026-12-31")),
    "device": Device("T1", "0007", "001", d("2026-01-01"), LAST_DAY),
    "roster": Roster(
        "R1", m("2026-09-20 09:00"), "", "公安", d("2026-10-01"), d("2026-10-31"), "",
        ((8 * HOUR, 12 * HOUR), (14 * HOUR, 24 * HOUR)), "weekdays", frozenset({0, 5}),
    ),
    "leave": Leave(
        "L1", "001", "personal", Bound(m("2026-10-12 00:00"), "am"), Bound(m("2026-10-14 00:00")),
        (8 * HOUR + 1800, 24 * HOUR), m("2026-10-11 16:00"), True, frozenset({"window_lead", "inspection"}),
        m("2026-10-13 11:00:30"),
    ),
    "outing": Outing("O1", "001", Bound(m("2026-10-15 09:00")), None, m("2026-10-15 08:20"), "送达，文书"),
    "standin": StandIn(
        "S1", "001", "002", Bound(m("2026-10-12 12:00"), "pm"), Bound(m("2026-10-14 00:00")), m("2026-10-11 16:30")
    ),
    "incident": Incident("I1", "001", "", "games", m("2026-10-19 10:20"), "督查员", "二楼", "照片", False),
    "outage": Outage("T1", m("2026-10-21 00:00"), m("2026-10-22 00:00"), "no_punch"),
    "paper": Paper("001", m("2026-10-21 08:28"), "7", "中心领导"),
    "ruling": Ruling(
        "D1", "001", "", d("2026-10-19"), 1, "late", "amend", "early", "裁字", "效能办", m("2026-10-20 16:00")
    ),
    "calendar": (d("2026-10-24"), "work"),
    "scores": GivenScore("2026-Q4", "person", "001", "互评", Decimal("88.25"), "十人"),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_body_is_built_into_its_record(kind: str) -> None:
    assert build(kind, CANONICAL[kind]) == RECORDS[kind]


def test_a_named_shift_and_named_days_stay_names_and_an_open_outage_never_ends() -> None:
    row = build("roster", CANONICAL["roster"] | {"shift": "winter", "days": "rest"})
    outage = build("outage", CANONICAL["outage"] | {"end": ""})
    afternoon = build("outing", CANONICAL["outing"] | {"start": "2026-10-15 pm", "end": "2026-10-15 pm"})

    assert isinstance(row, Roster)
    assert isinstance(outage, Outage)
    assert isinstance(afternoon, Outing)
    assert (row.shift, row.sessions, row.days, row.weekdays) == ("winter", (), "rest", frozenset())
    assert outage.end == FOREVER
    assert afternoon.start == afternoon.end == Bound(m("2026-10-15 12:00"), "pm")


def test_points_below_zero_and_whole_ones_are_exact() -> None:
    found = [build("scores", CANONICAL["scores"] | {"points": text}) for text in ("-0.001", "100", "0")]

    example = made("scores")
    assert found == [replace(example, points=Decimal(n) / 1000) for n in (-1, 100_000, 0)]


def test_a_leave_knows_the_registration_of_its_first_version() -> None:
    body = CANONICAL["leave"]

    first = build("leave", body | {"first_registered_at": "2026-10-10 09:00:00"})

    assert first == replace(made("leave"), first_registered_at=m("2026-10-10 09:00"))


def test_withdrawn_bodies_are_left_out_and_the_rest_makes_a_case() -> None:
    bodies = {kind: [body, body | {"withdrawn": "2026-10-30 00:00:00"}] for kind, body in CANONICAL.items()}
    bodies["staff"] = [CANONICAL["staff"]]  # the example is a withdrawn one

    case = Case(**build_all(bodies))

    assert case == Case(
        devices=(made("device"),),
        rosters=(made("roster"),),
        leaves=(made("leave"),),
        outings=(made("outing"),),
        standins=(made("standin"),),
        incidents=(made("incident"),),
        outages=(made("outage"),),
        papers=(made("paper"),),
        rulings=(made("ruling"),),
        given=(made("scores"),),
    )
    assert overrides(bodies["calendar"]) == {d("2026-10-24"): "work"}


def test_the_demo_hall_makes_a_case() -> None:
    bodies = {
        kind: [body for _key, body in parse(kind, (DEMO / f"{kind}.csv").read_bytes(), kind, CONTEXT).rows]
        for kind in KINDS
    }

    case = Case(**build_all(bodies))

    assert (len(case.postings), len(case.leaves), len(case.rulings)) == (6, 3, 3)
    assert case.standins == (
        StandIn("S1", "002", "001", Bound(m("2026-10-12 00:00")), Bound(m("2026-10-13 00:00")), m("2026-10-11 16:10")),
        StandIn(
            "S2", "003", "004", Bound(m("2026-10-13 00:00"), "am"), Bound(m("2026-10-14 12:00"), "pm"),
            m("2026-10-13 08:12"),
        ),
    )  # fmt: skip
    assert case.given == (
        GivenScore("2026-10", "window", "公安", "monthly", Decimal("92.5")),
        GivenScore("2026-Q4", "person", "002", "peer", Decimal("88.125"), "互评"),
        GivenScore("2026", "window", "税务", "通报表扬", Decimal(2), "县级"),
        GivenScore("2026-Q4", "person", "003", "其他章节", Decimal("-0.5")),
    )


TOUCHED = [
    ("staff", {}, "2026-01-01", "2026-12-31"),
    ("staff", {"to": ""}, "2026-01-01", "9999-12-31"),
    ("device", {}, "2026-01-01", "9999-12-31"),
    ("roster", {}, "2026-10-01", "2026-10-31"),
    ("leave", {}, "2026-10-12", "2026-10-13"),
    ("leave", {"end": "2026-10-14 pm"}, "2026-10-12", "2026-10-14"),
    ("leave", {"end": "2026-10-14 00:00:01"}, "2026-10-12", "2026-10-14"),
    ("outing", {}, "2026-10-15", "9999-12-31"),
    ("incident", {}, "2026-10-19", "2026-10-19"),
    ("outage", {}, "2026-10-21", "2026-10-22"),
    ("outage", {"end": ""}, "2026-10-21", "9999-12-31"),
    ("paper", {}, "2026-10-21", "2026-10-21"),
    ("ruling", {}, "2026-10-19", "2026-10-19"),
    ("calendar", {}, "2026-01-01", "2026-12-31"),
    ("standin", {}, "2026-10-12", "2026-10-13"),
    ("standin", {"end": "2026-11-02 am"}, "2026-10-12", "2026-11-02"),
    ("scores", {"period": "2026-02"}, "2026-02-01", "2026-02-28"),
    ("scores", {}, "2026-10-01", "2026-12-31"),
    ("scores", {"period": "2026"}, "2026-01-01", "2026-12-31"),
]


@pytest.mark.parametrize(("kind", "change", "first", "last"), TOUCHED)
def test_a_record_is_about_its_days(kind: str, change: dict[str, str], first: str, last: str) -> None:
    assert touched(kind, None, CANONICAL[kind] | change) == (d(first), d(last))


def test_a_changed_record_is_about_its_old_days_and_its_new_ones() -> None:
    old = CANONICAL["roster"] | {"from": "2026-11-05", "to": "2026-11-06"}

    assert touched("roster", old, CANONICAL["roster"]) == (d("2026-10-01"), d("2026-11-06"))


def test_the_published_calendar_knows_its_years() -> None:
    calendar = published()

    assert calendar.years >= set(range(2020, 2027))
    assert d("2026-10-01") in calendar.holidays
    assert d("2026-10-10") in calendar.makeup
    assert calendar.overrides == {}
