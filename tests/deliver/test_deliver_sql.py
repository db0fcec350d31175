"""A scoring store that is a table, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from punchsync.core.outbox import Answer, Batch
from punchsync.core.readback import COLUMNS, Unreadable
from punchsync.deliver.sql import SqlStore, Unusable

BATCH = Batch(1, 1, 2, "k" * 32)
TABLE = "punchsync_score_entry"


def row(n: int, **more: str) -> tuple[str, ...]:
    given = {
        "booked_on": "2026-11-10", "entry_id": f"E{n:08d}", "cause": f"v{n}@window:公安/文明服务", "revision": "1",
        "account_type": "window", "account_id": "公安", "category": "文明服务", "period": "2026-11", "points": "-0.5",
        "rule": "迟到、早退", "article": "三1; 'x' \\ %s 🙂", "value_date": "2026-11-09", "reverses": "",
    }  # fmt: skip
    return tuple((given | more)[name] for name in COLUMNS)


ROWS = [row(1), row(2, points="-1234567.125", reverses="E00000001", revision="2")]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path}/scores.db"


@pytest.fixture
def store(url):
    store = SqlStore(url, name="sql x", timeout=5)
    yield store
    store.close()


@pytest.fixture
def database(url):
    """The database past the product."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


def run(database, statement: str) -> list[tuple]:
    with database.begin() as connection:
        found = connection.execute(sa.text(statement))
        return [tuple(r) for r in found] if found.returns_rows else []


def test_a_batch_becomes_rows_of_a_table_that_is_made(store, database):
    assert store.deliver(BATCH, ROWS)[:2] == ("delivered", "sql")
    assert store.read_back(9) == ROWS
    columns = [c["name"] for c in sa.inspect(database).get_columns(TABLE)]
    assert tuple(columns) == COLUMNS
    found = run(database, f"SELECT entry_id, points, revision, reverses FROM {TABLE} ORDER BY entry_id")
    assert [(r[0], Decimal(str(r[1])), r[2], r[3]) for r in found] == [
        ("E00000001", Decimal("-0.5"), 1, ""),
        ("E00000002", Decimal("-1234567.125"), 2, "E00000001"),
    ]


def test_types_are_those_that_can_be_reckoned_with(store, database):
    store.deliver(BATCH, ROWS)
    [[total, day]] = run(database, f"SELECT sum(points), max(value_date) FROM {TABLE}")
    assert Decimal(str(total)) == Decimal("-1234567.625")
    assert day in (date(2026, 11, 9), "2026-11-09")


@pytest.mark.parametrize("points", ["-0.5", "5", "0.1", "0.125", "-0.001", "123456789.999", "-10", "100"])
def test_points_come_back_exactly(store, points):
    assert store.deliver(BATCH, [row(1, points=points)]).meaning == "delivered"
    assert store.read_back(9) == [row(1, points=points)]


def test_the_same_batch_again_changes_nothing(store, url):
    other = SqlStore(url, name="sql x", timeout=5)
    assert [s.deliver(BATCH, ROWS).meaning for s in (store, store, other)] == ["delivered"] * 3
    assert store.read_back(9) == ROWS
    other.close()


def test_what_of_a_batch_is_there_is_passed_over(store):
    store.deliver(BATCH, ROWS[1:])
    assert store.deliver(BATCH, [*ROWS, row(3)]).meaning == "delivered"
    assert store.read_back(9) == [*ROWS, row(3)]


def test_an_entry_that_is_there_otherwise_refuses_the_whole_batch(store):
    other = row(2, account_id="税务")
    store.deliver(BATCH, [other])
    assert store.deliver(BATCH, [row(1), row(2)]) == Answer("parked", "conflict", "E00000002 account_id: 税务 / 公安")
    assert store.read_back(9) == [other]


