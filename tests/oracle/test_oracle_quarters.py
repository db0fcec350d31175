"""Stars, bars and quarter scores of the literal judge: changxing, foursign, citizens, on facts made by hand."""

from __future__ import annotations

import pytest

from .facts import Duty, Facts, quarter_of
from .made import breach, given, october, on, order, own, posted, said, some
from .periods import outcomes, ranking

# changxing


@pytest.mark.parametrize(
    ("points", "star"),
    [
        (["-10", "-4.99"], []),
        (["-10", "-5"], ["star_minus_one 15"]),
        (["-10", "-9.99"], ["star_minus_one 19.99"]),
        (["-10", "-10"], ["star_minus_two 20"]),
        (["-10", "-5", "3", "0.5"], ["star_minus_one 15"]),
    ],
)
def test_changxing_stars_at_15_and_20(points: list[str], star: list[str]) -> None:
    facts = october("2026-10-02", P1="W")
    facts.scores = [own("2026-Q4", "P1", "20", points[0], "工作纪律")]
    facts.scores += [given("2026-Q4", "P1", more, f"其他{n}") for n, more in enumerate(points[1:])]
    facts.scores += [given("2026-10", "P1", "-20"), given("2026-Q4", "P2", "-20")]  # another period, another person
    assert said(outcomes("changxing", facts)) == [f"2026-Q4 P1 {text}" for text in star]


def test_changxing_games_bar_person_and_window_and_take_two_stars() -> None:
    facts = october("2026-10-05", P1="W", P2="W", P3="X")
    facts.violations = some(2, "P1", "games") + some(1, "P2", "games") + some(3, "P3", "wandering", window="X")
    facts.scores = [own("2026-Q4", person, "20", "-5", "工作纪律") for person in ("P1", "P2", "P3")]
    assert said(outcomes("changxing", facts)) == [
        "2026-Q4 P1 award_barred 2",
        "2026-Q4 P1 star_minus_two 5",
        "2026-Q4 P2 award_barred 1",
        "2026-Q4 P2 star_minus_two 5",
        "2026-Q4 W award_barred 3",
    ]


# foursign


@pytest.mark.parametrize(
    ("minor", "absent", "expected"),
    [(3, 4, []), (4, 0, ["4"]), (0, 5, ["2.5"]), (4, 8, ["4", "4"]), (5, 6, ["3", "5"])],
)
def test_foursign_returned_to_unit_two_rules_two_rows(minor: int, absent: int, expected: list[str]) -> None:
    rows = (some(2, "P1", "late") + some(1, "P1", "off_post") + some(9, "P1", "early"))[:minor]
    facts = october("2026-10-20", violations=rows + some(absent, "P1", "absent_half_day"), P1="W", P2="W")
    facts.violations += some(9, "P1", "late", "2026-09") + some(9, "P2", "wandering")
    assert said(outcomes("foursign", facts)) == [f"2026-10 P1 returned_to_unit {count}" for count in expected]


# citizens


def test_citizens_sixty_posted_days_of_a_quarter_that_is_over() -> None:
    days = posted("2026-10-01", "2026-12-31", P1="W")
    for n, day in enumerate(sorted(days)):
        days[day] |= {"P2": "W"} if n < 60 else {}
        days[day] |= {"P3": "W"} if n >= 92 - 59 else {}
    facts = Facts(on("2027-01-01"), days)
    assert said(outcomes("citizens", facts), "award_barred") == ["2026-Q4 P3 award_barred 59"]
    assert [row[2] for row in ranking("citizens", facts)] == ["W", "P1", "P2"]
    facts.duties = [Duty(on("2026-12-31"), "P1", 1, known=False)]
    assert said(outcomes("citizens", facts)) == ["2026-Q4 P3 award_barred 59"]
    facts.as_of = on("2026-12-31")
    assert outcomes("citizens", facts) == []


