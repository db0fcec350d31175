"""Exactly once and in order, whatever fails: deciding and doing, against a store in memory."""

from __future__ import annotations

import itertools
import threading
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punchsync.core.ledger import GENESIS, link
from punchsync.core.outbox import Answer, Flaw
from punchsync.operations.deliver import check_outbox, push, reconcile, resend, standing, unpark

from .kit import Books, FakeStore, Killed


@pytest.fixture
def books(tmp_path: Path):
    books = Books(tmp_path)
    yield books
    books.store.close()


def quick(books: Books, store: FakeStore, size: int = 2, **more):
    return push(books, store, size, **{"patience": 1e9, "rest": lambda seconds: None, **more})


def flawless(books: Books) -> list[Flaw]:
    heads, head = {}, GENESIS
    with books.store.reading() as work:
        for c in work.ledger.entries():
            head = heads[c.height] = link(head, c.entry)
        return list(check_outbox(books, work, heads))


def test_all_that_waits_is_delivered_in_batches_in_order(books):
    books.book(5)
    store = FakeStore()
    done = quick(books, store)
    assert (done.entries, done.batches, done.parked, done.failed) == (5, 3, 0, None)
    assert (done.owed.waiting, done.owed.since, done.owed.parked) == (0, None, ())
    assert store.applied == books.rows()
    assert books.batches() == [(1, 2, "delivered"), (3, 4, "delivered"), (5, 5, "delivered")]
    assert quick(books, store).batches == 0
    assert len(store.asked) == 3


def test_an_empty_ledger_asks_nobody(books):
    store = FakeStore()
    assert quick(books, store).batches == 0
    assert store.asked == []


def test_a_batch_is_written_down_before_it_is_sent_and_never_cut_anew(books):
    books.book(1)
    with pytest.raises(Killed):
        quick(books, FakeStore(["killed"]), 4)
    assert books.batches() == [(1, 1, "waiting")]
    books.book(4)
    store = FakeStore()
    quick(books, store, 4)
    assert [(b.first, b.last) for b in store.asked] == [(1, 1), (2, 5)]


def test_what_was_taken_without_an_answer_is_sent_again_under_the_same_key_and_counts_once(books):
    books.book(2)
    store = FakeStore(["lost", "down"])
    done = quick(books, store)
    assert [b.key for b in store.asked] == books.keys() * 3
    assert store.applied == books.rows()
    assert (done.batches, done.owed.waiting) == (1, 0)


def test_a_failure_holds_back_what_follows_and_patience_ends(books):
    books.book(4)
    store = FakeStore(itertools.repeat("down"))
    rests: list[float] = []
    done = push(books, store, 2, patience=0.0, rest=rests.append)
    assert (done.failed, rests) == (Answer("again", "unreachable"), [])
    assert (done.owed.waiting, done.owed.tried.detail) == (4, "unreachable")
    assert {b.number for b in store.asked} == {1}


def test_a_refused_batch_is_parked_and_those_after_it_go_on(books):
    books.book(6)
    store = FakeStore(["ok", "refuse"])
    done = quick(books, store)
    assert (done.entries, done.batches, done.parked, done.owed.refused) == (4, 2, 1, 2)
    assert books.batches() == [(1, 2, "delivered"), (3, 4, "parked"), (5, 6, "delivered")]
    assert done.owed.parked[0].detail == "http_422: no"
    assert store.applied == [*books.rows()[:2], *books.rows()[4:]]
    assert quick(books, store).batches == 0
    key = store.asked[1].key
    assert unpark(books, "fake") == 1
    assert quick(books, store).entries == 2
    assert store.asked[-1].key == key
    assert sorted(store.applied) == books.rows()


def test_parked_batches_that_are_sent_again_go_in_order_before_what_is_new(books):
    books.book(4)
    store = FakeStore(["refuse", "refuse"])
    quick(books, store)
    books.book(1)
    unpark(books, "fake")
    quick(books, store)
    assert [b.number for b in store.asked] == [1, 2, 1, 2, 3]
    assert store.applied == books.rows()


def test_another_store_gets_the_whole_ledger(books):
    books.book(3)
    quick(books, FakeStore())
    other = FakeStore()
    other.name = "other"
    assert quick(books, other, 5).entries == 3
    assert other.applied == books.rows()
    assert flawless(books) == []


def test_while_somebody_else_sends_we_do_not(books):
    books.book(2)
    store = FakeStore()
    turns = iter([False, False, True, True])
    done = quick(books, store, turn=lambda: nullcontext(next(turns)))
    assert (done.batches, done.owed.waiting) == (1, 0)
    done = push(books, store, 2, turn=lambda: nullcontext(False))
    assert (done.failed, len(store.asked)) == (Answer("again", "busy"), 1)


