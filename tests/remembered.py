"""New SQLite stores in no time: what the migrations made of the first empty one is done again, statement by statement.

Only for tests that are not about migrations: `real_migrations` gives those back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, inspect

from punchsync.store import migrations

Statements = list[tuple[str, list[tuple[Any, ...]]]]
REAL = migrations._migrate
STATISTICS = "sqlite_stat1"


def made(connection: Connection) -> Statements:
    """What a database was made by: its schema's statements in their order, and the rows that it has."""
    ask = connection.exec_driver_sql
    schema = ask("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").all()
    # What SQLite is told of its tables stands in one that nobody can make but SQLite itself.
    out: Statements = [("ANALYZE ledger_entry" if name == STATISTICS else sql, []) for name, sql in schema]
    for table in [*inspect(connection).get_table_names(), *(name for name, _sql in schema if name == STATISTICS)]:
        rows = [tuple(row) for row in ask(f'SELECT * FROM "{table}"')]
        if rows:
            out.append((f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows))
    return out


def remembering() -> Callable[..., None]:
    """A `_migrate` that remembers."""
    known: Statements = []

    def migrate(connection: Connection, to: str = "head") -> None:
        empty = connection.dialect.name == "sqlite" and not inspect(connection).get_table_names()
        if to != "head" or not empty:
            REAL(connection, to)
            return
        if not known:
            REAL(connection, to)
            known.extend(made(connection))
            return
        for sql, rows in known:
            connection.exec_driver_sql(sql, rows or None)

    return migrate


@pytest.fixture(scope="session", autouse=True)
def remembered_migrations() -> Iterator[None]:
    migrations._migrate = remembering()
    yield
    migrations._migrate = REAL


@pytest.fixture
def real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_migrate", REAL)
