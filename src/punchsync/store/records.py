"""Imported records: every version is kept, the latest of a key counts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import itemgetter

from sqlalchemy import Connection, select

from punchsync.core.moment import Moment
from punchsync.store.chain import SqlChain, digest_of
from punchsync.store.rows import Tuple, fetch, insert
from punchsync.store.tables import record


class SqlRecords:
    """The records of a hall, in one transaction."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id
        self._chain = SqlChain(connection, hall_id)

    def put(self, kind: str, rows: Sequence[tuple[str, Mapping[str, str]]], at: Moment) -> int:
        """Store new versions of those that differ from what is there; returns how many did."""
        latest = self._latest(kind)
        batch = self._chain.last("record")[0] + 1
        new: list[Tuple] = []
        for key, body in rows:
            text = json.dumps(dict(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            version, known = latest.get(key, (0, ""))
            if text == known:
                continue
            latest[key] = (version + 1, text)
            new.append((self._hall, kind, key, version + 1, text, at, batch))
        insert(self._connection, record, new)
        if new:
            self._chain.add("record", batch, digest_of(sorted(new, key=itemgetter(1, 2, 3))), at)
        return len(new)

    def all(self, kind: str) -> dict[str, dict[str, str]]:
        """The latest body of every key, withdrawn ones included, in the order of the keys."""
        return {key: json.loads(text) for key, (_, text) in self._latest(kind).items()}

    def firsts(self, kind: str, column: str) -> dict[str, str]:
        """What a column said in the first version of every key whose versions differ in it; few have a second."""
        r = record.c
        mine = (r.hall_id == self._hall, r.kind == kind)
        corrected = select(r.key).where(*mine, r.version == 2)
        versions = select(r.key, r.body).where(*mine, r.key.in_(corrected)).order_by(r.key, r.version)
        said: dict[str, list[str]] = {}
        for key, text in fetch(self._connection, versions):
            said.setdefault(key, []).append(json.loads(text).get(column, ""))
        return {key: values[0] for key, values in said.items() if len(set(values)) > 1}

    def _latest(self, kind: str) -> dict[str, tuple[int, str]]:
        r = record.c
        versions = (
            select(r.key, r.version, r.body).where(r.hall_id == self._hall, r.kind == kind).order_by(r.key, r.version)
        )
        return {key: (version, text) for key, version, text in fetch(self._connection, versions)}
