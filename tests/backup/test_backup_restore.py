"""A backup in its place again: in a new folder, over what is there, in the other kind of database, or refused."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from backupkit import DB, NOW, add_record, copy, held, in_site, left, listed, opened, small

from postgres import name_of
from punchsync.bootstrap import Site
from punchsync.bootstrap.restoring import Restoring
from punchsync.core.account import Account, WebSession
from punchsync.core.manifest import Installed
from punchsync.operations.backup.archive import NoBackup
from punchsync.operations.backup.restore import Misplaced, restore, tried
from punchsync.operations.backup.seal import NoKey, new_key
from punchsync.operations.verify import verify
from punchsync.store import SqlStore, migrations
from punchsync.store.engine import open_engine, writing
from punchsync.store.install import Occupied


def at(site: Path) -> Path:
    """A folder in which a site can be restored."""
    (site / "data").mkdir(parents=True)
    return site


def put(file, site, **more):
    return restore(file, site, Restoring(), **more)


def store_in(site: Path, url: str) -> Path:
    """Give a site another store."""
    settings = site / "punchsync.toml"
    settings.write_text(settings.read_text().replace(f"sqlite:///{DB}", url), encoding="utf-8")
    return site


def nothing_wrong(site: Path) -> bool:
    with opened(site) as found:
        return verify(found.hall).differences == ()


def test_in_an_empty_folder_it_is_a_site_again(template, backup, tmp_path):
    site = at(tmp_path / "new")
    done = put(backup, site)
    assert (done.installed, done.credentials, done.put.kept) == (Installed("new"), (), ())
    assert set(done.put.made) == {"punchsync.toml", "packs/own.toml", "bulletins/2026-11-09.md"}
    assert in_site(site) == in_site(template) == done.manifest.store
    files = {n: d for n, d in listed(template).items() if not n.startswith(("data/", "credentials/", "bulletins/."))}
    assert {n: d for n, d in listed(site).items() if not n.startswith("data/")} == files
    assert nothing_wrong(site) and left(site) == []
    assert [p.name for p in site.rglob("*") if p.stat().st_mode & stat.S_IRWXO & ~0o5 and p.is_file()] == []


def test_the_same_again_changes_nothing(site, backup):
    before = listed(site)
    assert put(backup, site).installed == Installed("same")
    assert listed(site) == before


def test_what_is_there_is_replaced_only_if_asked_and_kept(site, backup, template):
    add_record(site)
    later = in_site(site)
    with pytest.raises(Occupied, match="rows"):
        put(backup, site)
    assert in_site(site) == later
    (site / "bulletins/2026-11-09.md").write_text("手改过")
    done = put(backup, site, over=True)
    assert in_site(site) == in_site(template) != later
    assert done.installed.how == "replaced"
    assert done.installed.kept.stat().st_mode & 0o777 == 0o600
    assert held(f"sqlite:///{done.installed.kept}") == later
    assert (done.put.made, done.put.kept) == ((), ("bulletins/2026-11-09.md",))
    assert nothing_wrong(site)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_who_was_logged_in_is_not_after_a_restore_but_has_an_account(site, tmp_path, request, kind):
    account = Account("li", "李慧", "admin", "", (), "", "active", "hash", "", False, 0, None, NOW, NOW)
    with opened(site) as found:
        with found.store.writing() as work:
            work.accounts.put(account)
            work.sessions.open(WebSession("d1", "li", "c", NOW, NOW, "192.0.2.7", ""))
        backup = found.back_up(NOW, tmp_path / "one.tar.gz", proof="sums").file
    add_record(site)
    over = kind == "sqlite"
    if not over:
        store_in(site, request.getfixturevalue("postgres_url"))
    assert put(backup, site, over=over).installed.how == ("replaced" if over else "new")
    with opened(site) as found, found.store.reading() as work:
        assert (work.accounts.all(), work.sessions.all()) == ([account], [])


def test_whoever_has_the_store_open_sees_what_was_restored(site, backup, template):
    with opened(site) as elsewhere:
        with elsewhere.store.writing() as work:
            work.papers.keep_pack("d9", "text", NOW)
        with elsewhere.store.reading() as work:
            assert work.papers.pack("d9") == "text"
            put(backup, site, over=True)
            # A view that was begun goes on seeing what it saw.
            assert work.papers.pack("d9") == "text"
        assert elsewhere.store.held() == in_site(template)
        with elsewhere.store.writing() as work:
            work.papers.keep_pack("d10", "text", NOW)
    assert nothing_wrong(site)


def test_pages_of_another_size_are_made_to_fit(site, backup, template):
    add_record(site)
    with closing(sqlite3.connect(site / DB)) as plain:
        for statement in ("journal_mode = DELETE", "page_size = 8192"):
            plain.execute(f"PRAGMA {statement}")
        plain.execute("VACUUM")
    put(backup, site, over=True)
    assert in_site(site) == in_site(template) and nothing_wrong(site)


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_store_that_can_t_be_read_is_set_aside_as_it_is(site, backup, template, damage):
    data = (site / DB).read_bytes()
    broken = damage or data[:100] + b"\xff" * 5_000 + data[5_100:]
    (site / DB).write_bytes(broken)
    (site / f"{DB}-wal").write_bytes(b"log")
    with pytest.raises(Occupied):
        put(backup, site)
    kept = put(backup, site, over=True).installed.kept
    assert kept.read_bytes() == broken
    assert in_site(site) == in_site(template) and nothing_wrong(site)


def test_a_store_of_a_later_version_is_replaced_as_it_is_whatever_it_holds(site, backup, template):
    with closing(sqlite3.connect(site / DB)) as plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
        plain.execute("CREATE TABLE later (hall_id TEXT, x TEXT)")
        plain.execute("INSERT INTO later VALUES ('demo', 'x')")
        plain.commit()
    kept = put(backup, site, over=True).installed.kept
    assert in_site(site) == in_site(template) and nothing_wrong(site)
    with closing(sqlite3.connect(kept)) as plain:
        assert plain.execute("SELECT version_num, x FROM alembic_version, later").fetchall() == [("9999", "x")]


def test_a_log_that_a_lost_store_left_is_not_played_into_the_new_one(site, backup, template):
    with opened(site) as busy:
        with busy.store.writing() as work:
            work.records.put("incident", [("P9", {})], NOW)
        log = (site / f"{DB}-wal").read_bytes()
        assert log
    for path in (site / "data").iterdir():
        path.unlink()
    (site / f"{DB}-wal").write_bytes(log)
    assert put(backup, site).installed == Installed("new")
    assert in_site(site) == in_site(template) and nothing_wrong(site)


def test_a_file_that_holds_other_halls_is_left_alone(site, backup):
    other = SqlStore(f"sqlite:///{site / DB}", "other", "别的")
    with other.writing() as work:
        work.records.put("staff", [("p1", {})], NOW)
    other.close()
    before = in_site(site)
    with pytest.raises(Occupied) as refused:
        put(backup, site, over=True)
    assert (refused.value.reason, refused.value.found) == ("others", "other")
    assert in_site(site) == before


def test_a_hall_of_which_the_file_has_only_the_name_is_in_nobody_s_way(site, backup):
    SqlStore(f"sqlite:///{site / DB}", "mistyped", "别的").close()
    assert put(backup, site, over=True).installed == Installed("same")


def test_another_hall_s_backup_is_refused(site, backup, tmp_path):
    settings = site / "punchsync.toml"
    settings.write_text(settings.read_text().replace('id = "demo"', 'id = "other"'))
    with pytest.raises(Misplaced) as refused:
        put(backup, site)
    assert (refused.value.found, refused.value.right) == ("demo", "other")


@pytest.mark.parametrize("schema, reason", [("0099", "newer"), ("abc", "newer"), ("0000", "form")])
def test_a_schema_that_this_version_does_not_know_is_refused_before_anything_is_done(tmp_path, schema, reason):
    file = small(tmp_path)
    found = small_with(tmp_path / "other", file, schema)
    site = at(tmp_path / "new")
    with pytest.raises(NoBackup, match=reason):
        put(found, site)
    assert listed(site) == {}


def small_with(folder, file, schema):
    from punchsync.operations.backup.archive import look

    manifest = look(file)
    return small(folder, store=manifest.store._replace(schema=schema))


def older(folder: Path, site: Path, revision: str) -> Path:
    """A site's backup as a version of that schema would have made it, its store with a hall and a record."""
    from punchsync.core.manifest import STORE, Copied, Manifest
    from punchsync.operations.backup.archive import write
    from punchsync.operations.backup.files import stage, staged

    made = folder / "older"
    made.mkdir()
    stage(site, made)
    engine = open_engine(f"sqlite:///{made / STORE}")
    with writing(engine) as connection:
        migrations._migrate(connection, revision)
        connection.exec_driver_sql("INSERT INTO hall VALUES ('demo', '厅', 0)")
        values = "'demo', 'staff', 'p1', 1, '{}', 7, 1" if revision > "0003" else "'demo', 'staff', 'p1', 1, '{}', 7"
        connection.exec_driver_sql(f"INSERT INTO record VALUES ({values})")
    engine.dispose()
    store = Copied(revision, (), 0, "0" * 64, 0, "0" * 64)
    write(made, Manifest("demo", "厅", "0.0.9", NOW, store, staged(made)), folder / "older.tar.gz")
    return folder / "older.tar.gz"


