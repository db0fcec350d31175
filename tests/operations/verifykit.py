"""A small hall that has some of everything that is kept, and ways to change it behind its back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from operationskit import at
from sqlalchemy import Connection, create_engine

from punchsync.bootstrap import Site, opened
from punchsync.bootstrap.bringing import bring_punches, bring_records
from punchsync.core.appeal import Appeal, AppealDecision, Evidence
from punchsync.core.moment import DAY, Moment, to_date
from punchsync.core.reading import Defect, Reading, Row
from punchsync.operations.settle import settle

LATER = "2026-11-12 12:00:00"
SETTINGS = '[hall]\nid = "demo"\nname = "厅"\npack = "{pack}"\n[[terminal]]\nid = "T1"\n[[terminal]]\nid = "T2"\n'
STAFF = "person_id,name,unit,window,post,device_user_id,backup_for,from,to\n"
CLEAN = ("08:25:00", "12:01:00", "14:25:00", "17:31:00")


def packed(moment: Moment) -> int:
    """A moment as terminals pack it."""
    day, second = divmod(moment, DAY)
    date = to_date(day)
    return (((date.year - 2000) * 12 + date.month - 1) * 31 + date.day - 1) * DAY + second


def record(user: str, moment: Moment, verify: int = 1, state: int = 0) -> bytes:
    """A record of 40 bytes."""
    fields = user.encode().ljust(24, b"\0") + bytes([verify]) + packed(moment).to_bytes(4, "little") + bytes([state])
    return (b"\1\0" + fields).ljust(40, b"\0")


def read(terminal: str, began: str, *punches: tuple[str, str], first: int = 0, defects: int = 0) -> Reading:
    """A live read whose punches have their bytes."""
    rows = tuple(Row(first + n, record(u, at(t)), u, at(t), "1", "0") for n, (u, t) in enumerate(punches))
    odd = tuple(Defect(first + len(rows) + n, bytes([first, n]), "impossible_date") for n in range(defects))
    return Reading(
        terminal, "tcp", "192.0.2.21:4370", f"{terminal}{began}", rows, odd, at(began), serial=f"S-{terminal}",
        clock_offset=0, held=len(rows) + defects, layout="40",
    )  # fmt: skip


def table(columns: str, *rows: str) -> bytes:
    """A CSV file."""
    return "\n".join([columns, *rows, ""]).encode()


def bring(site: Site, kind: str, data: bytes) -> None:
    assert list(bring_records(site, kind, data, f"{kind}.csv", False).problems) == []


@contextmanager
def at_site(folder: Path, url: str, pack: str = "yihuang") -> Iterator[Site]:
    """A site on a database, its clock standing at the latest of all moments."""
    folder.mkdir(exist_ok=True)
    settings = SETTINGS.format(pack=pack) + f'[store]\nurl = "{url}"\n'
    (folder / "punchsync.toml").write_text(settings, encoding="utf-8")
    with opened(folder, at(LATER)) as site:
        yield site


def fill(site: Site) -> None:
    """Some of everything: three links at least of whatever has links, and something booked for them."""
    people = [f"P{n},人{n},公安局,公安,staff,{n},,2026-11-09,2026-11-10" for n in (1, 2, 3)]
    bring(site, "staff", table(STAFF.strip(), *people))
    early = [("1", t) for t in CLEAN]
    with site.store.writing() as work:
        work.readings.add(read("T1", "12:30:00", *early[:2], ("2", "08:50:00"), defects=2), at("12:30:00"))
        work.readings.add(read("T1", "18:00:00", *early, ("3", "08:30:00"), ("3", "12:00:01"), defects=3), at(LATER))
        work.readings.add(read("T1", LATER, ("2", "2026-11-10 08:20:00"), first=9), at(LATER))
        work.readings.add(read("T2", LATER), at(LATER))
    lines = b"        3\t2026-11-09 14:20:00\t1\t0\t0\t0\n        3\t2026-11-09 17:40:00\t1\t0\t0\t0\n"
    assert not bring_punches(site, lines, "1_attlog.dat", "T2", at(LATER), "attlog", False).problems
    settle(site.hall, at(LATER))
    columns = "incident_id,person_id,window,kind,at,noted_by,place,evidence,warned"
    for n in (1, 2, 3):
        row = f"I{n},P{n},,games,2026-11-09 10:0{n},督查员,,,no"
        bring(site, "incident", table(columns, row))
        settle(site.hall, at(LATER))
    rulings = "ruling_id,person_id,window,date,session,kind,effect,as_kind,document,decided_by,decided_at"
    bring(site, "ruling", table(rulings, "R1,P1,,2026-11-09,1,games,excuse,,一号,某,2026-11-10 09:00"))
    with site.store.writing() as work:
        for n, action in enumerate(("close", "reopen", "close"), 1):
            work.closings.add("2026-10", action, "张主任", f"理由{n}", at(LATER) + n)
            work.decisions.decide(("2026", "person", "P1", "bar", "r1"), "dropped", "张主任", f"{n}", at(LATER))
            work.papers.keep_pack(f"digest{n}", f"text {n}", at(LATER))
            work.papers.issue("daily", f"2026-11-0{n}", f"content {n}", at(LATER))
            filed = Appeal(
                0, f"v{n}", 1, at("00:00:00") // DAY, "P1", "", 1, "late", 660, "punch", "P1", "person", f"{n}", "",
                at(LATER),
            )  # fmt: skip
            work.appeals.file(filed, [Evidence(k, f"{k}.txt", f"d{k}", b"\0%d" % k) for k in (1, 2)], at(LATER))
            work.appeals.decide(AppealDecision(n, "upheld", "", "李主任", "二号", "", "", at(LATER)), at(LATER))
    settle(site.hall, at(LATER))


class Behind:
    """A connection past the product, to which no trigger objects."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"
        if not self._sqlite:
            self.do("SET session_replication_role = replica")
        for trigger in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'") if self._sqlite else ():
            self.do(f"DROP TRIGGER {trigger['name']}")

    def do(self, statement: str) -> None:
        self._connection.exec_driver_sql(statement)

    def rows(self, statement: str) -> list[Any]:
        return [dict(row._mapping) for row in self._connection.exec_driver_sql(statement)]

    def change(self, table: str, where: dict[str, Any], **values: Any) -> None:
        """Set columns of one row."""
        self._run(f'UPDATE "{table}" SET {_list(values, ", ")} WHERE {_list(where, " AND ")}', [values, where])

    def delete(self, table: str, where: dict[str, Any]) -> None:
        self._run(f'DELETE FROM "{table}" WHERE {_list(where, " AND ")}', [where])

    def add(self, table: str, row: dict[str, Any]) -> None:
        marks = ", ".join("?" for _ in row)
        names = ", ".join(f'"{name}"' for name in row)
        self._run(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', [row])

    def _run(self, statement: str, values: Sequence[dict[str, Any]]) -> None:
        flat = tuple(value for part in values for value in part.values())
        done = self._connection.exec_driver_sql(statement if self._sqlite else statement.replace("?", "%s"), flat)
        assert done.rowcount == 1, statement


def _list(columns: dict[str, Any], by: str) -> str:
    return by.join(f'"{name}" = ?' for name in columns)


@contextmanager
def behind(url: str) -> Iterator[Behind]:
    """The database of a site, changed past it."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield Behind(connection)
    finally:
        engine.dispose()


class Keyed(NamedTuple):
    """How a table's rows are found, ordered, changed and named."""

    key: tuple[str, ...]
    column: str
    place: str
    lost: str = ""  # how it is named when it is gone, where that is otherwise


KEYED = {
    "punch": Keyed(("terminal", "number"), "state", "punch {terminal} {number}"),
    "reading": Keyed(("number",), "name", "reading {terminal} {number}"),
    "defect": Keyed(("terminal", "number"), "reason", "defect {terminal} ", "reading {terminal} {reading}"),
    "record": Keyed(("kind", "key", "version"), "body", "record {batch}"),
    "closing": Keyed(("number",), "reason", "closing {number}"),
    "outcome_decision": Keyed(("number",), "note", "outcome_decision {number}"),
    "pack": Keyed(("digest",), "text", "pack {digest}", "pack "),
    "bulletin": Keyed(("kind", "year", "number"), "content", "bulletin daily 2026 {number}"),
    "appeal": Keyed(("number",), "grounds", "appeal {number}"),
    "evidence": Keyed(("appeal", "position"), "name", "evidence {appeal} {position}", "appeal {appeal}"),
    "appeal_decision": Keyed(("appeal",), "decided_by", "appeal_decision {appeal}"),
    "ledger_entry": Keyed(("height",), "article", "ledger_entry {entry_id}"),
    "link": Keyed(("height",), "digest", "link {height}", ""),
}
