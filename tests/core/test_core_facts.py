"""What a month says of people and windows: counts, points, runs of absence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from punchsync.core.fact import Fact
from punchsync.core.facts import facts
from punchsync.core.moment import show_day, start_of
from punchsync.core.outcome_rules import Count, PointsLimit, Runs
from punchsync.core.rules import Pack
from punchsync.core.tally import SessionState
from punchsync.core.violations import Violation
from punchsync.core.wanted import Wanted

from .build import day
from .rulebook import book, said

MONTH = "2026-11"


def violation(
    kind: str, date: str = "2026-11-09", *, person: str = "P1", session: int = 1, window: str = "甲", id: str = ""
) -> Violation:
    on = day(date)
    name = id or f"{kind}-{person}-{date}-{session}"
    return Violation(name, on, person, session, kind, window, "某局", 0, "punch", 0, start_of(on))


def entry(cause: str, points: str, *, account: str = "P1", kind: str = "person", category: str = "勤",
          date: str = "2026-11-09") -> Wanted:  # fmt: skip
    id = f"{cause}@{kind}:{account}/{category}"
    return Wanted(id, kind, account, category, "2026", Decimal(points), "某条", "一", day(date))


def said_by(pack: Pack, rows: Iterable[Violation], entries: Iterable[Wanted] = ()) -> list[Fact]:
    return facts(pack, MONTH, list(rows), {}, lambda person, on: "", entries)


def count(subject: str = "person", unit: str = "times", **dates: Any) -> Pack:
    rule = Count(
        **said("count"), subject=subject, kinds=frozenset({"late", "absent_half_day"}), least=3, within="month",
        periods=("month",), outcome="talk", unit=unit, **dates,
    )  # fmt: skip
    return book(counts=(rule,))


def test_every_violation_of_its_kinds_counts_once_for_the_person() -> None:
    rows = [violation("late"), violation("absent_half_day", session=2), violation("early"), violation("games"),
            violation("late", person="P2")]  # fmt: skip

    assert said_by(count(), rows) == [
        Fact(MONTH, "count", "person", "P1", Decimal(2)),
        Fact(MONTH, "count", "person", "P2", Decimal(1)),
    ]


def test_two_rows_of_one_session_are_two() -> None:
    rows = [violation("absent_half_day", id="in"), violation("absent_half_day", id="out")]

    assert said_by(count(), rows) == [Fact(MONTH, "count", "person", "P1", Decimal(2))]


def test_a_window_counts_what_happened_there_and_nobody_s_row_is_no_person_s() -> None:
    rows = [violation("late"), violation("late", person="P2"), violation("late", person="", id="own"),
            violation("late", window="乙"), violation("late", window="", id="nowhere")]  # fmt: skip

    assert said_by(count("window"), rows) == [
        Fact(MONTH, "count", "window", "乙", Decimal(1)),
        Fact(MONTH, "count", "window", "甲", Decimal(3)),
    ]
    assert said_by(count(), rows)[0] == Fact(MONTH, "count", "person", "P1", Decimal(3))


def test_each_rule_counts_for_itself() -> None:
    kinds = {"one": frozenset({"late"}), "two": frozenset({"late", "games"})}
    rules = tuple(
        Count(**said(id), subject="person", kinds=k, least=1, within="month", periods=("month",), outcome="talk")
        for id, k in kinds.items()
    )

    assert said_by(book(counts=rules), [violation("late"), violation("games")]) == [
        Fact(MONTH, "one", "person", "P1", Decimal(1)),
        Fact(MONTH, "two", "person", "P1", Decimal(2)),
    ]


@pytest.mark.parametrize(("unit", "value"), [("times", "3"), ("half_days", "3"), ("days", "1.5")])
def test_a_violation_is_half_a_day_where_days_are_counted(unit: str, value: str) -> None:
    rows = [violation("absent_half_day", date) for date in ("2026-11-09", "2026-11-10", "2026-11-11")]

    assert said_by(count(unit=unit), rows) == [Fact(MONTH, "count", "person", "P1", Decimal(value))]


@pytest.mark.parametrize(("date", "number"), [("2026-11-08", 0), ("2026-11-09", 1), ("2026-11-10", 1),
                                              ("2026-11-11", 0)])  # fmt: skip
def test_a_row_counts_under_the_rule_in_force_on_its_day(date: str, number: int) -> None:
    pack = count(first=day("2026-11-09"), last=day("2026-11-10"))

    assert len(said_by(pack, [violation("late", date)])) == number


def test_the_versions_of_a_count_make_one_fact_of_a_month() -> None:
    (rule,) = count().counts
    amended = (replace(rule, last=day("2026-11-09")), replace(rule, first=day("2026-11-10"), least=4))
    rows = [violation("late", date) for date in ("2026-11-09", "2026-11-10", "2026-11-11")]

    assert said_by(book(counts=amended), rows) == [Fact(MONTH, "count", "person", "P1", Decimal(3))]


def points(subject: str = "person", **dates: Any) -> Pack:
    rule = PointsLimit(
        **said("points"), subject=subject, category="勤", kinds=frozenset({"late", "absent_half_day"}),
        least=Decimal(5), within="year", outcome="notify_unit", **dates,
    )  # fmt: skip
    return book(points_limits=(rule,))


def test_points_are_those_of_its_category_and_kinds_as_a_positive_number() -> None:
    rows = [violation("late", id="v1"), violation("absent_half_day", id="v2"), violation("games", id="v3")]
    entries = [entry("v1", "-0.2"), entry("v2", "-0.5"), entry("v3", "-1"), entry("v1", "-0.5", category="德"),
               entry("v1", "-0.5", kind="window", account="甲")]  # fmt: skip

    assert said_by(points(), rows, entries) == [Fact(MONTH, "points", "person", "P1", Decimal("0.7"))]
    assert said_by(points("window"), rows, entries) == [Fact(MONTH, "points", "window", "甲", Decimal("0.5"))]


def test_an_entry_of_a_day_without_the_rule_adds_no_points() -> None:
    rows = [violation("late", id="v1"), violation("late", "2026-11-10", id="v2")]
    entries = [entry("v1", "-0.2"), entry("v2", "-0.2", date="2026-11-10")]

    found = said_by(points(first=day("2026-11-10")), rows, entries)

    assert found == [Fact(MONTH, "points", "person", "P1", Decimal("0.2"))]


def runs_of(marks: str, subject: str = "person", **dates: Any) -> list[Fact]:
    """The facts of P1's required sessions, two a day from 2 November: `x` absent, `.` there, `?` unknown."""
    return facts_of({"P1": marks}, subject, **dates)