def test_a_backup_of_an_older_version_is_brought_up_to_date(site, tmp_path):
    file = older(tmp_path, site, "0003")
    new = at(tmp_path / "new")
    done = put(file, new)
    assert done.installed == Installed("new")
    with opened(new) as found, found.store.reading() as work:
        assert work.records.all("staff") == {"p1": {}}
    assert in_site(new).schema == migrations.REVISIONS[-1]
    assert sorted(p.name for p in (new / "data").iterdir()) == ["punchsync.db"]


def test_a_hall_moves_from_one_kind_of_database_to_the_other_and_back(site, backup, template, postgres_url, tmp_path):
    there = store_in(site, postgres_url)
    assert put(backup, there).installed == Installed("new")
    assert put(backup, there).installed == Installed("same")
    assert nothing_wrong(there)
    with opened(there) as found:
        again = found.back_up(NOW, tmp_path / "again.tar.gz", proof="all")
    assert again.differences == () and again.manifest.store == in_site(template)
    back = copy(template, tmp_path / "back")
    shutil.rmtree(back / "data")
    (back / "data").mkdir()
    assert put(again.file, back).installed == Installed("new")
    assert in_site(back) == in_site(template) and nothing_wrong(back)


def test_a_postgresql_database_that_holds_something_of_the_hall_is_left_alone(site, backup, postgres_server):
    url = postgres_server.new()
    there = store_in(site, url)
    other = SqlStore(url, "other", "别的")
    with other.writing() as work:
        work.records.put("staff", [("p1", {})], NOW)
    others = other.held()
    with opened(there) as found, found.store.writing() as work:
        work.papers.keep_pack("d1", "text", NOW)
    with pytest.raises(Occupied, match="always"):
        put(backup, there, over=True)
    assert other.held() == others
    with postgres_server.connect(name_of(url)) as connection:
        assert connection.execute("SELECT count(*) FROM punch").fetchone() == (0,)
    other.close()


