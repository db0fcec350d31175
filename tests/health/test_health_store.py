"""Probes on a real store: one that is locked, gone or stuck is said to be so, and nobody waits for it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from healthkit import answered, ask, make_site

from punchsync.bootstrap import opened
from punchsync.core.moment import HOUR, day_of, start_of
from punchsync.core.reading import Reading, Row
from punchsync.operations.deliver import prepare
from punchsync.operations.settle import settle
from punchsync.service.facts import Gatherer, Outbox
from punchsync.service.health import Limits, Trouble
from punchsync.service.pulse import Pulse
from punchsync.service.recent import Late
from punchsync.service.schedule import schedule_of
from punchsync.service.watch import Watch

SOON = 10.0
"""Far longer than any probe may take, and than a busy machine makes it."""


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another process writes, and takes its time."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=SOON)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def pulse() -> Pulse:
    made = Pulse()
    made.looked()
    return made


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site")


def test_a_service_at_rest_answers_all_three(site: Path, pulse: Pulse) -> None:
    with opened(site) as held, answered(held, pulse) as address:
        assert (ask(address, "/healthz").status, ask(address, "/readyz").status) == (200, 200)
        metrics = ask(address, "/metrics")
    assert (metrics.status, metrics.headers["content-type"].partition(";")[0]) == (200, "text/plain")


def test_a_service_that_did_not_look_yet_is_alive_and_not_ready(site: Path) -> None:
    with opened(site) as held, answered(held, Pulse()) as address:
        assert ask(address, "/healthz").status == 200
        ready = ask(address, "/readyz")
    assert (ready.status, ready.checks["service"]) == (503, (False, None, "starting"))


def test_a_store_that_somebody_writes_keeps_no_probe_waiting_and_is_well(site: Path, pulse: Pulse) -> None:
    with opened(site) as held, answered(held, pulse) as address, locked(site / "data" / "punchsync.db"):
        began = time.monotonic()
        ready, metrics = ask(address, "/readyz"), ask(address, "/metrics")
        assert time.monotonic() - began < SOON
    assert (ready.status, ready.checks["store_read"][0]) == (200, True)
    assert ready.checks["store_write"][1] > 0
    assert "punchsync_coverage_age_seconds" in metrics.body


def test_a_store_that_hangs_is_said_to_and_the_service_stays_alive(
    site: Path, pulse: Pulse, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()

    @contextmanager
    def hanging() -> Iterator[Any]:
        free.wait(60)
        raise OSError
        yield

    with opened(site) as held:
        monkeypatch.setattr(held.store, "reading", hanging)
        with answered(held, pulse) as address:
            began = time.monotonic()
            ready, metrics, alive = ask(address, "/readyz"), ask(address, "/metrics"), ask(address, "/healthz")
            assert time.monotonic() - began < SOON
            free.set()
    assert (ready.status, ready.checks["store_read"][::2]) == (503, (False, "no_answer"))
    assert (alive.status, metrics.status) == (200, 200)
    assert 'punchsync_check_ok{check="store_read"} 0.0' in metrics.body
    assert "punchsync_coverage_age_seconds" not in metrics.body


def watch(held: Any, pulse: Pulse, **options: int) -> Watch:
    return Watch(held, pulse, schedule_of(held.settings, held.loaded.pack), Limits(options.get("free", 1), 24 * HOUR))


def test_a_store_that_is_no_database_any_more_is_named_by_the_kind_of_its_error(site: Path, pulse: Pulse) -> None:
    with opened(site) as held:
        held.store.close()
        for name in ("punchsync.db-wal", "punchsync.db-shm"):
            (site / "data" / name).unlink(missing_ok=True)
        (site / "data" / "punchsync.db").write_bytes(b"nothing of ours" * 999)
        seen = watch(held, pulse).seen()
    assert seen.facts == Trouble("DatabaseError")
    assert seen.writable == "DatabaseError"


def test_a_folder_that_takes_no_data_makes_the_store_unwritable(site: Path, pulse: Pulse) -> None:
    with opened(site) as held:
        (site / "data").rename(site / "elsewhere")
        (site / "data").write_text("a file in its place")
        assert watch(held, pulse).seen().writable == "NotADirectoryError"


def test_too_little_room_is_not_ready(site: Path, pulse: Pulse) -> None:
    with opened(site) as held:
        health = watch(held, pulse, free=10**18).ready()
    assert [(c.name, c.reason) for c in health.checks if not c.ok] == [("disk", "low")]


def test_a_writer_that_takes_long_is_late_and_not_in_trouble(site: Path, pulse: Pulse) -> None:
    with opened(site) as held, locked(site / "data" / "punchsync.db"):
        assert isinstance(watch(held, pulse).seen().writable, Late)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_facts_are_those_of_the_store(
    tmp_path: Path, database: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database == "postgresql":
        monkeypatch.setenv("PUNCHSYNC_STORE__URL", request.getfixturevalue("postgres_url"))
    folder = make_site(tmp_path / "site", '[[terminal]]\nid = "T2"\nto = 2026-01-31\n')
    with opened(folder) as held:
        plan = schedule_of(held.settings, held.loaded.pack)
        gatherer = Gatherer(held.hall, "scores")
        empty = gatherer.gather(plan)
        assert (set(empty.terminals), empty.height, empty.attention) == ({"T1"}, 0, {})
        assert empty.terminals["T1"].through is None
        now = held.hall.clock.now()
        punch = Row(0, b"1", "1001", now - 60, "1", "0")
        read = Reading(
            "T1", "tcp", "127.0.0.1", "d", (punch,), began=now - 30, clock_offset=-2, held=1, capacity=4, count_after=1
        )
        with held.store.writing() as work:
            work.readings.add(read, now)
            work.runs.done("poll-1", start_of(day_of(now)), now - 5, "ok")
            work.runs.done("poll-1", start_of(day_of(now)) + 1, now, "none")
            work.runs.done("verify", start_of(day_of(now)), now, "differs")
        done = settle(held.hall, now)
        assert prepare(held.hall, "scores", 10)[0] is not None
        known = gatherer.gather(plan)
    terminal = known.terminals["T1"]
    assert (terminal.read, terminal.offset, terminal.fill, terminal.defects) == (now - 30, -2, 0.25, 0)
    assert terminal.through == now - 30
    assert known.unknown == {"pending": done.pending, "unverified": done.unverified}
    assert (known.dirty, known.height, known.chain > empty.chain) == (0, len(done.posts), True)
    assert isinstance(known.outbox, Outbox)
    assert (known.outbox.waiting, known.outbox.refused) == (len(done.posts), 0)
    assert {job.name: job.last_at for job in known.jobs}["poll-1"] == now
    assert known.succeeded == {"poll-1": now - 5}
