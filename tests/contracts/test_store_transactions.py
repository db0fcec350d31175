"""Transactions: whole or not at all, one writer at a time, and readers who see one state throughout."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from storekit import NOW, live, plan, post

from punchsync.core.ledger import GENESIS, link
from punchsync.store import SqlStore, engine, rows
from punchsync.store.rows import insert
from punchsync.store.tables import pack

WRITER = """
import sys
sys.path.insert(0, {here!r})
from punchsync.store import SqlStore
from storekit import NOW, live, plan, post
store = SqlStore({url!r}, "demo")
print("ready", flush=True)
for n in range(10**6):
    with store.writing() as work:
        work.readings.add(live("T1", *((str(k), NOW + n) for k in range(300)), began=NOW + n), NOW + n)
        work.ledger.append(plan(*(post(f"{{n}}/{{k}}") for k in range(300))), NOW)
        work.months.mark("2026-10")
"""


def test_what_an_exception_interrupts_is_undone(store):
    with pytest.raises(RuntimeError), store.writing() as work:
        work.records.put("staff", [("p1", {"name": "张三"})], NOW)
        work.ledger.append(plan(post("a")), NOW)
        raise RuntimeError
    with store.reading() as work:
        assert (work.records.all("staff"), list(work.ledger.entries())) == ({}, [])


def test_a_view_can_not_write(store):
    with pytest.raises(DBAPIError, match=r"read-?only"), store.reading() as work:
        work.records.put("staff", [("p1", {"name": "张三"})], NOW)


def test_a_view_does_not_see_what_is_written_while_it_is_open(store, store_url):
    other = SqlStore(store_url, store._hall)
    with store.reading() as view:
        assert view.records.all("staff") == {}
        with other.writing() as work:
            work.records.put("staff", [("p1", {"name": "张三"})], NOW)
        assert view.records.all("staff") == {}
    with store.reading() as view:
        assert view.records.all("staff") == {"p1": {"name": "张三"}}
    other.close()


def test_a_writer_excludes_another_from_its_first_look_to_its_commit(store, store_url):
    other = SqlStore(store_url, store._hall)
    order: list[str] = []
    inside = threading.Event()

    def first():
        with store.writing() as work:
            inside.set()
            time.sleep(0.3)
            work.ledger.append(plan(post("a")), NOW)
            order.append("first")

    def second():
        inside.wait()
        with other.writing() as work:
            order.append("second")
            work.ledger.append(plan(post("b")), NOW)

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]
    with store.reading() as work:
        assert [c.entry.cause for c in work.ledger.entries()] == ["a", "b"]
    other.close()


def test_many_threads_of_one_store_append_one_chain(store):
    def work_on(name):
        for n in range(10):
            with store.writing() as work:
                work.ledger.append(plan(post(f"{name}/{n}")), NOW)

    threads = [threading.Thread(target=work_on, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as work:
        assert chain_holds(work) == 60


def test_a_writer_sees_from_its_first_look_what_the_one_before_it_committed(store, store_url):
    other = SqlStore(store_url, store._hall)
    waiting, seen = threading.Event(), []

    def second():
        waiting.set()
        with other.writing() as work:
            seen.append((work.records.all("staff"), work.runs.settled_as_of(), work.months.epoch()))

    with store.writing() as work:
        thread = threading.Thread(target=second)
        thread.start()
        waiting.wait()
        time.sleep(0.1)
        work.records.put("staff", [("p1", {"name": "张三"})], NOW)
        work.runs.settled(NOW, "d1", NOW)
        work.months.mark("2026-10")
    thread.join()
    assert seen == [({"p1": {"name": "张三"}}, NOW, 1)]
    other.close()


def test_who_waits_too_long_for_another_writer_is_told(store, store_url, monkeypatch):
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.1)
    other = SqlStore(store_url, store._hall)
    with store.writing(), pytest.raises(OperationalError, match=r"locked|lock timeout"), other.writing():
        pass
    with other.writing() as work:
        work.ledger.append(plan(post("a")), NOW)
    other.close()


def test_a_hall_in_the_same_postgresql_database_does_not_wait_for_another(open_hall, monkeypatch):
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.1)
    one, other = open_hall(), open_hall()
    if one._engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer a file")
    with one.writing() as work, other.writing() as beside:
        work.ledger.append(plan(post("a")), NOW)
        beside.ledger.append(plan(post("b")), NOW)
    with one.reading() as work, other.reading() as beside:
        assert (chain_holds(work), chain_holds(beside)) == (1, 1)


def test_a_store_outlives_a_server_that_is_started_anew(store):
    if store._engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    with store.reading(), store._engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database()"
        )
    with store.writing() as work:
        work.ledger.append(plan(post("a")), NOW)


def test_what_an_error_says_does_not_quote_what_is_stored(store):
    with pytest.raises(IntegrityError) as raised, store.writing() as work:
        insert_pack = (store._hall, "d1", "text", NOW)
        insert(work.papers._connection, pack, [insert_pack, insert_pack])
    assert not any(quoted in f"{raised.value} {raised.value.orig}" for quoted in (store._hall, "d1"))


def test_many_rows_are_read_a_block_at_a_time_by_views_side_by_side(store, monkeypatch):
    monkeypatch.setattr(rows, "BLOCK", 4)
    with store.writing() as work:
        work.readings.add(live("T1", *((str(n), NOW + n) for n in range(9)), began=NOW + 9), NOW + 9)
        one, other = work.punches.stored(0, NOW + 9), work.punches.stored(NOW + 4, NOW + 7)
        assert [[p.at - NOW for p in pair] for pair in zip(one, other, strict=False)] == [
            [0, 4], [1, 5], [2, 6], [3, 7],
        ]  # fmt: skip
        assert len(list(work.punches.stored(0, NOW + 9))) == 9


def test_a_kill_at_any_moment_leaves_whole_transactions(new_url):
    for delay in (0.05, 0.17, 0.4):
        url = new_url()
        SqlStore(url, "demo").close()
        script = WRITER.format(url=url, here=str(__file__).rpartition("/")[0])
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        store = SqlStore(url, "demo")
        with store.writing() as work:  # waits for what the killed one may still be doing
            reads = work.readings.reads(NOW + 10**6)
            assert len(work.punches.between(0, NOW + 10**6)) == 300 * len(reads)
            assert chain_holds(work) == 300 * len(reads)
        store.close()


def chain_holds(work):
    """The length of a chain whose every link was checked."""
    head, height = GENESIS, 0
    for chained in work.ledger.entries():
        height += 1
        assert (chained.height, chained.previous) == (height, head)
        head = link(head, chained.entry)
        assert chained.hash == head
    return height
