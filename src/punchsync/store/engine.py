"""Opening a database, and the two kinds of transaction: a reader's consistent view and a writer that is alone.

What is particular to a kind of database is in the module of that kind, in `rows` where it is about speed, and in the
migrations.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError

from punchsync.store import postgresql, sqlite

WAIT_SECONDS: Final = 30
"""How long a writer waits for another, and anybody for a free connection."""
WRITING: Final = "punchsync_writing"
"""An execution option: the id of the hall that a connection writes for, or True to have the whole database alone."""


class UnknownDatabase(ValueError):
    """A store's URL that names no database this store can be kept in; says its scheme, never the whole URL."""


class Kind(Protocol):
    """What a kind of database has to itself; `wait` is in seconds."""

    def options(self, wait: int) -> dict[str, Any]:
        """What the engine is made with."""

    def watch(self, engine: Engine) -> None:
        """Look after an engine that was just made."""

    def spoiled(self, error: BaseException | None) -> bool:
        """Whether an error means that the connections there are will fail as long as they are open."""

    def connected(self, raw: Any, wait: int) -> None:
        """Prepare a driver's connection that was just made."""

    def begin(self, connection: Connection, writer: str | bool, wait: int) -> None:
        """Begin a transaction: a view that can't write without a `writer`, else one that excludes others of its id."""


KINDS: Final[dict[str, Kind]] = {
    "sqlite": sqlite,
    "sqlite+pysqlite": sqlite,
    "postgresql+psycopg": postgresql,
}


def open_engine(url: str) -> Engine:
    """An engine on a database; creates a missing SQLite file. Raises UnknownDatabase for any other kind.

    A relative path in the URL is taken from the current folder: the caller resolves it.
    """
    scheme = url.partition(":")[0]
    kind = KINDS.get(scheme)
    if kind is None:
        raise UnknownDatabase(scheme)
    try:
        engine = create_engine(url, pool_timeout=WAIT_SECONDS, hide_parameters=True, **kind.options(WAIT_SECONDS))
    except (ArgumentError, ValueError):
        # Their own words show the URL, and with it a password.
        raise UnknownDatabase(scheme) from None
    kind.watch(engine)
    event.listen(engine, "connect", lambda raw, _record: kind.connected(raw, WAIT_SECONDS))
    event.listen(engine, "begin", lambda connection: kind.begin(connection, _writer(connection), WAIT_SECONDS))
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one consistent state and can't write."""
    with _discreet(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, hall: str | None = None) -> Iterator[Connection]:
    """A connection whose transaction excludes every other writer of a hall, or of the database if none is given.

    Committed at the end, undone on any exception.
    """
    options = {WRITING: hall or True}
    with _discreet(engine), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def _discreet(engine: Engine) -> Iterator[None]:
    """Take from a database's errors what they quote of the rows: their words go to screens and logs.

    Connections that are spoiled are closed, all of them: they share what they know of a file with new ones.
    """
    try:
        yield
    except DBAPIError as error:
        if KINDS[engine.url.drivername].spoiled(error.orig):
            engine.dispose()
        words = getattr(getattr(error.orig, "diag", None), "message_primary", None)
        if error.orig is not None and words:
            error.orig.args = error.args = (words,)
        raise


def _writer(connection: Connection) -> str | bool:
    writer: str | bool = connection.get_execution_options().get(WRITING, False)
    return writer
