"""What was done when: settles, and the jobs of the schedule."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from punchsync.core.moment import Moment
from punchsync.store.rows import insert
from punchsync.store.tables import job_run, settle_run


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
        insert(self._connection, settle_run, [(self._hall, number, as_of, pack, at)])

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
