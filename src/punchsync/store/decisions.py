"""Decisions on outcomes: who confirmed, dropped or took up what, and when; only ever added to."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from punchsync.core.decision import Decision, Place
from punchsync.core.moment import Moment
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.rows import fetch, insert
from punchsync.store.tables import outcome_decision


class SqlDecisions:
    """The decisions of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def decide(self, place: Place, state: str, by: str, note: str, at: Moment) -> Decision:
        """Add a decision and return it with its number; numbers count from 1 by hall."""
        d = outcome_decision.c
        highest = select(func.max(d.number)).where(d.hall_id == self._hall)
        number = (self._connection.execute(highest).scalar() or 0) + 1
        decision = Decision(number, *place, state, by, note, at)
        row = (self._hall, *decision)
        insert(self._connection, outcome_decision, [row])
        SqlChain(self._connection, self._hall).add("outcome_decision", number, digest_of([row]), at)
        return decision

    def all(self) -> list[Decision]:
        """Every decision in the order they were taken."""
        d = outcome_decision.c
        rows = select(*(d[name] for name in Decision._fields)).where(d.hall_id == self._hall).order_by(d.number)
        return [Decision(*row) for row in fetch(self._connection, rows)]
