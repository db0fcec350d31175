"""What was done when: settles, and the jobs of the schedule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, and_, func, select

from punchsync.core.moment import Moment
from punchsync.core.stored import JobRun, JobTrouble, SettleRun
from punchsync.store.links import SqlLinks
from punchsync.store.rows import fetch, insert
from punchsync.store.tables import device_user, job_run, job_trouble, punch, reading, settle_run

RESTORED: Final = "restored"
"""A row among the troubles of jobs that is none: nothing is booked or delivered before somebody saw to it."""


class SqlRuns:
    """The runs of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def settled_as_of(self) -> Moment | None:
        """The latest as-of that was ever settled."""
        return self._connection.execute(
            select(func.max(settle_run.c.as_of)).where(settle_run.c.hall_id == self._hall)
        ).scalar()

    def settled(self, as_of: Moment, pack: str, at: Moment) -> None:
        """Note a settle."""
        highest = select(func.max(settle_run.c.number)).where(settle_run.c.hall_id == self._hall)
        number = (self._connection.execute(highest).scalar() or 0) + 1
        readings = select(func.max(reading.c.number)).where(reading.c.hall_id == self._hall)
        known = self._connection.execute(readings).scalar() or 0
        height = SqlLinks(self._connection, self._hall).head().height
        insert(self._connection, settle_run, [(self._hall, number, as_of, known, pack, at, height)])

    def last_settle(self) -> SettleRun | None:
        """The settle that was done last."""
        r = settle_run.c
        last = select(r.as_of, r.pack, r.height).where(r.hall_id == self._hall).order_by(r.number.desc()).limit(1)
        found = self._connection.execute(last).first()
        return None if found is None else SettleRun(*found)

    def ripened(self, as_of: Moment) -> bool:
        """Whether a punch that the last settle had, but ahead of its as-of, is no longer ahead of this one.

        Such a punch moves how far its reading tells, which may change months that nothing else has touched.
        """
        r = settle_run.c
        last = select(r.as_of, r.reading).where(r.hall_id == self._hall).order_by(r.number.desc()).limit(1)
        before = self._connection.execute(last).first()
        if before is None:
            return False
        u, p = device_user.c, punch.c
        terminals = self._connection.execute(select(u.terminal).where(u.hall_id == self._hall).distinct())
        for (terminal,) in terminals.all():
            ahead = select(p.number).where(
                p.hall_id == self._hall,
                p.terminal == terminal,
                p.at > before.as_of,
                p.at <= as_of,
                p.reading <= before.reading,
            )
            if self._connection.execute(ahead.limit(1)).first() is not None:
                return True
        return False

    def done(self, job: str, due: Moment, at: Moment, outcome: str) -> None:
        """Note that a job that was due is done, which ends its own trouble; doing so twice changes nothing."""
        j, t = job_run.c, job_trouble.c
        there = select(j.due).where(j.hall_id == self._hall, j.job == job, j.due == due)
        if self._connection.execute(there).first() is None:
            insert(self._connection, job_run, [(self._hall, job, due, at, outcome)])
        self._connection.execute(job_trouble.delete().where(t.hall_id == self._hall, t.job == job, t.due == due))

    def last(self, job: str) -> Moment | None:
        """The latest due time of a job that is done."""
        return self._connection.execute(
            select(func.max(job_run.c.due)).where(job_run.c.hall_id == self._hall, job_run.c.job == job)
        ).scalar()

    def ran(self, jobs: Iterable[str], since: Moment, until: Moment) -> list[JobRun]:
        """The jobs of these names that are done and were due after `since` and not after `until`, by due time."""
        j = job_run.c
        these = (j.hall_id == self._hall, j.job.in_(sorted(set(jobs))), j.due > since, j.due <= until)
        rows = select(j.job, j.due, j.done_at, j.outcome).where(*these).order_by(j.due, j.job)
        return [JobRun(*row) for row in fetch(self._connection, rows)]

    def latest(self, until: Moment) -> dict[str, JobRun]:
        """The latest run of every job that was ever done and was not due after `until`, by name."""
        j = job_run.c
        here = (j.hall_id == self._hall, j.due <= until)
        last = select(j.job, func.max(j.due).label("due")).where(*here).group_by(j.job).subquery()
        rows = select(j.job, j.due, j.done_at, j.outcome).join(
            last, and_(j.hall_id == self._hall, j.job == last.c.job, j.due == last.c.due)
        )
        return {row[0]: JobRun(*row) for row in fetch(self._connection, rows)}

    def failed(self, job: str, due: Moment, at: Moment, error: str, detail: str) -> None:
        """Note that a job failed once more."""
        t = job_trouble.c
        mine = (t.hall_id == self._hall, t.job == job)
        known = self._connection.execute(select(t.since, t.times).where(*mine)).first()
        if known is None:
            insert(self._connection, job_trouble, [(self._hall, job, due, at, at, 1, error, detail)])
            return
        now = {"due": due, "at": at, "times": known.times + 1, "error": error, "detail": detail}
        self._connection.execute(job_trouble.update().where(*mine).values(now))

    def eased(self, jobs: Iterable[str]) -> None:
        """Forget the troubles of these jobs."""
        t = job_trouble.c
        self._connection.execute(job_trouble.delete().where(t.hall_id == self._hall, t.job.in_(sorted(set(jobs)))))

    def troubles(self) -> dict[str, JobTrouble]:
        """The jobs that fail, by name."""
        t = job_trouble.c
        jobs = (t.hall_id == self._hall, t.job != RESTORED)
        rows = select(t.job, t.due, t.since, t.at, t.times, t.error, t.detail).where(*jobs)
        return {row[0]: JobTrouble(*row) for row in fetch(self._connection, rows)}

    def hold(self, at: Moment) -> None:
        """Note that the store was restored, and is to be compared with the scoring store."""
        if not self.held():
            insert(self._connection, job_trouble, [(self._hall, RESTORED, at, at, at, 1, "", "")])

    def held(self) -> bool:
        """Whether that is noted."""
        t = job_trouble.c
        noted = select(t.at).where(t.hall_id == self._hall, t.job == RESTORED)
        return self._connection.execute(noted).first() is not None

    def release(self) -> None:
        """Forget that."""
        self.eased([RESTORED])
