"""What was done when: settles, and the jobs of the schedule."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from punchsync.core.moment import Moment
from punchsync.core.stored import SettleRun
from punchsync.store.links import SqlLinks
from punchsync.store.rows import insert
from punchsync.store.tables import device_user, job_run, punch, reading, settle_run


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
        """Note that a job that was due is done; doing so twice changes nothing."""
        j = job_run.c
        there = select(j.due).where(j.hall_id == self._hall, j.job == job, j.due == due)
        if self._connection.execute(there).first() is None:
            insert(self._connection, job_run, [(self._hall, job, due, at, outcome)])

    def last(self, job: str) -> Moment | None:
        """The latest due time of a job that is done."""
        return self._connection.execute(
            select(func.max(job_run.c.due)).where(job_run.c.hall_id == self._hall, job_run.c.job == job)
        ).scalar()
