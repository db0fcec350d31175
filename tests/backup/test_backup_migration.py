"""A database is copied before it is migrated: beside a SQLite file, or into the site's data."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from postgres import name_of
from punchsync.cli.ending import unforeseen
from punchsync.core.moment import parse_moment
from punchsync.store import SqlStore, migrations
from punchsync.store.engine import open_engine, reading, writing
from punchsync.store.migrations import before

pytestmark = pytest.mark.usefixtures("real_migrations")
NOW = parse_moment("2026-11-12 23:10:00")
LAST = migrations.REVISIONS[-1]
Usage = namedtuple("Usage", "total used free")


def older(url: str, revision: str = "0003") -> None:
    """A database of an earlier version with two halls and a record."""
    engine = open_engine(url)
    with writing(engine) as connection:
        migrations._migrate(connection, revision)
        connection.exec_driver_sql("INSERT INTO hall VALUES ('demo', '示范县', 7), ('other', '别的', 0)")
        connection.exec_driver_sql("INSERT INTO record VALUES ('demo', 'staff', 'p1', 1, '{}', 7, 1)".replace(
            ", 1)", ")" if revision < "0004" else ", 1)"
        ))  # fmt: skip
        connection.exec_driver_sql("INSERT INTO quarantine VALUES ('demo', 'T1', 7, 'layout', '', '\\x00')")
    engine.dispose()


def revision_of(url: str) -> str | None:
    engine = open_engine(url)
    with reading(engine) as connection:
        found = migrations.revision(connection)
    engine.dispose()
    return found


def copies(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if "before" in p.name)


def test_an_older_store_is_copied_before_it_is_migrated(url, tmp_path):
    older(url)
    store = SqlStore(url, "demo", keep=tmp_path)
    kept = store.kept_before
    store.close()
    assert revision_of(url) == LAST
    assert kept.name == f"{name_of(url)}{'.db' if url.startswith('post') else ''}.before-{LAST}"
    assert kept.parent == (tmp_path if url.startswith("post") else Path(url.removeprefix("sqlite:///")).parent)
    assert kept.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(kept)) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
        assert plain.execute("SELECT * FROM hall ORDER BY hall_id").fetchall() == [
            ("demo", "示范县", 7), ("other", "别的", 0),
        ]  # fmt: skip
        assert plain.execute("SELECT * FROM record").fetchall() == [("demo", "staff", "p1", 1, "{}", 7)]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            plain.execute("DELETE FROM record")
    again = SqlStore(f"sqlite:///{kept}", "demo")
    with again.reading() as work:
        assert work.records.all("staff") == {"p1": {}}
    again.close()
    assert [p.name for p in kept.parent.iterdir() if p.name.startswith(".")] == []


def test_a_store_of_today_or_a_new_one_is_not_copied(url, tmp_path):
    for _ in range(2):
        store = SqlStore(url, "demo", keep=tmp_path)
        assert store.kept_before is None
        store.close()
    assert copies(tmp_path) == []


def test_a_copy_is_never_written_over_and_not_made_twice_of_the_same(tmp_path, monkeypatch):
    file = tmp_path / "x.db"
    url = f"sqlite:///{file}"
    older(url)

    def breaks(connection, to="head"):
        raise KeyboardInterrupt

    first = tmp_path / f"x.db.before-{LAST}"
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "_migrate", breaks)
            with pytest.raises(KeyboardInterrupt):
                SqlStore(url, "demo", keep=tmp_path)
        assert copies(tmp_path) == [first.name] and revision_of(url) == "0003"
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("INSERT INTO hall VALUES ('third', '三', 0)")
        plain.commit()
    data = first.read_bytes()
    store = SqlStore(url, "demo", keep=tmp_path)
    assert store.kept_before == tmp_path / f"{first.name}.2"
    store.close()
    assert first.read_bytes() == data and copies(tmp_path) == [first.name, f"{first.name}.2"]


def test_without_room_for_a_copy_nothing_is_migrated_and_that_is_said(url, tmp_path, monkeypatch, capsys):
    older(url)
    with monkeypatch.context() as patch:
        patch.setattr(before.shutil, "disk_usage", lambda folder: Usage(0, 0, before.SPARE))
        with pytest.raises(before.NoCopy) as refused:
            SqlStore(url, "demo", keep=tmp_path)
    assert unforeseen(refused.value) == 4
    said = capsys.readouterr().err
    assert str(refused.value.folder) in said and "16 MiB" in said
    assert revision_of(url) == "0003" and copies(tmp_path) == []


OPEN = """
import sys
from pathlib import Path
from punchsync.store import SqlStore
store = SqlStore({url!r}, "demo", keep=Path({keep!r}))
print(store.kept_before)
store.close()
"""


def test_of_two_who_open_an_older_store_at_once_one_migrates_it(new_url, tmp_path):
    url = new_url()
    older(url)
    script = OPEN.format(url=url, keep=str(tmp_path))
    running = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0].splitlines() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted(lines[-1] == "None" for lines in said) == [False, True]
    assert revision_of(url) == LAST
