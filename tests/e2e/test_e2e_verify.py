"""`punchsync verify` as somebody runs it: what it says, anchors, and what a bulletin prints of the chain."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from pathlib import Path

import pytest

from .site import LATER, MONDAY, Hall, incident, one_day, staff

ANCHOR = re.compile(r"demo [0-9]+ (?:[0-9a-f]{4}-){5}[0-9a-f]{4}")


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return one_day(tmp_path, "08:45:00", "12:01:00", "14:25:00", "17:31:00")


def tamper(hall: Hall, script: str) -> None:
    with contextlib.closing(sqlite3.connect(hall.path / "data" / "punchsync.db")) as db:
        db.executescript(script)
        db.commit()


def anchor(hall: Hall) -> dict[str, object]:
    found = json.loads(hall.done("verify", "--anchor", "--json"))["anchor"]
    assert isinstance(found, dict)
    return found


def test_an_anchor_is_printed_with_how_to_check_it(hall: Hall) -> None:
    said = hall.done("verify", "--anchor")

    [printed] = set(ANCHOR.findall(said))
    assert printed == anchor(hall)["text"]
    assert f'punchsync verify --against "{printed}"' in said
    assert "签名" in said
    assert "签名" not in hall.done("verify")


def test_an_anchor_holds_however_it_is_typed(hall: Hall) -> None:
    found = anchor(hall)
    hash_, height = str(found["hash"]), found["height"]
    assert hall.bring("incident", incident("I1", f"{MONDAY} 10:00")).status == 0
    typed = [
        str(found["text"]), f"demo {height} {hash_}", f" DEMO  {height}  {hash_[:16].upper()} ",
        f"ｄｅｍｏ {height} {hash_[:4]} {hash_[4:8]}－{hash_[8:12]}—{hash_[12:20]}", f"链锚：{found['text']}。",
        f"Anchor: {found['text']} ",
    ]  # fmt: skip

    ran = hall.run("verify", *(word for text in typed for word in ("--against", text)))
    said = json.loads(hall.done("verify", "--json", *(word for text in typed for word in ("--against", text))))

    assert (ran.status, ran.out.count("相符")) == (0, 6)
    assert [one["holds"] for one in said["against"]] == [True] * 6


def test_an_anchor_that_does_not_hold_is_a_difference_that_names_it(hall: Hall) -> None:
    height = anchor(hall)["height"]

    other = hall.run("verify", "--against", f"demo {height} 0123-4567-89ab-cdef")
    beyond = hall.run("verify", "--against", "demo 999 0123-4567-89ab-cdef")

    assert (other.status, beyond.status) == (1, 1)
    assert f"demo {height} 0123-4567-89ab-cdef" in other.err
    assert "demo 999 0123-4567-89ab-cdef" in beyond.err
    assert f"height={height}" in beyond.err


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("nonsense", "demo 1234"),
        ("demo 3", "demo 1234"),
        ("demo x 0123456789abcdef", "demo 1234"),
        ("demo 3 0123456789abcdeg", "demo 1234"),
        ("demo 3 " + "0" * 65, "demo 1234"),
        ("demo 3 0123456789abcde", "16"),
        ("other 3 0123456789abcdef", "demo"),
    ],
)
def test_what_is_no_anchor_of_this_hall_is_wrong_usage(tmp_path: Path, text: str, what: str) -> None:
    ran = Hall(tmp_path).run("verify", "--against", text)

    assert (ran.status, ran.out) == (2, "")
    assert text in ran.err
    assert what in ran.err


def test_months_that_wait_to_be_settled_are_said_on_both_streams_and_are_no_difference(hall: Hall) -> None:
    before = hall.run("verify")
    assert hall.bring("staff", staff("P2", **{"from": "2026-10-30", "to": MONDAY})).status == 0

    ran = hall.run("verify")

    waits = "2 个月待核算，没有重算：2026-10、2026-11；先运行 punchsync settle 再核对"
    assert (before.status, before.err) == (0, "")
    assert (ran.status, ran.err.splitlines(), ran.out.splitlines()[1:]) == (0, [waits], [waits])
    assert json.loads(hall.done("verify", "--json"))["waiting"] == ["2026-10", "2026-11"]


def test_nothing_that_was_never_settled_passes_for_checked(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    assert hall.bring("staff", staff(**{"from": "2020-02-03", "to": "2020-03-02"})).status == 0

    ran = hall.run("verify")

    assert ran.status == 0
    assert ran.err == "2 个月待核算，没有重算：2020-02、2020-03；先运行 punchsync settle 再核对\n"


def test_a_ruling_changed_behind_our_back_is_named(hall: Hall) -> None:
    row = {"ruling_id": "R1", "person_id": "P1", "window": "", "date": MONDAY, "session": "1", "kind": "late",
           "effect": "excuse", "as_kind": "", "document": "一号", "decided_by": "某", "decided_at": LATER}  # fmt: skip
    assert hall.bring("ruling", row).status == 0
    hall.settle()
    tamper(hall, "DROP TRIGGER record_no_update; UPDATE record SET body = replace(body, '一号', '二号') "
                 "WHERE kind = 'ruling'")  # fmt: skip

    ran = hall.run("verify", "--anchor")

    assert ran.status == 1
    assert "ruling R1 1" in ran.err
    assert "不要在锚上签名" in ran.err


def test_a_bulletin_prints_the_anchor_before_it_and_keeps_its_number_and_every_byte(hall: Hall) -> None:
    before = anchor(hall)["text"]
    file = hall.path / "bulletins" / f"daily-{MONDAY}.md"

    first = json.loads(hall.done("bulletin", "daily", "--date", MONDAY, "--json"))
    written = file.read_bytes()
    again = json.loads(hall.done("bulletin", "daily", "--date", MONDAY, "--json"))

    assert (first["number"], again["number"], file.read_bytes()) == (1, 1, written)
    assert ANCHOR.findall(written.decode()) == [before]
    assert hall.run("verify", "--against", str(before)).status == 0

    assert hall.bring("staff", staff("P2", **{"from": "2026-12-01", "to": ""})).status == 0
    assert json.loads(hall.done("bulletin", "daily", "--date", MONDAY, "--json"))["number"] == 1
    assert file.read_bytes() == written

    assert hall.bring("incident", incident("I1", f"{MONDAY} 10:00")).status == 0
    hall.settle()
    moved = json.loads(hall.done("bulletin", "daily", "--date", MONDAY, "--json"))
    assert moved["number"] == 2
    assert ANCHOR.findall(file.read_text(encoding="utf-8")) != [before]


def test_a_scoring_store_that_can_not_be_read_back_is_a_note_and_no_difference(hall: Hall) -> None:
    settings = hall.path / "punchsync.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}[scoring]\nsink = "http"\nurl = "http://127.0.0.1:9/api/entries"\n', encoding="utf-8")

    ran = hall.run("verify")
    said = json.loads(hall.run("verify", "--json").out)

    assert (ran.status, said["differences"], len(said["notes"])) == (0, [], 1)
    assert "127.0.0.1" in ran.err


def test_a_scoring_store_that_was_altered_is_a_difference(hall: Hall) -> None:
    settings = hall.path / "punchsync.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}[scoring]\nsink = "sql"\nurl = "sqlite:///data/scores.db"\n', encoding="utf-8")
    assert hall.run("push").status == 0
    assert hall.run("verify").status == 0
    with contextlib.closing(sqlite3.connect(hall.path / "data" / "scores.db")) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE punchsync_score_entry SET points = '-9' WHERE entry_id = 'E00000001'")
        db.commit()

    ran = hall.run("verify")

    assert ran.status == 1
    assert "E00000001" in ran.err
    assert "points=-9" in ran.err


def test_an_outbox_that_does_not_follow_from_the_ledger_is_a_difference(hall: Hall) -> None:
    settings = hall.path / "punchsync.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}[scoring]\nsink = "sql"\nurl = "sqlite:///data/scores.db"\n', encoding="utf-8")
    assert hall.run("push").status == 0
    tamper(hall, "UPDATE delivery SET key = 'x'")

    said = json.loads(hall.run("verify", "--json").out)

    assert [(d["invariant"], d["found"]) for d in said["differences"]] == [("outbox", "x")]
