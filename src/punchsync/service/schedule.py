"""What is due when: the jobs of a day, and those that were missed. Pure: the clock and the run table are handed in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, MINUTE, Day, Moment, day_of, last_second, parse_clock, start_of, to_date, weekday
from punchsync.core.rules import Pack
from punchsync.core.timetable import plan_day
from punchsync.settings import Settings

POLL: Final = "poll-"
NIGHTLY: Final = "nightly"
PERIODS: Final = ("weekly", "monthly", "quarterly")
BACKUP: Final = "backup"
VERIFY: Final = "verify"
PURGE: Final = "purge"
ORDER: Final = (NIGHTLY, *PERIODS, BACKUP, VERIFY, PURGE)
"""Which of the jobs of one moment comes first; polls come before all of them."""
BEGAN: Final = "serve"
"""In the run table: when the service ran for the first time. Nothing is owed for the days before."""

AFTER_DUE: Final = 40 * MINUTE
AFTER_CLOSE: Final = 10 * MINUTE
AFTER_POLLS: Final = 20 * MINUTE
KEPT_DAYS: Final = 7
"""A nightly job that was missed longer ago is not made up for; `punchsync bulletin` still can."""
KEPT_PERIODS: Final = 100
"""Days for which the bulletin of a week, a month or a quarter is owed: longer than a quarter."""
KEPT_PURGE: Final = 31
PURGE_DAY: Final = 2

WITHOUT_SHIFTS: Final = "20:40"


class Job(NamedTuple):
    """One thing to do at a moment, about a day.

    `poll-1` to `poll-n` (the first read of a terminal on a day is a full one, the others bring its log's end);
    `nightly` settles and closes the day `about`; `weekly`, `monthly`, `quarterly` publish the period that ends with it;
    `backup`, `verify`, `purge`.
    """

    name: str
    due: Moment
    about: Day


class Table(NamedTuple):
    """What the schedule asks of the run table: due times that are done, by name; the first start; the last settle."""

    ran: Mapping[str, Collection[Moment]] = {}
    began: Moment | None = None
    settled: Moment | None = None


Planner = Callable[[Day], Sequence[Job]]


def schedule_of(settings: Settings, pack: Pack) -> Planner:
    """The schedule of a site."""
    part = settings.schedule
    return planner(
        pack,
        part.polls,
        part.nightly,
        bulletins=part.bulletins,
        backup=None if part.backup == "off" else part.backup,
        verify=None if part.verify == "off" else part.verify,
        purge=True,  # the access log has its time in every hall
    )


def planner(
    pack: Pack,
    polls: Sequence[str] | None = None,
    nightly: str | None = None,
    *,
    bulletins: Collection[str] = (),
    backup: str | None = None,
    verify: str | None = None,
    purge: bool = False,
) -> Planner:
    """The schedule of a hall, from its settings (`HH:MM`) where given, else from its pack's default shifts."""

    @lru_cache(maxsize=4 * KEPT_PERIODS)
    def of(day: Day) -> Sequence[Job]:
        jobs = jobs_of(day, pack, polls, nightly)
        closing = next(job for job in jobs if job.name == NIGHTLY)
        jobs += [closing._replace(name=kind) for kind in PERIODS if kind in bulletins and ends(kind, closing.about)]
        base = start_of(day)
        jobs += [Job(BACKUP, base + parse_clock(backup), day)] if backup else []
        jobs += [Job(VERIFY, base + parse_clock(verify), day)] if verify else []
        if purge and to_date(day).day == PURGE_DAY:
            jobs.append(Job(PURGE, base + parse_clock(backup) if backup else closing.due, day))
        return tuple(sorted(jobs, key=_by_due))

    return of


def jobs_of(day: Day, pack: Pack, polls: Sequence[str] | None = None, nightly: str | None = None) -> list[Job]:
    """The polls and the nightly job that are due on a calendar day, working or not; none falls past its midnight.

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


def ends(kind: str, day: Day) -> bool:
    """Whether a week (Monday to Sunday), a month or a quarter ends with a day."""
    if kind == "weekly":
        return weekday(day) == 6
    following = to_date(day + 1)
    return following.day == 1 and (kind == "monthly" or following.month % 3 == 1)


def horizon(plan: Planner, now: Moment) -> list[Job]:
    """The jobs around a moment: all that may still be owed, and those to come until the end of tomorrow."""
    today = day_of(now)
    days = range(today - KEPT_PERIODS, today + 2)
    return [job for day in days for job in plan(day) if day >= today - kept(job.name)]


def is_done(job: Job, table: Table) -> bool:
    """Whether a job was done, or what a later one did makes up for it.

    Jobs other than polls count by the day, so that a schedule changed in the evening doesn't close the day twice.
    """
    if job.name.startswith(POLL):
        return any(due >= job.due for name, dues in table.ran.items() if name.startswith(POLL) for due in dues)
    days = {day_of(due) for due in table.ran.get(job.name, ())}
    if _each(job.name):
        return day_of(job.due) in days
    return any(day >= day_of(job.due) for day in days)


def waits(job: Job, jobs: Iterable[Job], table: Table) -> bool:
    """Whether something must come first that has not come: a bulletin of a longer period waits for the settle of its
    last day, a purge for a backup of its day."""
    if job.name in PERIODS:
        return table.settled is None or table.settled < job.due
    if job.name == PURGE and any(j.name == BACKUP and j.due == job.due for j in jobs):
        return not any(due >= job.due for due in table.ran.get(BACKUP, ()))
    return False


def catch_up(jobs: Iterable[Job], table: Table, now: Moment) -> list[Job]:
    """What of these jobs should have been done by now and was not, in the order in which to do it.

    At most one poll, and that first: a full read brings all that earlier ones would have. Of backup, verify and purge
    the latest only. Each nightly job of `KEPT_DAYS`, each period of `KEPT_PERIODS`; nothing for days before the service
    first ran; where the run table is empty, for today only.
    """
    began = day_of(now if table.began is None else table.began)
    past = [job for job in jobs if now - kept(job.name) * DAY < job.due <= now and day_of(job.due) >= began]
    owed = [job for job in sorted(past, key=_by_due) if not is_done(job, table)]
    polls = [job for job in owed if job.name.startswith(POLL)]
    latest = {job.name: job for job in owed}
    rest = [job for job in owed if _each(job.name) or (job is latest[job.name] and job not in polls)]
    return [*polls[-1:], *rest]


def _each(name: str) -> bool:
    """Whether a job is owed for each time that it was missed."""
    return name == NIGHTLY or name in PERIODS


def kept(name: str) -> int:
    """For how many days a job is owed."""
    return KEPT_PERIODS if name in PERIODS else KEPT_PURGE if name == PURGE else KEPT_DAYS


def rank(name: str) -> int:
    """Which of the jobs of one moment comes first: the lower one."""
    return 0 if name.startswith(POLL) else 1 + ORDER.index(name)


def _by_due(job: Job) -> tuple[Moment, int, str]:
    return job.due, rank(job.name), job.name


def to_come(plan: Planner, now: Moment) -> Iterator[Job]:
    """The jobs after a moment, as far as every kind comes at least once, by due time."""
    today = day_of(now)
    return (job for day in range(today, today + KEPT_PERIODS) for job in plan(day) if job.due > now)
