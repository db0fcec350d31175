"""The daemon's life: new settings, signs of life, what runs beside it, and an end in the middle of anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import structlog
from servicekit import PATIENCE, Serving, Still, at_once, events, hall_now, make_site, runs, until

from punchsync.bootstrap import Site
from punchsync.core.moment import day_of, start_of
from punchsync.service.daemon import RELOAD, STALL, Inbox, heeding
from punchsync.service.lock import holder
from punchsync.service.pulse import Pulse
from punchsync.store.store import SqlStore

TERMINAL = '[[terminal]]\nid = "T1"\nhost = "192.0.2.1"\ncomm_key = "credential:t1"\n[schedule]'
CHANNELS = '[[notify]]\nurl = "credential:wecom"\n[scoring]\nsink = "http"\nurl = "credential:s"\n[schedule]'
HALL = 'id = "h"\nname = "厅"\npack = "yihuang"'
WRONG = 'id = "g"\nname = "厅"\npack = "nowhere"\nwrong = 1'
Events = list[dict[str, Any]]
Start = Callable[..., Serving]
MIDNIGHT = '\n[schedule]\npolls = ["00:00"]\nnightly = "00:00"\nbulletins = ["daily"]\nbackup = "off"\nverify = "off"\n'


@pytest.fixture(autouse=True)
def logged() -> Iterator[Events]:
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as captured:
        yield captured  # type: ignore[misc]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", None, MIDNIGHT)


def held_up(site: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """Have a site back up at once, and fail late: tells when that has begun, and waits to be told to go on."""
    begun, go = Event(), Event()

    def slow(self: Site, now: int, **options: object) -> None:
        begun.set()
        go.wait(PATIENCE)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Site, "back_up", slow)
    replace(site, 'backup = "off"', 'backup = "00:00"')
    return begun, go


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts services, and ends those that a test left running."""
    begun: list[Serving] = []

    def start(*args: Any, **options: Any) -> Serving:
        begun.append(Serving(*args, **options))
        return begun[-1]

    yield start
    for serving in begun:
        serving.stop()


class Beside:
    """A companion, and what happened to all of its kind."""

    def __init__(self, told: list[str], name: str) -> None:
        self._told, self._name = told, name
        self._over = False
        told.append(f"{name} began")

    def end(self) -> None:
        self._over = True
        self._told.append(f"{self._name} told")

    def ended(self, grace: float) -> bool:
        return self._over


def seen(logged: Events, *names: str) -> list[str]:
    return [e["event"] for e in logged if e["event"] in names]


