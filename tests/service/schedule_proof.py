"""The scheduler in real time: alarms a second apart, and a service with polls two seconds apart.

The service's clock is stepped there and back, and it is stopped and started again.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

from servicekit import DAY, hall_now, make_site, runs

from punchsync.bootstrap import Site
from punchsync.core.moment import Moment, day_of
from punchsync.service.alarms import Alarms
from punchsync.service.daemon import Inbox, serve
from punchsync.service.schedule import Job

EVERY = 2
LATE = 3.0
"""Seconds that an alarm, or a poll, may be late on a busy machine."""
ZONE = ZoneInfo("Asia/Shanghai")


class Proved(NamedTuple):
    """How many there were, what is to be said of them, and whether all is well."""

    count: int
    said: str
    good: bool


class Stepped:
    """This machine's clock in the hall's zone, wrong by some seconds."""

    wrong = 0

    def now(self) -> Moment:
        return hall_now() + self.wrong


def alarms(seconds: int) -> Proved:
    """Alarms a second apart, the second half by a scheduler of its own that is told of all of them again."""
    called: list[tuple[Job, float]] = []
    first = hall_now() + 3
    jobs = [Job(f"poll-{n}", first + n, day_of(first)) for n in range(seconds)]
    for half in (jobs[: seconds // 2], jobs[seconds // 2 :]):
        ring = Alarms(ZONE, lambda job: called.append((job, _now())))
        while hall_now() <= half[-1].due:
            rung = {job for job, _at in called}
            ring.set([job for job in jobs if job not in rung])  # as every look does
            time.sleep(0.7)
        ring.end()
    times = Counter(job for job, _at in called)
    late = [at - job.due for job, at in called]
    # One set anew in the moment in which it rings may ring again: it only calls, and who is called looks first.
    again = len(called) - len(times)
    good = len(times) == len(jobs) and again <= 1 and min(late) >= 0 and max(late) < LATE
    said = f"{len(times)} rung, {again} again, latest {max(late):.2f} s late, earliest {min(late):.2f} s"
    return Proved(len(jobs), said, good)


def service(seconds: int) -> Proved:
    """Polls two seconds apart: a quarter of the time as it should be, a quarter a day ahead, then right, then anew."""
    clock, began = Stepped(), hall_now()
    dues = range(began - began % EVERY, began + 2 * seconds, EVERY)

    def plan(day: int) -> list[Job]:
        # The same hours tomorrow, so that a clock that is a day ahead finds something to do.
        today = [due + DAY * ahead for ahead in (0, 1) for due in dues if day_of(due + DAY * ahead) == day]
        return [Job(f"poll-{n}", due, day) for n, due in enumerate(today, 1)]

    with tempfile.TemporaryDirectory(prefix="punchsync-schedule-") as folder:
        site = make_site(Path(folder) / "site", None)
        quarter = seconds / 4
        with _serving(site, plan, clock):
            time.sleep(quarter)
            steady = hall_now()
            clock.wrong = DAY
            time.sleep(quarter)
            clock.wrong = 0
            time.sleep(quarter / 2)
            stopped = hall_now()
        time.sleep(quarter / 2)
        again = hall_now()
        with _serving(site, plan, clock):
            time.sleep(quarter)
        ended = hall_now()
        found = [(job, due) for job, due, _outcome in runs(site) if job != "serve"]
    wrong = [due for _job, due in found if due > ended]
    double = [due for due, times in Counter(due for _job, due in found).items() if times > 1]
    up = [d for d in dues if began + LATE < d < steady - LATE or again + LATE < d < ended - LATE]
    missed = sorted(set(up) - {due for _job, due in found})
    said = f"{len(found)} polls, {len(missed)} of {len(up)} missed while up, {len(wrong)} by the wrong clock"
    made_up = any(steady < due <= stopped for _job, due in found)
    return Proved(len(found), said, not wrong and not double and len(missed) <= len(up) // 10 and made_up)


class _serving:
    """A service on a thread, ended when it is left."""

    def __init__(self, folder: Path, plan: Callable[[int], list[Job]], clock: Stepped) -> None:
        self._inbox = Inbox()
        self._thread = threading.Thread(target=self._run, args=[folder, plan, clock])

    def _run(self, folder: Path, plan: Callable[[int], list[Job]], clock: Stepped) -> None:
        with Site(folder) as site:
            site.hall = replace(site.hall, clock=clock)
            serve(site, plan=plan, inbox=self._inbox, look=20)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *args: object) -> None:
        self._inbox.put("proof")
        self._thread.join()


def _now() -> float:
    """Hall time with its fractions."""
    now = datetime.now(ZONE)
    return hall_now() + now.microsecond / 1_000_000