def test_citizens_quarter_score_with_parts_missing() -> None:
    facts = Facts(on("2027-01-01"), posted("2026-10-01", "2026-12-31", P1="W", P2="W", P3="W", P4="W"))
    facts.scores = [given("2026-10", "P1", "90", "monthly"), given("2026-12", "P1", "95.5", "monthly")]
    facts.scores += [given("2026-Q4", "P1", "80", "peer"), given("2026-Q4", "P1", "70.15", "panel")]
    facts.scores += [given("2026-Q4", "P2", "99", "monthly"), given("2026-10", "P2", "99", "peer")]  # wrong periods
    facts.scores += [given("2026-Q4", "P2", "88", "peer"), given("2026-Q4", "P2", "99", "群众评议")]
    facts.scores += [given("2026-11", "P3", "100", "monthly"), given("2026-09", "P3", "0", "monthly")]
    # P1: 0.8 × 92.75 + 8 + 7.015 = 89.215; P2: 8.8; P3: 80
    assert order("citizens", facts) == ["P1 1 89.22 0 0", "W 1 0 0 0", "P3 2 80 0 0", "P2 3 8.8 0 0", "P4 4 0 0 0"]


def test_citizens_shortlist_and_awards() -> None:
    people = {f"P{n:02d}": f"W{n:02d}" for n in range(1, 16)}
    facts = Facts(on("2027-01-01"), posted("2026-10-01", "2026-12-31", **people))
    for n, person in enumerate(people, 1):
        points = {6: 5, 11: 10, 14: 13}.get(n, n)  # ties at the last place
        facts.scores.append(given("2026-10", person, str(100 - points), "monthly"))
        facts.scores.append(given("2026-10", f"W{n:02d}", str(100 - {9: 8}.get(n, n)), "monthly", "window"))
    rows = outcomes("citizens", facts)
    found = {
        (kind, what): sorted(row[2] for row in rows if row[1] == kind and row[3] == what)
        for kind in ("person", "window")
        for what in ("award", "shortlisted")
    }
    assert found["window", "award"] == [f"W{n:02d}" for n in range(1, 6)]
    assert found["window", "shortlisted"] == [f"W{n:02d}" for n in range(1, 10)]
    assert found["person", "award"] == [f"P{n:02d}" for n in range(1, 12)]
    assert found["person", "shortlisted"] == [f"P{n:02d}" for n in range(1, 15)]
    assert ("2026-Q4", "person", "P14", "shortlisted", "13", "proposed") in rows


@pytest.mark.parametrize(
    ("pack", "outcome", "kind", "places"),
    [
        ("yihuang", "award", "window", 5),
        ("tianyang", "award", "window", 3),
        ("tongshan", "award", "window", 8),
        ("tongshan", "award", "person", 20),
        ("citizens", "award", "window", 5),
        ("citizens", "award", "person", 10),
        ("citizens", "shortlisted", "window", 8),
        ("citizens", "shortlisted", "person", 13),
    ],
)
def test_every_award_has_its_number_of_places(pack: str, outcome: str, kind: str, places: int) -> None:
    people = {f"P{n:02d}": f"W{n:02d}" for n in range(1, 25)}
    first, period = ("2026-12-01", "2026-12") if pack == "yihuang" else ("2026-10-01", "2026-Q4")
    facts = Facts(on("2027-01-01"), posted(first, "2026-12-31", **people))
    for n, (person, window) in enumerate(people.items(), 1):
        facts.violations += some(n, person, "late", "2026-12", window)
    rows = [row for row in outcomes(pack, facts) if row[:2] == (period, kind) and row[3] == outcome]
    assert sorted(row[2] for row in rows) == sorted(f"{kind[0].upper()}{n:02d}" for n in range(1, places + 1))


def test_a_violation_is_counted_in_its_own_quarter() -> None:
    facts = october(violations=[breach("2026-09-30", "P1", "games")], P1="W")
    facts.posted[on("2026-09-30")] = {"P1": "V"}
    assert facts.periods(quarter_of) == ["2026-Q3", "2026-Q4"]
    rows = outcomes("changxing", facts)
    assert {row[0] for row in rows} == {"2026-Q3"}
