"""Erased bytes out of a database's own files.

Erasing writes over rows where they stood. Copies are left all the same: in SQLite's log, and in pages that were moved;
so the file is written anew and its log emptied. PostgreSQL's own `VACUUM FULL` asks for a quiet hour, which is for
whoever runs the server to choose.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

SCRUBBED: Final = (
    "done",
    "busy",  # others were reading, and did not end within the time that a writer waits
    "full",  # no room on the disk for a second copy of the file
    "by_hand",  # PostgreSQL
)
ROOM: Final = 2
"""How many times the file's size must be free: the new one, and the log it goes through."""


def scrub(engine: Engine) -> str:
    """Write a SQLite file anew, without what was erased; returns a code of `SCRUBBED`."""
    if engine.dialect.name != "sqlite":
        return "by_hand"
    raw: Any = engine.raw_connection()
    try:
        return _scrub(raw.driver_connection, engine.url.database)
    finally:
        raw.close()


def _scrub(database: sqlite3.Connection, file: str | None) -> str:
    database.execute("PRAGMA query_only = 0")
    # A second copy of the database in memory would be too much for a service that is held to some.
    database.execute("PRAGMA temp_store = FILE")
    try:
        if file and shutil.disk_usage(Path(file).parent).free < ROOM * Path(file).stat().st_size:
            found = "full"
        else:
            database.execute("VACUUM")
            found = "done"
    except sqlite3.OperationalError as error:
        found = {sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_BUSY: "busy", sqlite3.SQLITE_LOCKED: "busy"}.get(
            error.sqlite_errorcode & 0xFF, ""
        )
        if not found:
            raise
    finally:
        database.execute("PRAGMA temp_store = MEMORY")
    [(blocked, _pages, _done)] = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return "busy" if blocked and found == "done" else found
