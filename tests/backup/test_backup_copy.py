"""All rows of a hall, from one database into another, to the byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from backupkit import held
from sqlalchemy import BigInteger, LargeBinary, Text

from punchsync.core.manifest import Copied, Installed
from punchsync.store import SqlStore
from punchsync.store.chain import digest_of
from punchsync.store.copy import LEFT
from punchsync.store.engine import reading, writing
from punchsync.store.install import install
from punchsync.store.rows import insert, stream
from punchsync.store.tables import metadata

TEXTS = ("", "张三", "a'b\"\\\n\t\r", "\U00020000\uffff", "NULL", "1e5", " x ")
NUMBERS = (0, -1, 2**63 - 1, -(2**63), 2**31)
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
COPIED = {name: table for name, table in metadata.tables.items() if table not in LEFT}
BYTES = (b"", b"\0", bytes(range(256)), b"\\x00", "通".encode("gb18030"))


def value(column, turn):
    """One of a column's hard values; None where it may be."""
    if column.nullable and turn % 2:
        return None
    values = {Text: TEXTS, BigInteger: NUMBERS, LargeBinary: BYTES}[type(column.type)]
    return values[turn % len(values)]


def fill(store, hall):
    """Two rows of every table there is, of every column's hard values in turn."""
    with writing(store._engine) as connection:
        turn = 0
        for table in metadata.sorted_tables:
            if table.name == "hall":
                continue
            for row in range(2):
                turn += 1
                values = [value(c, turn + n) for n, c in enumerate(list(table.columns)[1:])]
                key = [n for n, c in enumerate(list(table.columns)[1:]) if c.primary_key]
                # Rows of one key must not be; numbers of one stay as they are.
                values[key[-1]] = f"{values[key[-1]]}{row}" if isinstance(values[key[-1]], str) else row
                for unique in table.constraints:
                    for c in unique.columns if type(unique).__name__ == "UniqueConstraint" else ():
                        if c.name != "hall_id" and not c.primary_key:
                            place = list(table.columns).index(c) - 1
                            values[place] = {str: f"{values[place]}{row}", bytes: b"%d" % row}.get(
                                type(values[place]), row
                            )
                insert(connection, table, [(hall, *values)])


def rows(store):
    """Every row of every table that is copied, of every hall."""
    with reading(store._engine) as connection:
        return {
            name: list(stream(connection, table.select().order_by(*table.primary_key.columns)))
            for name, table in COPIED.items()
        }


def test_every_table_s_rows_of_a_hall_are_copied_and_no_other_s(url, tmp_path):
    others = SqlStore(url, "other", "别的")
    fill(others, "other")
    source = SqlStore(url, "demo", "示范县")
    fill(source, "demo")
    made = source.copy(tmp_path / "copy.db")
    target = SqlStore(f"sqlite:///{tmp_path}/copy.db", "demo")
    wanted = {name: [row for row in found if row[0] == "demo"] for name, found in rows(source).items()}
    assert rows(target) == wanted
    assert {name: len(found) for name, found in wanted.items()} == {n: 1 if n == "hall" else 2 for n in COPIED}
    assert {t.table: t.rows for t in made.tables} == {name: len(found) for name, found in wanted.items()}
    assert source.held() == target.held() == made
    with reading(target._engine) as connection:
        assert [list(stream(connection, table.select())) for table in LEFT] == [[]]
    with closing(sqlite3.connect(tmp_path / "copy.db")) as plain:
        there = {name for (name,) in plain.execute(TABLES)}
    assert there == {*metadata.tables, "alembic_version"}
    for store in (others, source, target):
        store.close()


def test_a_table_s_digest_is_that_of_its_rows_one_by_one(url, tmp_path):
    store = SqlStore(url, "demo", "示范县")
    fill(store, "demo")
    found = {t.table: t.sha256 for t in store.held().tables}
    assert found == {name: digest_of(table) for name, table in rows(store).items()}
    store.close()


def test_a_copy_is_one_file_and_refuses_to_change_what_was_written_down(url, tmp_path):
    store = SqlStore(url, "demo", "示范县")
    fill(store, "demo")
    (tmp_path / "made").mkdir()
    store.copy(tmp_path / "made/copy.db")
    store.close()
    assert [p.name for p in (tmp_path / "made").iterdir()] == ["copy.db"]
    with closing(sqlite3.connect(tmp_path / "made/copy.db")) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        try:
            plain.execute("UPDATE ledger_entry SET points = 0")
        except sqlite3.IntegrityError as refused:
            assert "append-only" in str(refused)
        else:
            raise AssertionError


def test_a_copy_goes_into_either_kind_of_database_and_out_again_the_same(new_url, url, tmp_path):
    source = SqlStore(new_url(), "demo", "示范县")
    fill(source, "demo")
    made: Copied = source.copy(tmp_path / "copy.db")
    source.close()
    SqlStore(url, "demo", "另一个名字").close()
    assert install(url, "demo", tmp_path / "copy.db", made, None, tmp_path) == Installed("new")
    assert held(url) == made
    assert install(url, "demo", tmp_path / "copy.db", made, None, tmp_path) == Installed("same")
