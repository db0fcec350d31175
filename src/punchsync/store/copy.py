"""A hall's rows from one database into another: what backups and restored stores are made of.

Whatever kinds the two databases are, the rows are the same, to the byte, and so is the digest of each table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, LargeBinary, Select, Table, select
from sqlalchemy.exc import DBAPIError

from punchsync.core.ledger import GENESIS
from punchsync.core.manifest import Copied, TableSum
from punchsync.store import engine as engines
from punchsync.store import pages
from punchsync.store.migrations import REVISIONS, upgrade
from punchsync.store.rows import BLOCK, Tuple, blocks, fetch, put
from punchsync.store.tables import hall, ledger_entry, link, metadata, web_session

FEW: Final = 4
"""Rows at a time of tables that hold whole files."""
SMALL: Final = frozenset({"punch", "defect"})
"""Tables whose bytes are a terminal's records, of some dozens each."""

LEFT: Final = frozenset({web_session})
"""Tables that no copy has: who is logged in here is not logged in there, nor here after a restore."""

Take = Callable[[Table, Sequence[Tuple]], None]


class NotCopied(OSError):
    """A copy that could not be made, for want of room most often; says what the database says."""


class NotTheSame(RuntimeError):
    """Rows that came out of a database otherwise than they went in; names the tables."""


def into_file(source: Engine, hall_id: str, file: Path) -> Copied:
    """Copy a hall from one reading view into a new SQLite file, which is then whole without any other beside it.

    Raises NotCopied.
    """
    target = engines.open_engine(f"sqlite:///{file}")
    try:
        upgrade(target)
        with engines.reading(source) as view, engines.writing(target) as out:
            found = _ends(view, hall_id, copy(view, out, hall_id))
    except DBAPIError as error:
        raise NotCopied(" ".join(str(error.orig).split())) from error
    finally:
        target.dispose()
    pages.alone(file)
    return found


def into_database(source: Engine, target: Connection, hall_id: str) -> tuple[TableSum, ...]:
    """Copy a hall into a database that holds nothing of it, in the caller's transaction; raises NotTheSame."""
    for table in (*LEFT, hall):
        target.execute(table.delete().where(table.c.hall_id == hall_id))
    with engines.reading(source) as view:
        made = copy(view, target, hall_id)
    found = sums(target, hall_id)
    if found != made:
        raise NotTheSame(", ".join(one.table for one, other in zip(found, made, strict=True) if one != other))
    return made


def copy(source: Connection, target: Connection, hall_id: str) -> tuple[TableSum, ...]:
    """Copy every table's rows of a hall; returns what was copied."""
    return tuple(_table(source, t, hall_id, lambda table, rows: put(target, table, rows)) for t in _tables())


def sums(connection: Connection, hall_id: str) -> tuple[TableSum, ...]:
    """The sums of every table's rows of a hall."""
    return tuple(_table(connection, table, hall_id, lambda table, rows: None) for table in _tables())


def held(connection: Connection, hall_id: str) -> bool:
    """Whether there is a row of a hall, but for its name."""
    return any(fetch(connection, _rows(t, hall_id).limit(1)) for t in _tables() if t is not hall)


def ends(connection: Connection, hall_id: str) -> Copied:
    """What a store holds of a hall."""
    return _ends(connection, hall_id, sums(connection, hall_id))


def _tables() -> list[Table]:
    """Every table that copies have, each after those it refers to."""
    return [table for table in metadata.sorted_tables if table not in LEFT]


def _rows(table: Table, hall_id: str) -> Select[*tuple[object, ...]]:
    return select(*table.columns).where(table.c.hall_id == hall_id).order_by(*table.primary_key.columns)


def _table(connection: Connection, table: Table, hall_id: str, take: Take) -> TableSum:
    """Take a table's rows block by block; the digest is that of `chain.digest_of`, made a block at a time."""
    large = table.name not in SMALL and any(isinstance(c.type, LargeBinary) for c in table.columns)
    count, made = 0, hashlib.sha256(b"[")
    for block in blocks(connection, _rows(table, hall_id), FEW if large else BLOCK):
        take(table, block)
        text = json.dumps(block, ensure_ascii=False, separators=(",", ":"), default=bytes.hex)
        made.update(("," if count else "").encode() + text[1:-1].encode())
        count += len(block)
    made.update(b"]")
    return TableSum(table.name, count, made.hexdigest())


def _ends(connection: Connection, hall_id: str, tables: tuple[TableSum, ...]) -> Copied:
    last: list[tuple[int, str]] = []
    for table in (ledger_entry, link):
        c = table.c
        newest = select(c.height, c.hash).where(c.hall_id == hall_id).order_by(c.height.desc()).limit(1)
        found = fetch(connection, newest)
        last.append((found[0][0], found[0][1]) if found else (0, GENESIS))
    return Copied(REVISIONS[-1], tables, *last[0], *last[1])
