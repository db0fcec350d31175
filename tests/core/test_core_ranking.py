"""Rankings and awards: order, ties, places, shares, who is barred or has no row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from punchsync.core.horizon import Horizon
from punchsync.core.outcome import Outcome, Rank, Standing
from punchsync.core.outcome_rules import Ranking, Share
from punchsync.core.ranking import awards, rank
from punchsync.core.records import Posting
from punchsync.core.rules import Pack
from punchsync.core.score import Score

from .build import day, posting
from .rulebook import ARTICLE, book, said

MONTHS = [f"2026-{m:02d}" for m in range(1, 13)]
WINDOWS = Ranking(**said("windows"), subject="window", period="month", places=5)
PEOPLE = Ranking(
    **said("people"), subject="person", period="quarter", places=10, by_months=True, posted_throughout=True
)
SHARES = (
    Share("monthly", Decimal("0.8"), True), Share("peer", Decimal("0.1"), False), Share("panel", Decimal("0.1"), False)
)  # fmt: skip


def windows(*names: str) -> list[Posting]:
    return [posting(f"P{n}", "2026-11-01", "2026-11-30", window=name, device=str(n)) for n, name in enumerate(names, 1)]


def own(account: str, points: str, period: str = "2026-11", kind: str = "window") -> Score:
    return Score(period, kind, account, "文明服务", Decimal(45), Decimal(points) - 45, Decimal(points))


def given(account: str, category: str, points: str, period: str, kind: str = "person") -> Score:
    return Score(period, kind, account, category, Decimal(0), Decimal(points), Decimal(points), given=True)


def ranked(
    pack: Pack, scores: Iterable[Score], postings: Sequence[Posting], standings: Iterable[Standing] = (), *,
    certain: Iterable[str] = MONTHS, today: str = "2026-12-01", barred: Iterable[tuple[str, str, str]] = (),
) -> list[Rank]:  # fmt: skip
    return rank(pack, Horizon(postings, set(certain), day(today)), scores, standings, set(barred))


def test_the_highest_score_is_first_then_fewest_violations_then_fewest_seconds() -> None:
    scores = [own("甲", "45"), own("乙", "44.5"), own("丙", "44.5"), own("丁", "44.5")]
    standings = [Standing("2026-11", ("window", "乙"), 1, 900), Standing("2026-11", ("window", "丙"), 1, 600),
                 Standing("2026-11", ("window", "丁"), 2, 0), Standing("2026-10", ("window", "丙"), 9, 9)]  # fmt: skip

    found = ranked(book(rankings=(WINDOWS,)), scores, windows("甲", "乙", "丙", "丁"), standings)

    assert found == [
        Rank("2026-11", "window", "甲", 1, Fraction(45), 0, 0, "windows"),
        Rank("2026-11", "window", "丙", 2, Fraction("44.5"), 1, 600, "windows"),
        Rank("2026-11", "window", "乙", 3, Fraction("44.5"), 1, 900, "windows"),
        Rank("2026-11", "window", "丁", 4, Fraction("44.5"), 2, 0, "windows"),
    ]


def test_without_points_the_fewest_violations_are_first() -> None:
    standings = [Standing("2026-11", ("window", "甲"), 2, 0), Standing("2026-11", ("window", "乙"), 1, 5)]

    found = ranked(book(rankings=(WINDOWS,)), [], windows("甲", "乙", "丙"), standings)

    assert [(r.subject_id, r.rank, r.score) for r in found] == [
        ("丙", 1, Fraction(0)),
        ("乙", 2, Fraction(0)),
        ("甲", 3, Fraction(0)),
    ]


def test_equals_share_a_rank_and_the_next_is_skipped_and_all_within_the_places_are_awarded() -> None:
    names = "甲乙丙丁戊己庚"
    points = ["45", "44", "44", "43", "42", "42", "41"]
    pack = book(rankings=(WINDOWS,))

    found = ranked(pack, [own(n, p) for n, p in zip(names, points, strict=True)], windows(*names))

    assert sorted((r.rank, r.subject_id) for r in found) == sorted(zip((1, 2, 2, 4, 5, 5, 7), names, strict=True))
    assert awards(pack, found) == [
        Outcome("2026-11", "window", r.subject_id, "award", Decimal(r.rank), "windows", ARTICLE)
        for r in found if r.rank <= 5
    ]  # fmt: skip
    assert len(awards(pack, found)) == 6


def test_the_places_are_those_of_the_version_in_force_when_the_period_ended() -> None:
    old, new = replace(WINDOWS, last=day("2026-11-30")), replace(WINDOWS, first=day("2026-12-01"), places=0)
    ranks = [Rank("2026-11", "window", "甲", 1, Fraction(45), 0, 0, "windows")]

    assert [o.outcome for o in awards(book(rankings=(old, new)), ranks)] == ["award"]


@pytest.mark.parametrize(("places", "shortlist", "outcomes"), [
    (0, 0, []), (0, 1, ["shortlisted"]), (1, 0, ["award"]), (1, 2, ["shortlisted", "award", "shortlisted"]),
])  # fmt: skip
def test_a_ranking_without_places_awards_nothing_and_a_shortlist_is_an_outcome_of_its_own(
    places: int, shortlist: int, outcomes: list[str]
) -> None:
    rule = Ranking(**said("windows"), subject="window", period="month", places=places, shortlist=shortlist)
    ranks = [Rank("2026-11", "window", name, n, Fraction(0), 0, 0, "windows") for n, name in enumerate("甲乙丙", 1)]

    assert [o.outcome for o in awards(book(rankings=(rule,)), ranks)] == outcomes


@pytest.mark.parametrize(
    ("today", "certain", "count"),
    [("2026-11-30", ["2026-11"], 0), ("2026-12-01", ["2026-11"], 1), ("2026-12-01", ["2026-10"], 0)],
)
def test_a_month_is_ranked_when_it_is_over_and_nothing_of_it_is_unknown(
    today: str, certain: list[str], count: int
) -> None:
    found = ranked(book(rankings=(WINDOWS,)), [own("甲", "45")], windows("甲"), certain=certain, today=today)

    assert len(found) == count


@pytest.mark.parametrize(("first", "last", "count"), [
    ("2026-11-30", "9999-12-31", 1), ("2026-12-01", "9999-12-31", 0), ("2026-01-01", "2026-11-29", 0),
    ("2026-01-01", "2026-11-30", 1),
])  # fmt: skip
def test_the_rules_in_force_on_the_period_s_last_day_rank_it(first: str, last: str, count: int) -> None:
    rule = Ranking(**said("windows"), subject="window", period="month", places=5, first=day(first), last=day(last))

    assert len(ranked(book(rankings=(rule,)), [], windows("甲"))) == count


def quarter(*people: Posting, barred: Iterable[tuple[str, str, str]] = ()) -> list[Rank]:
    scores = [
        own(p.person, points, m, "person")
        for p in people
        for m, points in zip(("2026-10", "2026-11", "2026-12"), ("30", "29.5", "30"), strict=True)
    ]
    return ranked(book(rankings=(PEOPLE,)), scores, people, today="2027-01-01", barred=barred)


def test_people_are_ranked_by_the_exact_mean_of_their_months() -> None:
    assert quarter(posting("P1", "2026-10-01", "2026-12-31")) == [
        Rank("2026-Q4", "person", "P1", 1, Fraction("89.5") / 3, 0, 0, "people")
    ]


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("2026-10-01", "2026-12-31", 1), ("2026-10-02", "2026-12-31", 0), ("2026-10-01", "2026-12-30", 0),
     ("2026-09-30", "9999-12-31", 1)],
)  # fmt: skip
def test_only_who_was_posted_on_every_day_of_the_quarter_is_ranked(first: str, last: str, count: int) -> None:
    assert len([r for r in quarter(posting("P1", first, last)) if r.period == "2026-Q4"]) == count


def test_a_posting_that_moves_to_another_window_without_a_gap_is_continuous() -> None:
    one = posting("P1", "2026-10-01", "2026-11-09")
    moved = [posting("P1", "2026-11-10", "2026-12-31", window="税务"), posting("P1", "2026-11-11", "2026-12-31")]

    assert [len(quarter(one, other)) for other in moved] == [1, 0]


def test_whoever_is_barred_has_no_row_of_that_period_and_the_next_takes_the_rank() -> None:
    people = [posting("P1", "2026-07-01", "2026-12-31"), posting("P2", "2026-07-01", "2026-12-31", device="2")]
    barred = [("2026-Q4", "person", "P1"), ("2026", "person", "P2"), ("2026-Q4", "window", "P2")]

    found = [(r.period, r.subject_id, r.rank) for r in quarter(*people, barred=barred)]

    assert found == [("2026-Q3", "P1", 1), ("2026-Q3", "P2", 1), ("2026-Q4", "P2", 1)]


def test_a_barred_window_has_no_row() -> None:
    found = ranked(book(rankings=(WINDOWS,)), [], windows("甲", "乙"), barred=[("2026-11", "window", "甲")])

    assert [(r.subject_id, r.rank) for r in found] == [("乙", 1)]


def test_a_month_before_anybody_came_keeps_no_longer_period_waiting() -> None:
    people = [posting("P1", "2026-12-01", "2026-12-31")]
    rule = Ranking(**said("people"), subject="person", period="quarter", places=10)

    found = ranked(book(rankings=(rule,)), [], people, certain=["2026-12"], today="2027-01-01")

    assert [(r.period, r.subject_id) for r in found] == [("2026-Q4", "P1")]


def test_what_others_gave_for_exactly_that_period_adds_to_the_total() -> None:
    scores = [
        own("甲", "44"),
        own("乙", "45"),
        given("甲", "评议", "2", "2026-11", "window"),
        given("乙", "评议", "50", "2026-Q4", "window"),
        given("乙", "评议", "-0.5", "2026-11", "window"),
    ]

    found = ranked(book(rankings=(WINDOWS,)), scores, windows("甲", "乙"))

    assert [(r.subject_id, r.rank, r.score) for r in found] == [("甲", 1, 46), ("乙", 2, Fraction("44.5"))]


def test_a_ranking_by_months_takes_what_others_gave_for_the_months() -> None:
    rule = Ranking(**said("people"), subject="person", period="quarter", places=10, by_months=True)
    scores = [own("P1", "30", "2026-10", "person"), given("P1", "评议", "3", "2026-10"),
              own("P1", "30", "2026-11", "person"), given("P1", "评议", "99", "2026-Q4")]  # fmt: skip

    (found,) = ranked(book(rankings=(rule,)), scores, [posting("P1", "2026-10-01", "2026-12-31")], today="2027-01-01")

    assert found.score == Fraction("31.5")


@pytest.mark.parametrize(
    ("rows", "score"),
    [
        ([("monthly", "90", "2026-10"), ("monthly", "91", "2026-11"), ("monthly", "91", "2026-12"),
          ("peer", "80", "2026-Q4"), ("panel", "70", "2026-Q4")], Fraction(272, 3) * Fraction("0.8") + 15),
        ([("monthly", "90", "2026-11")], Fraction(72)),  # the mean is over the months that have a row
        ([("peer", "80", "2026-Q4")], Fraction(8)),
        ([("peer", "80", "2026-11"), ("monthly", "90", "2026-Q4"), ("other", "50", "2026-Q4")], Fraction(0)),
        ([], Fraction(0)),
    ],
)  # fmt: skip
def test_a_ranking_by_shares_weighs_what_others_gave(rows: list[tuple[str, str, str]], score: Fraction) -> None:
    rule = Ranking(**said("people"), subject="person", period="quarter", places=10, shares=SHARES)
    scores = [given("P1", *row) for row in rows] + [own("P1", "45", "2026-Q4", "person")]

    found = ranked(book(rankings=(rule,)), scores, [posting("P1", "2026-10-01", "2026-12-31")], today="2027-01-01")

    assert found == [Rank("2026-Q4", "person", "P1", 1, score, 0, 0, "people")]


def test_without_rankings_or_anybody_there_is_nothing_to_rank() -> None:
    assert (ranked(book(), [], windows("甲")), ranked(book(rankings=(WINDOWS,)), [], [])) == ([], [])
