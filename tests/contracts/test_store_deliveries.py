"""The outbox: batches written down before they are sent, by scoring store, and how each of them fared."""

from __future__ import annotations

from storekit import NOW, plan, post

from punchsync.core.ledger import GENESIS
from punchsync.core.outbox import Batch, Cut, Delivery

ONE, TWO, THREE = Batch(1, 1, 2, "a" * 32), Batch(2, 3, 3, "b" * 32), Batch(3, 1, 2, "c" * 32)


def add(store, name, *batches, at=NOW):
    with store.writing() as work:
        work.deliveries.add(name, batches, at)


def note(store, number, meaning, detail="", at=NOW, name="http x"):
    with store.writing() as work:
        work.deliveries.note(name, number, meaning, detail, at)


def kept(store, name="http x"):
    with store.reading() as work:
        return work.deliveries.all(name)


def test_batches_are_kept_by_store_and_wait(store):
    add(store, "http x", TWO, ONE)
    add(store, "sql y", ONE, at=NOW + 1)
    assert kept(store) == [Delivery(ONE, "waiting", 0, "", NOW, 0), Delivery(TWO, "waiting", 0, "", NOW, 0)]
    assert kept(store, "sql y") == [Delivery(ONE, "waiting", 0, "", NOW + 1, 0)]
    with store.reading() as work:
        assert work.deliveries.stores() == ["http x", "sql y"]
        assert work.deliveries.cut("http x") == Cut(2, 3)
        assert work.deliveries.cut("none") == Cut(0, 0)
        assert work.deliveries.first_waiting("http x") == ONE
        assert work.deliveries.first_waiting("none") is None


def test_how_often_a_stretch_was_sent_is_counted_by_store(store):
    add(store, "http x", ONE, TWO, THREE)
    add(store, "sql y", ONE)
    with store.reading() as work:
        assert [work.deliveries.times(*of) for of in (("http x", 1, 2), ("http x", 3, 3), ("http x", 1, 3))] == [
            2,
            1,
            0,
        ]
        assert work.deliveries.cut("http x") == Cut(3, 3)


def test_every_try_is_noted_and_what_was_taken_stays_taken(store):
    add(store, "http x", ONE, TWO)
    note(store, 1, "again", "timeout", NOW + 1)
    assert kept(store)[0] == Delivery(ONE, "waiting", 1, "timeout", NOW, NOW + 1)
    note(store, 1, "delivered", "http_200", NOW + 2)
    note(store, 1, "again", "timeout", NOW + 3)
    note(store, 1, "parked", "http_400", NOW + 4)
    assert kept(store)[0] == Delivery(ONE, "delivered", 4, "http_200", NOW, NOW + 4)
    note(store, 2, "parked", "http_422: no", NOW + 5)
    note(store, 2, "again", "timeout", NOW + 6)
    assert kept(store)[1] == Delivery(TWO, "parked", 2, "http_422: no", NOW, NOW + 6)
    note(store, 9, "delivered")
    assert len(kept(store)) == 2


def test_parked_batches_wait_again_when_told(store):
    add(store, "http x", ONE, TWO, THREE)
    note(store, 1, "delivered")
    note(store, 2, "parked")
    with store.writing() as work:
        assert work.deliveries.first_waiting("http x") == THREE
        assert [d.batch for d in work.deliveries.unfinished("http x")] == [TWO, THREE]
        assert (work.deliveries.unpark("http x"), work.deliveries.unpark("http x")) == (1, 0)
        assert work.deliveries.first_waiting("http x") == TWO


def test_the_ledger_is_read_by_height(store):
    with store.writing() as work:
        booked = work.ledger.append(plan(post("a"), post("b", "-1.25"), post("c", "5")), NOW)
    with store.reading() as work:
        everything = list(work.ledger.entries())
        assert work.deliveries.entries(2, 3) == everything[1:]
        assert work.deliveries.entries(1, 1)[0].entry == booked[0]
        assert work.deliveries.entries(4, 9) == []
        assert work.deliveries.head() == (3, everything[2].hash)
        assert work.deliveries.head(2) == (2, everything[1].hash)
        assert work.deliveries.head(9) == (0, GENESIS)
        assert (work.deliveries.booked_at(3), work.deliveries.booked_at(4)) == (NOW, None)


def test_an_empty_ledger_has_no_height(store):
    with store.reading() as work:
        assert work.deliveries.head() == (0, GENESIS)


def test_halls_do_not_see_each_other(open_hall):
    one, other = open_hall(), open_hall()
    add(one, "http x", ONE)
    assert kept(other) == []
