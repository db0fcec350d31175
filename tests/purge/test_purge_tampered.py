"""What somebody changes behind our back after a purge is found, and nobody can say that he only erased."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from purgekit import LAST, NOW, Hall

from punchsync.core.chain import follow
from punchsync.core.ledger import GENESIS
from punchsync.core.moment import start_of
from punchsync.operations.verify import verify
from punchsync.store.chain import COLUMNS, digest_of, digest_of_reading

Fresh = Callable[[], Hall]
Act = Callable[[sqlite3.Connection], object]

SEALED: dict[str, str] = {
    "verdict": f"UPDATE verdict SET seconds = seconds + 1 WHERE day BETWEEN {LAST - 30} AND {LAST}",
    "violation": "DELETE FROM violation WHERE month = '2024-12'",
    "tally": "UPDATE tally SET late = late + 1 WHERE month = '2024-01'",
    "fact": "DELETE FROM fact WHERE month < '2025'",
    "standing": "UPDATE standing SET violations = 0 WHERE month = '2024-12'",
    "score": "UPDATE score SET score = score + 1000, base = base + 1000 WHERE period LIKE '2024%'",
    "outcome": "INSERT INTO outcome VALUES ('demo', '2024-Q1', 'person', 'P1', 'award', 'r', '1', 'a')",
    "rank": "UPDATE rank SET rank = rank + 1 WHERE period LIKE '2024%'",
    "hall_month": "UPDATE hall_month SET unknown = unknown + 1 WHERE month = '2024-01'",
}
KEPT: dict[str, str] = {
    "punch": "UPDATE punch SET state = '9' WHERE at >= {after}",
    "defect": "DELETE FROM defect",
    "record": "UPDATE record SET body = replace(body, '公安', '税务') WHERE kind = 'staff'",
    "bulletin blanked": "UPDATE bulletin SET content = '又有了' WHERE year = '2024'",
    "bulletin kept": "UPDATE bulletin SET content = '' WHERE year = '2025'",
    "appeal": "UPDATE appeal SET seconds = seconds + 1 WHERE number = 1",
    "appeal kept": "UPDATE appeal SET grounds = '' WHERE number = 2",
    "evidence": "DELETE FROM evidence",
    "erasure changed": "UPDATE erasure SET digest = '' WHERE chain = 'record'",
    "erasure taken": "DELETE FROM erasure WHERE chain LIKE 'reading/%'",
    "erasure of nothing": "INSERT INTO erasure VALUES ('demo', 'closing', 1, 1, '')",
    "erasure without a checkpoint": "INSERT INTO erasure VALUES ('demo', 'record', 1, 9, '')",
    "checkpoint changed": "UPDATE checkpoint SET \"by\" = '别人'",
    "checkpoint taken": "DELETE FROM checkpoint",
    "checkpoint back": "UPDATE checkpoint SET through = through - 366",
    "results": "UPDATE checkpoint SET results = '{{}}'",
}


def behind(hall: Hall, act: Act | str) -> None:
    """Change a hall's database past it, where no trigger objects."""
    with closing(sqlite3.connect(hall.folder / "store.db")) as database, database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        if callable(act):
            act(database)
        else:
            assert database.execute(act).rowcount > 0, act


def test_a_copy_that_nobody_touched_is_clean(purged: Fresh) -> None:
    assert verify(purged().site.hall).differences == ()


def test_sealed_results_that_are_altered_are_found_table_by_table(purged: Fresh) -> None:
    hall = purged()
    for statement in SEALED.values():
        behind(hall, statement)
    found = verify(hall.site.hall, only=()).differences
    assert {d.place.partition(" ")[0] for d in found if d.invariant == "sealed"} == set(SEALED)


@pytest.mark.parametrize("what", sorted(KEPT))
def test_what_remained_and_what_says_so_is_guarded(purged: Fresh, what: str) -> None:
    hall = purged()
    behind(hall, KEPT[what].format(after=start_of(LAST)))
    assert verify(hall.site.hall, only=()).differences != ()


def test_a_row_taken_out_can_not_be_said_to_have_been_erased(purged: Fresh) -> None:
    """Neither by an erasure of no checkpoint, nor by one that somebody made and linked himself."""

    def take(database: sqlite3.Connection) -> None:
        [(terminal, number, reading)] = database.execute(
            "SELECT terminal, number, reading FROM punch ORDER BY at DESC LIMIT 1"
        ).fetchall()
        database.execute("DELETE FROM punch WHERE terminal = ? AND number = ?", (terminal, number))
        row = ("demo", f"reading/{terminal}", reading, 2, remaining(database, terminal, reading))
        database.execute("INSERT INTO erasure VALUES (?, ?, ?, ?, ?)", row)

    def link_too(database: sqlite3.Connection, through: int = LAST) -> None:
        take(database)
        height, previous = database.execute("SELECT height, hash FROM link ORDER BY height DESC LIMIT 1").fetchone()
        [(results,)] = database.execute("SELECT results FROM checkpoint").fetchall()
        days = {"days": {"punches": through}, "whole": 0, "seen": {}}
        row = ("demo", 2, through, "我", json.dumps(days), results, height, previous, NOW)
        database.execute("INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        erasures = database.execute("SELECT * FROM erasure WHERE checkpoint = 2").fetchall()
        digest = digest_of([row, *erasures])
        linked = follow(previous, "checkpoint", 2, digest, NOW)
        link = ("demo", height + 1, "checkpoint", 2, digest, linked, NOW)
        database.execute("INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?)", link)

    for act, named in ((take, "rows"), (link_too, "sealed"), (lambda d: link_too(d, LAST + 365), "sealed")):
        hall = purged()
        behind(hall, act)
        assert named in {d.invariant for d in verify(hall.site.hall, only=()).differences}, act


def remaining(database: sqlite3.Connection, terminal: str, reading: int) -> str:
    """The digest of what remains of a reading, as whoever takes out a row would reckon it."""
    chain = f"reading/{terminal}"
    before = database.execute(
        "SELECT digest FROM link WHERE chain = ? AND number < ? ORDER BY number DESC LIMIT 1", (chain, reading)
    ).fetchone()
    row = database.execute(
        f"SELECT {', '.join(COLUMNS['reading'])} FROM reading WHERE number = ?", (reading,)
    ).fetchone()
    left = database.execute(
        "SELECT number, device_user_id, at, ordinal, verify, state, raw, position FROM punch "
        "WHERE terminal = ? AND reading = ? ORDER BY number", (terminal, reading)
    ).fetchall()  # fmt: skip
    defects = database.execute(
        f"SELECT {', '.join(COLUMNS['defect'])} FROM defect WHERE terminal = ? AND reading = ? ORDER BY number",
        (terminal, reading),
    ).fetchall()
    return digest_of_reading(before[0] if before else GENESIS, row, list(zip(*left, strict=True)), defects)
