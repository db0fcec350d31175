"""Imported records: every version is kept, the latest of a key counts. Names of people are in a table of their own."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter

from sqlalchemy import Connection, func, select

from punchsync.core.difference import Difference
from punchsync.core.moment import Moment
from punchsync.core.stored import Version
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.names import KIND, SqlNames, normal
from punchsync.store.rows import Tuple, fetch, insert
from punchsync.store.tables import record

Body = Mapping[str, str]


class SqlRecords:
    """The records of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id
        self._chain = SqlChain(connection, hall_id)
        self._names = SqlNames(connection, hall_id)

    def put(self, kind: str, rows: Sequence[tuple[str, Body]], at: Moment) -> int:
        """Store new versions of those that differ from what is there; returns how many did."""
        latest = self._latest(kind)
        batch = self._chain.last("record")[0] + 1
        new: list[Tuple] = []
        for key, body in rows:
            version, known = latest.get(key, (0, None))
            if self._says(kind, known, body):
                continue
            text = self._names.hide(body, known) if kind == KIND else normal(body)
            latest[key] = (version + 1, text)
            new.append((self._hall, kind, key, version + 1, text, at, batch))
        insert(self._connection, record, new)
        if new:
            self._chain.add("record", batch, digest_of(sorted(new, key=itemgetter(1, 2, 3))), at)
        return len(new)

    def unlike(self, kind: str, rows: Sequence[tuple[str, Body]]) -> list[tuple[str, Body]]:
        """Those that differ from the latest version of their key; a name that was erased differs from none."""
        latest = self._latest(kind)
        return [(key, body) for key, body in rows if not self._says(kind, latest.get(key, (0, None))[1], body)]

    def all(self, kind: str) -> dict[str, dict[str, str]]:
        """The latest body of every key, withdrawn ones included, in the order of the keys.

        Where a name was erased the person's id stands for it.
        """
        return {key: self._body(kind, text) for key, (_, text) in self._latest(kind).items()}

    def firsts(self, kind: str, column: str) -> dict[str, str]:
        """What a column said in the first version of every key whose versions differ in it; few have a second."""
        r = record.c
        mine = (r.hall_id == self._hall, r.kind == kind)
        corrected = select(r.key).where(*mine, r.version == 2)
        versions = select(r.key, r.body).where(*mine, r.key.in_(corrected)).order_by(r.key, r.version)
        said: dict[str, list[str]] = {}
        for key, text in fetch(self._connection, versions):
            said.setdefault(key, []).append(self._body(kind, text).get(column, ""))
        return {key: values[0] for key, values in said.items() if len(set(values)) > 1}

    def newest(self) -> int:
        """The number of the latest batch of any kind; it grows with every record that is stored."""
        found = select(func.max(record.c.batch)).where(record.c.hall_id == self._hall)
        return int(self._connection.execute(found).scalar() or 0)

    def versions(self, kind: str) -> Iterator[Version]:
        """Every version of a kind, by key and version, as `all` shows the latest."""
        r = record.c
        rows = select(r.key, r.version, r.stored_at, r.body).where(r.hall_id == self._hall, r.kind == kind)
        for key, version, at, text in fetch(self._connection, rows.order_by(r.key, r.version)):
            yield Version(kind, key, version, at, self._body(kind, text))

    def history(self, kind: str, keys: Collection[str]) -> list[Version]:
        """Every version of some records, by key and version, as `all` shows the latest."""
        r = record.c
        mine = (r.hall_id == self._hall, r.kind == kind, r.key.in_(keys))
        rows = fetch(
            self._connection, select(r.key, r.version, r.stored_at, r.body).where(*mine).order_by(r.key, r.version)
        )
        return [Version(kind, key, version, at, self._body(kind, text)) for key, version, at, text in rows]

    def misnamed(self) -> Iterator[Difference]:
        """Names that are not those that were written down."""
        return self._names.differences()

    def _says(self, kind: str, known: str | None, body: Body) -> bool:
        return self._names.says(known, body) if kind == KIND else known == normal(body)

    def _body(self, kind: str, text: str) -> dict[str, str]:
        body: dict[str, str] = self._names.body(text) if kind == KIND else json.loads(text)
        return body

    def _latest(self, kind: str) -> dict[str, tuple[int, str]]:
        r = record.c
        versions = (
            select(r.key, r.version, r.body).where(r.hall_id == self._hall, r.kind == kind).order_by(r.key, r.version)
        )
        return {key: (version, text) for key, version, text in fetch(self._connection, versions)}
