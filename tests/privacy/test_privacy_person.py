"""A person gets all that is stored of them, whatever table it is in, and nothing of anybody else."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from pathlib import Path
from typing import Any

from privacykit import ONE, OTHER
from sqlalchemy import BigInteger, LargeBinary

from e2e.site import LATER, MONDAY, Hall, staff
from punchsync.intake.kinds import KINDS
from punchsync.operations import desk_records
from punchsync.operations import hall as halls
from punchsync.operations.person import DAYS, MAKERS, MILLI, MOMENTS, SECRET
from punchsync.operations.whose import COLUMNS, IMPERSONAL, NOTHING, OWN, TABLES
from punchsync.publish.person import evidence_name, harmless
from punchsync.publish.person_words import Keeping, heads, parts
from punchsync.store.tables import metadata


def handed(hall: Hall, id: str, tmp_path: Path) -> dict[str, bytes]:
    """What is in the archive of a person."""
    file = tmp_path / "p.zip"
    hall.done("person", id, "--out", str(file))
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def data(files: dict[str, bytes]) -> dict[str, list[dict[str, Any]]]:
    return json.loads(files["data.json"])


# complete by construction


def test_every_table_is_handed_over_or_holds_nothing_of_a_person() -> None:
    exported = {table for tables in TABLES.values() for table in tables}
    assert exported | set(NOTHING) == set(metadata.tables)
    assert exported & set(NOTHING) == set()
    assert set(OWN) <= exported


def test_every_kind_of_record_is_handed_over_by_the_columns_that_name_people() -> None:
    assert set(halls.KINDS) == set(KINDS)
    assert set(COLUMNS) | IMPERSONAL == {*KINDS, *desk_records.KINDS}
    naming = {
        name: tuple(c.name for c in kind.columns if c.refers == "person" and c.name != "backup_for")
        for name, kind in KINDS.items()
    }
    typed = {kind: columns for kind, columns in COLUMNS.items() if kind in KINDS}
    assert {k: v for k, v in naming.items() if v} | {"staff": ("person_id",)} == typed


def test_every_part_has_words_and_every_column_a_head() -> None:
    assert set(parts(Keeping(None, None, None, None, 12))) == {*TABLES, "access"}
    columns = {c.name for tables in TABLES.values() for t in tables if t != "record" for c in metadata.tables[t].c}
    acting = {"by", "action", "reason", "through", "erased", "results", "month", "height", "hash", "number"}
    not_shown = {"hall_id", "content", "subject", "body", "tail", "layout", "serial", "held", "full_on", "refused"}
    not_shown |= {"slots", "began", "first", "last", "key", "state", "tries", "detail", "done", "under_way", "wait"}
    assert columns - set(heads()) - acting - not_shown - SECRET == set()


def test_every_number_of_a_part_is_a_day_a_moment_points_or_a_count() -> None:
    counts = {
        "number", "reading", "position", "ordinal", "session", "seconds", "phase", "warned", "height", "revision",
        "given", "rank", "violations", "stage", "appeal", "through", "first", "last", "tries", "held", "full_on",
        "began", "version", "batch", "must_change", "failures", "done", "under_way", "wait",
        *(c.name for c in metadata.tables["tally"].c if c.name != "month"),
    }  # fmt: skip
    numbers = {
        (table, c.name)
        for tables in TABLES.values()
        for table in tables
        for c in metadata.tables[table].c
        if isinstance(c.type, BigInteger)
    }
    assert {(t, c) for t, c in numbers if c not in DAYS | MOMENTS | counts and (t, c) not in MILLI} == set()
    raw = {c.name for t in metadata.tables.values() for c in t.c if isinstance(c.type, LargeBinary)}
    assert raw == {"raw", "tail", "blob", "content"}


def test_every_part_is_made_by_something() -> None:
    assert len(MAKERS) == len(TABLES)


# what is in it


def test_a_person_gets_everything_and_every_table_is_there(filled: Hall, tmp_path: Path) -> None:
    held = data(handed(filled, "P1", tmp_path))
    records = {f"records-{kind}" for kind in COLUMNS}
    assert set(held) == {*records, *TABLES, "access"} - {"records"}
    assert [row["name"] for row in held["names"]] == [ONE]
    assert [(p["at"], p["terminal"], p["device_user_id"]) for p in held["punches"]] == [
        (f"{MONDAY} 08:45:00", "T1", "1"), (f"{MONDAY} 12:01:00", "T1", "1"), (f"{MONDAY} 17:31:00", "T1", "01"),
        ("2026-11-10 11:59:00", "T9", "1"),
    ]  # fmt: skip
    assert bytes.fromhex(held["punches"][0]["raw"]).decode() == "        1\t2026-11-09 08:45:00\t1\t0\t0\t0"
    assert held["device_ids"] == [
        {"terminal": t, "device_user_id": u, "slot": s}
        for t, u, s in (("T1", "01", ""), ("T1", "1", ""), ("T9", "1", ""), ("T9", "1", "11"))
    ]
    assert {(m["where"], m["column"]) for m in held["mentions"]} == {
        ("staff", "backup_for"), ("incident", "noted_by"), ("paper", "approved_by"), ("closing", "by"),
        ("appeal", "filed_by"),
    }  # fmt: skip
    assert [(b["kind"], b["period"], b["lines"]) for b in held["bulletins"]] == [("daily", MONDAY, "3")]
    quoted = [line.split(" | ") for line in held["bulletins"][0]["passages"].splitlines()]
    assert [{ONE, "P1"} <= {*cells} for cells in quoted] == [True] * 3
    assert [(d["raw"], d["users"]) for d in held["defects"]] == [("01" * 16, '["1"]'), ("", "")]
    assert [n["passages"] for n in held["notices"]] == [ONE]
    assert [(d["entry_id"], d["state"]) for d in held["deliveries"]] == [
        ("E00000001", "delivered"), ("E00000002", "delivered"),
    ]  # fmt: skip
    assert [f["subject_id"] for f in held["facts"]] == ["P1"]
    assert {line["what"] for line in held["access"]} >= {"explain", "appeal decide"}
    assert {e["account_id"] for e in held["ledger"]} == {"P1", "公安"}
    assert [(a["login"], a["name"]) for a in held["accounts"]] == [("one", ONE)]
    assert [(s["login"], s["address"]) for s in held["logins"]] == [("one", "192.0.2.1")]
    assert [(t["login"], t["name"]) for t in held["tokens"]] == [("one", "令牌1")]
    assert [row for n in ("accounts", "logins", "tokens") for row in held[n] if SECRET & set(row)] == []


def test_nothing_of_anybody_else_is_in_it(filled: Hall, tmp_path: Path) -> None:
    files = handed(filled, "P1", tmp_path)
    held = data(files)
    assert [name for name, content in files.items() if OTHER.encode() in content] == ["decisions.csv", "data.json"]
    assert {row["decided_by"] for row in held.pop("decisions")} == {OTHER}  # who decided on P1, in office
    assert OTHER not in json.dumps(held, ensure_ascii=False)
    with_other = {name for name, rows in held.items() if "P2" in json.dumps(rows)}
    assert with_other == {"records-standin", "mentions"}
    assert [m["key"] for m in held["mentions"] if m["where"] == "paper"] == [""]


def test_where_a_free_text_names_somebody_else_that_is_said(hall: Hall, tmp_path: Path) -> None:
    assert hall.bring("staff", staff("P2", name=OTHER)).status == 0
    outing = {"person_id": "P1", "start": f"{MONDAY} 10:00", "end": "", "registered_at": "2026-11-08 09:00"}
    rows = [{**outing, "outing_id": f"O{n}", "reason": f"与{who}同去"} for n, who in enumerate((ONE, OTHER, "人"), 1)]
    assert hall.bring("outing", *rows).status == 0
    ran = hall.run("person", "P1", "--out", str(tmp_path / "p.zip"), "--json")
    assert (ran.status, "records-outing" in ran.err, OTHER in ran.err) == (1, True, False)
    assert json.loads(ran.out)["others_named"] == [{"file": "records-outing", "row": 2}]


def test_every_version_of_a_record_is_in_it_and_only_those_that_named_them(hall: Hall, tmp_path: Path) -> None:
    assert hall.bring("staff", staff("P2", name=OTHER)).status == 0
    outing = {
        "outing_id": "O1",
        "start": f"{MONDAY} 10:00",
        "end": f"{MONDAY} 11:00",
        "registered_at": "2026-11-08 09:00",
    }
    for person, reason in (("P1", "甲"), ("P1", "乙"), ("P2", "丙")):
        assert hall.bring("outing", {**outing, "person_id": person, "reason": reason}).status == 0
    held = data(handed(hall, "P1", tmp_path))
    assert [(r["version"], r["reason"]) for r in held["records-outing"]] == [("1", "甲"), ("2", "乙")]
    assert [(r["version"], r["reason"]) for r in data(handed(hall, "P2", tmp_path))["records-outing"]] == [("3", "丙")]


def test_the_page_says_what_each_file_is_why_it_is_kept_and_how_long(filled: Hall, tmp_path: Path) -> None:
    files = handed(filled, "P1", tmp_path)
    page = files["index.html"].decode()
    assert [name for name in files if name.endswith(".csv") and name not in page] == []
    assert "第四十五条" in page and f"{ONE}（P1）" in page
    table = files["violations.csv"].decode("utf-8-sig")
    assert "违规" not in table and "迟到" in table and table.startswith("月份,编号,日期,工号")


def test_what_came_with_an_appeal_is_in_it_byte_for_byte(filled: Hall, tmp_path: Path) -> None:
    files = handed(filled, "P1", tmp_path)
    assert {name: c for name, c in files.items() if name.startswith("evidence/")} == {
        "evidence/1-1-证明.txt": "原件".encode()
    }


def test_only_its_owner_may_read_it_even_where_a_file_was_there(hall: Hall, tmp_path: Path) -> None:
    file = tmp_path / "p.zip"
    file.write_text("alt")
    file.chmod(0o644)
    told = json.loads(hall.done("person", "P1", "--out", str(file), "--json"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert told == {
        "person_id": "P1", "file": str(file), "evidence": 0,
        "rows": {"names": 1, "records-staff": 1}, "others_named": [],
    }  # fmt: skip


def test_nobody_of_that_id_is_no_archive(hall: Hall, tmp_path: Path) -> None:
    ran = hall.run("person", "P9", "--out", str(tmp_path / "p.zip"))
    assert (ran.status, ran.out, (tmp_path / "p.zip").exists()) == (2, "", False)
    ran = hall.run("person", "P1", "--out", str(tmp_path / "no" / "p.zip"))
    assert (ran.status, "p.zip" in ran.err) == (4, True)


def test_no_cell_is_a_formula_and_no_file_name_a_path() -> None:
    cells = ["=1+1", "+1", "-0.5", "-x", "@a", "甲", "", "\t1"]
    assert [harmless(c) for c in cells] == ["'=1+1", "+1", "-0.5", "'-x", "'@a", "甲", "", "'\t1"]
    assert [evidence_name(1, 2, n) for n in ("a.txt", "../../a.txt", "C:\\x\\a.txt")] == ["1-2-a.txt"] * 3


# names, in one table


def test_names_are_in_one_table_in_accounts_and_in_what_was_published_or_written_by_hand(filled: Hall) -> None:
    found = set()
    with sqlite3.connect(filled.path / "data/punchsync.db") as raw:
        for name in metadata.tables:
            for row in raw.execute(f'SELECT * FROM "{name}"'):
                if any(isinstance(v, str) and (ONE in v or OTHER in v) for v in row):
                    found.add((name, row[1]) if name == "record" else (name, ""))
    assert found == {
        ("person_name", ""), ("bulletin", ""), ("notice", ""), ("account", ""),
        # Typed as whoever acted: noted, approved, filed, decided, closed.
        ("record", "incident"), ("record", "paper"), ("record", "request"), ("record", "sign"), ("record", "looked"),
        ("appeal", ""), ("outcome_decision", ""), ("closing", ""),
    }  # fmt: skip


def test_a_name_changed_in_its_table_is_named_by_verify(hall: Hall) -> None:
    hall.done("settle", "--as-of", LATER)
    assert hall.run("verify").status == 0
    with sqlite3.connect(hall.path / "data/punchsync.db") as raw:
        [(alias,)] = raw.execute("SELECT alias FROM person_name")
        raw.execute("UPDATE person_name SET name = '某某'")
    ran = hall.run("verify")
    assert (ran.status, f"person_name {alias}" in ran.err, ONE in ran.err, "某某" in ran.err) == (1, True, False, False)
