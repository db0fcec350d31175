"""What every test would make anew and is always the same: an empty SQLite store's schema, a statement's SQL, a pack.

What the migrations made of the first empty store is done again, statement by statement; only for tests that are not
about migrations: `real_migrations` gives those back. SQLAlchemy's SQL is kept for all SQLite stores of a process and
not for each. A pack is read from its TOML once for each text and choice.
"""

from __future__ import annotations

import pickle
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect

from punchsync.packs import load
from punchsync.store import migrations, sqlite

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


class Compiled(dict[Any, Any]):
    """Compiled statements that do not ask for whose database of one kind they were compiled."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


@pytest.fixture(scope="session", autouse=True)
def remembered_sql() -> Iterator[None]:
    shared = Compiled()
    watch = sqlite.watch

    def watched(engine: Engine) -> None:
        watch(engine)
        engine.update_execution_options(compiled_cache=shared)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sqlite, "watch", watched)
        yield


@cache
def parsed(text: str, parse_float: Callable[[str], object]) -> bytes:
    """A TOML text's tree, to be had as often as somebody wants to change it."""
    return pickle.dumps(tomllib.loads(text, parse_float=parse_float))


def remembering_packs() -> Callable[..., load.Loaded]:
    """A `made` that remembers packs that were good; it is asked by all that a pack is made of, its texts."""
    known: dict[object, load.Loaded] = {}
    real = load.made

    def made(
        tree: dict[str, Any],
        texts: list[str],
        name: str,
        interpretations: Mapping[str, str],
        answers: Mapping[str, str],
    ) -> load.Loaded:
        asked = (tuple(texts), name, tuple(interpretations.items()), tuple(answers.items()))
        try:
            found = known.get(asked)
        except TypeError:  # what can't be hashed is no choice of a pack, which is to be said
            return real(tree, texts, name, interpretations, answers)
        if found is None:
            found = known[asked] = real(tree, texts, name, interpretations, answers)
        return found

    return made


@pytest.fixture(scope="session", autouse=True)
def remembered_packs() -> Iterator[None]:
    again = SimpleNamespace(
        loads=lambda text, parse_float: pickle.loads(parsed(text, parse_float)),
        TOMLDecodeError=tomllib.TOMLDecodeError,
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(load, "made", remembering_packs())
        patched.setattr(load, "tomllib", again)
        yield
