"""One service a hall, wherever it runs: a lock in the database for as long as a session of it is open.

A SQLite file has one machine, on which the site's own lock tells services apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from punchsync.store.postgresql import key

PATIENCE: Final = 1.0
"""Seconds that a lock is asked for: a database takes a moment to notice that who had it is gone."""


class Served(Exception):
    """Another service, here or elsewhere, serves this hall."""


@contextmanager
def alone(engine: Engine, hall: str) -> Iterator[Callable[[], bool]]:
    """Be a hall's only service; raises Served. Yields whether that is still so, as far as the database can be asked.

    A session that broke off takes its lock along: it is taken anew, unless another service was quicker.
    """
    if engine.dialect.name != "postgresql":
        yield lambda: True
        return
    session = _Session(engine, key(f"serve\n{hall}"))
    try:
        give_up = time.monotonic() + PATIENCE
        while not session.taken():
            if time.monotonic() > give_up:
                raise Served
            session.close()
            time.sleep(PATIENCE / 10)
        yield session.held
    finally:
        session.close()


class _Session:
    """A connection of its own that holds one lock, or tried to."""

    def __init__(self, engine: Engine, number: int) -> None:
        self._engine, self._number = engine, number
        self._raw: Any = None

    def taken(self) -> bool:
        """Open it; whether the lock could be had."""
        self._raw = self._engine.raw_connection()
        self._raw.driver_connection.autocommit = True
        return bool(self._raw.driver_connection.execute(f"SELECT pg_try_advisory_lock({self._number})").fetchone()[0])

    def held(self) -> bool:
        """Whether it holds the lock; True also where nobody can say."""
        driver: Any = self._engine.dialect.loaded_dbapi
        try:
            self._raw.driver_connection.execute("SELECT 1")
            return True
        except driver.Error:
            self.close()
        try:
            return self.taken()
        except (driver.Error, DBAPIError):
            return True

    def close(self) -> None:
        """Let go of it, whatever became of it."""
        raw, self._raw = self._raw, None
        if raw is not None:
            # Closed for good: back in the pool it would go on holding the lock.
            with suppress(Exception):
                raw.driver_connection.execute(f"SELECT pg_advisory_unlock({self._number})")
            with suppress(Exception):
                raw.invalidate()
