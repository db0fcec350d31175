"""Outcomes and rankings: leave limits, ties, places, who is barred or has no row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from punchsync.core.excuse import Excuses
from punchsync.core.moment import show_day
from punchsync.core.outcome import Known, Outcome, Rank, Standing, awards, leave_limits, rank
from punchsync.core.period import days_of_month
from punchsync.core.records import Posting
from punchsync.core.score import Score
from punchsync.core.timetable import Timetables

from .build import YIHUANG, day, hall, leave, posting

YEAR = [posting(first="2026-01-01", last="2026-12-31")]
MONTHS = [f"2026-{m:02d}" for m in range(1, 13)]


def limits(half_days: int, kind: str, today: str = "2026-12-31", start: str = "2026-01-05") -> list[Outcome]:
    """The outcomes of a leave of so many half-days of working days, from a Monday on."""
    last_day = day(start) + (half_days - 1) // 2 % 5 + (half_days - 1) // 10 * 7
    row = leave(
        f"{start} am", f"{show_day(last_day)} {'am' if half_days % 2 else 'pm'}", kind=kind, certificate=True,
        approvals="unit_leader centre_leader",
    )  # fmt: skip
    case = hall(postings=YEAR, leaves=[row])
    excuses = Excuses(case, YIHUANG, Timetables(case, YIHUANG), day(today))
    assert excuses.standing(row).half_days == half_days
    return leave_limits(YIHUANG, excuses, YEAR, day(today))


@pytest.mark.parametrize(
    ("kind", "half_days", "count"),
    [("personal", 39, ""), ("personal", 40, ""), ("personal", 41, "20.5"), ("personal", 42, "21"), ("sick", 60, ""),
     ("sick", 61, "30.5"), ("annual", 70, "")],
)  # fmt: skip
def test_more_than_the_limit_of_leave_in_a_year_bars_from_awards(kind: str, half_days: int, count: str) -> None:
    says = {"personal": "全年私假超过 20 天，失去评先资格", "sick": "全年病假超过 30 天，失去评先资格"}

    found = limits(half_days, kind)

    assert found == [
        Outcome("2026", "person", "P1", "award_barred", Decimal(days), says[kind], "考勤制度 3")
        for days in count.split()
    ]


def test_leave_counts_up_to_today_that_day_whole() -> None:
    # 41 half-days from 5 January end on the morning of Monday 2 February
    found = [len(limits(41, "personal", today)) for today in ("2026-02-01", "2026-02-02", "2026-02-03")]

    assert found == [0, 1, 1]


def test_without_anybody_there_is_nothing_to_say() -> None:
    case = hall(postings=[])
    excuses = Excuses(case, YIHUANG, Timetables(case, YIHUANG), day())

    assert (leave_limits(YIHUANG, excuses, [], day()), rank(YIHUANG, Known([], [], set()), [], set(), day())) == (
        [],
        [],
    )


def windows(*names: str) -> list[Posting]:
    return [posting(f"P{n}", "2026-11-01", "2026-11-30", window=name, device=str(n)) for n, name in enumerate(names, 1)]


def score(account: str, points: str, period: str = "2026-11", kind: str = "window") -> Score:
    category = "文明服务" if kind == "window" else "勤"
    return Score(period, kind, account, category, Decimal(45), Decimal(points) - 45, Decimal(points))


def ranked(
    scores: Iterable[Score], standings: Iterable[Standing] = (), postings: Sequence[Posting] = (),
    certain: Iterable[str] = ("2026-11",), today: str = "2026-12-01", barred: Iterable[tuple[str, str, str]] = (),
) -> list[Rank]:  # fmt: skip
    known = Known(list(scores), list(standings), set(certain))
    return rank(YIHUANG, known, postings, set(barred), day(today))


def test_the_highest_score_is_first_then_fewest_violations_then_fewest_seconds() -> None:
    scores = [score("甲", "45"), score("乙", "44.5"), score("丙", "44.5"), score("丁", "44.5")]
    standings = [Standing("2026-11", ("window", "乙"), 1, 900), Standing("2026-11", ("window", "丙"), 1, 600),
                 Standing("2026-11", ("window", "丁"), 2, 0), Standing("2026-10", ("window", "丙"), 9, 9)]  # fmt: skip

    found = ranked(scores, standings, windows("甲", "乙", "丙", "丁"))

    assert [(r.subject_id, r.rank, r.violations, r.seconds) for r in found] == [
        ("甲", 1, 0, 0), ("丙", 2, 1, 600), ("乙", 3, 1, 900), ("丁", 4, 2, 0),
    ]  # fmt: skip


def test_equals_share_a_rank_and_the_next_is_skipped_and_all_within_the_places_are_awarded() -> None:
    names = "甲乙丙丁戊己庚"
    points = ["45", "44", "44", "43", "42", "42", "41"]

    found = ranked([score(n, p) for n, p in zip(names, points, strict=True)], (), windows(*names))

    assert sorted((r.rank, r.subject_id) for r in found) == sorted(zip((1, 2, 2, 4, 5, 5, 7), names, strict=True))
    assert [(o.subject_id, o.outcome, o.counted, o.rule, o.article) for o in awards(YIHUANG, found)] == [
        (r.subject_id, "award", Decimal(r.rank), "窗口每月评比，前五名为流动红旗窗口", "考评办法 五1")
        for r in found if r.rank <= 5
    ]  # fmt: skip
    assert len(awards(YIHUANG, found)) == 6


@pytest.mark.parametrize(
    ("today", "certain", "count"),
    [("2026-11-30", ["2026-11"], 0), ("2026-12-01", ["2026-11"], 1), ("2026-12-01", ["2026-10"], 0)],
)
def test_a_month_is_ranked_when_it_is_over_and_nothing_of_it_is_unknown(
    today: str, certain: list[str], count: int
) -> None:
    assert len(ranked([score("甲", "45")], (), windows("甲"), certain, today)) == count


def quarter(*people: Posting, barred: Iterable[tuple[str, str, str]] = (), today: str = "2027-01-01") -> list[Rank]:
    scores = [
        score(p.person, points, m, "person")
        for p in people
        for m, points in zip(("2026-10", "2026-11", "2026-12"), ("30", "29.5", "30"), strict=True)
    ]
    found = ranked(scores, (), people, MONTHS, today, barred)
    return [r for r in found if r.subject_type == "person"]


def test_people_are_ranked_by_the_exact_mean_of_their_months() -> None:
    (found,) = quarter(posting("P1", "2026-10-01", "2026-12-31"))

    mean = Fraction("89.5") / 3
    assert found == Rank("2026-Q4", "person", "P1", 1, mean, 0, 0, "people_quarter")


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


def test_whoever_is_barred_has_no_row_of_that_period() -> None:
    one = posting("P1", "2026-01-01", "2026-12-31")

    found = quarter(one, barred=[("2026", "person", "P1")])

    assert {r.period for r in found} == {"2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"}
    assert {r.period for r in quarter(one)} == {"2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"}


def test_a_month_before_anybody_came_keeps_no_longer_period_waiting() -> None:
    people = [posting("P1", "2026-12-01", "2026-12-31"), posting("P2", "2026-10-01", "2026-12-31", device="2")]
    found = ranked([], (), people, ["2026-10", "2026-11", "2026-12"], "2027-01-01")

    assert [(r.period, r.subject_id) for r in found if r.subject_type == "person"] == [("2026-Q4", "P2")]
    assert days_of_month("2026-12")[-1] == day("2026-12-31")


def test_places_of_people_are_ten_a_quarter_and_fifteen_a_year() -> None:
    ranks = [Rank(p, "person", f"P{n:02d}", n, 30, 0, 0, rule) for p, rule in
             (("2026-Q4", "people_quarter"), ("2026", "people_year")) for n in range(1, 20)]  # type: ignore[arg-type]  # fmt: skip

    found = awards(YIHUANG, ranks)

    assert [sum(o.period == p for o in found) for p in ("2026-Q4", "2026")] == [10, 15]
