"""The daemon's life: catches up, waits for the hour, does one job after the other, and stops when told to."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as midnight
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import structlog

from punchsync.core.moment import DAY, Moment, day_of, show_moment, to_date
from punchsync.operations.hall import Hall
from punchsync.service.delivery import Deliverer
from punchsync.service.jobs import begin, done_so_far, names_of, run
from punchsync.service.lock import alone
from punchsync.service.schedule import KEPT_DAYS, NIGHTLY, Job, Planner, catch_up, planner

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

LOOK: Final = 600.0
"""Seconds between two looks at the run table: finds a new day, a clock that was set, and a job that failed."""
GRACE: Final = 6.0
"""Seconds that a job under way has to end in."""

Inbox = SimpleQueue[str]
log = structlog.get_logger("punchsync.service")


def serve(
    site: Site,
    *,
    plan: Planner | None = None,
    inbox: Inbox | None = None,
    announce: Callable[[Sequence[Job]], None] = lambda jobs: None,
    leave: Callable[[int], object] = os._exit,
    look: float = LOOK,
    grace: float = GRACE,
) -> int:
    """Serve a site until anything comes into `inbox`; returns 0. Raises Taken where another process serves it.

    `announce` is told today's jobs. A job that doesn't end within `grace` is left to the store, which keeps a
    transaction whole or not at all: then `leave` ends the process, for a thread can't be ended.
    """
    inbox = Inbox() if inbox is None else inbox
    hall, schedule = site.hall, site.settings.schedule
    plan = plan or planner(hall.pack, schedule.polls, schedule.nightly)
    with alone(site.folder) as release:
        begin(hall)
        today = day_of(hall.clock.now())
        announce(plan(today))
        log.info("serving", pid=os.getpid(), today=[_told(job) for job in plan(today)])
        scoring = site.settings.scoring
        deliverer = None if scoring.sink == "none" else Deliverer(site, scoring.batch)
        worker = Worker(hall, plan, site.folder / "bulletins", deliverer.owe if deliverer else lambda: None)
        scheduler = _scheduler(ZoneInfo(site.settings.hall.timezone))
        scheduler.start()
        try:
            reason = wait(hall, plan, worker, scheduler, inbox, look)
        finally:
            scheduler.shutdown(wait=False)
            if deliverer is not None:
                deliverer.end()
            give_up = time.monotonic() + grace
            ended = worker.stop(grace)
            if deliverer is not None:
                ended = deliverer.ended(max(give_up - time.monotonic(), 0)) and ended
        log.info("stopped", reason=reason, in_the_middle_of=None if ended else worker.doing)
        if not ended:
            release()
            leave(0)
    return 0


def wait(hall: Hall, plan: Planner, worker: Worker, scheduler: Any, inbox: Inbox, look: float) -> str:
    """Look at once and then from time to time until a message comes; returns it."""
    while True:
        try:
            owed, coming = outlook(hall, plan)
            for job in owed:
                worker.take(job)
            for job in coming:
                _set(scheduler, worker, job)
        except Exception as error:
            # A store that can't be read now may be there at the next look.
            log.error("look_failed", error=type(error).__name__)
        try:
            return inbox.get(timeout=look)
        except Empty:
            continue


def outlook(hall: Hall, plan: Planner) -> tuple[list[Job], list[Job]]:
    """The jobs that are owed now, and those still to come today and tomorrow."""
    now = hall.clock.now()
    today = day_of(now)
    jobs = [job for day in range(today - KEPT_DAYS, today + 2) for job in plan(day)]
    done = done_so_far(hall, names_of(jobs))
    return catch_up(jobs, done, now), [job for job in jobs if job.due > now]


class Worker:
    """Does jobs in the order in which they come, one at a time, on a thread of its own."""

    def __init__(self, hall: Hall, plan: Planner, bulletins: Path, after: Callable[[], object] = lambda: None) -> None:
        self._hall, self._plan, self._bulletins, self._after = hall, plan, bulletins, after
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._waiting: set[Job] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.doing: str | None = None
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def take(self, job: Job) -> None:
        """Do a job when those before it are done; one that waits already is not taken twice."""
        with self._lock:
            if job not in self._waiting:
                self._waiting.add(job)
                self._jobs.put(job)

    def stop(self, grace: float) -> bool:
        """Begin no further job; returns whether the one under way ended within `grace` seconds."""
        self._stopping.set()
        self._jobs.put(None)
        self._thread.join(grace)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._stopping.is_set():
            self.doing = job.name
            run(self._hall, job, self._bulletins, names_of([*self._plan(day_of(job.due)), job]))
            self.doing = None
            self._after()
            with self._lock:
                self._waiting.discard(job)


@contextmanager
def heeding(inbox: Inbox) -> Iterator[None]:
    """SIGTERM and SIGINT become messages; a queue, because its `put` may interrupt its own `get`."""

    def hear(number: int, _frame: object) -> None:
        inbox.put(signal.Signals(number).name)

    before = {number: signal.signal(number, hear) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _scheduler(zone: ZoneInfo) -> Any:
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    return BackgroundScheduler(
        timezone=zone,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )


def _set(scheduler: Any, worker: Worker, job: Job) -> None:
    from apscheduler.triggers.date import DateTrigger

    when = at(job.due, scheduler.timezone)
    # Jobs of one moment begin in the order of their ids: a poll comes before the nightly job.
    id = f"{show_moment(job.due)} {int(job.name == NIGHTLY)} {job.name}"
    scheduler.add_job(worker.take, DateTrigger(when, timezone=scheduler.timezone), [job], id=id, replace_existing=True)


def at(moment: Moment, zone: ZoneInfo) -> datetime:
    """A moment of the hall as an instant."""
    return datetime.combine(to_date(day_of(moment)), midnight(), zone) + timedelta(seconds=moment % DAY)


def _told(job: Job) -> str:
    return f"{job.name} {show_moment(job.due)[11:16]}"
