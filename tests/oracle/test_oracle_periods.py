"""Outcomes and rankings of the literal judge on facts made by hand, the expected rows worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from .facts import Duty, Facts, two_places
from .given import exported, imported, random_scores
from .made import given, october, on, order, own, posted, said, some
from .periods import outcomes, ranking
from .ranks import RANKED
from .records import Site

# numbers, periods


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (Fraction(395, 10), "39.5"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.67"),
        (Fraction(12345, 1000), "12.35"),
        (Fraction(12344, 1000), "12.34"),
        (Fraction(-5, 1000), "0"),
        (Fraction(100), "100"),
    ],
)
def test_two_places_half_up_without_trailing_zeros(score: Fraction, text: str) -> None:
    assert two_places(score) == text


def test_a_period_is_over_on_the_day_after_its_last() -> None:
    for as_of, expected in (("2026-10-31", 0), ("2026-11-01", 1)):
        assert len(ranking("tongshan", october(as_of, P1="W"))) == 2 * expected


def test_one_unknown_session_of_anybody_holds_the_month_back() -> None:
    facts = october(P1="W", P2="W")
    facts.duties = [Duty(on("2026-10-31"), "P2", 2, known=False)]
    assert not ranking("tongshan", facts)
    assert not outcomes("tongshan", facts)
    assert (facts.person_known("P1", "2026-10"), facts.person_known("P2", "2026-10")) == (True, False)
    facts.duties = [Duty(on("2026-11-01"), "P2", 1, known=False)]
    assert len(ranking("tongshan", facts)) == 3


def test_packs_without_rankings_and_outcomes() -> None:
    rows = some(9, "P1", "late") + some(9, "P1", "absent_half_day")
    for pack in ("county", "ninetofive", "pinghu", "bureau"):
        facts = october(violations=list(rows), P1="W")
        assert not ranking(pack, facts)
        assert not outcomes(pack, facts)
    assert len(RANKED) == 10


# yihuang


def test_yihuang_windows_monthly_first_five_with_ties_at_the_last_place() -> None:
    names = ["A", "B", "C", "D", "E", "F", "G"]
    facts = october(PA="A", PB="B", PC="C", PD="D", PE="E", PF="F", PG="G")
    lost = {"A": "0", "B": "-1", "C": "-1", "D": "-3", "E": "-4", "F": "-4", "G": "-4.5"}
    facts.scores = [own("2026-10", name, "45", lost[name], "文明服务", "window") for name in names]
    facts.scores.append(own("2026-09", "A", "45", "-45", "文明服务", "window"))
    assert order("yihuang", facts) == [
        "A 1 45 0 0",
        "B 2 44 0 0",
        "C 2 44 0 0",
        "D 4 42 0 0",
        "E 5 41 0 0",
        "F 5 41 0 0",
        "G 7 40.5 0 0",
    ]
    assert said(outcomes("yihuang", facts)) == [
        "2026-10 A award 1",
        "2026-10 B award 2",
        "2026-10 C award 2",
        "2026-10 D award 4",
        "2026-10 E award 5",
        "2026-10 F award 5",
    ]


def test_yihuang_equal_scores_go_by_violations_then_seconds() -> None:
    facts = october(PA="A", PB="B", PC="C", violations=some(2, "PA", "late", window="A", seconds=600))
    facts.violations += some(1, "PB", "late", window="B", seconds=900) + some(1, "PC", "late", window="C", seconds=800)
    assert order("yihuang", facts) == ["C 1 0 1 800", "B 2 0 1 900", "A 3 0 2 1200"]


def test_yihuang_people_by_the_mean_of_their_months_posted_throughout() -> None:
    days = posted("2026-07-01", "2026-09-30", P1="W", P2="W", P3="W")
    del days[on("2026-08-15")]["P3"]
    facts = Facts(on("2026-10-01"), days)
    for month, points in (("2026-07", "-0.5"), ("2026-08", "-0.5"), ("2026-09", "0")):
        facts.scores += [own(month, "P1", "30", points), own(month, "P1", "10", "0", "德·会议学习")]
        facts.scores += [own(month, "P2", "30", "0"), own(month, "P2", "10", "0", "德·会议学习")]
    facts.scores.append(given("2026-09", "P1", "2"))
    facts.scores.append(given("2026-Q3", "P2", "50"))  # not a row of a month
    # (39.5 + 39.5 + 42) / 3 = 40.333…
    assert order("yihuang", facts, "2026-Q3") == ["P1 1 40.33 0 0", "P2 2 40 0 0"]
    assert said(outcomes("yihuang", facts))[-2:] == ["2026-Q3 P1 award 1", "2026-Q3 P2 award 2"]


def test_yihuang_places_of_the_quarter_and_the_year_and_the_bar() -> None:
    people = {f"P{n:02d}": "W" for n in range(1, 19)}
    facts = Facts(on("2027-01-01"), posted("2026-01-01", "2026-12-31", **people))
    for n, person in enumerate(people):
        facts.scores.append(own("2026-11", person, "30", f"-{n}"))
    leave = {("P01", "personal"): 41, ("P02", "personal"): 40, ("P02", "sick"): 60, ("P03", "sick"): 61}
    facts.leave_half_days = lambda person, kind, period: leave.get((person, kind), 0) if period == "2026" else 0
    rows = outcomes("yihuang", facts)
    assert said(rows, "award_barred") == ["2026 P01 award_barred 20.5", "2026 P03 award_barred 30.5"]
    quarter = [row for row in rows if row[0] == "2026-Q4" and row[3] == "award"]
    assert sorted(row[2] for row in quarter) == [f"P{n:02d}" for n in range(1, 11)]
    year = [row for row in rows if row[0] == "2026" and row[3] == "award"]
    assert sorted(row[2] for row in year) == ["P02", *[f"P{n:02d}" for n in range(4, 18)]]


# tongshan


def test_tongshan_talk_the_last_two_and_ties_with_the_second() -> None:
    facts = october(P1="W", P2="W", P3="W", P4="X", P5="X")
    facts.violations = some(3, "P1", "late") + some(2, "P2", "late", seconds=60) + some(2, "P3", "late", seconds=60)
    facts.violations += some(2, "P4", "late", window="X", seconds=59)
    assert said(outcomes("tongshan", facts), "talk") == [
        "2026-10 P1 talk 3",
        "2026-10 P2 talk 2",
        "2026-10 P3 talk 2",
        "2026-10 W talk 7",
        "2026-10 X talk 2",
    ]


def test_tongshan_talk_when_all_tie_when_one_has_any_and_when_none() -> None:
    facts = october(P1="W", P2="W", P3="W", P4="X")
    facts.violations = some(1, "P1", "late") + some(1, "P2", "late") + some(1, "P3", "late")
    assert said(outcomes("tongshan", facts), "talk") == [
        "2026-10 P1 talk 1",
        "2026-10 P2 talk 1",
        "2026-10 P3 talk 1",
        "2026-10 W talk 3",
    ]
    assert said(outcomes("tongshan", october(P1="W", P2="X"))) == []


def test_tongshan_replace_after_three_months_running() -> None:
    facts = Facts(on("2027-02-28"), posted("2026-10-01", "2027-02-28", P1="W", P2="W", P3="W"))
    for month in ("2026-10", "2026-11", "2026-12", "2027-01"):
        facts.violations += some(3, "P1", "late", month)
    facts.violations += some(1, "P2", "late", "2026-10") + some(1, "P2", "late", "2026-12")
    facts.violations += some(4, "P3", "late", "2027-01")
    assert said(outcomes("tongshan", facts), "replace_person") == [
        "2026-12 P1 replace_person 3",
        "2027-01 P1 replace_person 3",
    ]
    facts.duties = [Duty(on("2026-11-03"), "P3", 1, known=False)]  # no talk in November
    assert said(outcomes("tongshan", facts), "replace_person") == []


def test_tongshan_awards_of_the_quarter_eight_windows_twenty_people() -> None:
    people = {f"P{n:02d}": f"W{n // 2:02d}" for n in range(24)}
    facts = Facts(on("2027-01-01"), posted("2026-10-01", "2026-12-31", **people))
    for n, (person, window) in enumerate(people.items()):
        facts.violations += some(min(n, 20), person, "late", window=window)
    rows = outcomes("tongshan", facts)
    assert [row[1:5] for row in rows if row[3] == "award" and row[2] in ("P19", "P20", "W07", "W08")] == [
        ("window", "W07", "award", "8"),
        ("person", "P19", "award", "20"),
    ]
    assert len([row for row in rows if row[3] == "award"]) == 28
    assert {row[0] for row in rows if row[3] == "award"} == {"2026-Q4"}
    assert {row[0] for row in ranking("tongshan", facts)} == {"2026-10", "2026-11", "2026-12", "2026-Q4"}


# what others give


def test_random_scores_have_one_row_per_key_and_known_subjects() -> None:
    staff = [{"person_id": f"P{n}", "window": "W", "from": "2026-07-05", "to": ""} for n in range(4)]
    site = Site({"staff": staff}, as_of="2026-10-02 09:00:00")
    for pack in RANKED:
        rows = random_scores(Random(pack), site, pack)
        keys = [(r["period"], r["subject_type"], r["subject_id"], r["category"]) for r in rows]
        assert len(keys) == len(set(keys))
        assert {r["subject_id"] for r in rows} <= {"P0", "P1", "P2", "P3", "W"}
        site.tables["scores"] = rows
        assert len(imported(site)) == len([r for r in rows if not r.get("withdrawn")])
        assert all(row[4] == "0" and row[5] == row[6] for row in exported(imported(site)))


def test_of_one_key_the_last_row_stands_unless_withdrawn() -> None:
    row = {"period": "2026-Q4", "subject_type": "person", "subject_id": "P1", "category": "peer", "note": ""}
    old, new = row | {"points": "90"}, row | {"points": "80.50"}
    assert exported(imported(Site({"scores": [old, new]}))) == [
        ("2026-Q4", "person", "P1", "peer", "0", "80.5", "80.5")
    ]
    assert imported(Site({"scores": [old, new | {"withdrawn": "2026-10-01 00:00:00"}]})) == []
