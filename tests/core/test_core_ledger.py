"""The ledger's plan: the same, changed, gone and new; revisions; the chain."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchsync.core.ledger import GENESIS, Entry, Plan, link, plan, reverse, same, stands
from punchsync.core.wanted import Wanted

from .build import day

BOOKED = day("2026-11-20")


def want(cause: str = "v1@person:P1/勤", points: str = "-0.5", **more: Any) -> Wanted:
    base = Wanted(cause, "person", "P1", "勤", "2026-11", Decimal(points), "迟到、早退", "考评办法 (三)1", day())
    return base._replace(**more)


def entry(of: Wanted, revision: int = 1, id: str = "E1", booked: int = BOOKED, reverses: str = "") -> Entry:
    points = of.points if revision % 2 else -of.points
    return Entry(
        id, booked, of.cause, revision, of.account_type, of.account_id, of.category, of.period, points, of.rule,
        of.article, of.value_date, reverses, "digest",
    )  # fmt: skip


def planned(wanted: list[Wanted], *latest: Entry) -> Plan:
    return plan(wanted, {e.cause: e for e in latest}, BOOKED, "digest")


def test_what_is_new_is_posted() -> None:
    assert planned([want()]) == Plan((), (entry(want(), id=""),))


def test_what_stands_as_wanted_is_left() -> None:
    assert planned([want()], entry(want())).entries == ()


def test_what_is_gone_is_reversed_by_name() -> None:
    assert planned([], entry(want())) == Plan((entry(want(), 2, "", reverses="E1"),), ())


def test_what_is_reversed_already_stays_so() -> None:
    assert planned([], entry(want(), 2)).entries == ()


@pytest.mark.parametrize(
    "change",
    [{"points": Decimal("-2.5")}, {"rule": "另一条"}, {"article": "考评办法 (三)2"}, {"period": "2026-Q4"},
     {"value_date": day("2026-11-10")}, {"category": "德"}, {"account_id": "P2"}, {"account_type": "window"}],
)  # fmt: skip
def test_what_changed_is_reversed_and_posted_anew(change: dict[str, Any]) -> None:
    new = want(**change)

    assert planned([new], entry(want())) == Plan((entry(want(), 2, "", reverses="E1"),), (entry(new, 3, ""),))


def test_what_comes_back_is_posted_with_the_next_odd_revision() -> None:
    assert planned([want()], entry(want(), 2)) == Plan((), (entry(want(), 3, ""),))


def test_points_are_the_same_however_they_are_written() -> None:
    assert same(entry(want(points="-0.50")), want(points="-0.5"))


def test_reversals_and_posts_are_in_the_order_of_days_and_causes() -> None:
    wanted = [want("b"), want("a"), want("c", value_date=day("2026-11-08"))]
    old = [
        entry(want("z"), id="E2"),
        entry(want("y", value_date=day("2026-11-10")), id="E3"),
        entry(want("x"), id="E4"),
    ]

    found = planned(wanted, *old)

    assert [e.cause for e in found.entries] == ["x", "z", "y", "c", "a", "b"]


def test_two_charges_for_one_cause_are_refused() -> None:
    with pytest.raises(ValueError, match="two charges for one cause"):
        planned([want(), want(points="-1")])


def test_a_reversal_takes_back_exactly_the_one_before() -> None:
    taken = reverse(entry(want(), 3, "E9"), day("2026-12-01"))

    assert (taken.points, taken.revision, taken.reverses, taken.booked_on, stands(taken)) == (
        Decimal("0.5"), 4, "E9", day("2026-12-01"), False,
    )  # fmt: skip


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["-0.5", "-2", "-2.5"])), max_size=8))
def test_any_row_of_settles_leaves_standing_what_was_wanted_last(rounds: list[dict[str, str]]) -> None:
    latest: dict[str, Entry] = {}
    booked: list[Entry] = []
    for wanted in rounds:
        rows = [want(cause, points) for cause, points in wanted.items()]
        for e in plan(rows, latest, BOOKED, "digest").entries:
            e = replace(e, entry_id=f"E{len(booked) + 1}")
            booked.append(e)
            latest[e.cause] = e
        assert plan(rows, latest, BOOKED, "digest").entries == ()
        standing = {e.cause: str(e.points) for e in latest.values() if stands(e)}
        assert standing == wanted

    for cause in "abc":
        mine = [e for e in booked if e.cause == cause]
        assert [e.revision for e in mine] == list(range(1, len(mine) + 1))
        assert all(
            e.points == -b.points and e.reverses == b.entry_id for b, e in zip(mine[::2], mine[1::2], strict=False)
        )


def test_the_chain_binds_every_column_of_an_entry_and_the_one_before() -> None:
    first = entry(want())
    others: dict[str, Any] = {
        "entry_id": "E2", "booked_on": BOOKED + 1, "cause": "x", "revision": 3, "account_type": "window",
        "account_id": "P2", "category": "德", "period": "2026", "points": Decimal(-1), "rule": "x",
        "article": "x", "value_date": day("2026-11-10"), "reverses": "E0", "pack": "x",
    }  # fmt: skip
    changed = [replace(first, **{name: value}) for name, value in others.items()]

    hashes = {link(GENESIS, e) for e in (first, *changed)} | {link("1" * 64, first)}

    assert len(hashes) == len(changed) + 2
    assert link(GENESIS, replace(first, points=Decimal("-0.500"))) == link(GENESIS, first)
