"""Batches of the ledger for scoring stores: made before they are sent, and how each of them fared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import Connection, Select, func, select

from punchsync.core.ledger import GENESIS, Entry
from punchsync.core.moment import Moment
from punchsync.core.outbox import PARKED, WAITING, Batch, Cut, Delivery, better
from punchsync.core.stored import ChainedEntry
from punchsync.store.rows import Tuple, changed, fetch, from_milli, insert
from punchsync.store.tables import delivery, ledger_entry

_D = delivery.c
_E = ledger_entry.c
_NAMES = tuple(field.name for field in fields(Entry))
_ENTRY = tuple(_E[name] for name in _NAMES)
_POINTS = _NAMES.index("points")
_FIELDS = (_D.number, _D.first, _D.last, _D.key, _D.state, _D.tries, _D.detail, _D.made_at, _D.tried_at)


class SqlDeliveries:
    """The outbox of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def all(self, store: str) -> list[Delivery]:
        """Every batch for a scoring store, by number."""
        return [_delivery(row) for row in fetch(self._connection, self._of(store))]

    def unfinished(self, store: str) -> list[Delivery]:
        """Its batches that wait or are parked, by number."""
        rows = self._of(store).where(_D.state.in_((WAITING, PARKED)))
        return [_delivery(row) for row in fetch(self._connection, rows)]

    def stores(self) -> list[str]:
        """Every scoring store that a batch was ever made for."""
        rows = select(_D.store).where(_D.hall_id == self._hall).distinct().order_by(_D.store)
        return [str(row[0]) for row in fetch(self._connection, rows)]

    def first_waiting(self, store: str) -> Batch | None:
        """The batch that is to be sent next, of those that are made."""
        rows = fetch(self._connection, self._of(store).where(_D.state == WAITING).limit(1))
        return _delivery(rows[0]).batch if rows else None

    def cut(self, store: str) -> Cut:
        """How far a store's batches reach."""
        highest = select(func.max(_D.number), func.max(_D.last)).where(_D.hall_id == self._hall, _D.store == store)
        [(number, last)] = fetch(self._connection, highest)
        return Cut(number or 0, last or 0)

    def times(self, store: str, first: int, last: int) -> int:
        """How many batches of exactly these heights were made."""
        same = (_D.hall_id == self._hall, _D.store == store, _D.first == first, _D.last == last)
        return int(fetch(self._connection, select(func.count()).where(*same))[0][0])

    def add(self, store: str, batches: Iterable[Batch], at: Moment) -> None:
        """Write down batches that wait to be sent."""
        insert(
            self._connection,
            delivery,
            [(self._hall, store, b.number, b.first, b.last, b.key, WAITING, 0, "", at, 0) for b in batches],
        )

    def note(self, store: str, number: int, meaning: str, detail: str, at: Moment) -> None:
        """Note what came of a try; what was taken stays taken whatever another try says."""
        here = (_D.hall_id == self._hall, _D.store == store, _D.number == number)
        rows = fetch(self._connection, select(_D.state, _D.detail).where(*here))
        for state, before in rows:
            after = better(state, meaning)
            told = detail if after in (meaning, WAITING) else before
            change = {"state": after, "tries": _D.tries + 1, "detail": told, "tried_at": at}
            self._connection.execute(delivery.update().where(*here).values(change))

    def unpark(self, store: str) -> int:
        """Let the parked batches wait again; returns how many."""
        parked = (_D.hall_id == self._hall, _D.store == store, _D.state == PARKED)
        return self._connection.execute(delivery.update().where(*parked).values(state=WAITING)).rowcount

    def head(self, height: int | None = None) -> tuple[int, str]:
        """A height of the ledger with its chain hash, the last one without an argument; (0, GENESIS) where none is."""
        rows = select(_E.height, _E.hash).where(_E.hall_id == self._hall)
        rows = rows.order_by(_E.height.desc()).limit(1) if height is None else rows.where(_E.height == height)
        found = fetch(self._connection, rows)
        return (found[0][0], found[0][1]) if found else (0, GENESIS)

    def booked_at(self, height: int) -> Moment | None:
        """When an entry was booked, by our clock."""
        rows = fetch(self._connection, select(_E.stored_at).where(_E.hall_id == self._hall, _E.height == height))
        return int(rows[0][0]) if rows else None

    def entries(self, first: int, last: int) -> list[ChainedEntry]:
        """The ledger's entries from one height to another, both included."""
        rows = select(*_ENTRY, _E.height, _E.previous, _E.hash)
        rows = rows.where(_E.hall_id == self._hall, _E.height.between(first, last)).order_by(_E.height)
        return [_chained(row) for row in fetch(self._connection, rows)]

    def _of(self, store: str) -> Select[*tuple[object, ...]]:
        here = (_D.hall_id == self._hall, _D.store == store)
        return select(*_FIELDS).where(*here).order_by(_D.number)


def _delivery(row: Tuple) -> Delivery:
    return Delivery(Batch(*row[:4]), *row[4:])


def _chained(row: Tuple) -> ChainedEntry:
    entry, place = row[: len(_NAMES)], row[len(_NAMES) :]
    return ChainedEntry(Entry(*changed(entry, _POINTS, from_milli(entry[_POINTS]))), *place)
