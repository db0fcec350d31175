"""A restored ledger and the scoring store: nothing gets an id that is out, nobody is charged twice."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import threading
import time
from pathlib import Path

import pytest
import structlog

from e2e.commandline import punchsync
from punchsync.bootstrap import Site
from punchsync.cli import cmd_restore
from punchsync.service.daemon import WAKE, Inbox, serve

STAFF = (
    "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
    "A1,甲一,公安局,公安,staff,1001,,2026-11-01,\n"
    "A2,甲二,公安局,公安,staff,1002,,2026-11-01,\n"
)
HEAD = "incident_id,person_id,window,kind,at,noted_by,place,evidence,warned\n"
FIRST = HEAD + "i1,A1,,wandering,2026-11-09 10:00,督查一,大厅,,\n"
LOST = HEAD + "i2,A1,,no_badge,2026-11-10 10:00,督查一,大厅,,\n"
OTHER = HEAD + "i3,A2,,games,2026-11-11 10:00,督查一,大厅,,\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    made = punchsync(None, "init", site, "--pack", "yihuang", "--id", "h1", "--terminal", "T1")
    assert made.status == 0, made
    settings = site / "punchsync.toml"
    text = settings.read_text(encoding="utf-8")
    sink = f'sink = "sql"\nurl = "sqlite:///{tmp_path}/scores.db"'
    settings.write_text(text.replace('sink = "none"', sink), encoding="utf-8")
    bring(site, "staff", STAFF)
    return site


def bring(site: Path, kind: str, text: str) -> None:
    file = site.parent / f"{kind}.csv"
    file.write_text(text, encoding="utf-8")
    ran = punchsync(site, "import", kind, file)
    assert ran.status in (0, 1), ran


def book(site: Path, day: str) -> None:
    ran = punchsync(site, "settle", "--as-of", f"2026-11-{day} 21:00:00")
    assert ran.status == 0, ran


def ledger(site: Path) -> list[tuple[str, str, str]]:
    rows = csv.DictReader(io.StringIO(punchsync(site, "export", "ledger").out))
    return sorted((r["entry_id"], r["cause"], r["points"]) for r in rows)


def there(site: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(site.parent / "scores.db") as database:
        found = database.execute("SELECT entry_id, cause, points FROM punchsync_score_entry").fetchall()
    database.close()
    return sorted((id, cause, str(points)) for id, cause, points in found)


@pytest.fixture
def restored(site: Path) -> Path:
    """A site restored to a backup that is older than what was delivered since."""
    bring(site, "incident", FIRST)
    book(site, "10")
    assert punchsync(site, "push").status == 0
    assert punchsync(site, "backup", site.parent / "b", "--quick").status == 0
    bring(site, "incident", LOST)
    book(site, "11")
    assert punchsync(site, "push").status == 0
    assert len(there(site)) > 2
    assert punchsync(site, "restore", site.parent / "b").status == 0
    return site


def test_until_the_scoring_store_was_read_back_nothing_is_booked_or_delivered(restored: Path) -> None:
    before = ledger(restored), there(restored)
    bring(restored, "incident", OTHER)
    ran = [
        punchsync(restored, "settle", "--as-of", "2026-11-12 21:00:00"),
        punchsync(restored, "poll"),
        punchsync(restored, "push"),
    ]
    assert [r.status for r in ran if "--reconcile" in r.err] == [4, 4], ran
    assert (ledger(restored), there(restored)) == before
    assert punchsync(restored, "settle", "--dry-run", "--as-of", "2026-11-12 21:00:00").status == 0


def test_what_was_delivered_after_the_backup_is_taken_back_and_then_all_is_booked_once(restored: Path) -> None:
    delivered = there(restored)
    ran = punchsync(restored, "push", "--reconcile", "--json")
    assert (ran.status, json.loads(ran.out)["taken_back"]) == (0, len(delivered) - 2), ran
    assert [row[0] for row in ledger(restored)] == [row[0] for row in delivered]
    bring(restored, "incident", OTHER)
    book(restored, "12")  # the lost record is not known here, so that its entries are reversed
    bring(restored, "incident", LOST)
    book(restored, "13")
    assert punchsync(restored, "push").status == 0
    assert punchsync(restored, "push", "--reconcile").status == 0
    assert there(restored) == ledger(restored)
    standing = {cause for _id, cause, _points in ledger(restored)}
    sums = {c: sum(float(p) for _id, cause, p in there(restored) if cause == c) for c in standing}
    assert all(points < 0 for points in sums.values()), sums
    assert punchsync(restored, "verify").status == 0


def test_a_store_whose_entries_do_not_go_on_where_the_ledger_ends_changes_nothing(restored: Path) -> None:
    with sqlite3.connect(restored.parent / "scores.db") as database:
        database.execute("DELETE FROM punchsync_score_entry WHERE entry_id = 'E00000003'")
        database.execute(
            "INSERT INTO punchsync_score_entry SELECT booked_on, 'E00000009', cause || 'x', revision, account_type,"
            " account_id, category, period, points, rule, article, value_date, reverses FROM punchsync_score_entry"
            " LIMIT 1"
        )
    database.close()
    before = ledger(restored)
    ran = punchsync(restored, "push", "--reconcile")
    assert ran.status == 4 and "E0000000" in ran.err, ran
    assert ledger(restored) == before


def test_a_service_that_is_started_before_that_books_and_delivers_nothing_either(restored: Path) -> None:
    before = ledger(restored), there(restored)
    bring(restored, "incident", OTHER)
    inbox = Inbox()
    with structlog.testing.capture_logs() as said, Site(restored) as site:
        options = {"inbox": inbox, "pauses": lambda times: 0.05, "leave": lambda status: None}
        thread = threading.Thread(target=serve, args=(site,), kwargs=options, daemon=True)
        thread.start()
        give_up = time.monotonic() + 60
        while sum(e.get("error") == "Unreconciled" for e in said) < 3 and time.monotonic() < give_up:
            inbox.put(WAKE)
            time.sleep(0.05)
        inbox.put("test")
        thread.join(60)
    assert (ledger(restored), there(restored)) == before, said
    assert punchsync(restored, "settle", "--as-of", "2026-11-12 21:00:00").status == 4


def test_the_restored_store_is_held_from_the_moment_it_is_in_place(
    restored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cmd_restore, "looked_through", killed)
    assert punchsync(elsewhere, "restore", restored.parent / "b").status == 130
    bring(elsewhere, "incident", OTHER)
    assert punchsync(elsewhere, "settle", "--as-of", "2026-11-12 21:00:00").status == 4
