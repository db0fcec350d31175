"""What was issued stays as issued: outcomes and rankings of closed periods, under links of their closing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from verifykit import Behind, behind
from yearkit import Year

from punchsync.bootstrap import Site as Opened
from punchsync.core.chain import follow
from punchsync.core.difference import Difference
from punchsync.operations.closing import close, reopen
from punchsync.operations.settle import settle
from punchsync.operations.verify import Verified, verify

AGAIN = 86_400


def close_year(opened: Opened) -> None:
    close(opened.hall, "2026", by="张主任", reason="试", anyway=True)


def reopen_year(opened: Opened) -> None:
    reopen(opened.hall, "2026", by="张主任", reason="试")


def rows_of(opened: Opened) -> tuple[list[Any], list[Any]]:
    """Outcomes and rankings as they are."""
    with opened.store.reading() as work:
        return [o for o, _state in work.months.outcomes()], work.months.ranks()


@pytest.mark.parametrize(
    ("pack", "length", "seed"),
    [("yihuang", "year", 1), ("changxing", "year", 1), ("citizens", "quarter", 3), ("county", "quarter", 1)],
)
def test_nothing_that_is_done_to_a_closed_year_alters_what_was_issued(
    tmp_path: Path, pack: str, length: str, seed: int
) -> None:
    year = Year(tmp_path / "site", pack, length, seed)
    hall = year.opened.hall
    seen: list[tuple[Difference, ...]] = []

    def looked() -> Verified:
        found = verify(hall)
        seen.append(found.differences)
        return found

    close_year(year.opened)
    issued = rows_of(year.opened)
    assert looked().concluded
    settle(hall, year.when + AGAIN)
    looked()
    year.corrected()
    hall = year.opened.hall
    assert not looked().concluded
    settle(hall, year.when + 2 * AGAIN)
    assert (rows_of(year.opened), looked().concluded) == (issued, True)
    reopen(hall, "2026-12", by="张主任", reason="试")
    looked()
    settle(hall, year.when + 3 * AGAIN)
    looked()
    reopen_year(year.opened)
    looked()
    settle(hall, year.when + 4 * AGAIN)
    looked()
    close_year(year.opened)
    settle(hall, year.when + 5 * AGAIN)
    looked()
    year.opened.store.close()

    assert seen == [()] * len(seen)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """A year of which everything is closed."""
    year = Year(tmp_path_factory.mktemp("closed") / "site", "yihuang")
    close_year(year.opened)
    year.opened.store.close()
    yield year


@pytest.fixture
def year(closed: Year, tmp_path: Path) -> Year:
    """A fresh copy of it, not opened yet."""
    copy = object.__new__(Year)
    copy.__dict__ |= closed.__dict__ | {"path": tmp_path / "site"}
    shutil.copytree(closed.path, copy.path)
    return copy


def differences(year: Year, then: str = "") -> list[Difference]:
    opened = year.open()
    try:
        if then:
            settle(opened.hall, year.when + AGAIN)
        return list(verify(opened.hall).differences)
    finally:
        opened.store.close()


def url(year: Year) -> str:
    return f"sqlite:///{year.path / 'data' / 'punchsync.db'}"


CHANGES = [
    ("UPDATE outcome SET counted = counted + 1 WHERE period = '2026-03'", "outcome 2026-03"),
    ("UPDATE outcome SET counted = counted || '.0' WHERE period = '2026-03'", "outcome 2026-03"),
    ("UPDATE outcome SET article = 'x' WHERE period = '2026-Q2'", "outcome 2026-Q2"),
    ("DELETE FROM outcome WHERE period = '2026'", "outcome 2026"),
    ("INSERT INTO outcome SELECT hall_id, '2026-07', subject_type, 'x', outcome, rule, counted, article FROM outcome "
     "WHERE period = '2026' AND outcome = (SELECT max(outcome) FROM outcome WHERE period = '2026') LIMIT 1",
     "outcome 2026-07"),
    ("DELETE FROM rank WHERE period = '2026-12'", "rank 2026-12"),
    ("UPDATE rank SET score = '100' WHERE period = '2026-Q3'", "rank 2026-Q3"),
    ("UPDATE rank SET violations = violations + 1 WHERE period = '2026-05' AND rank = 1", "rank 2026-05"),
    ("UPDATE rank SET rank = 1 + rank WHERE period = '2026'", "rank 2026"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place"), CHANGES)
def test_what_was_altered_in_a_closed_period_is_named_and_settling_does_not_make_it_right(
    year: Year, change: str, place: str
) -> None:
    with behind(url(year)) as db:
        db.do(change)

    for then in ("", "settled again"):
        assert [(d.invariant, d.place) for d in differences(year, then)] == [("issued", place)]


def test_every_table_and_period_that_was_altered_is_named_once(year: Year) -> None:
    with behind(url(year)) as db:
        db.do("UPDATE rank SET seconds = seconds + 1 WHERE period IN ('2026-02', '2026-Q1')")
        db.do("DELETE FROM outcome WHERE period = '2026-Q1'")

    assert [d.place for d in differences(year)] == ["rank 2026-02", "outcome 2026-Q1", "rank 2026-Q1"]


def test_what_is_open_again_is_concluded_anew_and_not_compared_with_its_old_link(year: Year) -> None:
    opened = year.open()
    reopen_year(opened)
    before = rows_of(opened)
    opened.store.close()
    with behind(url(year)) as db:
        db.do("DELETE FROM rank")

    assert {d.invariant for d in differences(year)} <= {"ranking"}
    assert differences(year, "settled again") == []
    opened = year.open()
    assert rows_of(opened) == before
    close_year(opened)
    opened.store.close()
    assert differences(year) == []


def append(db: Behind, chain: str, number: int, digest: str) -> None:
    """A link at the end of the chain, as whoever knows how it is made can make it."""
    [last] = db.rows("SELECT * FROM link ORDER BY height DESC LIMIT 1")
    hash_ = follow(last["hash"], chain, number, digest, last["stored_at"])
    made = {"chain": chain, "number": number, "digest": digest, "hash": hash_}
    db.add("link", last | made | {"height": last["height"] + 1})


@pytest.mark.parametrize(
    ("chain", "number"),
    [("rank/2026-12", 99), ("rank/2026-12", 11), ("rank/2027-01", 12), ("rank/x", 12), ("outcome/", 1)],
)
def test_a_link_of_nothing_that_was_issued_is_a_difference(year: Year, chain: str, number: int) -> None:
    with behind(url(year)) as db:
        append(db, chain, number, "0" * 64)

    assert [(d.invariant, d.place, d.found) for d in differences(year)] == [
        ("issued", f"{chain.replace('/', ' ')} {number}", "")
    ]


def test_a_closing_without_the_links_of_what_it_issued_is_a_difference(year: Year) -> None:
    with behind(url(year)) as db:
        [last] = db.rows("SELECT * FROM link ORDER BY height DESC LIMIT 1")
        assert last["chain"] == "rank/2026"
        db.delete("link", {"height": last["height"]})

    assert [(d.invariant, d.place, d.right) for d in differences(year)] == [("issued", "rank 2026", "")]
