"""What is particular to SQLite: one file, one writer at a time for all halls in it, readers who don't wait."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

PRAGMAS: Final = (
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # without it INSERT OR REPLACE would delete past the triggers
    "temp_store = MEMORY",
    "cache_size = -32768",
)

SPOILT: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)
PLACE: Final = "punchsync_place"
"""In a pooled connection's notes: which file it has open."""


def options(wait: int) -> dict[str, Any]:
    """What the engine is made with."""
    return {"connect_args": {"timeout": wait}}


def connected(raw: sqlite3.Connection, wait: int) -> None:
    """Take transactions into our own hands, and set what is set by connection."""
    # The driver would open transactions by itself, deferred and late; we say BEGIN ourselves.
    raw.isolation_level = None
    _write_ahead(raw, wait)
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")


def watch(engine: Engine) -> None:
    """Let go of memory between transactions, and make no file anew that was there before.

    An empty one in its place would look like a new hall.
    """
    known: list[bool] = []

    def connecting(_dialect: Any, _record: Any, _args: Any, _options: Any) -> None:
        if known and _place(engine) is None:
            raise sqlite3.OperationalError(f"{engine.url.database} is gone")

    def returned(raw: sqlite3.Connection | None, _record: Any) -> None:
        if raw is not None:
            with suppress(sqlite3.Error):
                # Each connection keeps the pages that it read: for months that would be the whole file, several times.
                raw.execute("PRAGMA shrink_memory")

    event.listen(engine, "checkin", returned)
    event.listen(engine, "do_connect", connecting)
    event.listen(engine, "connect", lambda _raw, _record: known.append(True) if _place(engine) and not known else None)


def spoiled(error: BaseException | None) -> bool:
    """Whether an error stays with the connections there are: one that can't write won't notice that it may again."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in SPOILT


def begin(connection: Connection, writer: str | bool, wait: int) -> None:
    """Begin a view, or a transaction that has the file alone; raises OperationalError where the file was exchanged."""
    _stay(connection)
    connection.exec_driver_sql(f"PRAGMA query_only = {0 if writer else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _write_ahead(raw: sqlite3.Connection, wait: int) -> None:
    """Set WAL mode, which needs the file alone for a moment and, unlike other locks, doesn't wait for it."""
    give_up = time.monotonic() + wait
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _stay(connection: Connection) -> None:
    """Give up a connection whose file is gone or replaced: the system would let it write on, to where nobody reads."""
    now = _place(connection.engine)
    if connection.info.setdefault(PLACE, now) != now:
        connection.invalidate()
        words = "is gone" if now is None else "is not the file that was opened"
        error = sqlite3.OperationalError(f"{connection.engine.url.database} {words}")
        raise OperationalError("BEGIN", None, error)


def _place(engine: Engine) -> tuple[int, int] | None:
    """Which file an engine's path leads to; None for none, and for stores that are no plain files."""
    path = engine.url.database
    try:
        found = None if path is None or path.startswith("file:") else Path(path).stat()
    except OSError:
        return None
    return None if found is None else (found.st_dev, found.st_ino)
