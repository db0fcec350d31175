"""The schema: made from nothing, opened without Alembic, refused when too new; what was written down stays."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from storekit import NOW, live, plan, post

from punchsync.operations import ports
from punchsync.store import SchemaTooNew, SqlStore, UnknownDatabase, migrations
from punchsync.store.engine import WRITING
from punchsync.store.tables import APPEND_ONLY, metadata

OPEN = """
import sys
from punchsync.store import SqlStore
SqlStore({url!r}, "demo").close()
print("alembic" in sys.modules)
"""


def test_the_store_is_what_the_use_cases_ask_for(store_url):
    store: ports.Store = SqlStore(store_url, "demo")
    with store.reading() as work:
        assert work.runs.settled_as_of() is None


def test_a_store_is_made_from_nothing_and_opened_again_without_alembic(tmp_path):
    url = f"sqlite:///{tmp_path}/punchsync.db"
    said = [
        subprocess.run(
            [sys.executable, "-c", OPEN.format(url=url)], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert said == ["True", "False"]


def test_the_migrations_make_the_tables_that_the_queries_know(store):
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_revisions_known_are_the_files_that_there_are():
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(s.revision for s in reversed(list(scripts.walk_revisions()))) == migrations.REVISIONS


def test_a_schema_newer_than_this_version_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path}/punchsync.db"
    store = SqlStore(url, "demo")
    with store._engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(SchemaTooNew) as refused:
        SqlStore(url, "demo")
    assert refused.value.revision == "9999"


@pytest.mark.parametrize("url", ["mysql://db.example/x", "punchsync.db", ""])
def test_a_url_that_names_no_database_of_ours_is_refused(url):
    with pytest.raises(UnknownDatabase):
        SqlStore(url, "demo")


def test_many_who_open_an_empty_database_at_once_all_find_it_made(tmp_path):
    url = f"sqlite:///{tmp_path}/punchsync.db"
    script = OPEN.format(url=url)
    children = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]


def test_a_migration_that_breaks_off_leaves_an_empty_database(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/punchsync.db"

    def breaks(connection):
        migrate(connection)
        raise KeyboardInterrupt

    migrate = migrations._migrate
    monkeypatch.setattr(migrations, "_migrate", breaks)
    with pytest.raises(KeyboardInterrupt):
        SqlStore(url, "demo")
    monkeypatch.undo()
    SqlStore(url, "demo").close()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET hall_id = hall_id", "DELETE FROM {0}", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_the_database_refuses_to_change_or_delete_what_was_written_down(store, table, statement):
    with store.writing() as work:
        work.readings.add(live("T1", ("7", NOW), began=NOW), NOW)
        work.records.put("staff", [("p1", {"name": "张三"})], NOW)
        work.ledger.append(plan(post("a")), NOW)
        work.papers.keep_pack("d1", "text", NOW)
        work.papers.issue("monthly", "2026-10", "text", NOW)
        work.decisions.decide(("2026", "person", "p1", "bar", "r1"), "confirmed", "张主任", "", NOW)
        work.closings.add("2026-10", "close", "张主任", "", NOW)
    with (
        pytest.raises(DBAPIError, match="append-only"),
        store._engine.connect().execution_options(**{WRITING: True}) as connection,
        connection.begin(),
    ):
        connection.exec_driver_sql(statement.format(table))


def test_a_hall_keeps_its_name_until_it_gets_another(tmp_path):
    url = f"sqlite:///{tmp_path}/punchsync.db"
    names = []
    for name in ("示范县", "", "示范市"):
        store = SqlStore(url, "demo", name)
        with store._engine.connect() as connection:
            names.append(connection.exec_driver_sql("SELECT name FROM hall").scalar())
        store.close()
    assert names == ["示范县", "示范县", "示范市"]


def test_a_store_may_be_opened_by_threads_at_once(tmp_path):
    url = f"sqlite:///{tmp_path}/punchsync.db"
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
