"""Does jobs in the order in which they come, one at a time, on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from punchsync.service.jobs import run
from punchsync.service.means import Means
from punchsync.service.pulse import Pulse
from punchsync.service.schedule import Job, Planner
from punchsync.service.tidy import tidy


class Worker:
    """The thread, and the jobs that wait for it; `after` is told what became of each."""

    def __init__(self, means: Means, plan: Planner, pulse: Pulse, after: Callable[[Job, str], object]) -> None:
        self._means, self._plan, self._pulse, self._after = means, plan, pulse, after
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

    def end(self) -> None:
        """Begin no further job."""
        self._stopping.set()
        self._jobs.put(None)

    def ended(self, grace: float) -> bool:
        """Whether the job under way ended, waiting for it so many seconds."""
        self._thread.join(grace)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._stopping.is_set():
            self.doing = job.name
            self._pulse.begin(job.name)
            try:
                became = run(self._means, self._plan, job)
                self._pulse.end()
                # While it still counts as waiting: nobody has it done again before it is known what became of it.
                self._after(job, became)
            finally:
                self._pulse.end()
                self.doing = None
                with self._lock:
                    self._waiting.discard(job)
            tidy()
