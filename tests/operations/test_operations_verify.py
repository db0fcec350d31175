"""What `verify` finds: every row that somebody changed, took out or added behind our back, by table and key."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from operationskit import at
from verifykit import CLEAN, KEYED, LATER, STAFF, Behind, at_site, behind, bring, fill, read, record, table

from punchsync.core.anchor import parse
from punchsync.core.chain import follow
from punchsync.core.closing import Closing
from punchsync.core.difference import Difference
from punchsync.core.ledger import GENESIS
from punchsync.operations.hall import Hall
from punchsync.operations.settle import settle
from punchsync.operations.verify import Verified, verify
from punchsync.operations.verify.ledger import chain
from punchsync.operations.verify.rows import check
from punchsync.store import SqlStore
from punchsync.store.chain import digest_of

Fresh = Callable[[], str]
KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fresh]:
    """By kind of database, what gives the address of a fresh copy of a hall that has some of everything."""
    folder = tmp_path_factory.mktemp("verify")
    numbers = itertools.count(1)

    def sqlite() -> Fresh:
        source = folder / "template.db"
        with at_site(folder / "sqlite", f"sqlite:///{source}") as site:
            fill(site)

        def copy() -> str:
            path = folder / f"copy{next(numbers)}.db"
            shutil.copy(source, path)
            return f"sqlite:///{path}"

        return copy

    def postgresql() -> Fresh:
        server = request.getfixturevalue("postgres_server")
        source = server.new()
        with at_site(folder / "postgresql", source) as site:
            fill(site)
        return lambda: server.copy(source)

    made: dict[str, Fresh] = {}

    class Lazily(dict[str, Fresh]):
        def __missing__(self, kind: str) -> Fresh:
            made[kind] = self[kind] = {"sqlite": sqlite, "postgresql": postgresql}[kind]()
            return made[kind]

    return Lazily()


@pytest.fixture
def url(template: dict[str, Fresh]) -> str:
    """A fresh SQLite database."""
    return template["sqlite"]()


@pytest.fixture(params=KINDS)
def any_url(request: pytest.FixtureRequest, template: dict[str, Fresh]) -> str:
    """A fresh database of each kind."""
    return template[request.param]()


def verified(url: str, folder: Path, *anchors: str) -> Verified:
    store = SqlStore(url, "demo", "厅")
    try:
        return verify(replace(hall(), store=store), anchors=[parse(a, "demo") for a in anchors])
    finally:
        store.close()


@cache
def hall() -> Hall:
    """The hall, whose pack is read once; its own database is empty."""
    with tempfile.TemporaryDirectory() as folder, at_site(Path(folder), f"sqlite:///{folder}/x.db") as site:
        return site.hall


def places(url: str, folder: Path) -> list[str]:
    return [d.place for d in verified(url, folder).differences]


def keys(row: dict[str, Any], table: str) -> dict[str, Any]:
    return {name: row[name] for name in KEYED[table].key}


def rows(db: Behind, table: str) -> list[dict[str, Any]]:
    """A table's rows by key."""
    order = ", ".join(f'"{name}"' for name in KEYED[table].key)
    return db.rows(f'SELECT * FROM "{table}" ORDER BY {order}')


