"""A site with one emulated terminal, and a service run in this process until it has done what a test waits for."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as midnight
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from punchsync.bootstrap import Site, opened
from punchsync.bootstrap.reader import Reader
from punchsync.core.moment import DAY, Moment, day_of, to_date, to_moment
from punchsync.emulator import Device, EmulatedTerminal
from punchsync.service import daemon
from punchsync.service.daemon import WAKE, Inbox, serve
from punchsync.service.pulse import Pulse
from punchsync.service.schedule import Planner

ZONE = ZoneInfo("Asia/Shanghai")
STAFF = (
    "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    "A1,甲一,公安局,公安,staff,1001,,2026-01-01,\n"
    "A2,甲二,公安局,公安,staff,1002,,2026-01-01,\n"
)
PATIENCE = 60.0

PLAIN = '[bulletin]\nforms = ["md"]\n'
"""Settings of a site whose bulletins are texts: what other forms take is not what most tests are about."""


def hall_now() -> Moment:
    return to_moment(datetime.now(ZONE).replace(tzinfo=None))


def at_once(*moments: Moment) -> Planner:
    """A schedule of polls at these moments, and the nightly job with the last."""
    from punchsync.service.schedule import Job

    def plan(day: int) -> list[Job]:
        today = [m for m in moments if day_of(m) == day]
        jobs = [Job(f"poll-{n}", m, day) for n, m in enumerate(today, 1)]
        return [*jobs, Job("nightly", today[-1], day)] if today else []

    return plan


def make_site(folder: Path, terminal: EmulatedTerminal | None, schedule: str = "", terminals: str = "") -> Path:
    """A site of the yihuang pack with two people, and the terminal if there is one."""
    from punchsync.bootstrap.bringing import bring_records

    folder.mkdir()
    text = '[hall]\nid = "h"\nname = "厅"\npack = "yihuang"\n'
    if terminal is not None:
        text += f'[[terminal]]\nid = "T1"\nhost = "127.0.0.1"\nport = {terminal.port}\n'
    if "[bulletin]" not in schedule:
        schedule += PLAIN
    (folder / "punchsync.toml").write_text(text + terminals + schedule, encoding="utf-8")
    with opened(folder) as site:
        assert not bring_records(site, "staff", STAFF.encode(), "staff.csv", False).problems
    return folder


@contextmanager
def terminal_with_punches() -> Iterator[EmulatedTerminal]:
    """A terminal at the hall's real time with four punches of today's first minutes."""
    device = Device(now=lambda: datetime.now(ZONE).replace(tzinfo=None))
    midnight = datetime.now(ZONE).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    for user in ("1001", "1002"):
        device.enrol(user)
        for second in (0, 1):
            device.punch(user, midnight.replace(second=second))
    with EmulatedTerminal(device) as terminal:
        yield terminal


class Time:
    """The true time, which only goes on when told to, and a server's clock that may be wrong by some seconds."""

    def __init__(self, true: Moment) -> None:
        self.true, self.wrong = true, 0
        self._began = true

    def now(self) -> Moment:
        return self.true + self.wrong

    def shown(self) -> datetime:
        """As a terminal that is right shows it."""
        return datetime.combine(to_date(day_of(self.true)), midnight()) + timedelta(seconds=self.true % DAY)

    def boot(self) -> float:
        return float(self.true - self._began)


class Still:
    """A manager that is told, and remembers."""

    def __init__(self, interval: float | None = None) -> None:
        self.told: list[str] = []
        self._interval = interval

    def ready(self) -> None:
        self.told.append("ready")

    def reloading(self) -> None:
        self.told.append("reloading")

    def stopping(self) -> None:
        self.told.append("stopping")

    def watchdog(self) -> None:
        self.told.append("watchdog")

    def interval(self) -> float | None:
        return self._interval


class Serving:
    """A service on a thread of its own; with a `time` of its own, or in that of this machine."""

    def __init__(self, folder: Path, plan: Planner | None, time: Time | None = None, **options: Any) -> None:
        self.inbox = Inbox()
        self.status: int | None = None
        self.left: list[int] = []
        self.pulse: Pulse = options.pop("pulse", None) or Pulse()
        self._folder, self._plan, self._options, self._time = folder, plan, options, time
        if time is not None:
            options["boot"] = time.boot
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self._site() as site:
            self.status = serve(
                site,
                plan=self._plan,
                inbox=self.inbox,
                leave=self.left.append,
                again=self._site,
                pulse=self.pulse,
                **self._options,
            )

    def _site(self) -> Site:
        site, time = Site(self._folder), self._time
        if time is not None:
            site.clock = time
            reader = Reader(self._folder, site.settings.terminal, time, time, patient=False)
            site.hall = replace(site.hall, clock=time, reader=reader)
        return site

    def look(self) -> None:
        """Have it look at once."""
        self.inbox.put(WAKE)

    def stop(self) -> int | None:
        self.inbox.put("test")
        self.thread.join(PATIENCE)
        return self.status


def runs(folder: Path) -> list[tuple[str, int, str]]:
    """The run table: job, due, outcome."""
    with sqlite3.connect(folder / "data" / "punchsync.db") as connection:
        found = connection.execute("SELECT job, due, outcome FROM job_run ORDER BY due, job DESC").fetchall()
    connection.close()
    return [tuple(row) for row in found]


def noted(folder: Path, job: str, outcomes: tuple[Moment, str]) -> None:
    """Put a row in the run table, as an earlier run would have."""
    with opened(folder) as site, site.store.writing() as work:
        work.runs.done(job, outcomes[0], outcomes[0], outcomes[1])


def until(true: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait for something; fails the test when it does not come."""
    give_up = time.monotonic() + patience
    while not true():
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.05)


def events(text: str) -> list[dict[str, Any]]:
    """A log's events."""
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


__all__ = [
    "DAY", "PATIENCE", "STAFF", "Serving", "Still", "Time", "at_once", "daemon", "events", "hall_now", "make_site",
    "noted", "runs", "terminal_with_punches", "until",
]  # fmt: skip
