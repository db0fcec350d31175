"""What is due when: the jobs of a day, and those that were missed. Pure: the clock and the run table are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, MINUTE, Day, Moment, day_of, last_second, parse_clock, start_of, to_date
from punchsync.core.rules import Pack
from punchsync.core.timetable import plan_day

POLL: Final = "poll-"
NIGHTLY: Final = "nightly"
BEGAN: Final = "serve"
"""In the run table: when the service ran for the first time. Nothing is owed for the days before."""

AFTER_DUE: Final = 40 * MINUTE
AFTER_CLOSE: Final = 10 * MINUTE
AFTER_POLLS: Final = 20 * MINUTE
KEPT_DAYS: Final = 7
"""A nightly job that was missed longer ago is not made up for; `punchsync bulletin` still can."""

WITHOUT_SHIFTS: Final = "20:40"


class Job(NamedTuple):
    """One thing to do at a moment: `poll-1` … `poll-n` or `nightly`, which closes the day `about`."""

    name: str
    due: Moment
    about: Day


Planner = Callable[[Day], Sequence[Job]]
Done = Mapping[str, Moment]


def planner(pack: Pack, polls: Sequence[str] | None = None, nightly: str | None = None) -> Planner:
    """The schedule of a hall, from its settings (`HH:MM`) where given, else from its pack's default shifts."""

    def of(day: Day) -> list[Job]:
        return jobs_of(day, pack, polls, nightly)

    return of


def jobs_of(day: Day, pack: Pack, polls: Sequence[str] | None = None, nightly: str | None = None) -> list[Job]:
    """The jobs that are due on a calendar day, working or not, in order; none falls past its midnight.

    A nightly job set before the day's first poll is about the day before.
    """
    base, end = start_of(day), last_second(day)
    if polls:
        moments = {base + parse_clock(text) for text in polls}
    else:
        moments = {min(moment, end) for moment in after_checkpoints(day, pack)}
    ordered = sorted(moments)
    closing = base + parse_clock(nightly) if nightly else min(ordered[-1] + AFTER_POLLS, end)
    jobs = [Job(f"{POLL}{n}", moment, day) for n, moment in enumerate(ordered, 1)]
    jobs.append(Job(NIGHTLY, closing, day if closing >= ordered[0] else day - 1))
    return sorted(jobs, key=_by_due)


def after_checkpoints(day: Day, pack: Pack) -> list[Moment]:
    """40 min after each checkpoint of the day's default shift is due, the last one 10 min after the last close."""
    points = plan_day(day, sessions_of(day, pack), pack.checkpoints).checkpoints
    if not points:
        return [start_of(day) + parse_clock(WITHOUT_SHIFTS)]
    ordered = sorted(p.due for p in points)
    return [*(due + AFTER_DUE for due in ordered[:-1]), max(p.close for p in points) + AFTER_CLOSE]


def sessions_of(day: Day, pack: Pack) -> tuple[Interval, ...]:
    """The season's default shift of a date, whole whatever the calendar says; the pack's first where none holds it."""
    date = to_date(day)
    for season in pack.seasons:
        shift = pack.shift(season.shift)
        if shift is not None and season.holds(date.month, date.day):
            return shift.sessions
    return pack.shifts[0].sessions if pack.shifts else ()


def is_done(job: Job, done: Done) -> bool:
    """Whether a job was done, or what a later one did makes up for it; `done` has the latest due time by name.

    Nightly jobs count by the day, so that a schedule changed in the evening doesn't close the day twice.
    """
    if job.name == NIGHTLY:
        return NIGHTLY in done and day_of(done[NIGHTLY]) >= day_of(job.due)
    return any(due >= job.due for name, due in done.items() if name.startswith(POLL))


def catch_up(jobs: Iterable[Job], done: Done, now: Moment) -> list[Job]:
    """What of these jobs should have been done by now and was not: at most one poll, then the nightly jobs in order.

    A full read brings all that earlier polls would have. Nightly jobs are owed for `KEPT_DAYS`, and not for days
    before the service first ran; where the run table is empty, for today only.
    """
    began = day_of(done.get(BEGAN, now))
    owed = [
        job
        for job in sorted(jobs, key=_by_due)
        if job.due <= now and job.due > now - KEPT_DAYS * DAY and day_of(job.due) >= began and not is_done(job, done)
    ]
    polls = [job for job in owed if job.name != NIGHTLY]
    return [*polls[-1:], *(job for job in owed if job.name == NIGHTLY)]


def _by_due(job: Job) -> tuple[Moment, bool, str]:
    return job.due, job.name == NIGHTLY, job.name
