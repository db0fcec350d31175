"""Transactions: whole or not at all, one writer at a time, and readers who see one state throughout."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy.exc import DBAPIError
from storekit import NOW, plan, post

from punchsync.core.ledger import GENESIS, link
from punchsync.store import SqlStore

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
    with pytest.raises(DBAPIError, match="readonly"), store.reading() as work:
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


def test_a_kill_at_any_moment_leaves_whole_transactions(tmp_path):
    url = f"sqlite:///{tmp_path}/punchsync.db"
    SqlStore(url, "demo").close()
    for delay in (0.05, 0.17, 0.4):
        script = WRITER.format(url=url, here=str(__file__).rpartition("/")[0])
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        store = SqlStore(url, "demo")
        with store.reading() as work:
            reads = work.readings.reads(NOW + 10**6)
            assert len(work.punches.between(0, NOW + 10**6)) == 300 * len(reads)
            assert chain_holds(work) == 300 * len(reads)
        store.close()
        (tmp_path / "punchsync.db").unlink()
        SqlStore(url, "demo").close()


def chain_holds(work):
    """The length of a chain whose every link was checked."""
    head, height = GENESIS, 0
    for chained in work.ledger.entries():
        height += 1
        assert (chained.height, chained.previous) == (height, head)
        head = link(head, chained.entry)
        assert chained.hash == head
    return height