def nth(found: list[dict[str, Any]], which: str) -> dict[str, Any]:
    return found[{"first": 0, "middle": len(found) // 2, "last": -1}[which]]


def one_of_each(cases: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """SQLite takes all cases; PostgreSQL one of each table."""
    return [(kind, *case) for case in cases for kind in KINDS if kind == "sqlite" or case[1] == "middle"]


EVERY = list(itertools.product(KEYED, ("first", "middle", "last")))


def test_a_hall_that_nobody_tampered_with_has_no_difference(any_url: str, tmp_path: Path) -> None:
    found = verified(any_url, tmp_path)

    assert (found.differences, found.months, found.waiting, found.unread, found.concluded) == ((), 1, (), (), True)
    assert (found.links, found.entries, found.anchor.height) == (38, 24, 38)


@pytest.mark.parametrize(("kind", "table", "which"), one_of_each(EVERY))
def test_a_row_that_was_changed_is_named(
    template: dict[str, Fresh], tmp_path: Path, kind: str, table: str, which: str
) -> None:
    url = template[kind]()
    with behind(url) as db:
        row = nth(rows(db, table), which)
        db.change(table, keys(row, table), **{KEYED[table].column: f"{row[KEYED[table].column]}x"})

    assert KEYED[table].place.format(**row) in str(places(url, tmp_path))


@pytest.mark.parametrize(("kind", "table", "which"), one_of_each(EVERY))
def test_a_row_that_was_taken_out_is_named(
    template: dict[str, Fresh], tmp_path: Path, kind: str, table: str, which: str
) -> None:
    url = template[kind]()
    with behind(url) as db:
        row = nth(rows(db, table), which)
        db.delete(table, keys(row, table))

    found = str(places(url, tmp_path))
    lost = KEYED[table].lost or KEYED[table].place
    if table == "link" and which == "last":
        lost = "ledger_entry E000000"  # what it stood for has no link now
    assert lost.format(**row) in found


@pytest.mark.parametrize(("kind", "table", "which"), one_of_each([(t, "middle") for t in KEYED]))
def test_a_row_that_was_put_in_is_named(
    template: dict[str, Fresh], tmp_path: Path, kind: str, table: str, which: str
) -> None:
    url = template[kind]()
    with behind(url) as db:
        row = rows(db, table)[-1]
        last = KEYED[table].key[-1]
        new = row | {last: row[last] + 1 if isinstance(row[last], int) else f"{row[last]}9"}
        new |= {"entry_id": "E00000099", "revision": 99} if table == "ledger_entry" else {}
        new |= {"at": row["at"] + 1} if table == "punch" else {}
        new |= {"ordinal": 7} if table == "defect" else {}
        new |= {"number": 99} if table == "link" else {}
        db.add(table, new)

    assert KEYED[table].place.format(**new) in str(places(url, tmp_path))


@pytest.mark.parametrize(
    ("table", "column", "place"),
    [
        ("punch", "at", "punch T1 1"),
        ("record", "body", "record 2 (incident I1 1)"),
        ("closing", "reason", "closing 1"),
        ("outcome_decision", "note", "outcome_decision 1"),
        ("bulletin", "content", "bulletin daily 2026 1"),
        ("appeal", "grounds", "appeal 1, evidence 1 1, evidence 1 2"),
        ("ledger_entry", "cause", "ledger_entry E00000001"),
        ("link", "digest", "link 1 (record 1)"),
    ],
)
def test_two_rows_that_were_swapped_are_named(url: str, tmp_path: Path, table: str, column: str, place: str) -> None:
    with behind(url) as db:
        one, other = rows(db, table)[:2]
        spare = one[column] - 10_000 if isinstance(one[column], int) else "spare"
        db.change(table, keys(one, table), **{column: spare})
        db.change(table, keys(other, table), **{column: one[column]})
        db.change(table, keys(one, table), **{column: other[column]})

    assert place in str(places(url, tmp_path))


@pytest.mark.parametrize("column", ["chain", "number", "digest", "hash", "stored_at"])
def test_every_column_of_a_link_is_under_its_hash(url: str, tmp_path: Path, column: str) -> None:
    with behind(url) as db:
        [link] = db.rows("SELECT * FROM link WHERE height = 7")
        changed = link[column] + 1000 if isinstance(link[column], int) else f"{link[column]}0"
        db.change("link", {"height": 7}, **{column: changed})

    assert "link 7 " in str(places(url, tmp_path))


@pytest.mark.parametrize("table", [t for t in KEYED if t != "link"])
def test_every_column_of_what_is_kept_is_under_a_link(url: str, table: str) -> None:
    store = SqlStore(url, "demo", "厅")
    missed = []
    with behind(url) as db:
        row = rows(db, table)[0]
        db.add("hall", {"hall_id": "demox", "name": "", "epoch": 0})
    for column, value in row.items():
        changed = other_than(value)
        moved = keys(row, table) | ({column: changed} if column in keys(row, table) else {})
        with behind(url) as db:
            db.change(table, keys(row, table), **{column: changed})
        with store.reading() as work:
            if not [*check(work, work.links.all(), hall().decoded), *chain(work.ledger.entries())]:
                missed.append(column)
        with behind(url) as db:
            db.change(table, moved, **{column: value})
    store.close()
    assert missed == []


def other_than(value: Any) -> Any:
    """A value of the same type."""
    if value is None:
        return 1
    return value + 1000 if isinstance(value, int) else f"{value}x" if isinstance(value, str) else b"x"


def test_a_punch_that_is_not_what_its_bytes_say_is_named_exactly(any_url: str, tmp_path: Path) -> None:
    with behind(any_url) as db:
        db.change("punch", {"terminal": "T1", "number": 2}, at=at("12:05:00"))

    found = [d for d in verified(any_url, tmp_path).differences if d.invariant == "raw"]

    assert found == [Difference("raw", "punch T1 2", "at=2026-11-09 12:05:00", "at=2026-11-09 12:01:00")]


@pytest.mark.parametrize(
    ("terminal", "number", "changed", "found", "right"),
    [
        ("T1", 1, {"device_user_id": "2"}, "device_user_id=2", "device_user_id=1"),
        ("T1", 3, {"state": "1"}, "state=1", "state=0"),
        ("T1", 3, {"raw": b"short"}, "device_user_id=2 at=2026-11-09 08:50:00 verify=1 state=0", ""),
        ("T2", 1, {"verify": "15"}, "verify=15", "verify=1"),
        ("T2", 2, {"raw": b"        3\t2026-11-09 17:41:00\t1\t0"}, "at=2026-11-09 17:40:00", "at=2026-11-09 17:41:00"),
        ("T2", 2, {"raw": b"no line"}, "device_user_id=3 at=2026-11-09 17:40:00 verify=1 state=0", ""),
    ],
)
def test_every_field_of_a_punch_follows_from_its_bytes(
    url: str, tmp_path: Path, terminal: str, number: int, changed: dict[str, Any], found: str, right: str
) -> None:
    with behind(url) as db:
        db.change("punch", {"terminal": terminal, "number": number}, **changed)

    assert Difference("raw", f"punch {terminal} {number}", found, right) in verified(url, tmp_path).differences


def test_a_punch_changed_with_its_bytes_breaks_its_reading(url: str, tmp_path: Path) -> None:
    with behind(url) as db:
        raw = record("2", at("08:29:00"))
        db.change("punch", {"terminal": "T1", "number": 3}, at=at("08:29:00"), raw=raw)

    found = verified(url, tmp_path).differences

    assert [(d.invariant, d.place) for d in found if d.invariant in ("rows", "raw", "links")] == [
        ("rows", "reading T1 1, punch T1 1-3, defect T1 1-2")
    ]
    assert "verdicts" in {d.invariant for d in found}  # and what was said of it does not follow any more


def test_a_difference_is_told_once_not_with_all_that_follows(url: str, tmp_path: Path) -> None:
    with behind(url) as db:
        db.delete("ledger_entry", {"height": 5})
        db.delete("closing", {"number": 1})
        db.change("link", {"height": 9}, digest="0" * 64)

    found = [d.invariant for d in verified(url, tmp_path).differences]

    assert {name: found.count(name) for name in ("links", "chain", "ledger", "scores")} == {
        "links": 1, "chain": 1, "ledger": 1, "scores": 1,
    }  # fmt: skip
    assert len(found) < 12


# what follows from what was written down


@pytest.mark.parametrize(
    ("table", "change", "invariant", "place"),
    [
        ("verdict", "UPDATE verdict SET seconds = 9 WHERE person = 'P2' AND checkpoint = 'in' AND session = 1",
         "verdicts", "verdict 2026-11-09 P2 1 in"),
        ("verdict", "DELETE FROM verdict WHERE person = 'P3' AND checkpoint = 'out' AND session = 2 AND day = {day}",
         "verdicts", "verdict 2026-11-09 P3 2 out"),
        ("violation", "UPDATE violation SET seconds = 1 WHERE source = 'incident' AND person = 'P3'",
         "violations", "violation 2026-11-09 v"),
        ("violation", "DELETE FROM violation", "causes", "ledger_entry E0"),
        ("tally", "UPDATE tally SET late = late + 1 WHERE person = 'P2'", "tallies", "tally 2026-11 P2"),
        ("tally", "DELETE FROM tally WHERE person = 'P3'", "tallies", "tally 2026-11 P3"),
        ("standing", "UPDATE standing SET seconds = seconds + 1 WHERE subject_id = 'P2'", "standings",
         "standing 2026-11 person P2"),
        ("fact", "INSERT INTO fact SELECT hall_id, month, 'r', 'person', person, '1' FROM tally WHERE person = 'P1'",
         "facts", "fact 2026-11 r person P1"),
        ("hall_month", "UPDATE hall_month SET unknown = unknown + 1", "months", "hall_month 2026-11"),
        ("score", "UPDATE score SET points = points + 1 WHERE account_type = 'window'", "scores", "score 2026"),
        ("score", "UPDATE score SET score = score + 1 WHERE account_id = 'P2'", "scores", "score 2026"),
        ("score", "DELETE FROM score WHERE account_id = 'P3'", "scores", "score 2026"),
        ("outcome", "INSERT INTO outcome SELECT hall_id, '2026', 'person', person, 'bar', 'r', '1', '' FROM tally "
         "WHERE person = 'P1'", "outcomes", "outcome 2026 person P1 bar r"),
        ("rank", "INSERT INTO rank SELECT hall_id, month, 'r', 'person', person, 1, '1', 0, 0 FROM tally "
         "WHERE person = 'P1'", "ranking", "rank 2026-11 r person P1"),
        ("outcome", "INSERT INTO outcome SELECT hall_id, '2026-10', 'person', person, 'bar', 'r', '1', '' FROM tally "
         "WHERE person = 'P1'", "issued", "outcome 2026-10"),
        ("hall_month", "DELETE FROM hall_month", "months", "hall_month 2026-11"),
        ("verdict", "INSERT INTO verdict SELECT hall_id, day - 365, person, session, checkpoint, due, punch, terminal, "
         "verdict, seconds, would FROM verdict", "months", "hall_month 2025-11"),
        ("fact", "INSERT INTO fact SELECT hall_id, '2026-09', 'r', 'person', person, '1' FROM tally", "months",
         "hall_month 2026-09"),
    ],
)  # fmt: skip
def test_what_does_not_follow_is_found_by_a_fresh_computation(
    any_url: str, tmp_path: Path, table: str, change: str, invariant: str, place: str
) -> None:
    with behind(any_url) as db:
        db.do(change.format(day=at("00:00:00") // 86_400))

    found = [d for d in verified(any_url, tmp_path).differences if d.invariant == invariant]

    assert [d.place.startswith(place) for d in found] == [True], found


def test_rows_that_make_judging_break_off_are_a_difference_not_an_error(url: str, tmp_path: Path) -> None:
    with behind(url) as db:
        db.do("UPDATE record SET body = '{' WHERE kind = 'staff'")

    found = verified(url, tmp_path).differences

    assert found[0].place.startswith("record 1 (staff")
    assert "replay" in {d.invariant for d in found}


def test_months_are_replayed_by_the_pack_that_judged_them_not_by_today_s(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with at_site(tmp_path / "site", url) as site:
        fill(site)
    other = tmp_path / "site" / "packs" / "own.toml"
    other.parent.mkdir()
    strict = '[[punctuality]]\nid = "punctuality"\nsays = "5"\nlate_seconds = 300\nearly_seconds = 300\n'
    strict += 'cites = ["kaoqin 1"]\n'
    head = 'id = "own"\nname = "厅"\nextends = "yihuang"\n'
    other.write_text(head + strict, encoding="utf-8")
    with at_site(tmp_path / "site", url, "packs/own.toml") as site:
        found = verify(site.hall)
        assert (found.months, found.waiting, found.differences) == (1, (), ())
    with behind(url) as db:
        db.do("UPDATE verdict SET seconds = seconds + 1 WHERE person = 'P2' AND checkpoint = 'in' AND session = 1")
    with at_site(tmp_path / "site", url, "packs/own.toml") as site:
        assert [d.invariant for d in verify(site.hall).differences] == ["verdicts"]
    with behind(url) as db:
        [month] = db.rows("SELECT pack FROM hall_month")
        db.delete("pack", {"digest": month["pack"]})
    with at_site(tmp_path / "site", url, "packs/own.toml") as site:
        found = verify(site.hall)
    assert (f"pack {month['pack']}", "hall_month 2026-11") in {(d.place, d.right) for d in found.differences}


def test_a_month_of_which_only_entries_are_left_is_named_by_the_first(url: str, tmp_path: Path) -> None:
    with behind(url) as db:
        for table in ("hall_month", "verdict", "violation", "tally", "fact", "standing"):
            db.do(f"DELETE FROM {table}")

    assert (
        Difference("months", "hall_month 2026-11", "", "ledger_entry E00000001") in verified(url, tmp_path).differences
    )


def test_what_was_never_settled_waits(tmp_path: Path) -> None:
    with at_site(tmp_path / "site", f"sqlite:///{tmp_path}/x.db") as site:
        bring(site, "staff", table(STAFF.strip(), "P1,甲,公安局,公安,staff,1,,2026-10-30,2026-12-31"))
        found = verify(site.hall)

    assert (found.months, found.waiting, found.concluded, found.differences) == (0, ("2026-10", "2026-11"), False, ())


def test_what_waits_to_be_settled_is_no_difference(url: str, tmp_path: Path) -> None:
    with at_site(tmp_path / "site", url) as site:
        columns = "ruling_id,person_id,window,date,session,kind,effect,as_kind,document,decided_by,decided_at"
        bring(site, "ruling", table(columns, "R2,P2,,2026-11-09,1,games,excuse,,一号,某,2026-11-10 09:00"))
        found = verify(site.hall)
        assert (found.months, found.waiting, found.concluded, found.differences) == (0, ("2026-11",), False, ())
        settle(site.hall, at(LATER))
        bring(site, "scores", table("period,subject_type,subject_id,category,points,note", "2027,person,P1,评,1,"))
        found = verify(site.hall)
        assert (found.months, found.waiting, found.concluded, found.differences) == (1, (), False, ())


def test_a_month_settled_long_ago_is_replayed_rightly_whatever_was_read_since(tmp_path: Path) -> None:
    with at_site(tmp_path / "site", f"sqlite:///{tmp_path}/x.db") as site:
        fill(site)
        before = verify(site.hall).anchor.height
        for day in ("2026-12-01", "2026-12-02", "2027-01-05"):
            with site.store.writing() as work:
                taken = [("9", f"{day} {clock}") for clock in CLEAN]
                work.readings.add(read("T1", f"{day} 20:40:00", *taken), at(f"{day} 20:41:00"))
                work.readings.add(read("T2", f"{day} 20:40:00"), at(f"{day} 20:41:00"))
            found = verify(site.hall)
            assert (found.differences, found.months + len(found.waiting)) == ((), 1)
        assert found.anchor.height == before + 6


# anchors


def rewrite(db: Behind) -> None:
    """Change a closing and make all links from there on anew, as whoever owns the database can."""
    db.change("closing", {"number": 2}, by="别人")
    [row] = db.rows("SELECT * FROM closing WHERE number = 2")
    digest = digest_of([("demo", *(row[name] for name in Closing._fields))])
    previous = GENESIS
    for link in db.rows("SELECT * FROM link ORDER BY height"):
        if (link["chain"], link["number"]) == ("closing", 2):
            link["digest"] = digest
        hash_ = follow(previous, link["chain"], link["number"], link["digest"], link["stored_at"])
        if hash_ != link["hash"]:
            db.change("link", {"height": link["height"]}, digest=link["digest"], hash=hash_)
        previous = hash_


def test_a_rewrite_that_is_consistent_is_found_by_an_anchor_and_by_nothing_else(any_url: str, tmp_path: Path) -> None:
    anchor = verified(any_url, tmp_path).anchor
    with behind(any_url) as db:
        [early] = db.rows("SELECT height, hash FROM link WHERE height = 5")
        rewrite(db)

    assert verified(any_url, tmp_path).differences == ()
    assert verified(any_url, tmp_path, f"demo 5 {early['hash']}").differences == ()
    [found] = verified(any_url, tmp_path, f"demo 5 {early['hash']}", str(anchor)).differences
    assert (found.invariant, found.place, found.right) == ("anchor", "link 38", str(anchor))
    assert found.found.startswith("demo 38 ")


def test_a_chain_cut_short_with_its_rows_is_found_by_an_anchor(url: str, tmp_path: Path) -> None:
    anchor = verified(url, tmp_path).anchor
    with behind(url) as db:
        [last] = db.rows("SELECT * FROM link ORDER BY height DESC LIMIT 1")
        db.delete("link", {"height": last["height"]})
        assert last["chain"] == "ledger"
        for entry in db.rows("SELECT * FROM ledger_entry WHERE stored_at = (SELECT max(stored_at) FROM ledger_entry)"):
            if entry["height"] > db.rows("SELECT max(number) AS n FROM link WHERE chain = 'ledger'")[0]["n"]:
                db.delete("ledger_entry", {"height": entry["height"]})

    found = verified(url, tmp_path, str(anchor)).differences

    assert Difference("anchor", "link 38", "height=37", str(anchor)) in found


def test_an_anchor_holds_however_much_is_written_after_it(any_url: str, tmp_path: Path) -> None:
    anchor = verified(any_url, tmp_path).anchor
    with at_site(tmp_path / "site", any_url) as site, site.store.writing() as work:
        work.closings.add("2026-10", "reopen", "张主任", "", at(LATER))

    found = verified(any_url, tmp_path, str(anchor), f"demo 38 {anchor.hash}", f"DEMO 38 {anchor.hash[:16].upper()}")

    assert (found.differences, found.anchor.height) == ((), 39)


def test_an_empty_hall_has_the_anchor_of_nothing(tmp_path: Path) -> None:
    found = verified(f"sqlite:///{tmp_path}/x.db", tmp_path, "demo 0 0000-0000-0000-0000")

    assert (str(found.anchor), found.links, found.differences) == ("demo 0 0000-0000-0000-0000-0000-0000", 0, ())