def test_what_a_table_does_not_keep_as_sent_is_refused_and_nothing_of_it_stays(store, database):
    run(database, f"""CREATE TABLE {TABLE} (booked_on DATE, entry_id VARCHAR(64) PRIMARY KEY, cause TEXT,
        revision INTEGER, account_type TEXT, account_id TEXT, category TEXT, period TEXT, points INTEGER,
        rule TEXT, article TEXT, value_date DATE, reverses TEXT)""")  # fmt: skip
    if database.dialect.name == "sqlite":
        run(database, f"CREATE TRIGGER cut AFTER INSERT ON {TABLE} BEGIN UPDATE {TABLE} SET points = 0; END")
    answer = store.deliver(BATCH, ROWS)
    assert answer.meaning == "parked"
    assert answer.code == "altered"
    assert store.read_back(9) == []


def test_a_value_that_is_too_long_is_refused_or_kept_whole(store):
    long = row(1, account_id="长" * 300)
    answer = store.deliver(BATCH, [long])
    assert (answer.meaning, store.read_back(9)) in [("delivered", [long]), ("parked", [])]


def test_two_at_once_put_everything_there_once(store, url):
    stores = [SqlStore(url, name="sql x", timeout=5) for _ in range(3)]
    rows = [row(n) for n in range(1, 400)]
    meanings: list[str] = []

    def many(one: SqlStore) -> None:
        for _ in range(20):
            answer = one.deliver(BATCH, rows)
            meanings.append(answer.meaning)
            if answer.meaning == "delivered":
                return

    threads = [threading.Thread(target=many, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in stores:
        one.close()
    assert meanings.count("delivered") == 3
    assert "parked" not in meanings
    assert store.read_back(999) == rows


def test_a_table_that_was_dropped_is_empty_and_made_again(store, database):
    assert store.read_back(9) == []
    store.deliver(BATCH, ROWS)
    run(database, f"DROP TABLE {TABLE}")
    assert store.read_back(9) == []
    assert [store.deliver(BATCH, ROWS).meaning for _ in range(2)] == ["again", "delivered"]
    assert store.read_back(9) == ROWS


def test_entries_are_read_back_in_the_order_of_code_points(store):
    rows = [row(1, entry_id=id) for id in ("E2", "a1", "E10", "É1")]
    store.deliver(BATCH, rows)
    assert [r[1] for r in store.read_back(9)] == ["E10", "E2", "a1", "É1"]


def test_more_than_there_can_be_is_not_read_on(store):
    store.deliver(BATCH, ROWS)
    with pytest.raises(Unreadable, match="endless"):
        store.read_back(1)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://u@127.0.0.1:1/x"])
def test_a_database_that_is_not_there_is_again(url):
    store = SqlStore(url, name="sql x", timeout=1)
    assert store.deliver(BATCH, ROWS)[:2] == ("again", "sql")
    with pytest.raises(Unreadable, match="sql"):
        store.read_back(9)
    store.close()


def test_a_locked_database_is_again_and_not_for_longer_than_asked(postgres_url):
    store = SqlStore(postgres_url, name="sql x", timeout=0.2)
    store.deliver(BATCH, ROWS[:1])
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(f"LOCK TABLE {TABLE}"))
        assert store.deliver(BATCH, ROWS)[:2] == ("again", "sql")
    assert store.deliver(BATCH, ROWS).meaning == "delivered"
    engine.dispose()
    store.close()


@pytest.mark.parametrize("url", ["mysql+mysqldb://u@h/x", "nosuch://x/y", "x"])
def test_an_address_that_can_not_be_used_is_refused(url):
    with pytest.raises(Unusable):
        SqlStore(url, name="sql x", timeout=1)


def test_after_an_interruption_nothing_is_sent(store):
    store.interrupt()
    assert store.deliver(BATCH, ROWS)[:2] == ("again", "stopped")
    assert store.read_back(9) == []


def test_the_table_can_be_made_on_other_databases():
    from sqlalchemy.dialects import mssql, mysql, oracle

    from punchsync.deliver.sql import entry

    for dialect in (mysql.dialect(), mssql.dialect(), oracle.dialect()):
        made = str(sa.schema.CreateTable(entry).compile(dialect=dialect))
        assert "NUMERIC(18, 3)" in made
