"""What is particular to SQLite: one file, one writer at a time for all halls in it, readers who don't wait."""

from __future__ import annotations

import sqlite3
import time
from typing import Any, Final

from sqlalchemy import Connection

PRAGMAS: Final = (
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # without it INSERT OR REPLACE would delete past the triggers
    "temp_store = MEMORY",
    "cache_size = -32768",
)


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


def begin(connection: Connection, writer: str | bool, wait: int) -> None:
    """Begin a view, or a transaction that has the file alone."""
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
