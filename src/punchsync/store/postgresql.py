"""What is particular to PostgreSQL: writers exclude each other by hall, readers have the snapshot of their first look.

A writer takes its hall's lock before it looks at anything. Its statements are READ COMMITTED, so that each sees what
whoever had the lock before has committed; a snapshot of the whole transaction would be as old as the wait. Locks are
the database's own and end with the transaction, however that ends.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from sqlalchemy import Connection, Engine

ENCODING: Final = "UTF8"

SESSION: Final = (
    # A machine that vanished while it wrote holds its hall's lock for a minute, not for two hours.
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)

CONNECT: Final = {
    "connect_timeout": 10,
    "client_encoding": "utf8",
    "application_name": "punchsync",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


class UnfitDatabase(RuntimeError):
    """A database that can't hold what is stored: its encoding is not UTF8; carries the encoding found."""

    def __init__(self, encoding: str) -> None:
        super().__init__(f"the database's encoding is {encoding}, not {ENCODING}")
        self.encoding = encoding


def options(wait: int) -> dict[str, Any]:
    """What the engine is made with."""
    # A connection that lay idle while the server was started anew is replaced, not used.
    return {"connect_args": CONNECT, "pool_pre_ping": True}


def watch(engine: Engine) -> None:
    """Nothing to look after: the server knows its files."""


def spoiled(error: BaseException | None) -> bool:
    """Never: a connection that broke is replaced by itself."""
    return False


def connected(raw: Any, wait: int) -> None:
    """Set what is set by connection; raises UnfitDatabase."""
    encoding = raw.info.parameter_status("server_encoding") or ""
    if encoding != ENCODING:
        raw.close()
        raise UnfitDatabase(encoding)
    raw.autocommit = True
    raw.execute(SESSION)
    raw.autocommit = False


def begin(connection: Connection, writer: str | bool, wait: int) -> None:
    """Begin a view of one snapshot, or a transaction that is its hall's only writer, or (True) the database's."""
    from psycopg import IsolationLevel

    raw: Any = connection.connection.dbapi_connection
    raw.isolation_level = IsolationLevel.READ_COMMITTED if writer else IsolationLevel.REPEATABLE_READ
    raw.read_only = not writer
    if not writer:
        return
    whole = key("")
    # Writers of halls share the lock that a migration takes alone.
    locks = f"pg_advisory_xact_lock({whole})"
    if isinstance(writer, str):
        locks = f"pg_advisory_xact_lock_shared({whole}), pg_advisory_xact_lock({key(writer)})"
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{wait}s'; SET LOCAL synchronous_commit = on; SELECT {locks}")


def key(hall: str) -> int:
    """The number of a hall's lock: 64 bits of a digest, so that no other program's is met by chance."""
    return int.from_bytes(hashlib.sha256(f"punchsync\n{hall}".encode()).digest()[:8], "big", signed=True)
