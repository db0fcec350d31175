"""Long work behind a page: on a thread, one at a time, its result kept for a while for the login that began it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import structlog

if TYPE_CHECKING:
    from punchsync.desk.desk import Desk

KEPT: Final = 1800.0
"""Seconds for which a result is kept."""
MOST: Final = 8
"""Pieces of work that are kept, done or not; whoever begins one more has to wait."""
Step = Callable[[int, int], None]
log = structlog.get_logger("punchsync.desk")


class Stopped(Exception):
    """The work was broken off, by who began it."""


class Job:
    """One piece of work: what for, how far it is, and what came of it; `error` where it failed."""

    def __init__(self, key: Any) -> None:
        self.key = key
        self.done, self.total = 0, 0
        self.result: Any = None
        self.error: Exception | None = None
        self.ended = False
        self.at = time.monotonic()
        self._stop = threading.Event()

    def step(self, done: int, total: int) -> None:
        """Say how far it is; raises Stopped where it is to end."""
        self.done, self.total = done, total
        if self._stop.is_set():
            raise Stopped

    def stop(self) -> None:
        """End it at its next step."""
        self._stop.set()


class Behind:
    """The work of one kind; each login has one piece of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def begin(self, owner: str, key: Any, work: Callable[[Step], Any]) -> bool:
        """Begin a piece of work in its turn, in the place of the owner's last one; False where too many wait."""
        with self._lock:
            self._forget()
            before = self._jobs.pop(owner, None)
            if before is not None:
                before.stop()
            if len(self._jobs) >= MOST:
                over = next((o for o, job in self._jobs.items() if job.ended), None)
                if over is None:
                    return False
                del self._jobs[over]
            job = self._jobs[owner] = Job(key)
        threading.Thread(target=self._run, args=(job, work), name=f"desk-{self._name}", daemon=True).start()
        return True

    def of(self, owner: str) -> Job | None:
        """An owner's work, or what is kept of it."""
        with self._lock:
            self._forget()
            return self._jobs.get(owner)

    def drop(self, owner: str) -> None:
        """End and forget an owner's work."""
        with self._lock:
            job = self._jobs.pop(owner, None)
        if job is not None:
            job.stop()

    def _forget(self) -> None:
        old = time.monotonic() - KEPT
        for owner in [o for o, job in self._jobs.items() if job.ended and job.at < old]:
            del self._jobs[owner]

    def _run(self, job: Job, work: Callable[[Step], Any]) -> None:
        with self._turn:
            began = time.monotonic()
            try:
                job.step(0, 0)
                job.result = work(job.step)
            except Exception as error:
                job.error = error
            job.at = time.monotonic()
            job.ended = True
        ms = round((job.at - began) * 1000)
        why = {} if job.error is None else {"error": type(job.error).__name__}
        log.info("desk_work", work=self._name, ms=ms, **why)


def behind(desk: Desk, name: str) -> Behind:
    """The work of a kind at a desk."""
    found: Behind = desk.shelf.setdefault(name, Behind(name))
    return found
