"""The worst of a month and who repeats it, stars and grades: who is compared with whom, and when."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from punchsync.core.grades import grades, stars
from punchsync.core.horizon import Horizon
from punchsync.core.outcome import Outcome, Standing
from punchsync.core.outcome_rules import Grade, GradeStep, Repeat, Star, StarStep, Worst
from punchsync.core.score import Score
from punchsync.core.worst import repeats, worst

from .build import day, posting
from .rulebook import ARTICLE, book, said

PEOPLE = [posting(f"P{n}", "2026-10-01", "2026-12-31", device=str(n)) for n in range(1, 10)]
MONTHS = ("2026-10", "2026-11", "2026-12")
Q4 = "2026-Q4"


def until(today: str = "2027-01-01", certain: Iterable[str] = MONTHS) -> Horizon:
    return Horizon(PEOPLE, set(certain), day(today))


def standing(id: str, violations: int, seconds: int = 0, month: str = "2026-11", subject: str = "person") -> Standing:
    return Standing(month, (subject, id), violations, seconds)


def talks(rows: Iterable[Standing], horizon: Horizon | None = None, **dates: Any) -> list[Outcome]:
    rule = Worst(**said("worst"), subject="person", places=2, outcome="talk", **dates)
    return worst(book(worsts=(rule,)), horizon or until(), rows)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([], []),
        ([("P1", 0, 0)], []),
        ([("P1", 1, 0)], ["P1"]),
        ([("P1", 1, 0), ("P2", 3, 0), ("P3", 2, 0), ("P4", 0, 0)], ["P2", "P3"]),
        ([("P1", 2, 60), ("P2", 3, 0), ("P3", 2, 61)], ["P2", "P3"]),  # as many: more seconds are worse
        ([("P1", 2, 60), ("P2", 3, 0), ("P3", 2, 60), ("P4", 2, 59)], ["P1", "P2", "P3"]),
        ([("P1", 2, 9), ("P2", 2, 9), ("P3", 2, 9), ("P4", 1, 99)], ["P1", "P2", "P3"]),
    ],
)
def test_the_last_two_and_all_who_tie_with_the_second_are_named(
    rows: list[tuple[str, int, int]], named: list[str]
) -> None:
    numbers = {id: Decimal(n) for id, n, _ in rows}

    assert talks(standing(*r) for r in rows) == [
        Outcome("2026-11", "person", id, "talk", numbers[id], "worst", ARTICLE) for id in named
    ]


def test_people_are_compared_with_people_and_months_for_themselves() -> None:
    rows = [standing("甲", 9, subject="window"), standing("P1", 1), standing("P2", 5, month="2026-12")]

    assert [(o.period, o.subject_id) for o in talks(rows)] == [("2026-11", "P1"), ("2026-12", "P2")]


@pytest.mark.parametrize(
    ("today", "certain", "count"),
    [("2026-11-30", MONTHS, 0), ("2026-12-01", MONTHS, 1), ("2026-12-01", ("2026-10",), 0)],
)
def test_a_month_has_its_worst_once_it_is_over_and_nothing_of_it_is_unknown(
    today: str, certain: tuple[str, ...], count: int
) -> None:
    assert len(talks([standing("P1", 1)], until(today, certain))) == count


@pytest.mark.parametrize(("first", "count"), [("2026-11-30", 1), ("2026-12-01", 0)])
def test_the_worst_are_named_by_the_rule_in_force_on_the_month_s_last_day(first: str, count: int) -> None:
    assert len(talks([standing("P1", 1)], first=day(first))) == count


def talk(month: str, count: int = 1, id: str = "P1", subject: str = "person") -> Outcome:
    return Outcome(month, subject, id, "talk", Decimal(count), "worst", ARTICLE)


def replaced(rows: Iterable[Outcome], **dates: Any) -> list[Outcome]:
    rule = Repeat(**said("again"), subject="person", of="talk", times=3, outcome="replace_person", **dates)
    return repeats(book(repeats=(rule,)), rows)


@pytest.mark.parametrize(
    ("months", "found"),
    [
        (["2026-10", "2026-11"], []),
        (["2026-10", "2026-11", "2026-12"], ["2026-12"]),
        (["2026-11", "2026-12", "2027-01", "2027-02"], ["2027-01", "2027-02"]),  # a fourth month says it again
        (["2026-09", "2026-10", "2026-12"], []),
        (["2026-Q3", "2026-11", "2026-12", "2026"], []),
    ],
)
def test_each_month_that_completes_three_running_is_an_outcome(months: list[str], found: list[str]) -> None:
    rows = [talk(month, n) for n, month in enumerate(months, 4)]
    counts = {r.period: r.counted for r in rows}

    assert replaced(rows) == [
        Outcome(month, "person", "P1", "replace_person", counts[month], "again", ARTICLE) for month in found
    ]


def test_months_of_windows_of_others_and_of_another_outcome_do_not_complete_it() -> None:
    others = [talk("2026-12", subject="window"), talk("2026-12", id="P2"),
              talk("2026-12")._replace(outcome="warning")]  # fmt: skip

    for other in others:
        assert replaced([talk("2026-10"), talk("2026-11"), other]) == []


@pytest.mark.parametrize(("last", "count"), [("2026-12-30", 0), ("2026-12-31", 1)])
def test_a_repetition_is_said_by_the_rule_in_force_on_its_month_s_last_day(last: str, count: int) -> None:
    assert len(replaced([talk(m) for m in MONTHS], last=day(last))) == count


def own(points: str, id: str = "P1", period: str = Q4, subject: str = "person") -> Score:
    return Score(period, subject, id, "工作纪律", Decimal(20), Decimal(points), max(Decimal(0), 20 + Decimal(points)))


def given(points: str, id: str = "P1", period: str = Q4, subject: str = "person", category: str = "评议") -> Score:
    return Score(period, subject, id, category, Decimal(0), Decimal(points), Decimal(points), given=True)


def star(
    rows: Iterable[Score], barred: Iterable[tuple[str, str, str]] = (), today: str = "2026-11-01", *,
    counts: bool = True, **dates: Any,
) -> list[Outcome]:  # fmt: skip
    steps = (StarStep(Decimal(20), "star_minus_two"), StarStep(Decimal(15), "star_minus_one"))
    rule = Star(**said("star"), subject="person", within="quarter", steps=steps, barred=counts, **dates)
    return stars(book(stars=(rule,)), until(today, ()), rows, set(barred))


@pytest.mark.parametrize(
    ("points", "outcome"),
    [("-14.9", ""), ("-15", "star_minus_one"), ("-15.1", "star_minus_one"), ("-19.9", "star_minus_one"),
     ("-20", "star_minus_two"), ("-20.1", "star_minus_two"), ("25", "")],
)  # fmt: skip
def test_points_lost_lead_to_the_first_step_they_reach_before_the_period_is_over(points: str, outcome: str) -> None:
    lost = -Decimal(points)

    assert star([own(points)]) == ([Outcome(Q4, "person", "P1", outcome, lost, "star", ARTICLE)] if outcome else [])


def test_what_others_gave_below_zero_of_exactly_that_period_adds_and_what_is_above_does_not() -> None:
    rows = [own("-10"), given("-6"), given("30", category="票"), given("-90", period="2026-11"),
            given("-90", subject="window"), given("-90", period="2027-Q1")]  # fmt: skip

    assert star(rows) == [Outcome(Q4, "person", "P1", "star_minus_one", Decimal(16), "star", ARTICLE)]


@pytest.mark.parametrize(
    ("barred", "counts", "found"),
    [
        ((Q4, "person", "P1"), True, [("P1", "star_minus_two", 15)]),
        ((Q4, "person", "P2"), True, [("P1", "star_minus_one", 15), ("P2", "star_minus_two", 0)]),
        (("2026", "person", "P1"), True, [("P1", "star_minus_one", 15)]),
        ((Q4, "window", "P1"), True, [("P1", "star_minus_one", 15)]),
        ((Q4, "person", "P1"), False, [("P1", "star_minus_one", 15)]),
    ],
)
def test_whoever_is_barred_in_the_period_has_the_first_step(
    barred: tuple[str, str, str], counts: bool, found: list[tuple[str, str, int]]
) -> None:
    rows = star([own("-15")], [barred], counts=counts)

    assert [(o.subject_id, o.outcome, int(o.counted)) for o in rows] == found


@pytest.mark.parametrize(("first", "count"), [("2026-12-31", 1), ("2027-01-01", 0)])
def test_stars_go_by_the_rule_in_force_on_the_period_s_last_day(first: str, count: int) -> None:
    assert len(star([own("-15")], first=day(first))) == count


def graded(
    rows: Iterable[Score], horizon: Horizon | None = None, percent: int | None = None, **dates: Any
) -> list[Outcome]:
    steps = (
        GradeStep(Decimal(95), "grade_excellent", percent), GradeStep(Decimal(75), "grade_competent"),
        GradeStep(Decimal(70), "grade_basic"),
    )  # fmt: skip
    rule = Grade(
        **said("grade"), subject="person", within="quarter", steps=steps, otherwise="grade_incompetent", **dates
    )
    return grades(book(grades=(rule,)), horizon or until(), list(rows))


@pytest.mark.parametrize(
    ("total", "grade"),
    [("69.99", "grade_incompetent"), ("70", "grade_basic"), ("74.99", "grade_basic"), ("75", "grade_competent"),
     ("94.99", "grade_competent"), ("95", "grade_excellent"), ("96", "grade_excellent")],
)  # fmt: skip
def test_the_total_of_a_period_s_rows_is_graded_by_the_first_step_it_reaches(total: str, grade: str) -> None:
    rows = [own("-2.5"), given(str(Decimal(total) - Decimal("17.5"))), given("99", period="2026-12")]

    assert graded(rows) == [Outcome(Q4, "person", "P1", grade, Decimal(total), "grade", ARTICLE)]


@pytest.mark.parametrize(
    ("totals", "excellent"),
    [
        (["99", "98", "97", "96"], []),  # a fifth of four is less than one
        (["99", "98", "97", "96", "80"], ["P1"]),
        (["99", "99", "97", "96", "80"], ["P1", "P2"]),  # both are first
        (["94", "93", "92", "91", "90"], []),
        (["99", "98", "97", "80", "80", "80", "80", "80", "80"], ["P1"]),
        (["96"], []),
    ],
)
def test_excellent_are_only_the_best_per_cent_of_those_graded(totals: list[str], excellent: list[str]) -> None:
    rows = [given(total, f"P{n}") for n, total in enumerate(totals, 1)] + [own("0", "P9")] * (len(totals) < 9)

    found = graded(rows, percent=20)

    assert [o.subject_id for o in found if o.outcome == "grade_excellent"] == excellent
    assert len(found) == len(totals)


def test_only_the_posted_to_whom_others_gave_points_in_that_period_are_graded() -> None:
    rows = [own("0"), given("80", period="2026-11"), given("80", "P2"), own("0", "P2"), given("80", "别人"),
            given("80", "P3", subject="window")]  # fmt: skip

    assert [(o.subject_id, o.counted) for o in graded(rows)] == [("P2", Decimal(100))]


@pytest.mark.parametrize(
    ("today", "certain", "count"),
    [("2026-12-31", MONTHS, 0), ("2027-01-01", MONTHS, 1), ("2027-01-01", MONTHS[:2], 0)],
)
def test_a_period_is_graded_once_it_is_over_and_nothing_of_it_is_unknown(
    today: str, certain: tuple[str, ...], count: int
) -> None:
    assert len(graded([given("80")], until(today, certain))) == count


@pytest.mark.parametrize(("last", "count"), [("2026-12-30", 0), ("2026-12-31", 1)])
def test_grades_go_by_the_rule_in_force_on_the_period_s_last_day(last: str, count: int) -> None:
    assert len(graded([given("80")], last=day(last))) == count


def test_a_pack_without_such_rules_compares_nobody() -> None:
    horizon, rows = until(), [given("-80")]
    said_nothing = (
        worst(book(), horizon, [standing("P1", 1)]), repeats(book(), [talk("2026-10")]),
        stars(book(), horizon, rows, {(Q4, "person", "P1")}), grades(book(), horizon, rows),
    )  # fmt: skip

    assert said_nothing == ([], [], [], [])
