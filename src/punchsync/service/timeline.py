"""How the jobs of the schedule stand: what was done last, what is owed, what fails, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from punchsync.core.moment import Moment, day_of, start_of
from punchsync.core.stored import JobRun, JobTrouble
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.service.schedule import BEGAN, Job, Planner, Table, catch_up, horizon, kept, to_come


class JobState(NamedTuple):
    """A job by name: its last run (None, "": never), when it is next due, and its trouble, if it fails.

    `error` is the error's kind with what may be shown of its words. `owed` is the due time of the first run that should
    have been by now and was not.
    """

    name: str
    last_due: Moment | None
    last_at: Moment | None
    outcome: str
    next_due: Moment | None
    trouble_since: Moment | None = None
    trouble_times: int = 0
    error: str = ""
    owed: Moment | None = None


def job_states(hall: Hall, plan: Planner, now: Moment) -> list[JobState]:
    """Every job of a hall's schedule in the order of a day, as the run table has it."""
    jobs = horizon(plan, now)
    with hall.store.reading() as work:
        table = table_of(work, jobs, now)
        last, troubles = work.runs.latest(now), work.runs.troubles()
    return timeline(catch_up(jobs, table, now), to_come(plan, now), last, troubles)


def timeline(
    owed: Sequence[Job], coming: Iterable[Job], last: Mapping[str, JobRun], troubles: Mapping[str, JobTrouble]
) -> list[JobState]:
    """The same from what is owed, what is to come by due time, the last run and the trouble of each job."""
    following: dict[str, Job] = {}
    for job in coming:
        following.setdefault(job.name, job)
    missed: dict[str, Job] = {}
    for job in owed:
        missed.setdefault(job.name, job)
    order = sorted((job.due, name) for name, job in following.items())
    states = []
    for name in dict.fromkeys([*(name for _due, name in order), *missed]):
        run, trouble = last.get(name), troubles.get(name)
        coming_next, late = following.get(name), missed.get(name)
        states.append(
            JobState(
                name,
                run.due if run else None,
                run.at if run else None,
                run.outcome if run else "",
                coming_next.due if coming_next else None,
                trouble.since if trouble else None,
                trouble.times if trouble else 0,
                ": ".join(filter(None, (trouble.error, trouble.detail))) if trouble else "",
                late.due if late else None,
            )
        )
    return states


def table_of(work: Work, jobs: Iterable[Job], now: Moment) -> Table:
    """The run table as the schedule asks it; runs of a clock that was ahead don't count before their time."""
    names: dict[int, set[str]] = {}
    for job in jobs:
        names.setdefault(kept(job.name), set()).add(job.name)
    ran: dict[str, set[Moment]] = {}
    for days, these in names.items():
        for run in work.runs.ran(these, start_of(day_of(now) - days), now):
            ran.setdefault(run.job, set()).add(run.due)
    began = next((run.due for run in work.runs.ran([BEGAN], 0, now)), None)
    return Table(ran, began, work.runs.settled_as_of())
