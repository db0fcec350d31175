"""Months closed and opened again; only ever added to."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from punchsync.core.closing import CLOSE, Closing, closed_by
from punchsync.core.moment import Moment
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.issued import issued
from punchsync.store.rows import fetch, insert
from punchsync.store.tables import closing


class SqlClosings:
    """The closings of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def closed(self) -> set[str]:
        """The months that are closed now."""
        return closed_by(self.all())

    def add(self, month: str, action: str, by: str, reason: str, at: Moment) -> Closing:
        """Note that a month was closed or opened again (`close`, `reopen`); numbers count from 1 by hall.

        What becomes issued by closing it gets links of its own.
        """
        c = closing.c
        highest = select(func.max(c.number)).where(c.hall_id == self._hall)
        number = (self._connection.execute(highest).scalar() or 0) + 1
        done = Closing(number, month, action, by, reason, at)
        row = (self._hall, *done)
        insert(self._connection, closing, [row])
        chain = SqlChain(self._connection, self._hall)
        chain.add("closing", number, digest_of([row]), at)
        if action == CLOSE:
            for kept in issued(self._connection, self._hall, done):
                chain.add(kept.chain, number, kept.digest, at)
        return done

    def all(self) -> list[Closing]:
        """Every closing and reopening in the order they were done."""
        c = closing.c
        rows = select(*(c[name] for name in Closing._fields)).where(c.hall_id == self._hall).order_by(c.number)
        return [Closing(*row) for row in fetch(self._connection, rows)]
