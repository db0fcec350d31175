"""Which issued bulletins have files that are still to be printed: noted with the bulletin, taken away when they are."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from punchsync.core.sought import Owed
from punchsync.store.rows import fetch, insert
from punchsync.store.tables import printing

_P = printing.c


class SqlPrinting:
    """A hall's printing that is still to be done, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def owe(self, kind: str, year: str, number: int) -> None:
        """Note that a bulletin is to be printed; noting it twice is noting it once."""
        if (kind, year, number) not in {owed[:3] for owed in self.owed()}:
            insert(self._connection, printing, [(self._hall, kind, year, number, 0)])

    def owed(self) -> list[Owed]:
        """The bulletins still to be printed, by kind, year and number."""
        rows = select(_P.kind, _P.year, _P.number, _P.tries).where(_P.hall_id == self._hall)
        return [Owed(*row) for row in fetch(self._connection, rows.order_by(_P.kind, _P.year, _P.number))]

    def tried(self, owed: Owed) -> None:
        """Note a try that failed."""
        self._connection.execute(printing.update().where(*self._one(owed)).values(tries=_P.tries + 1))

    def done(self, owed: Owed) -> None:
        """Nothing is left to be printed of it, or nobody tries any more."""
        self._connection.execute(printing.delete().where(*self._one(owed)))

    def _one(self, owed: Owed) -> tuple[ColumnElement[bool], ...]:
        here = (_P.hall_id == self._hall, _P.kind == owed.kind, _P.year == owed.year)
        return (*here, _P.number == owed.number)