def test_a_restore_into_postgresql_that_breaks_off_leaves_nothing(site, backup, postgres_server):
    url = postgres_server.new()
    there = store_in(site, url)
    SqlStore(url, "demo", "原名").close()
    with postgres_server.connect(name_of(url)) as connection:
        connection.execute("ALTER TABLE verdict ADD CHECK (person <> 'P3')")
    with pytest.raises(Exception, match="verdict"):
        put(backup, there)
    with postgres_server.connect(name_of(url)) as connection:
        rows = [connection.execute(f"SELECT count(*) FROM {t}").fetchone() for t in ("punch", "ledger_entry", "link")]
        assert rows == [(0,), (0,), (0,)]
        assert connection.execute("SELECT name FROM hall").fetchone() == ("原名",)
        connection.execute("ALTER TABLE verdict DROP CONSTRAINT verdict_person_check")
    assert put(backup, there).installed == Installed("new")


def test_a_sealed_backup_asks_for_its_key(site, tmp_path):
    with (site / "punchsync.toml").open("a") as out:
        out.write(f'recipient = "{new_key(tmp_path / "key")}"\n')
    with opened(site) as found:
        file = found.back_up(NOW, tmp_path / "b", proof="sums").file
    new = at(tmp_path / "new")
    new_key(tmp_path / "other")
    for key, reason in ((None, "none"), (tmp_path / "other", "other")):
        with pytest.raises(NoKey, match=reason):
            put(file, new, key=key)
        assert listed(new) == {}
    assert put(file, new, key=tmp_path / "key").installed == Installed("new")
    assert in_site(new) == in_site(site) and left(new) == []


def test_the_settings_of_a_backup_are_not_used_where_their_password_was_blanked(site, tmp_path):
    text = (site / "punchsync.toml").read_text()
    with opened(site) as found:
        settings = text.replace(f"sqlite:///{DB}", "postgresql+psycopg://u:geheim@h/d")
        (site / "punchsync.toml").write_text(settings)
        file = found.back_up(NOW, tmp_path / "b", proof="sums").file
    with pytest.raises(Misplaced, match="password"):
        put(file, at(tmp_path / "new"))
    new = at(tmp_path / "own")
    (new / "punchsync.toml").write_text(text)
    assert put(file, new).installed == Installed("new")


def test_a_trial_leaves_nothing_and_asks_no_database_of_the_settings(site, tmp_path):
    text = (site / "punchsync.toml").read_text()
    with opened(site) as found:
        (site / "punchsync.toml").write_text(text.replace(f"sqlite:///{DB}", "credential:db"))
        file = found.back_up(NOW, tmp_path / "b", proof="sums").file
    seen = []

    def look(folder, store):
        with Site(folder, store=store) as inside:
            seen.append(inside.store.held())
            return verify(inside.hall).differences

    empty = tmp_path / "empty"
    empty.mkdir()
    manifest, differences = tried(file, empty, Restoring(), look)
    assert (seen, differences, listed(empty)) == ([manifest.store], (), {})


def test_a_damaged_backup_changes_nothing(site, backup, tmp_path):
    file = tmp_path / "b"
    file.write_bytes(backup.read_bytes()[:-100])
    add_record(site)
    before = in_site(site)
    with pytest.raises(NoBackup, match="broken"):
        put(file, site, over=True)
    assert in_site(site) == before and left(site) == []
