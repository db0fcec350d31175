"""The ledger: a chain that only grows, and sums that are what stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError
from storekit import DAY_1, NOW, plan, post

from punchsync.core.ledger import GENESIS, Plan, link, reverse
from punchsync.core.stored import ChainedEntry


def append(store, *posts, reversals=()):
    with store.writing() as work:
        return work.ledger.append(plan(*posts, reversals=reversals), NOW)


def test_entries_get_their_ids_and_hashes_in_the_order_of_booking(store):
    a, b = append(store, post("a"), post("b", "-1.250"))
    [c] = append(store, post("c", "5"))
    assert [a, b, c] == [
        replace(post("a"), entry_id="E00000001"),
        replace(post("b", "-1.25"), entry_id="E00000002"),
        replace(post("c", "5"), entry_id="E00000003"),
    ]
    first, second = link(GENESIS, a), link(link(GENESIS, a), b)
    with store.reading() as work:
        assert list(work.ledger.entries()) == [
            ChainedEntry(a, 1, GENESIS, first),
            ChainedEntry(b, 2, first, second),
            ChainedEntry(c, 3, second, link(second, c)),
        ]
        assert work.ledger.find("E00000002") == b
        assert work.ledger.find("E00000009") is None


def test_an_empty_plan_appends_nothing(store):
    assert append(store) == []
    with store.reading() as work:
        assert list(work.ledger.entries()) == []


def test_sums_are_what_stands_and_accounts_at_nothing_are_left_out(store):
    a, b, _ = append(store, post("a"), post("b", "-2", account="p2"), post("c", "-0.125"))
    append(store, post("d", "-1", account="p3"), reversals=(reverse(b, DAY_1),))
    with store.reading() as work:
        assert work.ledger.sums() == {
            ("2026-10", "person", "p1", "考勤"): Decimal("-0.625"),
            ("2026-10", "person", "p3", "考勤"): Decimal(-1),
        }
    assert a.points == Decimal("-0.5")


def test_the_latest_entry_of_a_cause_is_found_by_name_or_by_its_own_value_date(store):
    a, b, c = append(store, post("a"), post("b", day=DAY_1 + 5), post("c", day=DAY_1 + 9))
    [undone, moved] = append(store, post("a", day=DAY_1 + 7, revision=3), reversals=(reverse(a, DAY_1 + 30),))
    assert (undone.reverses, moved.revision) == ("E00000001", 3)
    with store.reading() as work:
        latest = work.ledger.latest
        assert latest([], []) == {}
        assert latest([(DAY_1, DAY_1 + 4)], []) == {}
        assert latest([(DAY_1, DAY_1 + 5)], []) == {"b": b}
        assert latest([(DAY_1 + 5, DAY_1 + 5), (DAY_1 + 7, DAY_1 + 8)], []) == {"a": moved, "b": b}
        assert latest([(DAY_1 + 5, DAY_1 + 5)], ["c", "nobody"]) == {"b": b, "c": c}
        assert latest([], (f"cause{n}" for n in range(1500))) == {}
        assert latest([], [*(f"cause{n}" for n in range(1500)), "a"]) == {"a": moved}


def test_a_revision_is_booked_once_and_a_refused_plan_leaves_nothing(store):
    [a] = append(store, post("a"))
    with pytest.raises(IntegrityError):
        append(store, post("b"), post("a"))
    with store.reading() as work:
        assert [chained.entry for chained in work.ledger.entries()] == [a]


def test_points_finer_than_the_ledger_holds_are_refused(store):
    with pytest.raises(ValueError, match="finer than a thousandth"):
        append(store, post("a", "0.0001"))


def test_each_hall_has_a_chain_of_its_own(open_hall):
    one, other = open_hall(), open_hall()
    append(one, post("a"))
    [b] = append(other, post("a"))
    assert b.entry_id == "E00000001"
    with other.reading() as work:
        assert [chained.previous for chained in work.ledger.entries()] == [GENESIS]


def test_a_plan_of_reversals_books_them_before_its_posts(store):
    [a] = append(store, post("a"))
    booked = append(store, post("a", "-1", revision=3), reversals=Plan((reverse(a, DAY_1),), ()).reversals)
    assert [(e.entry_id, e.revision, e.points) for e in booked] == [
        ("E00000002", 2, Decimal("0.5")),
        ("E00000003", 3, Decimal(-1)),
    ]
