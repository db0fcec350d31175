"""Entries kept in one SQLite file, each once: a batch is one transaction, on the disk before it is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from punchsync.receiver.entry import Entry, digest
from punchsync.receiver.schema import INSERT_ONLY, TABLES, VERSION

PATIENCE = 10.0
"""Seconds to wait for somebody else who has the file locked."""
COLUMNS = ", ".join(Entry._fields)
_SELECT = f"SELECT {COLUMNS} FROM score_entry WHERE hall_id = ?"  # nosec B608 # noqa: S608 - names of our own
_INSERT = (
    f"INSERT INTO score_entry (hall_id, {COLUMNS}, thousandths) "  # nosec B608 # noqa: S608 - names of our own
    f"VALUES ({', '.join('?' * (len(Entry._fields) + 2))})"
)


class NotOurs(Exception):
    """A file that holds something else than these tables."""


class Taken(NamedTuple):
    """A batch that is on the disk: how many entries were new, and how many were there."""

    accepted: int
    known: int


class Clash(NamedTuple):
    """A batch of which nothing was kept: a code, and the entry that can't be kept (empty for a whole batch)."""

    code: str
    entry: str = ""


class ScoreTable:
    """The tables in a file, made if absent; may be shared by threads. Raises NotOurs, sqlite3.Error."""

    def __init__(self, file: Path) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def take(self, hall: str, key: str, entries: Sequence[Entry], at: int) -> Taken | Clash:
        """Keep a hall's batch, whole or not at all; `at` is when it came, in seconds since 1970."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                outcome = self._put(hall, key, entries, at)
                self._connection.execute("COMMIT" if isinstance(outcome, Taken) else "ROLLBACK")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        return outcome

    def give(self, hall: str, after: str, limit: int) -> list[Entry]:
        """A hall's entries after an entry id (empty: from the first), at most so many, by entry id."""
        rows = self._all(f"{_SELECT} AND entry_id > ? ORDER BY entry_id LIMIT ?", hall, after, limit)
        return [_entry(row) for row in rows]

    def close(self) -> None:
        """Let go of the file, once whoever is at it has done."""
        with self._lock:
            self._connection.close()

    def _put(self, hall: str, key: str, entries: Sequence[Entry], at: int) -> Taken | Clash:
        content = digest(entries)
        known = "SELECT digest FROM score_batch WHERE hall_id = ? AND batch_key = ?"
        for (before,) in self._rows(known, hall, key):
            return Taken(0, len(entries)) if before == content else Clash("key-reused")
        accepted = 0
        for entry in entries:
            kept = self._find(hall, entry.entry_id)
            if kept is not None and kept != entry:
                return Clash("entry-differs", entry.entry_id)
            if kept is None:
                clash = self._clash(hall, entry)
                if clash is not None:
                    return clash
                self._connection.execute(_INSERT, (hall, *entry, entry.thousandths))
                accepted += 1
        made = (hall, key, content, len(entries), at)
        self._connection.execute("INSERT INTO score_batch VALUES (?, ?, ?, ?, ?)", made)
        return Taken(accepted, len(entries) - accepted)

    def _clash(self, hall: str, entry: Entry) -> Clash | None:
        """Why a new entry can't stand beside those that are there."""
        if self._rows(f"{_SELECT} AND cause = ? AND revision = ?", hall, entry.cause, entry.revision):
            return Clash("revision-there", entry.entry_id)
        if entry.reverses:
            posted = self._find(hall, entry.reverses)
            if posted is None:
                return Clash("reverses-unknown", entry.entry_id)
            taken_back = (posted.cause, int(posted.revision) + 1, -posted.thousandths)
            if taken_back != (entry.cause, int(entry.revision), entry.thousandths):
                return Clash("reverses-another", entry.entry_id)
        return None

    def _find(self, hall: str, entry_id: str) -> Entry | None:
        rows = self._rows(f"{_SELECT} AND entry_id = ?", hall, entry_id)
        return _entry(rows[0]) if rows else None

    def _all(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._rows(query, *values)

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._connection.execute(query, values).fetchall()

    def _prepare(self) -> None:
        # FULL: what was answered survives a power cut, too.
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("BEGIN IMMEDIATE")
        [(version,)] = self._rows("PRAGMA user_version")
        [(tables,)] = self._rows("SELECT count(*) FROM sqlite_master")
        if (version, tables > 0) not in ((0, False), (VERSION, True)):
            raise NotOurs
        if not tables:
            for statement in statements(TABLES + INSERT_ONLY):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {VERSION}")
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA journal_mode = WAL")


def statements(script: str) -> list[str]:
    """A script's statements; `executescript` would end the transaction that they are to be in."""
    found: list[str] = []
    part = ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part.strip())
            part = ""
    return found


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(*map(str, row))