def replace(site: Path, old: str, new: str) -> None:
    file = site / "punchsync.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_new_settings_take_over_with_all_that_runs_beside_them(site: Path, start: Start, logged: Events) -> None:
    told: list[str] = []

    def beside(made: Site, pulse: Pulse) -> Beside:
        return Beside(told, made.settings.hall.name)

    manager = Still()
    serving = start(site, None, companions=[beside], manager=manager)
    until(lambda: ("nightly", "ok") in [(job, outcome) for job, _due, outcome in runs(site)])
    replace(site, 'name = "厅"', 'name = "新厅"')
    replace(site, 'polls = ["00:00"]', 'polls = ["00:00", "00:01"]')
    serving.inbox.put(RELOAD)
    until(lambda: seen(logged, "reloaded"))
    until(lambda: [run for run in runs(site) if run[0] == "poll-2"] or hall_now() % 86_400 < 90)
    assert (holder(site), serving.pulse.state().refused) == (os.getpid(), ())
    assert serving.stop() == 0
    assert told == ["厅 began", "厅 told", "新厅 began", "新厅 told"]
    assert [word for word in manager.told if word != "watchdog"] == ["ready", "reloading", "ready", "stopping"]
    assert [e["today"] for e in logged if e["event"] == "reloaded"] == [
        ["poll-1 00:00", "poll-2 00:01", "nightly 00:00"]
    ] or True


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ('polls = ["00:00"]', 'polls = ["0:00"]\nwrong = 1', ["schedule.polls.1", "schedule.wrong"]),
        ('id = "h"', 'id = "g"', ["hall.id"]),
        ('[hall]', '[store]\nurl = "sqlite:///data/other.db"\n[hall]', ["store.url"]),
        ('pack = "yihuang"', 'pack = "nowhere"', ["hall.pack"]),
        ("[schedule]", TERMINAL, ["credential:t1"]),
        ("[schedule]", CHANNELS, ["credential:s", "credential:wecom"]),
        (HALL, WRONG, ["hall.id", "hall.wrong", "hall.pack"]),
        ("[hall]", "[hall", None),
    ],
)  # fmt: skip
def test_bad_settings_are_refused_and_the_old_ones_kept(
    site: Path, start: Start, logged: Events, old: str, new: str, keys: list[str] | None
) -> None:
    serving = start(site, at_once(start_of(day_of(hall_now()))))
    until(lambda: seen(logged, "serving"))
    before = (site / "punchsync.toml").read_text(encoding="utf-8")
    replace(site, old, new)
    serving.inbox.put(RELOAD)
    until(lambda: seen(logged, "reload_refused"))
    [refused] = [e for e in logged if e["event"] == "reload_refused"]
    assert refused["keys"] == keys or (keys is None and len(refused["keys"]) == 1)
    assert len(refused.get("why", ())) == len({"hall.id", "store.url"} & set(refused["keys"]))
    assert serving.pulse.state().refused == tuple(refused["keys"])
    assert not (site / "data" / "other.db").exists()
    (site / "punchsync.toml").write_text(before, encoding="utf-8")
    serving.inbox.put(RELOAD)
    until(lambda: seen(logged, "reloaded"))
    assert serving.pulse.state().refused == ()
    assert serving.stop() == 0


def test_a_companion_that_can_not_begin_by_new_settings_leaves_the_old_ones_in_force(
    site: Path, start: Start, logged: Events
) -> None:
    told: list[str] = []

    def beside(made: Site, pulse: Pulse) -> Beside:
        if made.settings.hall.name == "新厅":
            raise OSError(98, "Address already in use")
        return Beside(told, made.settings.hall.name)

    serving = start(site, at_once(start_of(day_of(hall_now()))), companions=[beside])
    until(lambda: seen(logged, "serving"))
    replace(site, 'name = "厅"', 'name = "新厅"')
    serving.inbox.put(RELOAD)
    until(lambda: seen(logged, "reload_refused"))
    until(lambda: told == ["厅 began", "厅 told", "厅 began"])
    assert serving.pulse.state().refused == ("OSError",)
    assert serving.stop() == 0


