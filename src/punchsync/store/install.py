"""Puts a restored store in its place: a SQLite file's pages, or a PostgreSQL database's rows, in one transaction.

Whatever happens on the way, what was there is there, or what was restored is; never some of each.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from punchsync.core.manifest import Copied, Installed, TableSum
from punchsync.store import copy, pages
from punchsync.store import engine as engines
from punchsync.store.migrations import upgrade


class Occupied(RuntimeError):
    """A place that a store can't be restored to.

    `rows`: the hall has rows there, which nobody said may be replaced; `always`: it has, and they can't be (they are
    in PostgreSQL); `others`: the file holds other halls too, named in `found`.
    """

    def __init__(self, reason: Literal["rows", "always", "others"], found: str = "") -> None:
        super().__init__(f"{reason} {found}")
        self.reason, self.found = reason, found


def install(url: str, hall_id: str, store: Path, right: Copied, aside: Path | None, keep: Path) -> Installed:
    """Make the store at an address hold what the one in a file holds, which must be of this version's schema.

    With `aside`, what is there is replaced, and kept under that name first. `keep` is where a copy goes should a
    PostgreSQL database have to be migrated. Raises Occupied, and what databases raise.
    """
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        return _file(Path(found.database or ""), hall_id, store, right, aside)
    return _database(url, hall_id, store, right, keep)


def _file(file: Path, hall_id: str, store: Path, right: Copied, aside: Path | None) -> Installed:
    if not file.exists():
        pages.lay(store, file)
        return Installed("new")
    if aside is not None:
        aside = next(place for place in _names(aside) if not place.exists())
    try:
        held, others = _look(file, hall_id)
        same = held and _same(file, hall_id, right)
    except (sqlite3.DatabaseError, DatabaseError) as error:
        if _busy(error):
            raise
        # Nothing can be made of it but a copy of what lies there.
        if aside is None:
            raise Occupied("rows") from None
        _set_aside(file, aside)
        pages.lay(store, file)
        return Installed("replaced", aside)
    if others:
        raise Occupied("others", ", ".join(others))
    if same:
        return Installed("same")
    if not held:
        pages.pour(store, file)
        return Installed("new")
    if aside is None:
        raise Occupied("rows")
    pages.keep(file, aside)
    pages.pour(store, file)
    return Installed("replaced", aside)


def _database(url: str, hall_id: str, store: Path, right: Copied, keep: Path) -> Installed:
    source, target = engines.open_engine(f"sqlite:///{store}"), engines.open_engine(url)
    try:
        upgrade(target, keep)
        with engines.writing(target, hall_id) as connection:
            if copy.held(connection, hall_id):
                if _data(copy.sums(connection, hall_id)) == _data(right.tables):
                    return Installed("same")
                raise Occupied("always")
            copy.into_database(source, connection, hall_id)
        return Installed("new")
    finally:
        source.dispose()
        target.dispose()


def _look(file: Path, hall_id: str) -> tuple[bool, list[str]]:
    """Whether a file of any schema holds more of a hall than its name, and of which others it does."""
    with closing(sqlite3.connect(file, timeout=pages.WAIT_SECONDS)) as database:
        tables = list(_of_halls(database))
        halls = database.execute("SELECT hall_id FROM hall").fetchall() if "hall" in tables else []
        known = {str(row[0]) for row in halls} | {hall_id}
        held: set[str] = set()
        for table in tables:
            mine = f'SELECT 1 FROM "{table}" WHERE hall_id = ? LIMIT 1'  # nosec B608 # noqa: S608 # names out of its own schema
            # A name alone is all that opening a site with a mistyped id leaves.
            if table != "hall":
                held |= {id for id in known - held if database.execute(mine, (id,)).fetchone() is not None}
    return hall_id in held, sorted(held - {hall_id})


def _of_halls(database: sqlite3.Connection) -> Iterator[str]:
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if any(row[0] == "hall_id" for row in database.execute("SELECT name FROM pragma_table_info(?)", (table,))):
            yield str(table).replace('"', '""')


def _same(file: Path, hall_id: str, right: Copied) -> bool:
    """Whether a file holds of a hall what it is to hold; False for one of another schema, which is not opened."""
    with closing(sqlite3.connect(file, timeout=pages.WAIT_SECONDS)) as database:
        if database.execute("SELECT version_num FROM alembic_version").fetchall() != [(right.schema,)]:
            return False
    engine = engines.open_engine(f"sqlite:///{file}")
    try:
        with engines.reading(engine) as connection:
            return _data(copy.sums(connection, hall_id)) == _data(right.tables)
    finally:
        engine.dispose()


def _data(tables: Iterable[TableSum]) -> list[TableSum]:
    """The sums of what a hall knows: which of its jobs fail, and whether it waits to be reconciled, is none of that."""
    return [one for one in tables if one.table != "job_trouble"]


def _names(aside: Path) -> Iterator[Path]:
    yield aside
    yield from (aside.with_name(f"{aside.name}.{n}") for n in count(2))


def _set_aside(file: Path, aside: Path) -> None:
    """Keep what can't be read, with all that lies beside it, by other names."""
    ends = ("", *pages.BESIDE)
    for one, other in ((file.with_name(file.name + end), aside.with_name(aside.name + end)) for end in ends):
        if one.exists():
            shutil.copyfile(one, other)
            other.chmod(0o600)
            pages.sync(other)
    pages.sync_names(aside.parent)


def _busy(error: sqlite3.DatabaseError | DatabaseError) -> bool:
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
