"""A copy of a database as it was before a migration, kept beside it: whoever doubts the new one has the old one.

Of SQLite it is the file, page by page; of PostgreSQL a SQLite store of the old schema with every row of every hall. A
copy is never overwritten; one that says the same as the last is not kept twice.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, Table, select

from punchsync.store import engine as engines
from punchsync.store import pages
from punchsync.store.rows import blocks, put

SPARE: Final = 16 * 2**20
"""Bytes that must be left on the disk once a copy is made."""
FEW: Final = 100
"""Rows at a time: some hold whole files."""


class NoCopy(RuntimeError):
    """There is no room for a copy: bytes needed and bytes free, and the folder. Nothing was migrated."""

    def __init__(self, folder: Path, needed: int, free: int) -> None:
        super().__init__(f"{folder}: {needed} bytes needed, {free} free")
        self.folder, self.needed, self.free = folder, needed, free


def keep(
    connection: Connection, folder: Path, revision: str, to: str, make: Callable[[Connection, str], None]
) -> Path | None:
    """Copy a database into a folder, within the transaction that will migrate it, before it does; where the copy is.

    None for a database in memory. `make` brings an empty database to a revision. Raises NoCopy.
    """
    name = connection.engine.url.database
    if connection.dialect.name == "postgresql":
        size = int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())
        stem = f"{name}.db"
    else:
        if not name or name == ":memory:":
            return None
        file = Path(name)
        folder, stem = file.parent, file.name
        size = sum(path.stat().st_size for path in (file, *pages.beside(file)) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < size + SPARE:
        raise NoCopy(folder, size + SPARE, free)
    made = folder / f".{stem}.before-{to}"
    made.unlink(missing_ok=True)
    if connection.dialect.name == "postgresql":
        _rows(connection, made, revision, make)
    else:
        pages.keep(file, made)
    return _named(made, folder / f"{stem}.before-{to}")


def _named(made: Path, wanted: Path) -> Path:
    """Give a copy the first name that is free, or drop it for one that there is already and that says the same."""
    mine = _digest(made)
    for n in count(1):
        place = wanted if n == 1 else wanted.with_name(f"{wanted.name}.{n}")
        if not place.exists():
            made.rename(place)
            pages.sync_names(place.parent)
            return place
        if _digest(place) == mine:
            made.unlink()
            return place
    raise AssertionError


def _rows(source: Connection, file: Path, revision: str, make: Callable[[Connection, str], None]) -> None:
    """Every row of a database, in a new SQLite store of the same schema."""
    for path in pages.beside(file):
        path.unlink(missing_ok=True)
    file.touch(mode=0o600)
    target = engines.open_engine(f"sqlite:///{file}")
    try:
        with engines.writing(target) as out:
            make(out, revision)
            known = MetaData()
            known.reflect(out)
            for table in known.sorted_tables:
                if "hall_id" in table.columns:
                    _table(source, out, table)
    finally:
        target.dispose()
    pages.alone(file)
    pages.sync(file)


def _table(source: Connection, target: Connection, table: Table) -> None:
    for block in blocks(source, select(*table.columns).order_by(*table.primary_key.columns), FEW):
        put(target, table, block)


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
