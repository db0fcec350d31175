"""The schema: made from nothing, opened without Alembic, refused when too new; what was written down stays."""

from __future__ import annotations

import subprocess
import sys
import threading
import traceback

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, LargeBinary, Text, func, select
from sqlalchemy.exc import DBAPIError
from storekit import NOW

from postgres import name_of
from punchsync.operations import ports
from punchsync.store import SchemaTooNew, SqlStore, UnfitDatabase, UnknownDatabase, migrations
from punchsync.store.engine import open_engine, reading, writing
from punchsync.store.rows import Unstorable, insert
from punchsync.store.tables import APPEND_ONLY, metadata, record
from remembered import made, remembering

pytestmark = pytest.mark.usefixtures("real_migrations")
OPEN = """
import sys
from punchsync.store import SqlStore
SqlStore({url!r}, "demo").close()
print("alembic" in sys.modules)
"""


def test_the_store_is_what_the_use_cases_ask_for(store):
    asked: ports.Store = store
    with asked.reading() as work:
        assert work.runs.settled_as_of() is None


def test_a_store_is_made_from_nothing_and_opened_again_without_alembic(url):
    said = [
        subprocess.run(
            [sys.executable, "-c", OPEN.format(url=url)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert said == ["True", "False"]


def test_stores_that_tests_make_in_no_time_are_as_the_migrations_make_them(tmp_path):
    schemas = []
    migrate = remembering()
    for n, by in enumerate((migrations._migrate, migrate, migrate)):
        engine = open_engine(f"sqlite:///{tmp_path}/{n}.db")
        with writing(engine) as connection:
            by(connection)
            schemas.append(made(connection))
        engine.dispose()
    assert schemas[0] == schemas[1] == schemas[2] and len(schemas[0]) > 60


def test_the_migrations_make_the_tables_that_the_queries_know(store):
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_revisions_known_are_the_files_that_there_are():
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(s.revision for s in reversed(list(scripts.walk_revisions()))) == migrations.REVISIONS


def test_a_schema_newer_than_this_version_is_refused(url):
    store = SqlStore(url, "demo")
    with writing(store._engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(SchemaTooNew) as refused:
        SqlStore(url, "demo")
    assert refused.value.revision == "9999"


ELSEWHERE = ("mysql://db/x", "punchsync.db", "", "postgresql://db/x", "postgresql+psycopg://u:geheim@db:port/x")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_url_that_names_no_database_of_ours_is_refused_without_being_shown(address):
    with pytest.raises(UnknownDatabase) as refused:
        SqlStore(address, "demo")
    assert "geheim" not in "".join(traceback.format_exception(refused.value))


def test_a_postgresql_database_of_another_encoding_is_refused(postgres_server):
    url = postgres_server.new()
    with postgres_server.connect("postgres") as connection:
        connection.execute(f"DROP DATABASE {name_of(url)}")
        connection.execute(f"CREATE DATABASE {name_of(url)} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with pytest.raises(UnfitDatabase) as refused:
        SqlStore(url, "demo")
    assert refused.value.encoding == "SQL_ASCII"


def test_no_text_of_a_postgresql_database_sorts_by_its_language(postgres_url, postgres_server):
    SqlStore(postgres_url, "demo").close()
    with postgres_server.connect(name_of(postgres_url)) as connection:
        found = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type LIKE '%char%' OR data_type = 'text' AND table_schema = 'public' "
            "AND collation_name IS DISTINCT FROM 'C'"
        ).fetchall()
    assert found == [("alembic_version", "version_num")]


def test_many_who_open_an_empty_database_at_once_all_find_it_made(url):
    script = OPEN.format(url=url)
    children = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]


def test_a_migration_that_breaks_off_leaves_an_empty_database(url, monkeypatch):
    def breaks(connection):
        migrate(connection)
        raise KeyboardInterrupt

    migrate = migrations._migrate
    monkeypatch.setattr(migrations, "_migrate", breaks)
    with pytest.raises(KeyboardInterrupt):
        SqlStore(url, "demo")
    monkeypatch.undo()
    SqlStore(url, "demo").close()


CHANGES = {
    "sqlite": ("UPDATE {0} SET hall_id = hall_id", "DELETE FROM {0}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"),
    "postgresql": (
        "UPDATE {0} SET hall_id = hall_id",
        "DELETE FROM {0}",
        "INSERT INTO {0} SELECT * FROM {0} ON CONFLICT ON CONSTRAINT {0}_pkey DO UPDATE SET hall_id = EXCLUDED.hall_id",
        "TRUNCATE {0}",
        "TRUNCATE {0} CASCADE",
    ),
}


@pytest.mark.parametrize("name", APPEND_ONLY)
def test_the_database_refuses_to_change_or_delete_what_was_written_down(store, name):
    table = metadata.tables[name]
    with writing(store._engine) as connection:
        insert(connection, table, [(store._hall, *(fill(c) for c in list(table.columns)[1:]))])
    for statement in CHANGES[store._engine.dialect.name]:
        with pytest.raises(DBAPIError, match="append-only"), writing(store._engine) as connection:
            connection.exec_driver_sql(statement.format(name))


def fill(column):
    """A value for a column."""
    return {Text: "x", BigInteger: 7, LargeBinary: b"x"}[type(column.type)]


def test_texts_sort_by_code_point(store):
    keys = ["张三", "b", "É", "A", "é", "一", "_", "a", "Ａ", "\U00020000", "B", "\uffe5", "10", "9", ""]
    with store.writing() as work:
        work.records.put("staff", [(key, {}) for key in keys], NOW)
    with store.reading() as work:
        assert list(work.records.all("staff")) == sorted(keys)
    with reading(store._engine) as connection:
        texts = select(func.min(record.c.key), func.max(record.c.key)).where(record.c.hall_id == store._hall)
        assert tuple(connection.execute(texts).one()) == (min(keys), max(keys))


def test_a_text_with_a_nul_is_refused(store):
    with pytest.raises(Unstorable, match="record"), store.writing() as work:
        work.records.put("staff", [("p\0", {})], NOW)
    with store.writing() as work:
        work.records.put("staff", [("p1", {"note": "a\0b"})], NOW)
        assert work.records.all("staff") == {"p1": {"note": "a\0b"}}


def test_numbers_and_bytes_come_back_as_they_were(store):
    ends = (-(2**63), -1, 0, 2**31, 2**63 - 1)
    blobs = [b"", b"\0", bytes(range(256)), b"\\x00"]
    with store.writing() as work:
        for n, blob in enumerate(blobs):
            work.memories.put_aside(f"T{n}", ends[n], "layout", "", blob)
        work.memories.put_aside("T9", ends[-1], "layout", "", b"x" * 3_000_000)
    with store.reading() as work:
        found = work.memories.set_aside()
    assert found == {
        **{f"T{n}": (ends[n], "", blob) for n, blob in enumerate(blobs)},
        "T9": (ends[-1], "", b"x" * 3_000_000),
    }
    assert {type(blob) for _at, _detail, blob in found.values()} == {bytes}


def test_a_hall_keeps_its_name_until_it_gets_another(url):
    names = []
    for name in ("示范县", "", "示范市"):
        store = SqlStore(url, "demo", name)
        with store._engine.connect() as connection:
            names.append(connection.exec_driver_sql("SELECT name FROM hall").scalar())
        store.close()
    assert names == ["示范县", "示范县", "示范市"]


def test_a_store_may_be_opened_by_threads_at_once(url):
    failed = []

    def open_it():
        try:
            SqlStore(url, "demo").close()
        except Exception as error:
            failed.append(error)

    SqlStore(url, "other").close()
    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
