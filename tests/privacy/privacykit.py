"""A small hall with two people of whom everything is stored that can be."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from fractions import Fraction

from e2e.site import LATER, MONDAY, Hall, attlog, incident, leave, staff
from punchsync.bootstrap import opened
from punchsync.core.account import Account, ApiToken, WebSession
from punchsync.core.contact import Contact
from punchsync.core.moment import parse_moment
from punchsync.core.outcome import Outcome, Rank
from punchsync.core.reading import Defect, Reading, Row
from punchsync.operations import desk_records

ONE, OTHER = "欧阳一一", "慕容二二"
"""Names that nothing else in a store could be taken for."""
NOW = parse_moment(LATER)


def fill(hall: Hall) -> None:
    """Everything of P1 (欧阳一一, 考勤号 1) and of P2 (慕容二二, 考勤号 2), each named in what is about the other."""
    two = staff("P2", name=OTHER, backup_for="P1", to="")
    for kind, rows in {
        "staff": [staff(name=ONE, to=""), two],
        "device": [
            {"terminal_id": "", "device_user_id": f"0{n}", "person_id": f"P{n}", "from": MONDAY, "to": ""}
            for n in (1, 2)
        ],
        "roster": [
            {"roster_id": f"R{n}", "entered_at": "2026-11-01", "person_id": f"P{n}", "window": "", "from": MONDAY,
             "to": MONDAY, "shift": "08:30-12:00+14:30-17:30", "days": ""}
            for n in (1, 2)
        ],
        "leave": [{**leave("09:00", "10:00"), "leave_id": f"L{n}", "person_id": f"P{n}"} for n in (1, 2)],
        "outing": [
            {"outing_id": f"O{n}", "person_id": f"P{n}", "start": f"{MONDAY} 10:00", "end": f"{MONDAY} 10:30",
             "registered_at": "2026-11-08 09:00", "reason": f"送文书{n}"}
            for n in (1, 2)
        ],
        "standin": [
            {"standin_id": "S1", "absent_person_id": "P1", "standin_person_id": "P2", "start": f"{MONDAY} 09:00",
             "end": f"{MONDAY} 10:00", "filed_at": "2026-11-08 09:00"}
        ],
        "incident": [
            {**incident("I1", f"{MONDAY} 11:00"), "noted_by": "督查员"},
            {**incident("I2", f"{MONDAY} 11:00"), "person_id": "P2", "noted_by": ONE},
        ],
        "outage": [{"terminal_id": "T1", "start": "2026-11-02 08:00", "end": "2026-11-02 09:00", "kind": "no_punch"}],
        "paper": [
            {"person_id": "P1", "at": f"{MONDAY} 14:29", "sheet": "1", "approved_by": "主任"},
            {"person_id": "P2", "at": f"{MONDAY} 14:28", "sheet": "2", "approved_by": ONE},
        ],
        "calendar": [{"date": "2026-11-14", "kind": "work", "note": ""}],
        "scores": [
            {"period": "2026-11", "subject_type": "person", "subject_id": f"P{n}", "category": "互评",
             "points": f"8{n}", "note": ""}
            for n in (1, 2)
        ],
    }.items():  # fmt: skip
        ran = hall.bring(kind, *rows)
        assert ran.status == 0, ran
    lines = (
        attlog("08:45:00", "12:01:00", user="1")
        + attlog("08:50:00", "12:02:00", user="2")
        + attlog("17:31:00", user="01")
    )
    assert (
        hall.run("import", "punches", str(hall.write("1.dat", lines)), "--terminal", "T1", "--through", LATER).status
        == 0
    )
    hall.done("settle", "--as-of", LATER)
    hall.done("bulletin", "daily", "--date", MONDAY, "--as-of", LATER)
    proof = hall.write("证明.txt", "原件")
    for n, by in ((1, ONE), (2, OTHER)):
        id = next(r[10] for r in hall.exports()["violations"] if r[1] == f"P{n}" and r[3] == "wandering")
        hall.done("appeal", "file", id, "--by", by, "--grounds", f"有据{n}", "--evidence", str(proof), "--as-of", LATER)
        hall.done(
            "appeal",
            "decide",
            str(n),
            "--outcome",
            "upheld",
            "--by",
            "主任",
            "--document",
            f"复字{n}号",
            "--as-of",
            LATER,
        )
    rulings = [
        {"ruling_id": f"D{n}", "person_id": f"P{n}", "window": "", "date": MONDAY, "session": "1", "kind": "wandering",
         "effect": "excuse", "as_kind": "", "document": "裁字", "decided_by": "效能办",
         "decided_at": "2026-11-10 09:00"}
        for n in (1, 2)
    ]  # fmt: skip
    assert hall.bring("ruling", *rulings).status == 0
    hall.done("settle", "--as-of", LATER)
    beside(hall)
    hall.done("explain", "P1", MONDAY)
    hall.done("explain", "P2", MONDAY)


def beside(hall: Hall) -> None:
    """Rows of the tables that so small a hall has none of by itself."""
    with opened(hall.path, NOW) as site, site.store.writing() as work:
        outcomes = [Outcome("2026", "person", f"P{n}", "talk", Decimal(3), "三次", "第一条") for n in (1, 2)]
        ranks = [Rank("2026-10", "person", f"P{n}", n, Fraction(99), 0, 0, "月评") for n in (1, 2)]
        for n, login, name in ((1, "one", ONE), (2, "two", OTHER)):
            work.accounts.put(
                Account(login, name, "staff", f"P{n}", (), "", "active", "hash", "", False, 0, None, NOW, NOW)
            )
            work.sessions.open(WebSession(f"d{n}", login, f"c{n}", NOW, NOW, f"192.0.2.{n}", "Mozilla"))
            work.tokens.add(ApiToken(0, f"d{n}", f"令牌{n}", login, ("export",), NOW, None, None, None))
        for n in (1, 2):
            work.contacts.put(Contact(f"P{n}", f"p{n}@example.cn", NOW))
            said = {"person_id": f"P{n}", "by": "督查甲" if n == 1 else OTHER, "at": "2026-11-09 10:00:00", "note": ""}
            for kind in desk_records.KINDS:
                work.records.put(kind, [(f"{kind}{n}", {**said, "other_id": ""})], NOW)
        work.months.conclude(work.months.scores(), outcomes, ranks)
        for n in (1, 2):
            work.decisions.decide(("2026", "person", f"P{n}", "talk", "三次"), "confirmed", OTHER, "", NOW)
            work.closings.add("2026-09", "close" if n == 1 else "reopen", ONE if n == 1 else OTHER, "", NOW)
        odd = tuple(
            Defect(n, bytes([n]) * 16, "impossible_date", users, NOW - 60, NOW - 60)
            for n, users in enumerate((("1",), ("2",), ("1", "2")), 1)
        )
        row = Row(0, b"x" * 16, "1", NOW - 60, "1", "0")
        work.readings.add(
            Reading(
                "T9", "tcp", "192.0.2.21:4370", "d", (row,), odd, NOW, held=4, layout="16", serial="S",
                slots={11: "1", 12: "2"},
            ),
            NOW,
        )  # fmt: skip

    with sqlite3.connect(hall.path / "data/punchsync.db") as raw:
        for n, name in ((1, ONE), (2, OTHER)):
            raw.execute("INSERT INTO fact VALUES ('demo', '2026-11', 'r', 'person', ?, '3')", (f"P{n}",))
            raw.execute(
                "INSERT INTO notice VALUES ('demo', ?, ?, 'wecom', 'outcome', '约谈', ?, 'sent', 1, '', ?, ?, 1, 0, 0)",
                (n, f"k{n}", f"{name}\n甲乙", NOW, NOW),
            )
        raw.execute(
            "INSERT INTO delivery VALUES ('demo', 'http x', 1, 1, 2, 'k', 'delivered', 1, '', ?, ?)", (NOW, NOW)
        )


def log(hall: Hall) -> list[dict[str, object]]:
    """The lines of a hall's access log."""
    files = sorted((hall.path / "access").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
