"""The hall's chain: a link for all that is only ever added to, on every kind of database and after every upgrade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from storekit import NOW, at, file, live, plan, post

from punchsync.core.appeal import Appeal, AppealDecision, Evidence
from punchsync.core.chain import Head, Link, broken, follow, unlike, unlike_runs, unlike_set
from punchsync.core.ledger import GENESIS
from punchsync.core.reading import Defect
from punchsync.store import SqlStore, migrations
from punchsync.store.chain import COLUMNS, digest_of, digest_of_reading
from punchsync.store.engine import open_engine, writing
from punchsync.store.tables import APPEND_ONLY, metadata

ODD = Defect(9, b"odd", "impossible_date")


def filled(store: SqlStore) -> list[Link]:
    """A store with a row or two of everything, and its links."""
    with store.writing() as work:
        work.records.put("staff", [("p2", {"name": "李四"}), ("p1", {"name": "张三"})], NOW)
        work.records.put("staff", [("p1", {"name": "张三"})], NOW)  # nothing new, and no link
        work.records.put("leave", [("L1", {"kind": "annual"}), ("L1", {"kind": "sick"})], NOW)
        work.readings.add(live("T1", ("7", at("08:25")), ("7", at("08:25")), began=at("09:00"), defects=[ODD]), NOW)
        work.readings.add(live("T2", began=at("09:00")), NOW)
        work.readings.add(live("T1", ("7", at("08:25")), ("8", at("08:26")), began=at("10:00")), NOW)
        work.readings.add(file("T2", ("8", at("12:00"))), NOW)
        work.ledger.append(plan(post("a"), post("b")), NOW)
        work.ledger.append(plan(), NOW)  # nothing
        work.ledger.append(plan(post("c")), NOW + 1)
        work.papers.keep_pack("d2", "text", NOW)
        work.papers.keep_pack("d1", "text", NOW)
        work.papers.issue("daily", "2026-10-01", "text", NOW)
        work.papers.issue("daily", "2026-10-01", "text", NOW)  # the same
        work.papers.issue("daily", "2027-01-01", "text", NOW)
        work.decisions.decide(("2026", "person", "p1", "bar", "r1"), "confirmed", "张主任", "", NOW)
        work.closings.add("2026-10", "close", "张主任", "", NOW)
        filed = Appeal(0, "v1", 1, 740_000, "p1", "", 1, "late", 660, "punch", "p1", "person", "因为", "", NOW)
        work.appeals.file(filed, [Evidence(1, "a.txt", "d", b"\0\xff"), Evidence(2, "b.txt", "d", b"")], NOW)
        work.appeals.decide(AppealDecision(1, "upheld", "", "李主任", "二号", "", "", NOW), NOW)
    with store.reading() as work:
        return work.links.all()


def compared(store: SqlStore) -> list[object]:
    """All that rows differ from their links in."""
    with store.reading() as work:
        links = work.links.all()
        chains = {link.chain for link in links}
        of = {chain: [link for link in links if link.chain == chain] for chain in chains}
        found = [*broken(links)]
        for terminal in work.links.terminals():
            found += unlike(of.pop(f"reading/{terminal}", []), (kept for kept, _ in work.links.readings(terminal)))
        for chain, kept in work.links.rows():
            found += unlike(of.pop(chain, []), kept)
        found += unlike_runs(of.pop("ledger", []), work.links.entries())
        found += unlike_set(of.pop("pack", []), work.links.packs())
        for kept in work.links.issued():
            found += unlike(of.pop(kept.chain, [])[-1:], [kept])
        return [*found, *of]


def test_all_that_is_written_down_gets_a_link_and_follows_from_what_was_before(store: SqlStore) -> None:
    links = filled(store)

    assert [(link.height, link.chain, link.number) for link in links] == [
        (1, "record", 1), (2, "record", 2), (3, "reading/T1", 1), (4, "reading/T2", 2), (5, "reading/T1", 3),
        (6, "reading/T2", 4), (7, "ledger", 2), (8, "ledger", 3), (9, "pack", 1), (10, "pack", 2),
        (11, "bulletin/daily/2026", 1), (12, "bulletin/daily/2027", 1), (13, "outcome_decision", 1),
        (14, "closing", 1), (15, "outcome/2026-10", 1), (16, "rank/2026-10", 1), (17, "appeal", 1),
        (18, "appeal_decision", 1),
    ]  # fmt: skip
    previous = GENESIS
    for link in links:
        assert link.hash == follow(previous, *link[1:4], link.at)
        previous = link.hash
    assert compared(store) == []


def test_the_head_and_what_was_before_a_link(store: SqlStore) -> None:
    with store.reading() as work:
        assert work.links.head() == Head(0, GENESIS)
    links = filled(store)
    with store.reading() as work:
        assert work.links.head() == Head(18, links[-1].hash)
        assert work.links.before("record", 1) == Head(0, GENESIS)
        assert work.links.before("closing", 1) == Head(13, links[12].hash)
        with pytest.raises(ValueError, match="unpack"):
            work.links.before("closing", 2)


def test_a_link_made_in_a_transaction_that_is_undone_is_not_there(store: SqlStore) -> None:
    with pytest.raises(ZeroDivisionError), store.writing() as work:
        work.closings.add("2026-10", "close", "", "", NOW)
        raise ZeroDivisionError
    with store.reading() as work:
        assert work.links.all() == []


def test_halls_of_one_database_have_chains_of_their_own(open_hall: Callable[[], SqlStore]) -> None:
    one, other = open_hall(), open_hall()
    filled(one)
    assert [link.height for link in filled(other)] == list(range(1, 19))
    assert compared(one) == compared(other) == []


def test_every_column_of_what_is_only_added_to_is_under_a_digest() -> None:
    columns = {name: tuple(metadata.tables[name].columns.keys()) for name in COLUMNS}

    assert columns == COLUMNS
    # The others have digests of their own making: columns of a log, the ledger's chain, the link itself, a checkpoint
    # with all of its erasures.
    assert set(APPEND_ONLY) - set(COLUMNS) == {"punch", "ledger_entry", "link", "checkpoint", "erasure"}


def test_digests_tell_apart_what_differs() -> None:
    rows = [[], [()], [("a",)], [("a",), ("b",)], [("a", "b")], [("ab",)], [(1,)], [("1",)], [(None,)], [("",)],
            [(b"",)], [(b"a",)], [("61",), ()]]  # fmt: skip
    assert len({digest_of(r) for r in rows}) == len(rows) - 1  # no bytes and an empty text: no column may be either
    punches = [[1], ["7"], [5], [0], ["1"], ["0"], [b"raw"], [0]]
    told = {digest_of_reading(GENESIS, ("r",), [], []), digest_of_reading("1" * 64, ("r",), punches, [])}
    for n, column in enumerate(punches):
        other = [2] if isinstance(column[0], int) else [column[0] * 2]
        told.add(digest_of_reading(GENESIS, ("r",), [*punches[:n], other, *punches[n + 1 :]], []))
    told.add(digest_of_reading(GENESIS, ("r",), punches, [("d",)]))
    told.add(digest_of_reading(GENESIS, ("s",), punches, []))
    assert len(told) == 12


# stores that were there before


def test_an_older_store_gets_links_for_all_that_it_holds(url: str) -> None:
    older(url)
    store = SqlStore(url, "demo")
    with store.reading() as work:
        links = work.links.all()
    assert [(link.height, link.chain, link.number, link.at) for link in links] == [
        (1, "reading/T1", 1, 10), (2, "reading/T1", 3, 30), (3, "reading/T2", 2, 20), (4, "record", 0, 12),
        (5, "closing", 1, 40), (6, "closing", 2, 41), (7, "outcome_decision", 1, 50), (8, "bulletin/daily/2026", 1, 60),
        (9, "bulletin/daily/2026", 2, 61), (10, "bulletin/monthly/2026", 1, 62), (11, "pack", 1, 70),
        (12, "pack", 2, 71), (13, "ledger", 2, 80), (14, "ledger", 3, 81),
        (15, "outcome/2026-10", 2, 41), (16, "rank/2026-10", 2, 41),
    ]  # fmt: skip
    assert compared(store) == []
    store.close()
    other = SqlStore(url, "other")
    with other.reading() as work:
        assert [(link.height, link.chain) for link in work.links.all()] == [
            (1, "closing"), (2, "outcome/2026-10"), (3, "rank/2026-10"),
        ]  # fmt: skip
    other.close()


def test_an_older_store_has_links_of_what_was_issued_by_then(url: str) -> None:
    older(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE outcome SET counted = '4' WHERE period = '2026-11'")  # not closed
    store = SqlStore(url, "demo")
    assert compared(store) == []
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE outcome SET counted = '4' WHERE period = '2026-10'")
    assert [d.place for d in compared(store)] == ["outcome 2026-10"]
    store.close()
    engine.dispose()


def test_what_is_added_to_an_older_store_goes_on_with_its_chain(url: str) -> None:
    older(url)
    store = SqlStore(url, "demo")
    with store.writing() as work:
        work.readings.add(live("T1", ("7", at("09:25")), began=at("10:00")), NOW)
        work.records.put("staff", [("p1", {"name": "张三"})], NOW)
        work.closings.add("2026-10", "close", "", "", NOW)
        work.papers.keep_pack("d9", "text", NOW)
    with store.reading() as work:
        new = [(link.height, link.chain, link.number) for link in work.links.all()[16:]]
    assert new == [
        (17, "reading/T1", 4), (18, "record", 1), (19, "closing", 3), (20, "outcome/2026-10", 3),
        (21, "rank/2026-10", 3), (22, "pack", 3),
    ]  # fmt: skip
    assert compared(store) == []
    store.close()


@contextmanager
def at_revision(url: str, revision: str) -> Iterator[Callable[..., None]]:
    """A new database at an older revision, and what puts a row into one of its tables."""
    engine = open_engine(url)
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.set_main_option("path_separator", "os")
    mark = "?" if url.startswith("sqlite") else "%s"
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

        def put(table: str, **row: Any) -> None:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join(mark for _ in row)
            connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))

        yield put
    engine.dispose()


def older(url: str) -> None:
    """A store of the version before links, with rows of two halls."""
    with at_revision(url, "0003") as put:
        for hall in ("demo", "other"):
            put("hall", hall_id=hall, name="厅", epoch=0)
        for key, version, stored in (("p2", 1, 11), ("p1", 1, 10), ("p1", 2, 12)):
            put("record", hall_id="demo", kind="staff", key=key, version=version, body="{}", stored_at=stored)
        for number, terminal, new in ((1, "T1", 2), (2, "T2", 0), (3, "T1", 1)):
            put(
                "reading", hall_id="demo", number=number, terminal=terminal, source="tcp", name="", digest=str(number),
                began=number, through=None, serial="", count_before=None, count_after=None, clock_offset=0,
                bytes_moved=0, plan="full", rows=new, new=new, spans="", first_at=None, last_at=None, last_numbers="",
                later_at=None, stored_at=10 * number,
            )  # fmt: skip
        for number, reading in ((1, 1), (2, 1), (3, 3)):
            put(
                "punch", hall_id="demo", terminal="T1", number=number, device_user_id="7", at=NOW + number, ordinal=0,
                verify="1", state="0", raw=b"\0raw", reading=reading, position=number,
            )  # fmt: skip
        put("device_user", hall_id="demo", terminal="T1", device_user_id="7")
        for number, reading in ((1, 1), (2, 3)):
            put(
                "defect", hall_id="demo", terminal="T1", number=number, raw=b"x", reason="future", ordinal=number,
                reading=reading, position=0,
            )  # fmt: skip
        for hall, number in (("demo", 1), ("demo", 2), ("other", 1)):
            put(
                "closing",
                hall_id=hall,
                number=number,
                month="2026-10",
                action="close",
                by="",
                reason="",
                at=39 + number,
            )
        for period in ("2026-10", "2026-11"):
            put(
                "outcome", hall_id="demo", period=period, subject_type="person", subject_id="p1", outcome="bar",
                rule="r", counted="3", article="",
            )  # fmt: skip
            put(
                "rank", hall_id="demo", period=period, rule="r", subject_type="person", subject_id="p1", rank=1,
                score="33/2", violations=0, seconds=0,
            )  # fmt: skip
        put(
            "outcome_decision", hall_id="demo", number=1, period="2026", subject_type="person", subject_id="p1",
            outcome="bar", rule="r", state="dropped", decided_by="张", note="", decided_at=50,
        )  # fmt: skip
        for kind, number, stored in (("daily", 1, 60), ("daily", 2, 61), ("monthly", 1, 62)):
            put(
                "bulletin", hall_id="demo", kind=kind, year="2026", number=number, period="2026-10", content="c",
                issued_at=stored,
            )  # fmt: skip
        for digest, stored in (("d2", 70), ("d1", 71)):
            put("pack", hall_id="demo", digest=digest, text="t", stored_at=stored)
        for height, stored in ((1, 80), (2, 80), (3, 81)):
            put(
                "ledger_entry", hall_id="demo", height=height, entry_id=f"E{height:08d}", booked_on=1,
                cause=f"c{height}", revision=1, account_type="person", account_id="p1", category="c",
                period="2026", points=-500, rule="", article="", value_date=1, reverses="", pack="d1", previous="",
                hash=f"h{height}", stored_at=stored,
            )  # fmt: skip
