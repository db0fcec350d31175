"""What violations cost, scores with their caps, and tallies."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from punchsync.core.charge import charge
from punchsync.core.rules import Pack
from punchsync.core.score import Score, scores
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation
from punchsync.core.wanted import Wanted, price

from .build import LATER, YIHUANG, day, hall, incident, leave, month, posting, sums

GOOD = "08:25 12:01 14:25 17:31"


def violation(kind: str, *, person: str = "P1", warned: bool = False) -> Violation:
    return Violation("v1", day(), person, 1, kind, "公安", "公安局", 0, "incident", 2, 0, warned)


def wanted(v: Violation, pack: Pack = YIHUANG) -> list[Wanted]:
    """The entries that one violation asks for."""
    return price(charge([v], (), pack), pack).wanted


def test_an_entry_names_its_cause_account_period_rule_and_article() -> None:
    assert wanted(violation("late")) == [
        Wanted(
            f"v1@{kind}:{id}/{category}", kind, id, category, "2026-11", Decimal("-0.5"), "迟到、早退",
            "考评办法 (三)1; 先进个人 三3(2)(3)", day(),
        )
        for kind, id, category in (("person", "P1", "勤"), ("window", "公安", "文明服务"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "warned", "expected"),
    [
        ("late", False, {"P1 勤": "-0.5", "公安 文明服务": "-0.5"}),
        ("early", False, {"P1 勤": "-0.5", "公安 文明服务": "-0.5"}),
        ("absent_half_day", False, {"P1 勤": "-2.5", "公安 文明服务": "-2.5"}),
        ("off_post", False, {"P1 勤": "-2", "公安 文明服务": "-2"}),
        ("wandering", False, {"P1 勤": "-2", "公安 文明服务": "-2"}),
        ("games", False, {"P1 勤": "-2", "公安 文明服务": "-2"}),
        ("private_work", False, {"P1 勤": "-2"}),
        ("no_badge", False, {"P1 勤": "-0.5"}),
        ("no_badge", True, {"P1 勤": "-0.5", "公安 文明服务": "-2"}),
        ("missed_study", False, {"P1 勤": "-1", "P1 德·会议学习": "-5"}),
        ("missed_meeting", False, {"P1 德·会议学习": "-5"}),
        ("missed_weekly", False, {"P1 德·会议学习": "-5"}),
        ("missed_training", False, {"P1 德·会议学习": "-5"}),
        ("late_meeting", False, {}),
        ("proxy_punch", False, {}),
        ("window_empty", False, {}),
        ("retroactive_leave", False, {}),
    ],
)
def test_every_kind_costs_what_the_pack_says(kind: str, warned: bool, expected: dict[str, str]) -> None:
    found = {f"{w.account_id} {w.category}": str(w.points) for w in wanted(violation(kind, warned=warned))}

    assert found == expected


def test_a_window_s_own_violation_charges_no_person() -> None:
    item = replace(YIHUANG.items[0], kinds=frozenset({"window_empty"}))
    pack = replace(YIHUANG, items=(item,))

    assert [w.account_id for w in wanted(violation("window_empty", person=""), pack)] == ["公安"]


def test_a_rule_with_zero_points_makes_no_entry() -> None:
    zero = replace(YIHUANG.items[0].charges[0], points=Decimal(0))
    pack = replace(YIHUANG, items=(replace(YIHUANG.items[0], charges=(zero,)),))

    assert charge([violation("late")], (), pack) == []


@pytest.mark.parametrize(("first", "last", "count"), [(0, 0, 1), (1, 1, 0), (-1, -1, 0), (-1, 0, 1), (0, 1, 1)])
def test_an_item_charges_on_the_days_it_is_in_force_both_ends_included(first: int, last: int, count: int) -> None:
    item = replace(YIHUANG.items[0], charges=YIHUANG.items[0].charges[:1], first=day() + first, last=day() + last)

    assert len(charge([violation("late")], (), replace(YIHUANG, items=(item,)))) == count


@pytest.mark.parametrize(
    ("points", "score"), [("0", "30"), ("-0.5", "29.5"), ("-29.5", "0.5"), ("-30", "0"), ("-30.5", "0"), ("-99", "0")]
)
def test_a_score_never_falls_below_its_base_less_the_cap(points: str, score: str) -> None:
    sums = {("2026-11", "person", "P1", "勤"): Decimal(points)}

    found = scores(YIHUANG, [posting()], ["2026-11"], sums, day("2026-11-30"))

    assert found == [
        Score("2026-11", "person", "P1", "勤", Decimal(30), Decimal(points), Decimal(score)),
        Score("2026-11", "person", "P1", "德·会议学习", Decimal(10), Decimal(0), Decimal(10)),
        Score("2026-11", "window", "公安", "文明服务", Decimal(45), Decimal(0), Decimal(45)),
    ]


def test_only_who_is_posted_on_some_day_of_the_period_up_to_today_has_a_score() -> None:
    people = [posting(), posting("P2", "2026-11-20", "2026-11-20", window="税务", device="2"),
              posting("P3", "2026-10-31", "2026-10-31", window="工商", device="3")]  # fmt: skip

    found = [
        sorted({s.account_id for s in scores(YIHUANG, people, ["2026-11"], {}, day(today))})
        for today in ("2026-11-19", "2026-11-20")
    ]

    assert found == [["P1", "公安"], ["P1", "P2", "公安", "税务"]]


def test_nothing_is_charged_twice() -> None:
    rows = [incident("wandering", "10:00"), incident("missed_study", "10:30", id="I2")]

    found = month(hall("08:50 11:00", incidents=rows))

    causes = [w.cause for w in found.wanted]
    assert len(causes) == len(set(causes))
    assert sums(found) == {
        "P1 勤": Decimal("-6.5"), "P1 德·会议学习": Decimal(-5), "公安 文明服务": Decimal("-5.5"),
    }  # fmt: skip


def test_a_person_s_month_in_numbers() -> None:
    week = [posting(first="2026-11-09", last="2026-11-13")]
    rows = [
        leave("2026-11-10 am", "2026-11-10 pm", kind="personal", approvals="window_lead inspection"),
        leave("2026-11-11 pm", "2026-11-11 pm", id="L2"),
        leave("2026-11-12 am", "2026-11-12 am", id="L3", kind="sick", approvals="centre"),
        leave("2026-11-13 am", "2026-11-13 am", id="L4", kind="official", approvals="window_lead inspection"),
    ]
    case = hall("08:50 12:01 14:25 17:31", "2026-11-13 10:00", postings=week, leaves=rows)

    (found,) = month(case, "2026-11-13 10:00").tallies

    # Monday late but there; Tuesday on leave; Wednesday morning absent; Thursday absent (no certificate);
    # Friday morning on leave, the afternoon not known yet
    assert found == Tally("2026-11", "P1", 6, 1, 0, 0, 3, 1, 1, 2, 0, 1)


def test_leave_after_today_is_not_tallied_yet() -> None:
    week = [posting(first="2026-11-09", last="2026-11-13")]
    case = hall(GOOD, postings=week, leaves=[leave("2026-11-10 am", "2026-11-13 pm")])

    found = [month(case, as_of).tallies[0].leave_other for as_of in ("2026-11-09 23:59:59", LATER, "2026-11-30 00:00")]

    assert found == [0, 2, 8]
