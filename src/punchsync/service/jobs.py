"""One job of the schedule, done and noted in the run table; one event for each in the log."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from punchsync.core.moment import Moment, day_of, show_day, show_moment
from punchsync.operations.hall import Hall
from punchsync.operations.poll import Round, poll
from punchsync.operations.settle import Settled, settle
from punchsync.service.bulletin import publish_daily
from punchsync.service.schedule import BEGAN, NIGHTLY, POLL, Job, is_done

FRAMES: Final = 4

log = structlog.get_logger("punchsync.service")


def done_so_far(hall: Hall, names: Iterable[str]) -> Mapping[str, Moment]:
    """The run table as the schedule asks it: the latest due time that is done, by name."""
    with hall.store.reading() as work:
        found = {name: work.runs.last(name) for name in (*names, NIGHTLY, BEGAN)}
    return {name: due for name, due in found.items() if due is not None}


def begin(hall: Hall) -> None:
    """Note when the service ran for the first time here."""
    now = hall.clock.now()
    with hall.store.writing() as work:
        if work.runs.last(BEGAN) is None:
            work.runs.done(BEGAN, now, now, "began")


def run(hall: Hall, job: Job, bulletins: Path, names: Iterable[str]) -> bool:
    """Do a job unless it is done, or the clock was set back; whatever goes wrong is logged, and it stays owed.

    Returns whether it is done.
    """
    started = time.monotonic()
    known: dict[str, Any] = {"job": job.name, "due": show_moment(job.due)}
    try:
        if is_done(job, done_so_far(hall, names)):
            return True
        if job.due > hall.clock.now():
            return False
        facts = nightly(hall, job, bulletins) if job.name == NIGHTLY else reading(hall, job)
    except Exception as error:
        log.error("job_failed", **known, **trouble(error), ms=_since(started))
        return False
    log.info("job_done", **known, **facts, ms=_since(started))
    return True


def reading(hall: Hall, job: Job) -> dict[str, Any]:
    """Read all terminals and settle what changed; returns what to log."""
    facts = read(hall, [t.id for t in hall.terminals if t.live])
    now = hall.clock.now()
    with hall.store.writing() as work:
        work.runs.done(job.name, job.due, now, outcome(facts["terminals"], len(facts["failed"])))
    return facts


def outcome(terminals: int, failed: int) -> str:
    """What the run table says of a round of reads."""
    if not failed:
        return "ok"
    return "part" if failed < terminals else "none"


def read(hall: Hall, terminals: list[str]) -> dict[str, Any]:
    """One round of reads; without terminals to read, or with none that answered, settles what is due all the same."""
    done = poll(hall, hall.clock.now(), terminals) if terminals else Round((), None)
    settled = done.settled or settle(hall, hall.clock.now(), due_only=True)
    return {
        "terminals": len(done.reads),
        "failed": {r.terminal: r.failure.code for r in done.reads if r.failure},
        "records": sum(r.records for r in done.reads),
        "new": sum(r.new for r in done.reads),
        "defects": sum(r.defects for r in done.reads),
        "unknown_ids": sum(len(r.strangers) for r in done.reads),
        "noticed": {r.terminal: [f.code for f in r.noticed] for r in done.reads if r.noticed},
        **booked(settled),
    }


def nightly(hall: Hall, job: Job, bulletins: Path) -> dict[str, Any]:
    """Try once more what failed, settle, and publish the day; the run is noted with the bulletin or not at all.

    One that is made up for comes after a poll of all terminals: nothing is tried again for it.
    """
    late = day_of(job.due) < day_of(hall.clock.now())
    facts = read(hall, [] if late else silent(hall))

    def note(work: Any) -> None:
        work.runs.done(job.name, job.due, hall.clock.now(), "ok")

    published = publish_daily(hall, job.about, bulletins, note)
    return {
        **facts,
        "bulletin": show_day(job.about),
        "number": published.number,
        "provisional": published.provisional,
    }


def silent(hall: Hall) -> list[str]:
    """The terminals whose latest read failed."""
    with hall.store.reading() as work:
        states = work.readings.states()
    return [t.id for t in hall.terminals if t.live and t.id in states and states[t.id].last_failure]


def booked(settled: Settled) -> dict[str, Any]:
    """What a settle did, as counts."""
    return {
        "months": len(settled.months),
        "posts": len(settled.posts),
        "reversals": len(settled.reversals),
        "pending": settled.pending,
        "unverified": settled.unverified,
        "unpublished": list(settled.unpublished),
    }


def trouble(error: Exception) -> dict[str, Any]:
    """An error as a log may have it: its kind and where it came from. Its words may hold data; a system's don't."""
    words = getattr(error, "orig", error if isinstance(error, OSError) else None)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return {
        "error": type(error).__name__,
        "detail": "" if words is None else str(words),
        "where": [f"{Path(f.filename).name}:{f.lineno}" for f in frames],
    }


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def names_of(jobs: Iterable[Job]) -> list[str]:
    """The names of the polls among some jobs."""
    return sorted({job.name for job in jobs if job.name.startswith(POLL)})
