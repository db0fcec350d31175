"""Addresses of people, and how far they were told; in no chain, and changed or removed like any row."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from punchsync.core.contact import Contact
from punchsync.store.rows import fetch, insert
from punchsync.store.tables import contact, told

_C, _T = contact.c, told.c
BOOKED: Final = "booked"


class SqlContacts:
    """The addresses of a hall's people, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def all(self) -> list[Contact]:
        """Every one, by the person's id."""
        rows = select(_C.person, _C.address, _C.changed_at).where(_C.hall_id == self._hall).order_by(_C.person)
        return [Contact(*row) for row in fetch(self._connection, rows)]

    def of(self, person: str) -> Contact | None:
        """A person's."""
        rows = select(_C.person, _C.address, _C.changed_at).where(_C.hall_id == self._hall, _C.person == person)
        return next((Contact(*row) for row in fetch(self._connection, rows)), None)

    def put(self, new: Contact) -> None:
        """Keep an address in the place of the person's last one."""
        self.remove(new.person)
        insert(self._connection, contact, [(self._hall, *new)])

    def remove(self, person: str) -> bool:
        """Remove a person's address; whether there was one."""
        here = (_C.hall_id == self._hall, _C.person == person)
        return self._connection.execute(contact.delete().where(*here)).rowcount > 0

    def reached(self) -> int | None:
        """The height of the ledger up to which people were told; None where nobody is told of anything."""
        rows = fetch(self._connection, select(_T.height).where(_T.hall_id == self._hall, _T.what == BOOKED))
        return rows[0][0] if rows else None

    def reach(self, height: int | None) -> None:
        """Note that height; None: nobody is told any more."""
        self._connection.execute(told.delete().where(_T.hall_id == self._hall, _T.what == BOOKED))
        if height is not None:
            insert(self._connection, told, [(self._hall, BOOKED, height)])
