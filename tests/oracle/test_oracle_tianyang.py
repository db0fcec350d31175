"""What the literal judge says of tianyang's periods, on facts made by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .facts import Breach, Facts
from .made import breach, days_of, given, october, on, own, posted, said, some
from .periods import outcomes, ranking

RUNS = ("unqualified", "award_barred")


def runs(pattern: str) -> list[str]:
    """The counts of `unqualified` and `award_barred` of one person's month."""
    facts = october("2026-10-31", P1="W")
    facts.duties, facts.violations = days_of("P1", pattern)
    return said(outcomes("tianyang", facts), *RUNS)


def both(count: int) -> list[str]:
    return [
        f"2026 P1 award_barred {count}",
        f"2026-10 W unqualified {count}",
        f"2026-Q4 P1 award_barred {count}",
    ]


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("A.A.", 0),  # two runs
        ("A.A.A", 3),
        ("A.A.A.A", 4),
        ("AAA.AAA", 0),
        ("AAAA", 4),
        ("..AAAAA..", 5),
        ("AAAA.A.A", 3),  # three runs count before the longest
        ("AAAA.A", 4),
        ("A.A.?A", 0),  # the third comes after what is not known
        ("A.A.A?", 3),
        ("AAA?A", 0),
        ("AAAA?", 4),
        ("A?A.A.A", 0),
        ("?AAAA", 0),
    ],
)
def test_runs_of_absence(pattern: str, count: int) -> None:
    assert runs(pattern) == (both(count) if count else [])


def test_an_excused_session_does_not_end_a_run() -> None:
    facts = october("2026-10-31", P1="W")
    facts.duties, facts.violations = days_of("P1", "AA.AA")
    assert said(outcomes("tianyang", facts), *RUNS) == []
    del facts.duties[2]  # nothing due there
    assert said(outcomes("tianyang", facts), *RUNS) == both(4)


def test_runs_are_counted_within_the_month() -> None:
    facts = Facts(on("2026-10-31"), posted("2026-09-01", "2026-10-31", P1="W"))
    duties, rows = days_of("P1", "." * 58 + "AA", "2026-09")
    facts.duties, facts.violations = days_of("P1", "AA..")
    facts.duties += duties
    facts.violations += rows
    assert said(outcomes("tianyang", facts), *RUNS) == []


def test_the_window_of_the_session_that_completes_the_runs() -> None:
    facts = october("2026-10-31", P1="W", P2="X")
    facts.duties, facts.violations = days_of("P1", "A...A...A.A")
    for day in (on("2026-10-05"), on("2026-10-06")):
        facts.posted[day]["P1"] = "X"
    more, rows = days_of("P2", "AAAAA")
    facts.duties += more
    facts.violations += rows
    # P1's third run begins on the 5th at X: 4 runs; P2's five half-days are more
    assert said(outcomes("tianyang", facts), "unqualified") == ["2026-10 X unqualified 5"]


@pytest.mark.parametrize(("count", "barred"), [(2, False), (3, True), (4, True)])
def test_three_minor_violations_of_a_month_together_bar(count: int, barred: bool) -> None:
    kinds = ["wandering", "no_badge", "games", "late"][:count]
    rows = [breach(f"2026-10-{n:02d}", "P1", kind) for n, kind in enumerate(kinds, 1)]
    rows += [*some(9, "P1", "off_post"), breach("2026-11-01", "P1", "late")]
    facts = Facts(on("2026-11-02"), posted("2026-10-01", "2026-11-02", P1="W"), rows)
    expected = [f"{period} P1 award_barred {count}" for period in ("2026", "2026-Q4")]
    assert said(outcomes("tianyang", facts), "award_barred") == (expected if barred else [])


def test_the_bar_counts_the_worst_month_of_its_period() -> None:
    facts = Facts(on("2026-12-31"), posted("2026-08-01", "2026-12-31", P1="W"))
    facts.violations = some(5, "P1", "late", "2026-08") + some(3, "P1", "early", "2026-11")
    facts.duties, rows = days_of("P1", "AAAA", "2026-12")
    facts.violations += rows
    assert said(outcomes("tianyang", facts), "award_barred") == [
        "2026 P1 award_barred 5",
        "2026-Q3 P1 award_barred 5",
        "2026-Q4 P1 award_barred 4",
    ]


@pytest.mark.parametrize(("count", "expected"), [(5, []), (6, ["6"]), (7, ["7"])])
def test_six_absent_half_days_return_to_the_unit(count: int, expected: list[str]) -> None:
    facts = october("2026-10-20", violations=some(count, "P1", "absent_half_day"), P1="W")
    facts.violations += some(6, "P1", "late") + some(3, "P1", "absent_half_day", "2026-11")
    rows = said(outcomes("tianyang", facts), "returned_to_unit")
    assert rows == [f"2026-10 P1 returned_to_unit {n}" for n in expected]


