"""How near somebody is to what a pack does at a count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from punchsync.core.fact import Fact
from punchsync.core.nearness import by_conversions, by_facts, by_runs, by_stars, in_order
from punchsync.core.outcome_rules import Count, PointsLimit, Runs, Star, StarStep
from punchsync.core.rules import Conversion
from punchsync.core.score import Score
from punchsync.core.tally import SessionState
from punchsync.core.violations import Violation

from .build import day
from .rulebook import ARTICLE, book, said

LATE = frozenset({"late"})
TODAY = day("2026-11-20")


def late(n: int, kind: str = "late") -> Violation:
    return Violation(f"v{n}", day("2026-11-01") + n, "p1", 1, kind, "公安", "公安局", 660, "punch", 0, n)


def count(**more: object) -> Count:
    words = {"subject": "person", "kinds": LATE, "least": 10, "within": "month", "periods": ("month",)}
    return Count(**{**said("tens"), **words, "outcome": "talk", **more})


@pytest.mark.parametrize(
    ("have", "level"), [(1, "far"), (7, "far"), (8, "near"), (9, "near"), (10, "reached"), (11, "reached")]
)
def test_near_is_who_lacks_at_most_a_fifth(have: int, level: str) -> None:
    facts = [Fact("2026-11", "tens", "person", "p1", Decimal(have))]

    [near] = by_facts(book(counts=(count(),)), facts, "person", TODAY)["p1"]
    assert (near.counted, near.least, near.outcome, near.level) == (have, 10, "talk", level)


def test_facts_of_other_periods_subjects_and_rules_do_not_count() -> None:
    pack = book(counts=(count(within="quarter", periods=("quarter",)),))
    facts = [
        Fact(month, rule, subject, "p1", Decimal(4))
        for month, rule, subject in (
            ("2026-10", "tens", "person"), ("2026-11", "tens", "person"), ("2026-09", "tens", "person"),
            ("2026-11", "other", "person"), ("2026-11", "tens", "window"),
        )
    ]  # fmt: skip

    [near] = by_facts(pack, facts, "person", TODAY)["p1"]
    assert (near.period, near.counted) == ("2026-Q4", 8)


def test_an_amended_rule_counts_as_it_is_in_force() -> None:
    before = count(least=3, last=day("2026-10-31"))
    now = replace(count(), first=day("2026-11-01"))
    facts = [Fact("2026-11", "tens", "person", "p1", Decimal(4))]

    [near] = by_facts(book(counts=(before, now)), facts, "person", TODAY)["p1"]
    assert (near.least, near.level) == (10, "far")


def test_points_of_a_year_near_their_limit() -> None:
    rule = PointsLimit(
        **said("five"),
        subject="person",
        category="勤",
        kinds=LATE,
        least=Decimal(5),
        within="year",
        outcome="notify_unit",
    )
    facts = [
        Fact("2026-03", "five", "person", "p1", Decimal("2.5")),
        Fact("2026-11", "five", "person", "p1", Decimal(2)),
    ]

    [near] = by_facts(book(points_limits=(rule,)), facts, "person", TODAY)["p1"]
    assert (near.unit, near.counted, near.lacking, near.level) == ("points", Decimal("4.5"), Decimal("0.5"), "near")


@pytest.mark.parametrize(("have", "least", "level"), [(2, 3, "near"), (3, 3, "reached"), (4, 6, "far"), (5, 6, "near")])
def test_so_many_lates_that_make_one_more_violation(have: int, least: int, level: str) -> None:
    rule = Conversion(**said("tens"), kinds=LATE, every=3, yields="absent_half_day", mode="heavier")

    [near] = by_conversions(book(conversions=(rule,)), [late(n) for n in range(have)], TODAY)
    assert (near.counted, near.least, near.yields, near.level) == (have, least, "absent_half_day", level)


def test_runs_of_absence_and_the_longest_of_them_up_to_the_first_unknown_session() -> None:
    rule = Runs(**said("runs"), subject="person", runs=3, longest=4, periods=("month",), outcome="unqualified")
    first = day("2026-11-01")
    sessions = [SessionState(first + n, 1, n != 7) for n in range(9)]
    gone = [late(n, "absent_half_day") for n in (0, 2, 3, 8)]

    found = list(by_runs(book(runs=(rule,)), gone, sessions, "2026-11"))
    assert [(n.unit, n.counted, n.least, n.level) for n in found] == [
        ("runs", 2, 3, "near"), ("longest", 2, 4, "far"),
    ]  # fmt: skip
    assert list(by_runs(book(runs=(rule,)), [late(1)], sessions, "2026-11")) == []


def test_points_lost_on_the_way_to_the_next_star() -> None:
    steps = (StarStep(Decimal(20), "star_minus_two"), StarStep(Decimal(15), "star_minus_one"))
    rule = Star(**said("stars"), subject="person", within="quarter", steps=steps, barred=True)
    rows = [Score("2026-Q4", "person", "p1", "勤", Decimal(100), Decimal(-13), Decimal(87))]

    [near] = by_stars(book(stars=(rule,)), rows, "person", TODAY)
    assert (near.counted, near.least, near.outcome, near.level) == (13, 15, "star_minus_one", "near")
    assert ARTICLE in near.article


def test_the_nearest_comes_first_and_nobody_without_a_count_is_there() -> None:
    pack = book(counts=(count(), replace(count(least=5), id="fives")))
    facts = [Fact("2026-11", rule, "person", "p1", Decimal(4)) for rule in ("tens", "fives")]
    found = by_facts(pack, facts, "person", TODAY)

    assert [n.least for n in in_order(found["p1"])] == [5, 10]
    assert "p2" not in found
