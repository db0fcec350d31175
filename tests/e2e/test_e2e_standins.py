"""Stand-ins and given scores through the command line: taken in whole, replaced by id, and which months they touch."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from punchsync.bootstrap import Site
from punchsync.core.moment import parse_moment
from punchsync.core.records import Bound, Case, GivenScore, StandIn
from punchsync.operations.hall import KINDS, records

from .site import Hall, leave, staff

AS_OF = "2026-12-02 00:00:00"
STANDIN = {
    "standin_id": "S1", "absent_person_id": "P1", "standin_person_id": "P2", "start": "2026-11-02 am",
    "end": "2026-11-02", "filed_at": "2026-10-30 16:00",
}  # fmt: skip
SCORE = {
    "period": "2026-11", "subject_type": "window", "subject_id": "公安", "category": "评议", "points": "+2.50",
    "note": "",
}  # fmt: skip


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    """P1 and P2 from October on, P1 on leave over the end of October, all settled."""
    here = Hall(tmp_path / "site")
    people = [staff(id, from_="2026-09-28", to="2026-12-31") for id in ("P1", "P2")]
    assert here.bring("staff", *people).status == 0
    away = leave("08:30", "10:00") | {"start": "2026-10-29", "end": "2026-11-04", "registered_at": "2026-10-28 08:00"}
    assert here.bring("leave", away).status == 0
    here.settle(AS_OF)
    return here


def known(hall: Hall) -> Case:
    """All records of a site."""
    with Site(hall.path) as opened, opened.store.reading() as work:
        return records(opened.hall, work, KINDS)


def due(hall: Hall) -> list[str]:
    """The months that a settle must judge anew because of what came in."""
    with Site(hall.path) as opened, opened.store.reading() as work:
        return [month for month, state in work.months.states().items() if state.marked != state.settled]


def test_stand_ins_and_scores_are_taken_in_and_a_known_key_replaces(hall: Hall) -> None:
    said = [
        hall.bring("standin", STANDIN),
        hall.bring("standin", STANDIN),
        hall.bring("standin", STANDIN | {"standin_id": "S2"}, STANDIN | {"end": "2026-11-03 pm"}),
        hall.bring("scores", SCORE, SCORE | {"subject_type": "个人", "subject_id": "P2", "points": "-0.125"}),
        hall.bring("scores", SCORE | {"points": "3"}),
    ]

    assert [ran.status for ran in said] == [0] * 5
    assert "0 行" in said[1].out
    case = known(hall)
    start, filed = Bound(parse_moment("2026-11-02 00:00"), "am"), parse_moment("2026-10-30 16:00")
    assert case.standins == (
        StandIn("S1", "P1", "P2", start, Bound(parse_moment("2026-11-03 12:00"), "pm"), filed),
        StandIn("S2", "P1", "P2", start, Bound(parse_moment("2026-11-03 00:00")), filed),
    )
    assert case.given == (
        GivenScore("2026-11", "person", "P2", "评议", Decimal("-0.125")),
        GivenScore("2026-11", "window", "公安", "评议", Decimal(3)),
    )


def test_withdrawn_ones_are_kept_and_not_judged(hall: Hall) -> None:
    for kind, row in (("standin", STANDIN), ("scores", SCORE)):
        assert hall.bring(kind, row).status == 0
        assert hall.bring(kind, {**row, "withdrawn": "2026-11-20"}).status == 0

    assert (known(hall).standins, known(hall).given) == ((), ())


def test_a_stand_in_reaches_back_to_the_start_of_the_leave_that_it_touches(hall: Hall) -> None:
    assert due(hall) == []

    hall.bring("standin", STANDIN)

    assert due(hall) == ["2026-10", "2026-11", "2026-12"]


def test_a_stand_in_beside_any_leave_is_about_its_own_days(hall: Hall) -> None:
    hall.bring("standin", STANDIN | {"start": "2026-11-10", "end": "2026-11-11"})

    assert due(hall) == ["2026-11", "2026-12"]


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ("2026-11", ["2026-11", "2026-12"]),
        ("2026-Q4", ["2026-10", "2026-11", "2026-12"]),
        ("2026", ["2026-09", "2026-10", "2026-11", "2026-12"]),
    ],
)
def test_a_score_touches_the_months_from_its_period_on(hall: Hall, period: str, months: list[str]) -> None:
    hall.bring("scores", SCORE | {"period": period})

    assert due(hall) == months


def test_a_leave_keeps_the_registration_of_its_first_version(hall: Hall) -> None:
    (before,) = known(hall).leaves
    away = leave("08:30", "10:00") | {"start": "2026-10-29", "end": "2026-11-04"}

    found = []
    for registered in ("2026-10-28 09:00", "2026-11-01 09:00", "2026-10-28 08:00"):
        assert hall.bring("leave", away | {"registered_at": registered}).status == 0
        (row,) = known(hall).leaves
        found.append((row.registered_at, row.first_registered_at, row.first_registered))

    first = parse_moment("2026-10-28 08:00")
    assert (before.registered_at, before.first_registered_at) == (first, None)
    assert found == [
        (parse_moment("2026-10-28 09:00"), first, first),
        (parse_moment("2026-11-01 09:00"), first, first),
        (first, None, first),
    ]
