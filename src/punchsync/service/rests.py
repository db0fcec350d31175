"""When a job that failed is tried again: after pauses that grow, by a clock that nobody sets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from punchsync.service.schedule import Job

FIRST: Final = 60.0
LONGEST: Final = 3_600.0
"""Seconds until a job is tried a second time, and at most between two tries."""

Pauses = Callable[[int], float]


def pause(times: int) -> float:
    """Seconds until the next try after so many that failed in a row: twice the one before, up to an hour."""
    return min(LONGEST, FIRST * 2.0 ** min(times - 1, 16))


class Rests:
    """The jobs that failed, and until when each of them rests; may be asked from any thread."""

    def __init__(self, pauses: Pauses = pause, clock: Callable[[], float] = time.monotonic) -> None:
        self._pauses, self._clock = pauses, clock
        self._lock = threading.Lock()
        self._failed: dict[Job, tuple[int, float]] = {}

    def failed(self, job: Job) -> None:
        """It failed once more."""
        with self._lock:
            times = self._failed.get(job, (0, 0.0))[0] + 1
            self._failed[job] = times, self._clock() + self._pauses(times)

    def done(self, job: Job) -> None:
        """It is done, or not owed any more."""
        with self._lock:
            self._failed.pop(job, None)

    def ready(self, job: Job) -> bool:
        """Whether it may be tried."""
        with self._lock:
            return self._failed.get(job, (0, 0.0))[1] <= self._clock()

    def wait(self) -> float | None:
        """Seconds until the first of them may be tried again; None where none rests."""
        with self._lock:
            now = self._clock()
            coming = [until - now for _times, until in self._failed.values() if until > now]
            return min(coming, default=None)

    def keep(self, jobs: set[Job]) -> None:
        """Forget all but these."""
        with self._lock:
            self._failed = {job: known for job, known in self._failed.items() if job in jobs}