def test_stopping_between_two_batches_leaves_the_rest_waiting(books):
    books.book(4)
    store = FakeStore()
    done = quick(books, store, stopping=lambda: len(store.asked) == 1)
    assert (done.batches, done.owed.waiting) == (1, 2)


def test_no_transaction_is_open_while_the_store_is_asked(books):
    books.book(2)

    class Writes(FakeStore):
        def deliver(self, batch, rows):
            books.book(1)
            return super().deliver(batch, rows) if len(self.asked) < 3 else Answer("again", "down")

    done = push(books, Writes(), 2)
    assert done.entries >= 2


def test_an_answer_that_came_too_late_does_not_undo_what_was_taken(books):
    books.book(1)
    quick(books, FakeStore())
    with books.store.writing() as work:
        work.deliveries.note("fake", 1, "again", "timeout", 0)
        work.deliveries.note("fake", 1, "parked", "http_400", 0)
    assert books.batches() == [(1, 1, "delivered")]


def test_two_at_once_deliver_everything_once(books):
    books.book(30)
    store = FakeStore()
    lock = threading.Lock()

    @contextmanager
    def turn():
        with lock:
            yield True

    threads = [threading.Thread(target=quick, args=(books, store), kwargs={"turn": turn}) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.applied == books.rows()
    assert [b.number for b in store.asked] == list(range(1, 16))


def test_entries_that_the_store_lost_are_found_and_sent_again_under_new_keys(books):
    books.book(6)
    store = FakeStore()
    quick(books, store)
    lost = [store.applied.pop(n) for n in (5, 1, 0)]
    found = reconcile(books, store)
    assert [(d.kind, d.entry_id) for d in found.differences] == [("missing", f"E0000000{n}") for n in (1, 2, 6)]
    assert (found.read, found.entries, found.missing) == (3, 6, (1, 2, 6))
    assert resend(books, "fake", found.missing, 2) == 3
    assert resend(books, "fake", found.missing, 2) == 0
    assert [d.kind for d in reconcile(books, store).differences] == []
    quick(books, store)
    assert sorted(store.applied) == books.rows()
    assert len(lost) == 3
    assert [(f, last) for f, last, _ in books.batches()[3:]] == [(1, 2), (6, 6)]
    assert len(set(books.keys())) == 5
    assert flawless(books) == []


def test_what_waits_or_is_parked_is_not_missing_but_may_be_there(books):
    books.book(4)
    store = FakeStore(["lost", "refuse"])
    push(books, store, 2)
    assert reconcile(books, store).differences == ()
    push(books, store, 2, patience=1e9, rest=lambda s: None)
    found = reconcile(books, store)
    assert (found.differences, found.read, found.owed.waiting + found.owed.refused) == ((), 4, 2)


def test_a_store_that_kept_something_else_is_told(books):
    books.book(2)
    store = FakeStore()
    quick(books, store)
    store.applied[0] = (*store.applied[0][:8], "-5", *store.applied[0][9:])
    store.applied.append(("x",) * 13)
    [other, unknown] = reconcile(books, store).differences
    assert (other.kind, other.column, other.found, other.right) == ("different", "points", "-5", "-0.5")
    assert (unknown.kind, unknown.entry_id) == ("unknown", "x")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One database for all examples, a hall of its own for each."""
    folder, numbers = tmp_path_factory.mktemp("shared"), itertools.count(1)

    @contextmanager
    def new():
        books = Books(folder, f"hall{next(numbers)}", "all")
        yield books
        books.store.close()

    return new


DOES = st.sampled_from(["ok", "ok", "ok", "lost", "down", "there", "killed", "refuse"])


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    script=st.lists(DOES, max_size=30),
    acts=st.lists(st.one_of(st.integers(1, 7), st.sampled_from(["push", "unpark"])), min_size=1, max_size=12),
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4),
)
def test_whatever_fails_every_entry_arrives_once_and_in_order_unless_refused(shared, script, acts, sizes):
    with shared() as books:
        store, size = FakeStore(script), itertools.cycle(sizes)
        cut: dict[int, tuple[int, int, str]] = {}
        for act in [*acts, "unpark", "push"]:
            if isinstance(act, int):
                books.book(act)
            elif act == "unpark":
                unpark(books, "fake")
            else:
                try:
                    push(books, store, next(size))
                except Killed:
                    continue
            for b in store.asked:
                assert cut.setdefault(b.number, (b.first, b.last, b.key)) == (b.first, b.last, b.key)
        store._script = iter(())
        unpark(books, "fake")
        quick(books, store, next(size))
        assert sorted(store.applied) == books.rows()
        if "refuse" not in script:
            assert store.applied == books.rows()
        assert standing(books, "fake").waiting == 0
        assert flawless(books) == []
        assert reconcile(books, store).differences == ()
