"""The daemon against an emulated terminal: jobs at their hour, catching up, one instance, and a quick end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest
import structlog
from servicekit import (
    DAY,
    PATIENCE,
    Serving,
    at_once,
    events,
    hall_now,
    make_site,
    noted,
    runs,
    terminal_with_punches,
    until,
)

from punchsync.bootstrap import opened
from punchsync.core.moment import day_of, show_day, start_of
from punchsync.emulator import EmulatedTerminal
from punchsync.service import bulletin as service_bulletin
from punchsync.service.lock import Taken, alone

MIDNIGHT = '\n[schedule]\npolls = ["00:00"]\nnightly = "00:00"\nbulletins = ["daily"]\nbackup = "off"\nverify = "off"\n'


@pytest.fixture
def terminal() -> Iterator[EmulatedTerminal]:
    with terminal_with_punches() as terminal:
        yield terminal


@pytest.fixture(autouse=True)
def quiet() -> Iterator[list[dict[str, object]]]:
    structlog.reset_defaults()  # a command that ran in this process before may have asked for quiet
    with structlog.testing.capture_logs() as captured:
        yield captured  # type: ignore[misc]


def outcomes(site: Path) -> list[tuple[str, str]]:
    return [(job, outcome) for job, _due, outcome in runs(site)]


def bulletins(site: Path) -> list[str]:
    return sorted(p.name for p in (site / "bulletins").glob("*")) if (site / "bulletins").is_dir() else []


def process(site: Path, *args: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "punchsync", "--site", str(site), "serve", *args]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_jobs_a_few_seconds_ahead_are_done_when_their_moment_comes(
    tmp_path: Path, terminal: EmulatedTerminal, quiet: list[dict[str, object]]
) -> None:
    site = make_site(tmp_path / "site", terminal)
    due = hall_now() + 3
    serving = Serving(site, at_once(due))
    until(lambda: ("nightly", "ok") in outcomes(site))
    assert serving.stop() == 0
    done = [e for e in quiet if e["event"] == "job_done"]
    assert [(e["job"], e["terminals"], e["records"], e["new"]) for e in done] == [
        ("poll-1", 1, 4, 4),
        ("nightly", 0, 0, 0),
    ]
    assert [(job, due) for job, due, _ in runs(site) if job != "serve"] == [("poll-1", due), ("nightly", due)]
    assert bulletins(site) == [f"daily-{show_day(day_of(due))}.md"]


def test_a_start_after_a_downtime_does_a_poll_and_each_nightly_job(tmp_path: Path, terminal: EmulatedTerminal) -> None:
    site = make_site(tmp_path / "site", terminal)
    today = start_of(day_of(hall_now()))
    noted(site, "serve", (today - 9 * DAY, "began"))
    for n in range(9, 2, -1):
        noted(site, "nightly", (today - n * DAY, "ok"))
    serving = Serving(site, at_once(*(today - n * DAY for n in range(9, -1, -1))))
    until(lambda: ("nightly", today, "ok") in runs(site))
    assert serving.stop() == 0
    assert [(job, due) for job, due, _ in runs(site) if due > today - 3 * DAY] == [
        ("nightly", today - 2 * DAY),
        ("nightly", today - DAY),
        ("poll-1", today),
        ("nightly", today),
    ]
    assert terminal.connections == 1
    assert bulletins(site) == [f"daily-{show_day(day_of(today) - n)}.md" for n in (2, 1, 0)]


def test_a_second_start_does_nothing_again(tmp_path: Path, terminal: EmulatedTerminal) -> None:
    site = make_site(tmp_path / "site", terminal)
    plan = at_once(start_of(day_of(hall_now())))
    first = Serving(site, plan)
    until(lambda: ("nightly", "ok") in outcomes(site))
    assert first.stop() == 0
    before = runs(site)
    second = Serving(site, plan, look=0.1)
    time.sleep(1)
    assert second.stop() == 0
    assert (runs(site), terminal.connections) == (before, 1)


def test_a_terminal_that_failed_is_tried_once_more_before_the_bulletin(
    tmp_path: Path, terminal: EmulatedTerminal, quiet: list[dict[str, object]]
) -> None:
    site = make_site(tmp_path / "site", terminal)
    now = hall_now()
    terminal.unplug()
    serving = Serving(site, lambda day: [j for j in at_once(now)(day) if j.name != "nightly"])
    until(lambda: ("poll-1", "none") in outcomes(site))
    assert serving.stop() == 0
    terminal.plug()
    serving = Serving(site, at_once(now))
    until(lambda: ("nightly", "ok") in outcomes(site))
    assert serving.stop() == 0
    (nightly,) = [e for e in quiet if e["event"] == "job_done" and e["job"] == "nightly"]
    assert (nightly["terminals"], nightly["failed"], nightly["records"]) == (1, {}, 4)


def test_an_error_in_a_job_is_logged_and_the_job_is_done_at_a_later_look(
    tmp_path: Path, terminal: EmulatedTerminal, quiet: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(tmp_path / "site", terminal)
    trouble: SimpleQueue[Exception] = SimpleQueue()
    trouble.put(RuntimeError("甲一"))
    real = service_bulletin.publish_period

    def failing(*args: object) -> object:
        if not trouble.empty():
            raise trouble.get()
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(service_bulletin, "publish_period", failing)
    serving = Serving(site, at_once(start_of(day_of(hall_now()))), pauses=lambda times: 0.1)
    until(lambda: ("nightly", "ok") in outcomes(site))
    assert serving.stop() == 0
    (failed,) = [e for e in quiet if e["event"] == "job_failed"]
    assert (failed["job"], failed["error"]) == ("nightly", "RuntimeError")
    assert "甲一" not in str(quiet)
    assert [name for name, _ in outcomes(site)].count("nightly") == 1


def test_a_job_that_does_not_end_in_time_is_left_behind(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        site = make_site(
            tmp_path / "site", None, terminals=f'[[terminal]]\nid = "T1"\nhost = "127.0.0.1"\nport = {port}\n'
        )
        serving = Serving(site, at_once(start_of(day_of(hall_now()))), grace=0.2)
        mute.settimeout(PATIENCE)
        connection, _ = mute.accept()
        serving.inbox.put("test")
        until(lambda: serving.left == [0])
        connection.close()
        mute.close()
        serving.thread.join(PATIENCE)
    with alone(site):
        pass


def test_a_site_has_one_service_and_the_second_says_who_holds_it(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", None)
    with alone(site):
        second = process(site)
        _out, err = second.communicate(timeout=PATIENCE)
        with pytest.raises(Taken) as taken, alone(site):
            pass
    assert second.returncode == 4
    assert str(os.getpid()) in err
    assert taken.value.pid == os.getpid()
    assert not list((site / "data").glob("*.lock"))


def test_a_lock_left_by_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "serve.lock").write_text("1\n")
    with alone(tmp_path):
        assert (tmp_path / "data" / "serve.lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_real_service_says_its_schedule_works_and_ends_when_told(
    tmp_path: Path, terminal: EmulatedTerminal, how: signal.Signals
) -> None:
    site = make_site(tmp_path / "site", terminal, MIDNIGHT)
    service = process(site)
    try:
        until(lambda: (site / "data" / "serve.lock").exists())
        until(lambda: ("nightly", "ok") in outcomes(site))
        service.send_signal(how)
        out, err = service.communicate(timeout=PATIENCE)
    finally:
        service.kill()
        service.wait()
    said = events(err)
    assert service.returncode == 0
    assert "00:00" in out
    jobs = [e["event"] for e in said if e["event"] not in ("read", "settled")]
    assert jobs == ["serving", "job_done", "job_done", "stopped"]
    assert said[0]["today"] == ["poll-1 00:00", "nightly 00:00"]
    assert not {"甲一", "甲二"} & set(err.split('"'))
    assert sorted(p.name for p in (site / "data").iterdir()) == ["punchsync.db"]


def test_a_real_service_told_to_end_in_the_middle_of_a_read_ends_within_10_seconds(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(PATIENCE)
        port = mute.getsockname()[1]
        part = f'[[terminal]]\nid = "T1"\nhost = "127.0.0.1"\nport = {port}\n'
        site = make_site(tmp_path / "site", None, MIDNIGHT, part)
        service = process(site)
        try:
            connection, _ = mute.accept()
            told = time.monotonic()
            service.terminate()
            _out, err = service.communicate(timeout=PATIENCE)
            took = time.monotonic() - told
            connection.close()
        finally:
            service.kill()
            service.wait()
    assert service.returncode == 0
    assert took < 10
    assert events(err)[-1]["in_the_middle_of"] == "poll-1"
    with opened(site) as again, again.store.reading() as work:
        assert work.runs.last("poll-1") is None
