"""Any table's rows as they are stored: for who must hand over all that is kept of somebody, whatever table it is in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, select

from punchsync.store.rows import chunks, stream
from punchsync.store.tables import metadata


class SqlStored:
    """The rows of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def rows(
        self, table: str, column: str = "", values: Collection[str] = (), **same: object
    ) -> Iterator[dict[str, Any]]:
        """A table's rows by their key, without the hall; of some values in a column, and of the `same`."""
        found = metadata.tables[table]
        mine = [found.c.hall_id == self._hall, *(found.c[name] == value for name, value in same.items())]
        names = [c.name for c in found.c if c.name != "hall_id"]
        wanted = select(*(found.c[n] for n in names)).where(*mine).order_by(*found.primary_key)
        for some in chunks(values) if column else [None]:
            asked = wanted if some is None else wanted.where(found.c[column].in_(some))
            for row in stream(self._connection, asked):
                yield dict(zip(names, row, strict=True))