def charged(count: int, kind: str, points: str, month: str) -> list[Breach]:
    worth = {("person", "勤"): Decimal(points), ("window", "人員管理"): Decimal(1)}
    return [Breach(on(f"{month}-{n:02d}"), "P1", 1, kind, "W", 0, "punch", worth) for n in range(1, count + 1)]


@pytest.mark.parametrize(("lates", "count"), [(4, ""), (5, "5"), (6, "5.2")])
def test_five_points_of_a_year_are_told_to_the_unit(lates: int, count: str) -> None:
    rows = charged(lates, "late", "0.2", "2026-03") + charged(4, "off_post", "0.5", "2026-05")
    rows += charged(4, "absent_half_day", "0.5", "2026-07") + charged(9, "wandering", "1", "2026-07")
    facts = Facts(on("2026-08-01"), posted("2026-01-01", "2026-08-01", P1="W"), rows)
    expected = [f"2026 P1 notify_unit {count}"] if count else []
    assert said(outcomes("tianyang", facts), "notify_unit") == expected


@pytest.mark.parametrize(
    ("others", "grade"),
    [
        ("-3.5", "grade_excellent 95"),
        ("-3.51", "grade_qualified 94.99"),
        ("-23.5", "grade_qualified 75"),
        ("-23.6", "grade_unqualified 74.9"),
    ],
)
def test_grades_of_windows_from_own_and_imported_points(others: str, grade: str) -> None:
    facts = Facts(on("2026-10-01"), posted("2026-07-01", "2026-09-30", P1="W", P2="X"))
    facts.scores = [own("2026-Q3", w, "100", "-1.5", "人員管理", "window") for w in ("W", "X")]
    facts.scores += [given("2026-Q3", "W", others, kind="window"), given("2026", "X", "-1", kind="window")]
    assert said([row for row in outcomes("tianyang", facts) if "grade" in row[3]]) == [f"2026-Q3 W {grade}"]
    facts.as_of = on("2026-09-30")
    assert outcomes("tianyang", facts) == []


def year_of_people(*totals: str) -> list[str]:
    people = {f"P{n:02d}": "W" for n in range(1, len(totals) + 1)}
    facts = Facts(on("2027-01-01"), posted("2026-12-01", "2026-12-31", **people))
    for person, total in zip(people, totals, strict=True):
        facts.scores += [
            own("2026", person, "100", "-0.2"),
            given("2026", person, str(Decimal(total) - 100 + Decimal("0.2"))),
        ]
    rows = [row for row in outcomes("tianyang", facts) if row[0] == "2026" and row[3].startswith("grade_")]
    assert [row[4] for row in rows] == list(totals)
    return [row[3].removeprefix("grade_") for row in rows]


def test_grades_of_people_at_95_75_and_70() -> None:
    assert year_of_people("95", "94.8", "75", "74.9", "70", "69.99") == [
        "excellent",
        "competent",
        "competent",
        "basic",
        "basic",
        "incompetent",
    ]
    assert year_of_people("94.99", "90", "90", "90", "90")[0] == "competent"


def test_excellent_only_among_the_best_fifth_ties_included() -> None:
    assert year_of_people("99", "98", "97", "96") == ["competent"] * 4  # one of four is 25 %
    assert year_of_people("99", "98", "97", "96", "95") == ["excellent"] + ["competent"] * 4
    assert year_of_people(*["99", "99", "97"], *["90"] * 2) == ["excellent", "excellent"] + ["competent"] * 3
    assert year_of_people(*["99", "98", "98"], *["90"] * 7) == ["excellent"] * 3 + ["competent"] * 7
    assert year_of_people(*["99", "98", "97"], *["90"] * 7) == ["excellent"] * 2 + ["competent"] * 8


def test_windows_ranked_quarterly_the_first_three() -> None:
    people = {f"P{name}": name for name in "ABCDE"}
    facts = Facts(on("2026-10-01"), posted("2026-07-01", "2026-09-30", **people))
    lost = {"A": "-1", "B": "-3", "C": "-2", "D": "-3", "E": "-3"}
    facts.scores = [own("2026-Q3", w, "100", points, "人員管理", "window") for w, points in lost.items()]
    facts.scores.append(given("2026-Q3", "E", "-0.5", kind="window"))
    assert sorted(ranking("tianyang", facts), key=lambda row: row[3])[-1] == (
        *("2026-Q3", "window", "E", "5", "96.5", "0", "0"),
    )
    assert said(outcomes("tianyang", facts), "award") == [
        "2026-Q3 A award 1",
        "2026-Q3 B award 3",
        "2026-Q3 C award 2",
        "2026-Q3 D award 3",
    ]