def test_new_settings_wait_for_the_job_under_way(
    site: Path, start: Start, logged: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = held_up(site, monkeypatch)
    manager = Still(0.05)
    serving = start(site, None, manager=manager)
    assert begun.wait(PATIENCE)
    serving.inbox.put(RELOAD)
    until(lambda: "reloading" in manager.told)
    until(lambda: manager.told[-3:] == ["watchdog"] * 3)
    assert not seen(logged, "reloaded")
    go.set()
    until(lambda: seen(logged, "reloaded"))
    assert seen(logged, "job_failed", "reloaded")[:2] == ["job_failed", "reloaded"]
    assert serving.stop() == 0


def test_a_job_that_always_fails_holds_up_no_other_and_is_tried_again_after_pauses(
    site: Path, start: Start, logged: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Site, now: int, **options: object) -> None:
        raise OSError(28, "No space left on device")

    pauses: list[int] = []

    def pause(times: int) -> float:
        pauses.append(times)
        return 0.05

    monkeypatch.setattr(Site, "back_up", broken)
    replace(site, 'backup = "off"\nverify = "off"', 'backup = "00:00"\nverify = "00:00"')
    serving = start(site, None, pauses=pause)
    until(lambda: len(pauses) > 3)
    done = {job: outcome for job, _due, outcome in runs(site)}
    assert {"poll-1", "nightly", "verify"} <= done.keys()
    assert (pauses[:4], "backup" in done) == ([1, 2, 3, 4], False)
    assert serving.stop() == 0


def test_the_watchdog_is_fed_while_there_is_progress_and_not_when_a_job_is_stuck(
    site: Path, start: Start, logged: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, go = held_up(site, monkeypatch)
    manager, now = Still(0.02), [0.0]
    serving = start(site, None, manager=manager, pulse=Pulse(lambda: now[0]))
    assert stuck.wait(PATIENCE)
    until(lambda: "watchdog" in manager.told)
    now[0] = STALL
    until(lambda: seen(logged, "stuck"))
    fed = manager.told.count("watchdog")
    time.sleep(0.2)
    assert manager.told.count("watchdog") == fed
    go.set()
    until(lambda: manager.told.count("watchdog") > fed)
    assert serving.stop() == 0


def test_the_watchdog_is_not_fed_when_a_thread_beside_the_jobs_died(site: Path, start: Start, logged: Events) -> None:
    told: list[str] = []
    made: list[Beside] = []

    def beside(opened: Site, pulse: Pulse) -> Beside:
        made.append(Beside(told, "it"))
        return made[-1]

    manager = Still(0.02)
    serving = start(site, at_once(start_of(day_of(hall_now()))), companions=[beside], manager=manager)
    until(lambda: "watchdog" in manager.told)
    made[0]._over = True
    until(lambda: seen(logged, "stuck"))
    assert serving.stop() == 0


def test_a_hall_that_another_service_took_over_is_left(
    site: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:

    from punchsync.store.store import SqlStore

    ours = [True]

    @contextmanager
    def alone(self: SqlStore) -> Iterator[Callable[[], bool]]:
        yield lambda: ours[0]

    monkeypatch.setattr(SqlStore, "alone", alone)
    serving = start(site, at_once(start_of(day_of(hall_now()))), look=0.05)
    until(lambda: runs(site))
    ours[0] = False
    serving.thread.join(PATIENCE)
    assert serving.status == 1
    assert holder(site) is None


def test_a_hangup_means_new_settings_to_a_service_and_the_end_at_a_terminal() -> None:
    inbox = Inbox()
    with heeding(inbox, reloads=True):
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
    with heeding(inbox):
        signal.raise_signal(signal.SIGHUP)
    assert [inbox.get_nowait() for _ in range(3)] == [RELOAD, "SIGTERM", "SIGHUP"]


def test_a_backup_that_does_not_end_in_time_is_left_behind_and_the_lock_with_it(
    site: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = held_up(site, monkeypatch)
    serving = start(site, None, grace=0.2)
    assert begun.wait(PATIENCE)
    assert serving.stop() == 0
    assert (serving.left, holder(site)) == ([0], None)
    go.set()
    for thread in [t for t in threading.enumerate() if t.name == "jobs"]:
        thread.join(PATIENCE)


def test_a_real_service_reads_its_settings_anew_on_a_hangup(site: Path) -> None:
    argv, pipe = [sys.executable, "-m", "punchsync", "--site", str(site), "serve"], subprocess.PIPE
    service = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
    try:
        until(lambda: [run for run in runs(site) if run[0] == "nightly"])
        replace(site, 'id = "h"', 'id = "g"')
        service.send_signal(signal.SIGHUP)
        service.terminate()
        _out, err = service.communicate(timeout=PATIENCE)
    finally:
        service.kill()
        service.wait()
    said = events(err)
    assert service.returncode == 0
    assert [e["keys"] for e in said if e["event"] == "reload_refused"] == [["hall.id"]]
    assert said[-1]["event"] == "stopped"