def facts_of(people: dict[str, str], subject: str, windows: dict[str, str] | None = None, **dates: Any) -> list[Fact]:
    first = day("2026-11-02")
    sessions: dict[str, list[SessionState]] = {}
    rows: list[Violation] = []
    for person, marks in people.items():
        places = [(first + n // 2, n % 2 + 1, mark) for n, mark in enumerate(marks)]
        sessions[person] = [SessionState(on, number, mark != "?") for on, number, mark in places]
        rows += [
            Violation(f"{person}-{on}-{number}", on, person, number, "absent_half_day", "甲", "某局", 0, "punch", 0, 0)
            for on, number, mark in places if mark == "x"
        ]  # fmt: skip
    rule = Runs(**said("runs"), subject=subject, runs=3, longest=4, periods=("month",), outcome="unqualified", **dates)
    moved = windows or {}
    return facts(
        book(runs=(rule,)), MONTH, rows, sessions, lambda person, on: moved.get(f"{person} {on - first}", "甲"), ()
    )


@pytest.mark.parametrize(
    ("marks", "value"),
    [
        ("x.x.", 0), ("x.x.x", 3), ("x.x.x.x", 4), ("xx.xx.x", 3),  # the third run fires as it begins
        ("xxx.", 0), ("xxxx", 4), ("xxxxx.", 5), (".xxx.xxx.", 0), ("xxxx.x", 4), ("xxxxx.x.x", 3),
        ("", 0), ("....", 0),
    ],
)  # fmt: skip
def test_three_runs_or_four_half_days_running_count_the_runs_else_the_longest(marks: str, value: int) -> None:
    expected = [Fact(MONTH, "runs", "person", "P1", Decimal(value))] if value else []

    assert runs_of(marks) == expected


@pytest.mark.parametrize(
    ("marks", "value"), [("x.x?x", 0), ("xxx?x", 0), ("?xxxx", 0), ("xxxx?x.x", 4), ("x.x.x?x.x", 3), ("xxxx?", 4)]
)
def test_nothing_after_an_unknown_session_counts(marks: str, value: int) -> None:
    expected = [Fact(MONTH, "runs", "person", "P1", Decimal(value))] if value else []

    assert runs_of(marks) == expected


def test_only_sessions_of_days_on_which_the_rule_is_in_force_are_looked_at() -> None:
    found = [runs_of("xxxxxx", first=day(date)) for date in ("2026-11-03", "2026-11-04")]

    assert found == [[Fact(MONTH, "runs", "person", "P1", Decimal(4))], []]


def test_the_versions_of_a_rule_on_runs_make_one_fact_of_a_month() -> None:
    rule = Runs(**said("runs"), subject="person", runs=3, longest=4, periods=("month",), outcome="unqualified")
    amended = (replace(rule, last=day("2026-11-03")), replace(rule, first=day("2026-11-04"), longest=2))
    places = [(day("2026-11-02") + n // 2, n % 2 + 1) for n in range(6)]
    rows = [violation("absent_half_day", show_day(on), session=number) for on, number in places]
    sessions = {"P1": [SessionState(on, number, True) for on, number in places]}

    found = facts(book(runs=amended), MONTH, rows, sessions, lambda person, on: "", ())

    assert found == [Fact(MONTH, "runs", "person", "P1", Decimal(4))]


def test_the_window_is_that_of_the_day_on_which_it_was_too_much() -> None:
    # four half-days running end on the second day; the fifth is on the third
    windows = {"P1 0": "甲", "P1 1": "乙", "P1 2": "丙"}

    assert facts_of({"P1": "xxxxx"}, "window", windows) == [Fact(MONTH, "runs", "window", "乙", Decimal(5))]


def test_of_several_people_of_a_window_the_largest_number_counts() -> None:
    people = {"P1": "xxxx", "P2": "xxxxxx", "P3": "x.x.x", "P4": "xxxxxxx"}

    found = facts_of(people, "window", {"P4 1": "乙"})

    assert found == [Fact(MONTH, "runs", "window", "乙", Decimal(7)), Fact(MONTH, "runs", "window", "甲", Decimal(6))]


def test_a_person_without_a_window_says_nothing_of_windows() -> None:
    assert facts_of({"P1": "xxxx"}, "window", {"P1 1": ""}) == []


def test_a_pack_without_such_rules_has_no_facts() -> None:
    assert said_by(book(), [violation("late")], [entry("v1", "-1")]) == []
