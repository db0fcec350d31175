"""A store that an earlier version wrote: upgraded when it is opened, with all that it holds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from alembic import command
from alembic.config import Config
from storekit import DAY_1, NOW, at, plan, post

from punchsync.core.outcome import Outcome
from punchsync.core.reading import Defect, Memory, Sample
from punchsync.core.score import Score
from punchsync.core.violations import Violation
from punchsync.store import SqlStore, migrations
from punchsync.store.engine import open_engine, writing

pytestmark = pytest.mark.usefixtures("real_migrations")
ROWS = (
    ("hall", ("demo", "示范县", 7)),
    (
        "violation",
        (
            "demo", "2026-10", "v1", DAY_1, "p1", 1, "late", "公安", "公安局", 660, "punch", 0, at("08:41"), 0, "", "",
        ),
    ),
    ("score", ("demo", "2026-10", "person", "p1", "考勤", 10_000, -500, 9_500)),
    ("score", ("demo", "2026-10", "window", "公安", "考勤", 100_000, 0, 100_000)),
    ("outcome", ("demo", "2026", "person", "p1", "bar", "r1", "10.5", "第五条", "proposed")),
    ("hall_month", ("demo", "2026-10", 3, 3, NOW, 0, "d1")),
    ("record", ("demo", "staff", "p1", 1, "{}", NOW)),
    *(
        (
            "reading",
            (
                "demo", number, "T1", "tcp", "192.0.2.21:4370", f"d{number}", began, None, serial, 1, 1, 90, 100,
                "full", 1, 1, "1-1", at("08:25"), at("08:25"), "1", None, NOW,
            ),
        )
        for number, began, serial in ((1, at("12:00"), "OLD"), (2, at("15:00"), "S1"))
    ),
    ("punch", ("demo", "T1", 1, "7", at("08:25"), 0, "1", "0", b"raw", 1, 0)),
    ("defect", ("demo", "T1", 1, b"x", "impossible_date", 0, 1, 1)),
)  # fmt: skip


@pytest.fixture
def url(new_url):
    """A database at revision 0001 with a row of everything that 0002 alters."""
    url = new_url()
    engine = open_engine(url)
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for table, row in ROWS:
            marks = ", ".join("?" if url.startswith("sqlite") else "%s" for _ in row)
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", row)
    engine.dispose()
    return url


def test_an_older_store_keeps_all_that_it_holds(url):
    store = SqlStore(url, "demo")
    with store.reading() as work:
        held = (
            work.months.violations(DAY_1, DAY_1),
            work.months.scores(),
            work.months.outcomes(),
            work.months.states()["2026-10"].settled,
            work.months.epoch(),
            work.records.all("staff"),
        )
    store.close()
    assert held == (
        [Violation("v1", DAY_1, "p1", 1, "late", "公安", "公安局", 660, "punch", 0, at("08:41"))],
        [
            Score("2026-10", "person", "p1", "考勤", Decimal(10), Decimal("-0.5"), Decimal("9.5")),
            Score("2026-10", "window", "公安", "考勤", Decimal(100), Decimal(0), Decimal(100)),
        ],
        [(Outcome("2026", "person", "p1", "bar", Decimal("10.5"), "r1", "第五条"), "proposed")],
        3,
        7,
        {"p1": {}},
    )


def test_an_older_store_s_terminals_are_known_by_their_serial_numbers_and_read_in_full_next(url):
    store = SqlStore(url, "demo")
    with store.reading() as work:
        assert work.memories.of("T1") == Memory(
            "S1", (at("08:25"), frozenset({"7"})), "", 2, began=at("15:00"),
            odd={b"x": (Defect(1, b"x", "impossible_date"),)},
        )  # fmt: skip
        assert work.defects.doubts() == []
        assert [look.samples for look in work.readings.looks()["T1"]] == [
            (Sample(at("12:00"), 90),), (Sample(at("15:00"), 90),),
        ]  # fmt: skip
    store.close()


def test_an_older_store_can_be_used_like_a_new_one(url):
    store = SqlStore(url, "demo")
    given = Score("2026-10", "person", "p1", "考勤", Decimal(0), Decimal(2), Decimal(2), given=True)
    with store.writing() as work:
        work.months.conclude([*work.months.scores(), given], [], [])
        work.ledger.append(plan(post("a")), NOW)
        work.closings.add("2026-10", "close", "", "", NOW)
        work.decisions.decide(("2026", "person", "p1", "bar", "r1"), "confirmed", "张主任", "", NOW)
    with store.reading() as work:
        assert (len(work.months.scores()), work.months.facts(), work.closings.closed()) == (3, [], {"2026-10"})
    store.close()


def test_an_upgrade_that_breaks_off_leaves_the_older_store_as_it_was(url, monkeypatch):
    def breaks(connection):
        migrate(connection)
        raise KeyboardInterrupt

    migrate = migrations._migrate
    monkeypatch.setattr(migrations, "_migrate", breaks)
    with pytest.raises(KeyboardInterrupt):
        SqlStore(url, "demo")
    monkeypatch.undo()
    engine = open_engine(url)
    with engine.connect() as connection:
        assert migrations.revision(connection) == "0001"
    engine.dispose()
    store = SqlStore(url, "demo")
    with store.reading() as work:
        assert len(work.months.scores()) == 2
    store.close()
