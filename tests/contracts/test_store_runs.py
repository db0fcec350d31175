"""The run table, troubles of jobs, and the one service of a hall."""

from __future__ import annotations

import pytest
from storekit import NOW

from punchsync.core.stored import JobRun, JobTrouble
from punchsync.store import SqlStore
from punchsync.store.alone import Served


def test_runs_are_told_by_name_and_stretch_and_the_latest_of_each(store):
    with store.writing() as work:
        for job, due in (("poll-1", 10), ("poll-2", 20), ("nightly", 20), ("poll-1", 30), ("poll-1", 90)):
            work.runs.done(job, NOW + due, NOW + due + 1, "ok")
    with store.reading() as work:
        assert work.runs.ran(["poll-1", "nightly"], NOW + 10, NOW + 30) == [
            JobRun("nightly", NOW + 20, NOW + 21, "ok"), JobRun("poll-1", NOW + 30, NOW + 31, "ok"),
        ]  # fmt: skip
        assert work.runs.ran([], 0, NOW + 99) == []
        assert work.runs.latest(NOW + 30) == {
            "nightly": JobRun("nightly", NOW + 20, NOW + 21, "ok"),
            "poll-1": JobRun("poll-1", NOW + 30, NOW + 31, "ok"),
            "poll-2": JobRun("poll-2", NOW + 20, NOW + 21, "ok"),
        }
        assert work.runs.latest(NOW) == {}


def test_a_job_that_fails_is_counted_until_that_run_of_it_is_done(store):
    with store.writing() as work:
        work.runs.failed("backup", NOW, NOW + 1, "OSError", "full")
        work.runs.failed("backup", NOW, NOW + 5, "TimeoutError", "")
        work.runs.failed("nightly", NOW, NOW + 2, "ValueError", "")
    with store.writing() as work:
        assert work.runs.troubles() == {
            "backup": JobTrouble("backup", NOW, NOW + 1, NOW + 5, 2, "TimeoutError", ""),
            "nightly": JobTrouble("nightly", NOW, NOW + 2, NOW + 2, 1, "ValueError", ""),
        }
        work.runs.done("backup", NOW - 9, NOW + 6, "ok")
        assert set(work.runs.troubles()) == {"backup", "nightly"}
        work.runs.done("backup", NOW, NOW + 7, "ok")
        assert set(work.runs.troubles()) == {"nightly"}
        work.runs.eased(["nightly", "verify"])
        assert work.runs.troubles() == {}


def test_two_services_of_one_hall_exclude_each_other_across_machines(store, store_url, open_hall):
    other, another_hall = SqlStore(store_url, store._hall), open_hall()
    with store.alone() as ours, another_hall.alone():
        assert ours()
        if store_url.startswith("postgresql"):
            with pytest.raises(Served), other.alone():
                pass
        with store.writing() as work, other.reading():
            work.runs.done("poll-1", NOW, NOW, "ok")
    with other.alone() as theirs:
        assert theirs()
    other.close()


def test_a_lock_whose_session_broke_off_is_taken_again_unless_another_was_quicker(store, store_url, request):
    if not store_url.startswith("postgresql"):
        pytest.skip("a SQLite file is guarded by its site's own lock")
    server = request.getfixturevalue("postgres_server")

    def cut() -> None:
        with server.connect("postgres") as connection:
            found = connection.execute("SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory'").fetchall()
            for (pid,) in found:
                connection.execute("SELECT pg_terminate_backend(%s)", (pid,))
            while connection.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'").fetchone():
                pass

    other = SqlStore(store_url, store._hall)
    with store.alone() as ours:
        cut()
        assert ours()
        assert ours()
        with pytest.raises(Served), other.alone():
            pass
        cut()
        with other.alone() as theirs:
            assert theirs()
            assert not ours()
    other.close()
