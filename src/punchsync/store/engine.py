"""Opening a database, and the two kinds of transaction: a reader's consistent view and a writer that is alone.

All that is particular to SQLite is here and in the migrations.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError

WAIT_SECONDS: Final = 30
WRITING: Final = "punchsync_writing"


class UnknownDatabase(ValueError):
    """A store's URL that names no database this store can be kept in."""


def open_engine(url: str) -> Engine:
    """An engine on a database; creates a missing SQLite file. Raises UnknownDatabase for any other kind.

    A relative path in the URL is taken from the current folder: the caller resolves it.
    """
    if not url.startswith(("sqlite:", "sqlite+pysqlite:")):
        raise UnknownDatabase(url.partition(":")[0])
    try:
        engine = create_engine(
            url, connect_args={"timeout": WAIT_SECONDS}, pool_timeout=WAIT_SECONDS, hide_parameters=True
        )
    except ArgumentError as error:
        raise UnknownDatabase(url) from error
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one consistent state and can't write."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction excludes every other writer; committed at the end, undone on any exception."""
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        yield connection


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would open transactions by itself, deferred and late; we say BEGIN ourselves.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # without it INSERT OR REPLACE would delete past the triggers
        "temp_store = MEMORY",
        "cache_size = -32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set WAL mode, which needs the file alone for a moment and, unlike other locks, doesn't wait for it."""
    give_up = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _on_begin(connection: Connection) -> None:
    writing = bool(connection.get_execution_options().get(WRITING, False))
    connection.exec_driver_sql(f"PRAGMA query_only = {0 if writing else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
