"""A terminal's log being read anew: one at a time for a desk, on a thread that no login's end stops."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import structlog

from punchsync.bootstrap.rereading import Reread
from punchsync.core.ledger import Entry
from punchsync.core.moment import Moment, show_moment
from punchsync.core.reading import ReadFailure
from punchsync.desk.ask import Ask
from punchsync.findings import remedy
from punchsync.operations.hold import Unreconciled
from punchsync.operations.poll import Polled, Untimely
from punchsync.operations.settle import AmendsClosed, Restless, TooEarly
from punchsync.round_words import against_line, attention, noticed_lines, repaired_lines
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.desk.desk import Desk

SHELF: Final = "resync"
SHOWN: Final = 100
"""Entries that a page shows; the ledger has them all."""
log = structlog.get_logger("punchsync.desk")
_turn = threading.Lock()


@dataclass(slots=True)
class Job:
    """What is being read, how far it came, and at last what came of it: `done`, or why not."""

    terminal: str
    who: str
    at: Moment
    phase: str = "reading"  # then judging, over
    step: tuple[int, int] = (0, 0)
    done: Reread | None = None
    why: str = ""
    thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def running(self) -> bool:
        """Whether it still goes on."""
        return self.phase != "over"

    @property
    def read(self) -> Polled | None:
        """What the read brought; None where it was not kept."""
        return self.done.round.reads[0] if self.done and self.done.round.reads else None

    @property
    def failure(self) -> ReadFailure | None:
        """Why the terminal could not be read."""
        return self.read.failure if self.read else None

    @property
    def entries(self) -> list[Entry]:
        """What was reversed and posted."""
        settled = self.done.round.settled if self.done else None
        return [*settled.reversals, *settled.posts] if settled else []

    def lines(self) -> list[str]:
        """What is to be said of it when it is over, but for the entries."""
        if self.done is None:
            return [self.why]
        if self.failure is not None:
            return [remedy(self.failure.code)]
        found = [*repaired_lines(self.done.round), *attention(self.done.round), *noticed_lines(self.done.round)]
        return [*found, *([against_line(self.done.off)] if self.done.off else [])]


def job_of(ask: Ask, terminal: str | None = None) -> Job | None:
    """The last job, running or over; of this terminal, if one is named."""
    job: Job | None = ask.desk.shelf.get(SHELF)
    return job if job is not None and terminal in (None, job.terminal) else None


def begin(ask: Ask, terminal: str) -> tuple[Job, bool]:
    """Begin to read a terminal anew, unless one is being read: then that is the job. Also whether it is new."""
    desk = ask.desk
    with _turn:
        job: Job | None = desk.shelf.get(SHELF)
        if job is not None and job.running:
            return job, False
        job = desk.shelf[SHELF] = Job(terminal, ask.who, ask.now)
        job.thread = threading.Thread(target=work, args=[desk, job], name="resync", daemon=True)
        job.thread.start()
        return job, True


def work(desk: Desk, job: Job) -> None:
    """Read, settle and keep what came of it."""
    began = time.monotonic()

    def records(had: int, of: int) -> None:
        job.step = (had, of)

    def judged(had: int, of: int) -> None:
        job.phase, job.step = "judging", (had, of)

    try:
        job.done = desk.reread(job.terminal, records, judged)
    except Exception as error:
        job.why = reason(error)
        log.error("resync_failed", terminal=job.terminal, error=type(error).__name__, ms=since(began))
    else:
        outcome = job.failure.code if job.failure else "ok"
        log.info("resynced", terminal=job.terminal, outcome=outcome, entries=len(job.entries), ms=since(began))
    finally:
        job.phase = "over"


def reason(error: Exception) -> str:
    """Why nothing came of it, and what to do."""
    if isinstance(error, TooEarly):
        settled = show_moment(error.settled)
        return _("服务器的时间早于上次核算的 {at}，没有读机；请管理员检查服务器时间。").format(at=settled)
    if isinstance(error, Untimely):
        return against_line(error.off)
    if isinstance(error, AmendsClosed | Unreconciled | Restless):
        return _("读到的记录已经存下，核算没有做成，服务会自动再试；仍不行请管理员看日志。")
    return _("没有做成（{kind}）；已读到的记录都在，请稍后再试，仍不行请管理员看日志。").format(
        kind=type(error).__name__
    )


def since(began: float) -> int:
    """Milliseconds."""
    return round((time.monotonic() - began) * 1000)
