"""What is owed priced: per item and period, by the how-many-th, by seconds, by what is in force that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from punchsync.core.charge import charge
from punchsync.core.fact import Fact
from punchsync.core.rules import Category, Charge, Item, Pack, Step
from punchsync.core.violations import Violation
from punchsync.core.wanted import Priced, Wanted, price

from .build import day
from .rulebook import ARTICLE, book, said

QIN = Category(**said("qin"), account="person", name="勤", base=Decimal(30), cap=Decimal(30), period="month")
WINDOW = Category(**said("zhidu"), account="window", name="执行", base=Decimal(30), cap=Decimal(30), period="quarter")
PER_ITEM = replace(WINDOW, per="item")


def cost(account: str = "person", points: str = "0.5", **more: Any) -> Charge:
    return Charge(account, "勤" if account == "person" else "执行", Decimal(points), **more)


def item(*charges: Charge, id: str = "late", kinds: str = "late", steps: Sequence[Step] = (), **more: Any) -> Item:
    fields = {"name": id, "kinds": frozenset(kinds.split()), "charges": charges, "steps": tuple(steps), **more}
    return Item(**said(id), **fields)


def pack(*items: Item, categories: Sequence[Category] = (QIN, WINDOW)) -> Pack:
    return book(categories=tuple(categories), items=items)


def violation(
    date: str, kind: str = "late", *, person: str = "P1", window: str = "公安", session: int = 1, seconds: int = 0
) -> Violation:
    at = day(f"2026-{date}")
    return Violation(
        f"{date}{kind}{person}{session}", at, person, session, kind, window, "局", seconds, "punch", 0, at * 86_400
    )


def priced(rows: Sequence[Violation], by: Pack) -> Priced:
    return price(charge(rows, (), by), by)


def entries(rows: Sequence[Violation], by: Pack) -> list[tuple[str, str]]:
    """Whose entry, for what day and person, at how many points."""
    return [(f"{w.cause[:5]} {w.account_id}", str(w.points)) for w in priced(rows, by).wanted]


def test_an_entry_says_everything_that_the_ledger_asks() -> None:
    found = priced([violation("11-09")], pack(item(cost(), cost("window", "2"))))

    assert found == Priced(
        [
            Wanted("11-09lateP11@person:P1/勤", "person", "P1", "勤", "2026-11", Decimal("-0.5"), "late", ARTICLE,
                   day("2026-11-09")),
            Wanted("11-09lateP11@window:公安/执行", "window", "公安", "执行", "2026-Q4", Decimal(-2), "late", ARTICLE,
                   day("2026-11-09")),
        ],
        [],
    )  # fmt: skip


# per item


ITEMS = pack(
    item(cost("window", "5"), id="2", kinds="late early"), item(cost("window", "5"), id="3", kinds="games wandering"),
    categories=[QIN, PER_ITEM],
)  # fmt: skip


def test_per_item_only_the_first_violation_of_an_item_in_a_quarter_makes_an_entry() -> None:
    rows = [violation("11-10"), violation("10-09"), violation("12-31", "early"), violation("10-08", "games")]

    assert entries(rows, ITEMS) == [("10-08 公安", "-5"), ("10-09 公安", "-5")]


@pytest.mark.parametrize(("date", "more"), [("12-31", []), ("09-30", [("09-30 公安", "-5")])])
def test_another_quarter_begins_anew(date: str, more: list[tuple[str, str]]) -> None:
    assert sorted(entries([violation("11-09"), violation(date)], ITEMS)) == [*more, ("11-09 公安", "-5")]


def test_of_a_window_s_people_the_first_in_time_makes_the_entry_then_by_kind_then_by_person() -> None:
    same = [violation("11-09", person="P2"), violation("11-09", person="P1"), violation("11-09", "early", person="P3")]
    other = violation("11-09", person="P0", window="税务")

    assert entries([*same, violation("11-09", session=2, person="P0")], ITEMS) == [("11-09 公安", "-5")]
    assert priced(same, ITEMS).wanted[0].cause == "11-09earlyP31@window:公安/执行"
    assert priced(same[:2], ITEMS).wanted[0].cause == "11-09lateP11@window:公安/执行"
    assert entries([*same, other], ITEMS) == [("11-09 公安", "-5"), ("11-09 税务", "-5")]


def test_per_item_counts_each_person_by_himself() -> None:
    by = pack(item(cost(points="5")), categories=[replace(QIN, per="item", period="quarter")])
    rows = [violation("10-09", person=p) for p in ("P1", "P2")] + [violation("12-09", person="P1")]

    assert entries(rows, by) == [("10-09 P1", "-5"), ("10-09 P2", "-5")]


def test_one_category_may_count_per_item_and_the_other_each_time() -> None:
    by = pack(item(cost(), cost("window", "5")), categories=[QIN, PER_ITEM])

    assert entries([violation("11-09"), violation("11-10")], by) == [
        ("11-09 P1", "-0.5"), ("11-09 公安", "-5"), ("11-10 P1", "-0.5"),
    ]  # fmt: skip


# steps


WAIVED = [Step(1, 2, Decimal(0)), Step(3, 3, Decimal(2))]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, []),
        (2, []),
        (3, ["-1.0"]),  # the third is doubled
        (4, ["-1.0", "-0.5"]),  # and what no step names costs its points
    ],
)
def test_the_first_two_are_waived_and_the_third_is_doubled(count: int, expected: list[str]) -> None:
    rows = [violation(f"11-{date:02d}") for date in range(9, 9 + count)]

    assert [points for _, points in entries(rows, pack(item(cost(), steps=WAIVED)))] == expected


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        ("month", [("11-12 P1", "-1.0")]),
        ("quarter", [("11-10 P1", "-1.0"), ("11-11 P1", "-0.5"), ("11-12 P1", "-0.5")]),
        ("year", [("10-31 P1", "-1.0"), ("11-10 P1", "-0.5"), ("11-11 P1", "-0.5"), ("11-12 P1", "-0.5")]),
    ],
)
def test_the_how_many_th_is_counted_within_the_item_s_own_period(counted: str, expected: list[tuple[str, str]]) -> None:
    rows = [violation(date) for date in ("09-30", "10-30", "10-31", "11-10", "11-11", "11-12")]

    assert entries(rows, pack(item(cost(), steps=WAIVED, counted=counted))) == expected


def test_a_window_s_how_many_th_is_over_all_of_its_people_and_a_person_s_over_his_own() -> None:
    by = pack(item(cost(), cost("window", "1"), steps=[Step(1, 1, Decimal(0))]))
    rows = [violation("11-09", person="P1"), violation("11-10", person="P2"), violation("11-11", person="P1")]

    assert entries(rows, by) == [("11-10 公安", "-1"), ("11-11 P1", "-0.5"), ("11-11 公安", "-1")]


def test_order_is_that_of_time_not_of_the_rows() -> None:
    by = pack(item(cost(), steps=[Step(1, 1, Decimal(0))]))
    rows = [violation("11-10"), violation("11-09", session=2), violation("11-09")]

    assert [w.cause[:12] for w in priced(rows, by).wanted] == ["11-09lateP12", "11-10lateP11"]


def test_different_kinds_of_one_item_are_counted_together_and_other_items_by_themselves() -> None:
    first = [Step(1, 1, Decimal(0))]
    by = pack(
        item(cost(), kinds="late early", steps=first), item(cost(points="2"), id="games", kinds="games", steps=first)
    )
    rows = [violation("11-09"), violation("11-10", "games"), violation("11-11", "early"), violation("11-12", "games")]

    assert entries(rows, by) == [("11-11 P1", "-0.5"), ("11-12 P1", "-2")]


WARNING = [Step(1, 2, Decimal(0), "warning")]


def test_a_warning_comes_before_a_charge_and_is_a_fact_of_the_month() -> None:
    by = pack(item(cost(), cost("window", "1"), steps=WARNING, counted="quarter"))
    rows = [violation("10-09"), violation("11-09"), violation("11-10"), violation("11-11")]

    found = priced(rows, by)

    assert [(w.cause[:5], w.account_id) for w in found.wanted] == [
        ("11-10", "P1"), ("11-10", "公安"), ("11-11", "P1"), ("11-11", "公安"),
    ]  # fmt: skip
    assert found.facts == [
        Fact(f"2026-{n}", "late:warning", kind, id, Decimal(1))
        for n in ("10", "11") for kind, id in (("person", "P1"), ("window", "公安"))
    ]  # fmt: skip


def test_two_warnings_of_a_month_are_one_fact_of_two() -> None:
    found = priced([violation("11-09"), violation("11-10")], pack(item(cost(), steps=WARNING)))

    assert found == Priced([], [Fact("2026-11", "late:warning", "person", "P1", Decimal(2))])


def test_a_violation_that_costs_two_categories_is_one_warning_and_each_outcome_counts_its_own_steps() -> None:
    steps = [Step(1, 1, Decimal(0), "warning"), Step(2, None, Decimal(1), "talk")]
    de = replace(QIN, id="de", name="德")
    by = pack(item(cost(), replace(cost(), category="德"), steps=steps), categories=[QIN, de])

    found = priced([violation("11-09"), violation("11-10"), violation("11-11")], by)

    assert found.facts == [
        Fact("2026-11", "late:talk", "person", "P1", Decimal(2)),
        Fact("2026-11", "late:warning", "person", "P1", Decimal(1)),
    ]


# tiers by seconds


TIERS = pack(
    item(cost(points="0.5", below=300), cost(points="1", least=300, below=1800), cost(points="3", least=1800))
)  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "points"),
    [(0, "-0.5"), (299, "-0.5"), (300, "-1"), (301, "-1"), (1799, "-1"), (1800, "-3"), (1801, "-3")],
)
def test_a_tier_begins_at_its_first_second_and_ends_before_the_next(seconds: int, points: str) -> None:
    assert entries([violation("11-09", seconds=seconds)], TIERS) == [("11-09 P1", points)]


@pytest.mark.parametrize(("seconds", "expected"), [(299, []), (300, ["-1"]), (301, ["-1"]), (599, ["-1"]), (600, [])])
def test_what_no_tier_holds_costs_nothing(seconds: int, expected: list[str]) -> None:
    by = pack(item(cost(points="1", least=300, below=600)))

    assert [points for _, points in entries([violation("11-09", seconds=seconds)], by)] == expected


def test_what_costs_nothing_is_not_counted_among_the_steps() -> None:
    by = pack(item(cost(least=300), steps=[Step(1, 1, Decimal(0))]))
    rows = [violation("11-09", seconds=10), violation("11-10", seconds=300), violation("11-11", seconds=300)]

    assert entries(rows, by) == [("11-11 P1", "-0.5")]


# amendments


def test_within_a_month_each_day_is_charged_by_the_item_in_force_that_day() -> None:
    old = item(cost(), last=day("2026-11-15"))
    new = item(cost(points="2"), first=day("2026-11-16"))
    rows = [violation(date) for date in ("11-14", "11-15", "11-16", "11-17")]

    assert entries(rows, pack(old, new)) == [
        ("11-14 P1", "-0.5"), ("11-15 P1", "-0.5"), ("11-16 P1", "-2"), ("11-17 P1", "-2"),
    ]  # fmt: skip


def test_two_versions_of_an_item_are_counted_on_through_their_steps() -> None:
    old = item(cost(), last=day("2026-11-15"), steps=[Step(1, 2, Decimal(0))])
    new = item(cost(points="2"), first=day("2026-11-16"), steps=[Step(1, 2, Decimal(0))])

    assert entries([violation(date) for date in ("11-15", "11-16", "11-17")], pack(old, new)) == [("11-17 P1", "-2")]


def test_the_category_in_force_that_day_says_period_and_what_it_counts_per() -> None:
    old = replace(QIN, last=day("2026-11-15"))
    new = replace(QIN, first=day("2026-11-16"), period="quarter", per="item")
    rows = [violation(date) for date in ("11-14", "11-15", "11-16", "11-17")]

    found = priced(rows, pack(item(cost()), categories=[old, new])).wanted

    assert [(w.cause[:5], w.period) for w in found] == [
        ("11-14", "2026-11"), ("11-15", "2026-11"), ("11-16", "2026-Q4"),
    ]  # fmt: skip


@pytest.mark.parametrize(("date", "count"), [("11-08", 0), ("11-09", 1), ("11-10", 1), ("11-11", 0)])
def test_outside_its_days_an_item_charges_nothing(date: str, count: int) -> None:
    by = pack(item(cost(), first=day("2026-11-09"), last=day("2026-11-10")))

    assert len(entries([violation(date)], by)) == count


# accounts


def test_two_accounts_have_points_of_their_own() -> None:
    rows = [violation("11-09"), violation("11-10", person="P2", window="税务")]

    assert entries(rows, pack(item(cost(points="0.2"), cost("window", "1")))) == [
        ("11-09 P1", "-0.2"), ("11-09 公安", "-1"), ("11-10 P2", "-0.2"), ("11-10 税务", "-1"),
    ]  # fmt: skip


def test_a_kind_of_two_items_is_charged_to_both_categories() -> None:
    by = pack(item(cost(), id="a"), item(cost("window", "3"), id="b", kinds="late games"))

    assert [(w.account_type, w.rule, str(w.points)) for w in priced([violation("11-09")], by).wanted] == [
        ("person", "a", "-0.5"), ("window", "b", "-3"),
    ]  # fmt: skip


def test_a_window_s_own_violation_counts_among_those_of_its_people() -> None:
    by = pack(item(cost("window", "5"), kinds="late window_empty"), categories=[PER_ITEM])
    empty = violation("11-08", "window_empty", person="", session=0)

    assert entries([violation("11-09"), empty], by) == [("11-08 公安", "-5")]


def test_nothing_owed_is_nothing_wanted() -> None:
    assert price([], ITEMS) == Priced([], [])
