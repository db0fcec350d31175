"""One job of the schedule, done and noted in the run table; one event for each in the log."""

from __future__ import annotations

import time

import structlog

from punchsync.core.moment import show_moment
from punchsync.logs import trouble
from punchsync.operations.settle import TooEarly
from punchsync.service.duties import CLOCK, JOBS, Facts
from punchsync.service.means import Means
from punchsync.service.note import Doubted, fail, sure
from punchsync.service.schedule import POLL, Job, Planner, catch_up, horizon, is_done, waits
from punchsync.service.timeline import table_of
from punchsync.service.witness import Untimely

log = structlog.get_logger("punchsync.service")

DONE, FAILED, HELD, WAITS = "done", "failed", "held", "waits"
"""What became of a job: held while our clock is in doubt, waiting for another job or for its time."""


def run(means: Means, plan: Planner, job: Job) -> str:
    """Do a job unless it is done or not owed now; what became of it.

    Whatever goes wrong is logged and noted, and the job stays owed.
    """
    started = time.monotonic()
    known: Facts = {"job": job.name, **({"due": show_moment(job.due)} if job.due else {})}
    try:
        now = means.hall.clock.now()
        jobs = horizon(plan, now)
        with means.hall.store.reading() as work:
            table = table_of(work, jobs, now)
        means.keeper.settled(table.settled)
        if job.name != CLOCK:
            if is_done(job, table):
                return DONE
            # An alarm may be one that was set by a clock that was wrong.
            if job not in catch_up(jobs, table, now) or waits(job, jobs, table):
                return WAITS
            sure(means)
        facts = JOBS[POLL if job.name.startswith(POLL) else job.name](means, job)
    except (Doubted, Untimely, TooEarly) as error:
        log.warning("job_held", **known, why=means.keeper.doubt or type(error).__name__, ms=_since(started))
        return HELD
    except Exception as error:
        told = trouble(error)
        log.error("job_failed", **known, **told, ms=_since(started))
        if job.name != CLOCK:
            fail(means, job, told)
        return FAILED
    log.info("job_done", **known, **facts, ms=_since(started))
    return DONE


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
