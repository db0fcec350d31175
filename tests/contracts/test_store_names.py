"""Names are in one table: records hold aliases, also those written before, and every link holds over the upgrade."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from storekit import NOW

from punchsync.core.anchor import anchor, unheld
from punchsync.core.chain import Head, broken, follow, unlike
from punchsync.core.difference import Difference
from punchsync.core.ledger import GENESIS
from punchsync.store import SqlStore, migrations
from punchsync.store.chain import digest_of
from punchsync.store.engine import open_engine, writing
from punchsync.store.names import SqlNames, alias_of, moved, normal

STAFF = {"person_id": "p1", "name": "张三", "unit": "公安局", "window": "公安", "from": "2026-01-01", "to": ""}
KEY = "p1\t2026-01-01"
ODD = ('"', '{"alias":"x"}', "=a", "~a", "张\\三", "\u2028", "", "Ａ\U00020000", "name", '","name":"b')
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def put(store: SqlStore, *bodies: dict[str, str], kind: str = "staff") -> int:
    with store.writing() as work:
        return work.records.put(kind, [(f"{b['person_id']}\t{b['from']}", b) for b in bodies], NOW)


def sql(store: SqlStore, statement: str) -> list[tuple[Any, ...]]:
    """Rows of this hall; `:hall` is its id."""
    with writing(store._engine) as connection:
        found = connection.execute(text(statement), {"hall": store._hall})
        return [tuple(row) for row in found] if found.returns_rows else []


def bodies(store: SqlStore) -> list[Any]:
    rows = sql(store, "SELECT body FROM record WHERE hall_id = :hall ORDER BY key, version")
    return [json.loads(body) for (body,) in rows]


def names(store: SqlStore) -> dict[str, str]:
    return dict(sql(store, "SELECT alias, name FROM person_name WHERE hall_id = :hall"))


def differences(store: SqlStore) -> list[Difference]:
    """What of the records is not as their links say, and of their names as their aliases do."""
    with store.reading() as work:
        links = work.links.all()
        kept = dict(work.links.rows())["record"]
        mine = [link for link in links if link.chain == "record"]
        return [*broken(links), *unlike(mine, kept), *work.records.misnamed()]


def erase(store: SqlStore, *aliases: str, noted: bool = True) -> None:
    """What a purge does: the names go, and rows say so of the batches that they were in."""
    with writing(store._engine, store._hall) as connection:
        held = SqlNames(connection, store._hall)
        batches = {batch for _key, alias, batch in held.aliases() if alias in aliases}
        held.erase(aliases)
        for batch in batches if noted else ():
            row = {"hall": store._hall, "batch": batch}
            connection.execute(text("INSERT INTO erasure VALUES (:hall, 'record', :batch, 1, '')"), row)


def test_a_staff_record_holds_an_alias_and_one_table_the_name(store: SqlStore) -> None:
    assert put(store, STAFF) == 1
    [(alias, salt, name)] = sql(store, "SELECT alias, salt, name FROM person_name WHERE hall_id = :hall")
    assert (name, len(salt), alias) == ("张三", 32, alias_of(salt, "张三"))
    assert bodies(store) == [{**STAFF, "name": {"alias": alias}}]
    with store.reading() as work:
        assert work.records.all("staff") == {KEY: STAFF}
        assert [(v.number, v.body) for v in work.records.versions("staff")] == [(1, STAFF)]
    assert differences(store) == []


def test_two_people_of_one_name_have_aliases_that_do_not_show_it(store: SqlStore) -> None:
    put(store, STAFF, {**STAFF, "person_id": "p2"})
    assert (len(names(store)), set(names(store).values())) == (2, {"张三"})


def test_importing_the_same_again_changes_nothing_and_a_name_that_stays_keeps_its_alias(store: SqlStore) -> None:
    put(store, STAFF)
    [alias] = names(store)
    moved_on, other = {**STAFF, "window": "税务"}, {**STAFF, "name": "李四"}
    with store.reading() as work:
        assert work.records.unlike("staff", [(KEY, STAFF), (KEY, other)]) == [(KEY, other)]
    assert [put(store, body) for body in (STAFF, moved_on, moved_on, other, other)] == [0, 1, 0, 1, 0]
    said = [body["name"]["alias"] for body in bodies(store)]
    assert said[:2] == [alias, alias]
    assert {said[2]: "李四", alias: "张三"} == names(store)
    with store.reading() as work:
        assert work.records.firsts("staff", "name") == {KEY: "张三"}
    assert differences(store) == []


def test_names_of_other_kinds_of_record_are_columns_like_any(store: SqlStore) -> None:
    put(store, STAFF, kind="leave")
    assert (bodies(store), names(store)) == ([STAFF], {})


def test_a_hall_s_names_are_its_own(store: SqlStore, open_hall: Callable[[], SqlStore]) -> None:
    other = open_hall()
    put(other, STAFF)
    [alias] = names(other)
    put(store, STAFF)
    with writing(store._engine) as connection:
        SqlNames(connection, store._hall).erase([alias])
    assert (len(names(store)), names(other), differences(other)) == (1, {alias: "张三"}, [])


def test_where_a_name_was_erased_the_person_s_id_stands_and_every_link_holds(store: SqlStore) -> None:
    put(store, STAFF, {**STAFF, "person_id": "p2", "name": "李四"})
    [alias] = [a for a, name in names(store).items() if name == "张三"]
    erase(store, alias)
    with store.reading() as work:
        assert {key: body["name"] for key, body in work.records.all("staff").items()} == {
            KEY: "p1", "p2\t2026-01-01": "李四",
        }  # fmt: skip
    assert differences(store) == []


def test_an_erased_name_does_not_come_back_with_the_same_file_but_with_a_new_row(store: SqlStore) -> None:
    put(store, STAFF)
    erase(store, *names(store))
    assert (put(store, STAFF), put(store, {**STAFF, "name": "王五"}), names(store)) == (0, 0, {})
    assert put(store, {**STAFF, "from": "2026-07-01"}) == 1
    assert list(names(store).values()) == ["张三"]


def test_a_name_that_was_changed_is_missing_or_belongs_to_nobody_is_a_difference(store: SqlStore) -> None:
    put(store, STAFF)
    [alias] = names(store)
    sql(store, "UPDATE person_name SET name = '李四' WHERE hall_id = :hall")
    [(salt,)] = sql(store, "SELECT salt FROM person_name WHERE hall_id = :hall")
    place = f"person_name {alias}"
    changed = Difference("names", place, f"alias={alias_of(salt, '李四')}", f"alias={alias}")
    assert differences(store) == [changed]
    erase(store, alias, noted=False)
    assert differences(store) == [Difference("names", place, "", f"alias={alias}")]
    stray = alias_of("00", "王五")
    sql(store, f"INSERT INTO person_name VALUES (:hall, '{stray}', '00', '王五')")
    assert differences(store) == [
        Difference("names", f"person_name {stray}", f"alias={stray}", ""),
        Difference("names", place, "", f"alias={alias}"),
    ]


def test_letters_moved_between_salt_and_name_are_a_difference(store: SqlStore) -> None:
    put(store, {**STAFF, "name": "a1"})
    sql(store, "UPDATE person_name SET salt = salt || 'a', name = '1' WHERE hall_id = :hall")
    assert len(differences(store)) == 1


# stores that were there before

OLD = (
    (1, "staff", "p1\t2026-01-01", 1, STAFF),
    (1, "staff", "p2\t2026-01-01", 1, {**STAFF, "person_id": "p2", "name": '="李\\四"'}),
    (2, "leave", "L1", 1, {"person_id": "p1", "leave_id": "L1", "name": "张三"}),
    (3, "staff", "p1\t2026-01-01", 2, {**STAFF, "window": "税务"}),
    (4, "staff", "p3\t2026-01-01", 1, {"person_id": "p3"}),
)


def older(url: str, rows: Sequence[tuple[int, str, str, int, dict[str, str]]] = OLD) -> Head:
    """A store as the version before wrote it; the head of its chain."""
    engine = open_engine(url)
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.set_main_option("path_separator", "os")
    made = [
        (
            "demo",
            kind,
            key,
            version,
            json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            NOW,
            b,
        )
        for b, kind, key, version, body in rows
    ]
    head = Head(0, GENESIS)
    mark = "?" if url.startswith("sqlite") else "%s"
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.exec_driver_sql("INSERT INTO hall VALUES ('demo', '示范县', 0)")
        for row in made:
            connection.exec_driver_sql(f"INSERT INTO record VALUES ({', '.join([mark] * 7)})", row)
        for batch in sorted({row[-1] for row in made}):
            digest = digest_of(sorted(row for row in made if row[-1] == batch))
            head = Head(head.height + 1, follow(head.hash, "record", batch, digest, NOW))
            link = ("demo", head.height, "record", batch, digest, head.hash, NOW)
            connection.exec_driver_sql(f"INSERT INTO link VALUES ({', '.join([mark] * 7)})", link)
    engine.dispose()
    return head


def test_an_older_store_s_names_are_moved_and_every_link_and_anchor_holds(url: str) -> None:
    before = older(url)
    store = SqlStore(url, "demo")
    said = bodies(store)
    aliases = {name: alias for alias, name in names(store).items()}
    assert sorted(names(store).values()) == ['="李\\四"', "张三", "张三"]
    assert [body.get("name") for body in said if body.get("leave_id")] == ["张三"]
    assert [set(b["name"]) for b in said if isinstance(b.get("name"), dict)] == [{"moved"}] * 3
    assert {"moved": aliases['="李\\四"']} in [b.get("name") for b in said]
    with store.reading() as work:
        assert work.links.head() == before
        assert list(unheld([anchor("demo", before)], work.links.all())) == []
        assert work.records.all("staff") == {
            "p1\t2026-01-01": OLD[3][4], "p2\t2026-01-01": OLD[1][4], "p3\t2026-01-01": {"person_id": "p3"},
        }  # fmt: skip
    assert differences(store) == []
    with pytest.raises(DBAPIError, match="append-only"):
        sql(store, "UPDATE record SET body = '{}'")
    store.close()


def test_an_older_store_takes_the_same_file_as_nothing_new_and_another_name_as_new(url: str) -> None:
    older(url)
    store = SqlStore(url, "demo")
    assert put(store, OLD[3][4], OLD[1][4]) == 0
    assert (put(store, {**STAFF, "window": "档案"}), len(names(store))) == (1, 3)
    assert (put(store, {**STAFF, "name": "王五"}), len(names(store))) == (1, 4)
    assert differences(store) == []
    store.close()


def test_a_name_changed_after_the_upgrade_is_seen_by_its_alias_and_by_the_old_link(url: str) -> None:
    older(url)
    store = SqlStore(url, "demo")
    sql(store, "UPDATE person_name SET name = '李四' WHERE name <> '张三'")
    assert [(d.invariant, d.place.split(" ")[0]) for d in differences(store)] == [
        ("rows", "record"), ("names", "person_name"),
    ]  # fmt: skip
    store.close()


def test_a_body_that_could_not_be_put_back_as_it_was_is_left_alone(url: str) -> None:
    older(url)
    engine = open_engine(url)
    odd = ('{"name": "张三"}', '{"name":"a","name":"b"}', "{", '{"name":1}', '["name"]')
    with writing(engine) as connection:
        for n, body in enumerate(odd):
            row = {"key": f"odd{n}", "body": body, "at": NOW}
            connection.execute(text("INSERT INTO record VALUES ('demo', 'staff', :key, 1, :body, :at, 9)"), row)
    engine.dispose()
    store = SqlStore(url, "demo")
    found = sql(store, "SELECT body FROM record WHERE hall_id = :hall AND batch = 9 ORDER BY key")
    assert [body for (body,) in found] == list(odd)
    store.close()


def test_an_upgrade_leaves_no_name_in_the_file_but_in_its_table(tmp_path: Path) -> None:
    file = tmp_path / "punchsync.db"
    long = "甲" * 40
    older(f"sqlite:///{file}", [(n, "staff", f"p{n}", 1, {**STAFF, "name": f"{long}{n}乙"}) for n in range(1, 60)])
    SqlStore(f"sqlite:///{file}", "demo").close()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held = file.read_bytes()
    assert [held.count(f"{long}{n}乙".encode()) for n in range(1, 60)] == [1] * 59


@given(st.sampled_from(ODD) | NAMES, st.dictionaries(NAMES, NAMES))
def test_a_body_whose_name_is_put_back_is_the_same_byte_for_byte(name: str, rest: dict[str, str]) -> None:
    body = {**rest, "name": name}
    found = moved(normal(body))
    assert found is not None
    there, new = found
    assert new == (alias_of(new.salt, name), new.salt, name)
    assert json.loads(there) == {**body, "name": {"moved": new.alias}}
    assert normal({**json.loads(there), "name": new.name}) == normal(body)
