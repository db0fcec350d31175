"""Outcomes: limits on what months say, leave, posted days; and all that is concluded of a hall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from punchsync.core.conclude import Concluded, Known, conclude
from punchsync.core.excuse import Excuses
from punchsync.core.fact import Fact, of_step
from punchsync.core.horizon import Horizon
from punchsync.core.moment import show_day, weekday
from punchsync.core.outcome import Outcome, Rank, Standing, counted, leave_limits, posted_days
from punchsync.core.outcome_rules import Count, PointsLimit, PostedDays, Ranking, Repeat, Runs, Star, StarStep, Worst
from punchsync.core.records import Calendar, Case, GivenScore, Leave, Posting
from punchsync.core.rules import Category, Item, LeaveLimit, Pack, Step
from punchsync.core.score import Score, scores
from punchsync.core.timetable import Timetables

from .build import day, hall, leave, posting
from .rulebook import ARTICLE, book, said

LATE = frozenset({"late"})
YEAR = [posting(first="2026-01-01", last="2026-12-31")]


def fact(rule: str, month: str, value: str, id: str = "P1", subject: str = "person") -> Fact:
    return Fact(month, rule, subject, id, Decimal(value))


def row(period: str, outcome: str, count: str, says: str, id: str = "P1", subject: str = "person") -> Outcome:
    return Outcome(period, subject, id, outcome, Decimal(count), says, ARTICLE)


def count(
    id: str, least: int, within: str, *periods: str, says: str = "", outcome: str = "talk", unit: str = "times"
) -> Count:
    return Count(
        **said(id, says), subject="person", kinds=LATE, least=least, within=within, periods=periods, outcome=outcome,
        unit=unit,
    )  # fmt: skip


@pytest.mark.parametrize(("value", "fires"), [("2", False), ("3", True), ("4", True)])
def test_a_count_leads_to_its_outcome_as_soon_as_it_is_reached(value: str, fires: bool) -> None:
    found = counted(book(counts=(count("c", 3, "month", "month"),)), [fact("c", "2026-11", value)])

    assert found == ([row("2026-11", "talk", value, "c")] if fires else [])


@pytest.mark.parametrize(("within", "periods"), [("month", []), ("quarter", ["2026-Q4"]), ("year", ["2026"])])
def test_within_a_period_the_months_are_summed(within: str, periods: list[str]) -> None:
    facts = [fact("c", "2026-10", "1"), fact("c", "2026-12", "2"), fact("c", "2026-12", "2", "P2"),
             fact("c", "2027-01", "1"), fact("other", "2026-11", "9")]  # fmt: skip

    found = counted(book(counts=(count("c", 3, within, within),)), facts)

    assert found == [row(period, "talk", "3", "c") for period in periods]


def test_a_period_longer_than_the_count_s_has_one_row_with_the_largest_that_qualifies() -> None:
    facts = [fact("c", "2026-07", "2"), fact("c", "2026-10", "3"), fact("c", "2026-11", "5"),
             fact("c", "2026-12", "2")]  # fmt: skip

    found = counted(book(counts=(count("c", 3, "month", "month", "quarter", "year"),)), facts)

    assert sorted(found) == [
        row("2026", "talk", "5", "c"), row("2026-10", "talk", "3", "c"), row("2026-11", "talk", "5", "c"),
        row("2026-Q4", "talk", "5", "c"),
    ]  # fmt: skip


@pytest.mark.parametrize(("value", "fires"), [("2", False), ("2.5", True), ("3", True)])
def test_a_count_in_days_is_reached_with_as_many_violations_as_it_names(value: str, fires: bool) -> None:
    found = counted(book(counts=(count("c", 5, "month", "month", unit="days"),)), [fact("c", "2026-11", value)])

    assert found == ([row("2026-11", "talk", value, "c")] if fires else [])


def test_two_rules_that_say_different_things_are_two_rows() -> None:
    pack = book(counts=(count("one", 1, "month", "month"), count("two", 1, "month", "month")))

    found = counted(pack, [fact("two", "2026-11", "2"), fact("one", "2026-11", "1")])

    assert found == [row("2026-11", "talk", "1", "one"), row("2026-11", "talk", "2", "two")]


SAME = book(
    counts=(count("c", 3, "month", "quarter", "year", says="同一句", outcome="award_barred"),),
    runs=(
        Runs(**said("r", "同一句"), subject="person", runs=3, longest=4, periods=("quarter", "year"),
             outcome="award_barred"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ([fact("c", "2026-11", "2")], ""),
        ([fact("c", "2026-11", "3")], "3"),
        ([fact("r", "2026-11", "4")], "4"),
        ([fact("c", "2026-11", "3"), fact("r", "2026-11", "4")], "3"),  # in one month the first rule counts
        ([fact("c", "2026-11", "2"), fact("r", "2026-11", "4")], "4"),
        ([fact("c", "2026-10", "3"), fact("r", "2026-11", "4")], "4"),  # of several months the largest
        ([fact("r", "2026-10", "4"), fact("c", "2026-11", "5"), fact("r", "2026-11", "7")], "5"),
    ],
)
def test_rules_that_say_the_same_give_one_row(facts: list[Fact], value: str) -> None:
    expected = [row(period, "award_barred", value, "同一句") for period in ("2026", "2026-Q4")] if value else []

    assert sorted(counted(SAME, facts)) == expected
    assert sorted(counted(SAME, reversed(facts))) == expected


@pytest.mark.parametrize(("value", "fires"), [("4.9", False), ("5", True), ("5.1", True)])
def test_a_limit_of_points_is_reached_by_the_sum_of_its_period(value: str, fires: bool) -> None:
    limit = PointsLimit(
        **said("p"), subject="person", category="勤", kinds=LATE, least=Decimal(5), within="year",
        outcome="notify_unit",
    )  # fmt: skip
    facts = [fact("p", "2026-01", "4"), fact("p", "2026-11", str(Decimal(value) - 4)), fact("p", "2025-12", "3")]

    found = counted(book(points_limits=(limit,)), facts)

    assert found == ([row("2026", "notify_unit", value, "p")] if fires else [])


def test_a_run_of_a_window_is_an_outcome_of_its_month() -> None:
    rule = Runs(**said("r"), subject="window", runs=3, longest=4, periods=("month",), outcome="unqualified")

    found = counted(book(runs=(rule,)), [fact("r", "2026-11", "3", "甲", "window")])

    assert found == [row("2026-11", "unqualified", "3", "r", "甲", "window")]


def test_occurrences_of_an_item_s_step_are_summed_in_the_period_they_are_counted_by() -> None:
    steps = (Step(1, 1, Decimal(0), "warning"), Step(2, None, Decimal(1)))
    pack = book(items=(Item(**said("i"), name="某条", kinds=LATE, steps=steps, counted="quarter"),))

    name = of_step("i", "warning")

    found = counted(pack, [fact(name, "2026-10", "1"), fact(name, "2026-11", "2"), fact(name, "2026-09", "0")])

    assert found == [row("2026-Q4", "warning", "3", "i")]


def test_steps_of_one_item_lead_each_to_its_own_outcome() -> None:
    steps = (Step(1, 1, Decimal(0), "warning"), Step(2, None, Decimal(1), "talk"))
    pack = book(items=(Item(**said("i"), name="某条", kinds=LATE, steps=steps, counted="quarter"),))

    found = counted(pack, [fact(of_step("i", "warning"), "2026-11", "1")])

    assert found == [row("2026-Q4", "warning", "1", "i")]


@pytest.mark.parametrize(
    ("month", "today", "outcome"),
    [
        ("2026-10", "2026-12-31", "talk"),  # three were enough in October
        ("2026-11", "2026-11-09", "talk"),
        ("2026-11", "2026-11-10", ""),  # from the 10th on it takes four
        ("2026-12", "2026-12-31", ""),
    ],
)
def test_of_an_amended_count_the_version_last_in_force_in_the_period_decides(
    month: str, today: str, outcome: str
) -> None:
    old = replace(count("c", 3, "month", "month"), last=day("2026-11-09"))
    new = replace(count("c", 4, "month", "month", outcome="warning"), first=day("2026-11-10"))

    found = counted(book(counts=(old, new)), [fact("c", month, "3")], day(today))

    assert found == ([row(month, outcome, "3", "c")] if outcome else [])


def test_what_a_count_led_to_before_it_was_dropped_stays() -> None:
    rule = replace(count("c", 3, "year", "year"), last=day("2026-06-30"))

    assert counted(book(counts=(rule,)), [fact("c", "2026-05", "3")]) == [row("2026", "talk", "3", "c")]


def limit_of(*rules: LeaveLimit) -> Pack:
    return book(leave_limits=rules)


TWENTY = LeaveLimit(**said("twenty"), kinds=frozenset({"personal", "sick"}), over=40, outcome="award_barred")


def stretch(half_days: int, start: str = "2026-01-05", **named: Any) -> Leave:
    """A leave of so many half-days of working days, from a Monday on."""
    last = day(start) + (half_days - 1) // 2 % 5 + (half_days - 1) // 10 * 7
    return leave(f"{start} am", f"{show_day(last)} {'am' if half_days % 2 else 'pm'}", **{"kind": "personal", **named})


def limits(rows: Iterable[Leave], pack: Pack, today: str = "2026-12-31") -> list[Outcome]:
    case = hall(postings=YEAR, leaves=list(rows))
    return leave_limits(pack, Excuses(case, pack, Timetables(case, pack)), Horizon(YEAR, set(), day(today)))


@pytest.mark.parametrize(("half_days", "count"), [(39, ""), (40, ""), (41, "20.5"), (42, "21")])
def test_more_than_the_limit_of_leave_in_a_year_is_an_outcome_counted_in_days(half_days: int, count: str) -> None:
    found = limits([stretch(half_days)], limit_of(TWENTY))

    assert found == ([row("2026", "award_barred", count, "twenty")] if count else [])


def test_kinds_named_together_count_together_and_once_where_they_overlap() -> None:
    apart = [stretch(40), stretch(1, "2026-03-02", id="L2", kind="sick")]
    over = [stretch(40), stretch(40, id="L2", kind="sick"), stretch(60, "2026-03-02", id="L3", kind="annual")]

    assert [limits(rows, limit_of(TWENTY)) for rows in (apart, over)] == [
        [row("2026", "award_barred", "20.5", "twenty")], [],
    ]  # fmt: skip


def test_leave_counts_up_to_today_that_day_whole() -> None:
    # 41 half-days from 5 January end on the morning of Monday 2 February
    found = [len(limits([stretch(41)], limit_of(TWENTY), d)) for d in ("2026-02-01", "2026-02-02", "2026-02-03")]

    assert found == [0, 1, 1]


@pytest.mark.parametrize(("first", "last", "count"), [
    ("2026-01-05", "2026-12-31", 1), ("2026-01-06", "2026-12-31", 0), ("2026-01-01", "2026-02-02", 1),
    ("2026-01-01", "2026-02-01", 0), ("2027-01-01", "2027-12-31", 0),
])  # fmt: skip
def test_only_leave_on_days_on_which_the_limit_is_in_force_counts(first: str, last: str, count: int) -> None:
    rule = LeaveLimit(
        **said("twenty"), kinds=TWENTY.kinds, over=40, outcome="award_barred", first=day(first), last=day(last)
    )

    assert len(limits([stretch(41)], limit_of(rule))) == count


def test_a_limit_that_yields_a_violation_is_no_outcome() -> None:
    rule = LeaveLimit(**said("over"), kinds=TWENTY.kinds, over=40, yields="leave_over")

    assert limits([stretch(42)], limit_of(rule)) == []


SIXTY = PostedDays(**said("sixty"), within="quarter", least=60, outcome="award_barred")


def posted(*postings: Posting, today: str = "2027-01-01", rule: PostedDays = SIXTY) -> list[Outcome]:
    """Every day but Saturday and Sunday is worked."""
    return posted_days(book(posted_days=(rule,)), Horizon(postings, set(), day(today)), lambda d: weekday(d) < 5)


@pytest.mark.parametrize(("last", "days"), [("2026-11-28", "59"), ("2026-11-29", ""), ("2026-11-30", "")])
def test_fewer_posted_calendar_days_than_asked_are_an_outcome(last: str, days: str) -> None:
    found = posted(posting("P1", "2026-10-01", last))

    assert found == ([row("2026-Q4", "award_barred", days, "sixty")] if days else [])


@pytest.mark.parametrize(("today", "count"), [("2026-12-31", 0), ("2027-01-01", 1), ("2027-01-02", 1)])
def test_posted_days_are_counted_when_the_period_is_over_whatever_is_unknown(today: str, count: int) -> None:
    assert len(posted(posting("P1", "2026-10-01", "2026-10-01"), today=today)) == count


@pytest.mark.parametrize(("last", "days"), [("2026-12-22", "59"), ("2026-12-23", ""), ("2026-12-24", "")])
def test_a_rule_may_ask_for_working_days(last: str, days: str) -> None:
    working = replace(SIXTY, days="working")

    # from 1 October on, the sixtieth is Wednesday 23 December
    assert posted(posting("P1", "2026-10-01", last), rule=working) == (
        [row("2026-Q4", "award_barred", days, "sixty")] if days else []
    )


def test_postings_of_one_person_add_up_and_who_was_not_posted_is_not_asked() -> None:
    moved = [posting("P1", "2026-10-01", "2026-10-30"), posting("P1", "2026-11-01", "2026-11-29", window="税务")]
    gone = posting("P2", "2026-01-01", "2026-09-30", device="2")

    assert posted(*moved, gone) == [row("2026-Q4", "award_barred", "59", "sixty")]


def category(name: str = "勤", *, first: str = "2026-01-01", last: str = "2026-12-31", base: int = 30) -> Category:
    return Category(
        **said(name), account="person", name=name, base=Decimal(base), cap=Decimal(base), period="month",
        first=day(first), last=day(last),
    )  # fmt: skip


def test_what_others_gave_is_a_row_of_its_own_beside_the_hall_s() -> None:
    given = [GivenScore("2026-11", "person", "P1", "勤", Decimal("-2.5"), "票"),
             GivenScore("2026-Q1", "window", "别处", "评议", Decimal(95))]  # fmt: skip
    sums = {("2026-11", "person", "P1", "勤"): Decimal("-0.5")}

    found = scores(book(categories=(category(),)), [posting()], ["2026-11"], sums, day("2026-11-30"), given)

    assert found == [
        Score("2026-11", "person", "P1", "勤", Decimal(0), Decimal("-2.5"), Decimal("-2.5"), given=True),
        Score("2026-11", "person", "P1", "勤", Decimal(30), Decimal("-0.5"), Decimal("29.5")),
        Score("2026-Q1", "window", "别处", "评议", Decimal(0), Decimal(95), Decimal(95), given=True),
    ]


@pytest.mark.parametrize(("last", "base"), [("2026-11-29", 10), ("2026-11-30", 30), ("2026-12-01", 30)])
def test_a_period_has_the_category_that_is_in_force_on_its_last_day(last: str, base: int) -> None:
    old = category(last=last)
    new = category(base=10, first=show_day(day(last) + 1))

    (found,) = scores(book(categories=(old, new)), [posting()], ["2026-11"], {}, day("2026-11-30"))

    assert found.base == base


def concluded(
    pack: Pack, known: Known, today: str = "2027-01-01", postings: Iterable[Posting] = tuple(YEAR),
    given: Iterable[GivenScore] = (),
) -> Concluded:  # fmt: skip
    case = Case(
        postings=tuple(postings), given=tuple(given), calendar=Calendar(frozenset({2026}), frozenset(), frozenset())
    )
    return conclude(pack, case, Excuses(case, pack, Timetables(case, pack)), known, day(today))


NOTHING = Known({}, (), (), frozenset())


def test_without_anybody_there_is_nothing_to_conclude() -> None:
    pack = book(
        leave_limits=(TWENTY,), posted_days=(SIXTY,), categories=(category(),),
        rankings=(Ranking(**said("w"), subject="window", period="month", places=5),),
    )  # fmt: skip

    assert concluded(pack, NOTHING, postings=[]) == Concluded([], [], [])


def test_scores_are_of_every_month_from_the_first_posting_or_of_those_settled() -> None:
    pack = book(categories=(category(),))
    people = [posting(first="2026-10-31", last="2026-12-31")]

    every = concluded(pack, NOTHING, "2026-12-01", people)
    some = concluded(pack, NOTHING._replace(settled={"2026-11"}), "2026-12-01", people)

    assert [s.period for s in every.scores] == ["2026-10", "2026-11", "2026-12"]
    assert [s.period for s in some.scores] == ["2026-11"]


@pytest.mark.parametrize(("years", "ranked"), [({2026}, []), ({2026, 2027}, ["2027-01"])])
def test_of_a_month_whose_working_days_nobody_published_nobody_is_ranked(years: set[int], ranked: list[str]) -> None:
    pack = book(rankings=(Ranking(**said("w"), subject="window", period="month", places=5),))
    case = Case(
        postings=(posting(first="2027-01-01", last="2027-12-31"),),
        calendar=Calendar(frozenset(years), frozenset(), frozenset()),
    )
    known = NOTHING._replace(certain=frozenset({"2027-01"}))

    found = conclude(pack, case, Excuses(case, pack, Timetables(case, pack)), known, day("2027-02-01"))

    assert ([r.period for r in found.ranks], [o.period for o in found.outcomes]) == (ranked, ranked)


def test_whoever_a_count_bars_has_no_rank_no_award_and_the_first_star_step() -> None:
    quarter: dict[str, Any] = {"subject": "person", "within": "quarter"}
    pack = book(
        counts=(count("games", 1, "quarter", "quarter", outcome="award_barred"),),
        stars=(Star(**said("star"), **quarter, steps=(StarStep(Decimal(20), "star_minus_two"),), barred=True),),
        rankings=(Ranking(**said("best"), subject="person", period="quarter", places=1),),
    )
    people = [posting("P1", "2026-10-01", "2026-12-31"), posting("P2", "2026-10-01", "2026-12-31", device="2")]
    known = Known({}, (), [fact("games", "2026-11", "2")], frozenset({"2026-10", "2026-11", "2026-12"}))

    found = concluded(pack, known, postings=people)

    assert found == Concluded(
        [],
        [
            row("2026-Q4", "award_barred", "2", "games"), row("2026-Q4", "star_minus_two", "0", "star"),
            row("2026-Q4", "award", "1", "best", "P2"),
        ],
        [Rank("2026-Q4", "person", "P2", 1, Fraction(0), 0, 0, "best")],
    )  # fmt: skip


def test_what_only_counts_is_said_before_the_period_is_over_and_what_compares_is_not() -> None:
    pack = book(
        counts=(count("late", 1, "quarter", "quarter"),),
        worsts=(Worst(**said("worst"), subject="person", places=2, outcome="talk"),),
        rankings=(Ranking(**said("best"), subject="person", period="quarter", places=1),),
    )
    months = frozenset({"2026-10", "2026-11", "2026-12"})
    known = Known({}, [Standing("2026-12", ("person", "P1"), 1, 0)], [fact("late", "2026-12", "1")], months)
    people = [posting("P1", "2026-10-01", "2026-12-31")]

    before, after = (concluded(pack, known, today, people) for today in ("2026-12-31", "2027-01-01"))

    assert before == Concluded([], [row("2026-Q4", "talk", "1", "late")], [])
    assert [o.rule for o in after.outcomes] == ["worst", "best", "late"]
    assert [r.period for r in after.ranks] == ["2026-Q4"]


def test_months_running_among_the_worst_are_followed_and_equal_sayings_are_one_outcome() -> None:
    pack = book(
        counts=(count("many", 5, "month", "month", says="最后两名"),),
        worsts=(Worst(**said("worst", "最后两名"), subject="person", places=2, outcome="talk"),),
        repeats=(Repeat(**said("again"), subject="person", of="talk", times=3, outcome="replace_person"),),
    )
    months = ["2026-10", "2026-11", "2026-12"]
    standings = [Standing(m, ("person", "P1"), n, 0) for m, n in zip(months, (4, 5, 6), strict=True)]
    facts = [fact("many", "2026-12", "7")]

    found = concluded(
        pack, Known({}, standings, facts, frozenset(months)), postings=[posting("P1", "2026-10-01", "2026-12-31")]
    )

    assert found.outcomes == [
        row("2026-10", "talk", "4", "最后两名"), row("2026-11", "talk", "5", "最后两名"),
        row("2026-12", "replace_person", "7", "again"), row("2026-12", "talk", "7", "最后两名"),
    ]  # fmt: skip
