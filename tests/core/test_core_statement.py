"""An account's statement: what stood before, what came, what was taken back, the cap, and the score."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from punchsync.core.closing import CLOSE, Closing
from punchsync.core.ledger import Entry, reverse
from punchsync.core.moment import parse_day, parse_moment
from punchsync.core.period import period_of
from punchsync.core.rules import Category
from punchsync.core.score import Score
from punchsync.core.statement import accounts, corrections, periods_of, reach

from .build import day
from .rulebook import book, said

QUARTERLY = Category(**said("q"), account="person", name="纪律", base=Decimal(20), cap=Decimal(20), period="quarter")
MONTHLY = Category(**said("m"), account="person", name="勤", base=Decimal(30), cap=Decimal(5), period="month")
PACK = book(categories=(QUARTERLY, MONTHLY))


def entry(
    n: int, date: str, points: str, *, category: Category = QUARTERLY, booked: str = "", cause: str = ""
) -> Entry:
    period = period_of(parse_day(date), category.period)
    return Entry(
        f"E{n:08d}", day(booked or date), cause or f"v{n}@person:P1/{category.name}", 1, "person", "P1",
        category.name, period, Decimal(points), "规则", "办法 一", day(date), "", "",
    )  # fmt: skip


def back(n: int, of: Entry, booked: str) -> Entry:
    return replace(reverse(of, day(booked)), entry_id=f"E{n:08d}")


def score(period: str, category: Category, points: str) -> Score:
    total = category.base + max(-category.cap, Decimal(points))
    return Score(period, "person", "P1", category.name, category.base, Decimal(points), total)


def test_a_month_of_a_quarterly_category_has_what_came_before_and_after_it() -> None:
    rows = [entry(1, "2026-10-05", "-5"), entry(2, "2026-11-09", "-3"), entry(3, "2026-12-01", "-1")]

    (found,) = accounts(PACK, "person", "2026-11", rows, [], [score("2026-Q4", QUARTERLY, "-9")])

    assert [x.entry for x in found.lines] == [rows[1]]
    assert (found.opening, found.here, found.after, found.points) == tuple(map(Decimal, ("-5", "-3", "-1", "-9")))
    assert (found.score, found.cut, found.agrees) == (Decimal(11), Decimal(0), True)


def test_what_was_taken_back_stands_beside_what_took_it_back() -> None:
    first, second = entry(1, "2026-11-09", "-2", category=MONTHLY), entry(2, "2026-11-03", "-1", category=MONTHLY)
    undone = back(3, first, "2026-12-02")

    (found,) = accounts(PACK, "person", "2026-11", [first, second, undone], [], [score("2026-11", MONTHLY, "-1")])

    assert [(x.entry, x.reversal) for x in found.lines] == [(second, None), (first, undone)]
    assert (found.here, found.score, found.agrees) == (Decimal(-1), Decimal(29), True)


def test_what_lies_beyond_the_cap_is_cut_off_to_the_point() -> None:
    rows = [entry(1, "2026-11-09", "-4", category=MONTHLY), entry(2, "2026-11-10", "-1.5", category=MONTHLY)]

    (found,) = accounts(PACK, "person", "2026-11", rows, [], [score("2026-11", MONTHLY, "-5.5")])

    assert (found.points, found.cut, found.score) == (Decimal("-5.5"), Decimal("0.5"), Decimal(25))


def test_a_score_that_the_last_settle_has_otherwise_is_said_not_to_agree() -> None:
    rows = [entry(1, "2026-11-09", "-4", category=MONTHLY)]

    (wrong,) = accounts(PACK, "person", "2026-11", rows, [], [score("2026-11", MONTHLY, "-3")])
    (unknown,) = accounts(PACK, "person", "2026-11", rows, [], [])

    assert (wrong.agrees, unknown.agrees) == (False, None)


def test_a_quarter_has_its_months_one_by_one() -> None:
    assert periods_of(MONTHLY, "2026-Q4") == ["2026-10", "2026-11", "2026-12"]
    assert periods_of(QUARTERLY, "2026-11") == ["2026-Q4"]
    assert reach(PACK, "person", "2026-11") == (day("2026-10-01"), day("2026-12-31"))


def test_a_correction_is_booked_in_the_period_and_undoes_what_was_or_comes_after_closing() -> None:
    closed = [Closing(1, "2026-10", CLOSE, "某", "", parse_moment("2026-11-03 10:00:00"))]
    first = entry(1, "2026-10-20", "-2", booked="2026-10-21")
    in_time = entry(2, "2026-10-30", "-1", booked="2026-11-01")
    late = entry(3, "2026-10-30", "-1", booked="2026-11-04")
    undone = back(4, first, "2026-11-30")
    later = back(5, late, "2026-12-01")

    found = corrections("2026-11", [first, in_time, late, undone, later], [], closed)

    assert [(x.entry, x.reversal) for x in found] == [(late, later), (undone, None)]
