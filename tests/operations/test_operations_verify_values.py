"""Values that nobody wrote, in what was concluded: verifying names the table, and never breaks down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Text
from verifykit import Behind, behind
from yearkit import Year

from punchsync.core.difference import Difference
from punchsync.operations.closing import close
from punchsync.operations.hall import Hall
from punchsync.operations.verify import Verified, verify
from punchsync.store import SqlStore
from punchsync.store.tables import metadata

TABLES = ("outcome", "rank", "hall_month", "fact", "standing", "score", "tally", "verdict", "violation")
TEXTS = [(table, c.name) for table in TABLES for c in metadata.tables[table].c if isinstance(c.type, Text)]
NUMBERS = [(table, c.name) for table in TABLES for c in metadata.tables[table].c if not isinstance(c.type, Text)]
WAITS = [("hall_month", "marked"), ("hall_month", "settled")]
"""Any number there says that a month waits to be settled, which is told, and no difference."""


class Kept:
    """A hall whose database is changed and put right again."""

    def __init__(self, year: Year) -> None:
        self.url = f"sqlite:///{year.path / 'data' / 'punchsync.db'}"
        self.hall: Hall = year.opened.hall
        year.opened.store.close()

    def verified(self) -> Verified:
        store = SqlStore(self.url, self.hall.id, self.hall.name)
        try:
            return verify(replace(self.hall, store=store))
        finally:
            store.close()

    def found_with(self, table: str, column: str, value: Any) -> list[Difference]:
        """What is found with another value in a table's first row; {} in it stands for the value there."""
        key = [c.name for c in metadata.tables[table].primary_key]
        with behind(self.url) as db:
            row = first(db, table)
            new = value.replace("{}", str(row[column])) if isinstance(value, str) else value
            if column == "hall_id" and not db.rows(f"SELECT 1 FROM hall WHERE hall_id = '{new}'"):
                db.add("hall", {"hall_id": new, "name": "", "epoch": 0})
            here = {name: row[name] for name in key}
            db.change(table, here, **{column: new})
        try:
            return list(self.verified().differences)
        finally:
            with behind(self.url) as db:
                db.change(table, here | ({column: new} if column in key else {}), **{column: row[column]})


def first(db: Behind, table: str) -> dict[str, Any]:
    key = ", ".join(f'"{c.name}"' for c in metadata.tables[table].primary_key)
    found: dict[str, Any] = db.rows(f"SELECT * FROM \"{table}\" WHERE hall_id = 'oracle' ORDER BY {key} LIMIT 1")[0]
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A quarter that has rows in every table of results."""
    yield Kept(Year(tmp_path_factory.mktemp("values") / "site", "tianyang", "quarter"))


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The same, closed."""
    year = Year(tmp_path_factory.mktemp("values") / "site", "tianyang", "quarter")
    close(year.opened.hall, "2026", by="张主任", reason="试", anyway=True)
    yield Kept(year)


def named(table: str, found: list[Difference]) -> bool:
    return any(table in d.place.split() or table in d.right.split() for d in found)


@pytest.mark.parametrize("value", ["{}x", ""])
@pytest.mark.parametrize(("table", "column"), TEXTS)
def test_a_text_that_nobody_wrote_is_a_difference_that_names_the_table(
    kept: Kept, table: str, column: str, value: str
) -> None:
    with behind(kept.url) as db:
        if first(db, table)[column] == value:
            value = "x"

    assert named(table, kept.found_with(table, column, value))


@pytest.mark.parametrize(("table", "column"), [c for c in TEXTS if c[0] in ("outcome", "rank")])
def test_so_is_one_of_a_closed_period(closed: Kept, table: str, column: str) -> None:
    found = closed.found_with(table, column, "{}x")

    assert named(table, found)
    assert "issued" in {d.invariant for d in found}


@pytest.mark.parametrize("value", ["x", 10**17])
@pytest.mark.parametrize(("table", "column"), NUMBERS)
def test_so_is_what_no_number_can_be(kept: Kept, table: str, column: str, value: object) -> None:
    found = kept.found_with(table, column, value)

    assert named(table, found) or ((table, column) in WAITS and value != "x" and found == [])


@pytest.mark.parametrize(
    ("table", "column", "value", "difference"),
    [
        ("outcome", "period", "2026-10x", ("period=2026-10x", "period=YYYY|YYYY-Qn|YYYY-MM")),
        ("outcome", "counted", "NaN", ("counted=NaN", "counted=<number>")),
        ("rank", "period", "0000", ("period=0000", "period=YYYY|YYYY-Qn|YYYY-MM")),
        ("rank", "score", "33/2x", ("score=33/2x", "score=<fraction>")),
        ("rank", "score", "1/0", ("score=1/0", "score=<fraction>")),
        ("hall_month", "month", "2026-13", ("month=2026-13", "month=YYYY-MM")),
        ("hall_month", "as_of", -1, ("as_of=-1", "as_of=<moment>")),
        ("violation", "month", "2025-10", ("month=2025-10", "month=2026-10")),
        ("violation", "warned", 2, ("warned=2", "warned=0|1")),
        ("score", "given", 2, ("given=2", "given=0|1")),
        ("settle_run", "as_of", "x", ("as_of=x", "as_of=<integer>")),
        ("settle_run", "pack", "x", ("", "settle_run")),
    ],
)
def test_what_is_said_of_such_a_value(
    kept: Kept, table: str, column: str, value: object, difference: tuple[str, str]
) -> None:
    found = kept.found_with(table, column, value)

    assert difference in [(d.found, d.right) for d in found]


@pytest.mark.parametrize(
    ("table", "column"),
    [("ledger_entry", "points"), ("ledger_entry", "value_date"), ("ledger_entry", "height"), ("link", "height"),
     ("link", "number"), ("closing", "month"), ("closing", "number"), ("punch", "at"), ("reading", "began")],
)  # fmt: skip
def test_what_is_under_a_link_does_not_make_verifying_break_down_either(closed: Kept, table: str, column: str) -> None:
    assert named(table, closed.found_with(table, column, "x"))


def test_a_fault_that_nobody_s_rows_explain_is_our_own_and_raised(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("punchsync.operations.verify.replay.check", fail)
    with pytest.raises(ZeroDivisionError):
        kept.verified()
