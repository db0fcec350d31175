"""The runner of worked cases: what it makes of a case, and how it says what differs."""

from __future__ import annotations

from typing import Any

import pytest

from punchsync.core.moment import parse_day, parse_moment, show_moment
from punchsync.core.records import Bound
from punchsync.packs.case_schema import CasePart
from punchsync.packs.cases import Finding, loading, run
from punchsync.packs.scene import scene
from punchsync.packs.shelf import shipped

GOOD = "08:25 14:25"
DAY = "2026-11-09"


def case(**more: Any) -> CasePart:
    """A case of one working day on which 甲 comes in time, and what else it has."""
    return CasePart.model_validate({"name": "某例", "days": {DAY: GOOD}, "expect": {}} | more)


def differences(pack: str, **more: Any) -> list[str]:
    """What is said of a case that runs under a shipped pack."""
    (found,) = run(loading(shipped()[pack]), (case(**more),))
    return list(found.differences)


def test_a_case_that_holds_has_no_differences() -> None:
    held = case(expect={"verdicts": ["normal", "normal"], "violations": [], "person": 0, "outcomes": []})

    assert run(loading(shipped()["tianyang"]), (held,)) == [Finding("某例", ())]


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ({"verdicts": ["late", "normal"]}, "打卡判定：应为 迟到、正常，判为 正常、正常"),
        ({"violations": []}, "违规：应为 无，判为 未佩证（督查）"),
        ({"person": 0}, "个人扣分：应为 0，判为 -0.2"),
        ({"window": -1}, "窗口扣分：应为 -1，判为 -2.2"),
        ({"others": {"乙": ["late punch"]}}, "乙 的违规：应为 迟到（打卡），判为 旷工半天（打卡）、旷工半天（打卡）"),
        ({"outcomes": ["talk 甲 2026-11"]}, "后果：应为 甲 2026-11 约谈，判为 无"),
        ({"ranking": ["2026-Q4 一号窗口 1"]}, "排名：应为 2026-Q4 一号窗口 第 1 名，判为 无"),
    ],
)
def test_a_difference_is_said_in_a_clerk_s_words(expect: dict[str, Any], said: str) -> None:
    incident = [{"kind": "no_badge", "at": f"{DAY} 10:00"}]

    assert differences("tianyang", incident=incident, person=[{"id": "乙"}], expect=expect) == [said]


def test_what_is_read_later_takes_entries_back() -> None:
    found = differences(
        "tianyang",
        days={DAY: "08:25"},
        expect={"person": "-0.5"},
        later={"days": {DAY: GOOD}, "expect": {"person": 0, "reversals": 1}},
    )

    assert found == ["补读之后，冲回的笔数：应为 1，判为 2"]


def test_a_case_brings_its_own_answers_and_what_it_does_not_answer_is_zero() -> None:
    late = {"days": {DAY: "08:31 12:00 14:00 17:30"}}

    assert differences("county", **late, expect={"person": 0}) == []
    assert differences("county", **late, answers={"late_points": "0.25"}, expect={"person": "-0.25"}) == []


@pytest.mark.parametrize(
    "more",
    [
        {"days": {}},
        {"days": {"2026-13-09": GOOD}},
        {"days": {DAY: "8:25"}},
        {"as_of": "2026-11-09"},
        {"leave": [{"kind": "sick", "start": "tomorrow", "end": DAY}]},
        {"calendar": {"9 Nov": "off"}},
    ],
)
def test_a_case_that_can_not_be_read_says_so(more: dict[str, Any]) -> None:
    (said,) = differences("tianyang", **more)

    assert said.startswith("实例读不懂：")


def test_a_case_with_an_interpretation_that_the_pack_lacks_says_so() -> None:
    (said,) = differences("tianyang", interpretations={"tianyang.night": "x"})

    assert "hall.interpretations.tianyang.night" in said


def test_everybody_is_posted_on_the_days_named_or_from_to_or_with_the_first() -> None:
    made = scene(
        case(
            person=[
                {"id": "乙"},
                {"id": "丙", "days": {"2026-11-10": GOOD}},
                {"id": "丁", "from": "2026-11-03", "to": "2026-11-05"},
            ]
        )
    )

    assert [(p.person, p.device_user_id, p.unit, p.first, p.last) for p in made.case.postings] == [
        ("甲", "1", "甲局", parse_day(DAY), parse_day(DAY)),
        ("乙", "2", "乙局", parse_day(DAY), parse_day(DAY)),
        ("丙", "3", "丙局", parse_day("2026-11-10"), parse_day("2026-11-10")),
        ("丁", "4", "丁局", parse_day("2026-11-03"), parse_day("2026-11-05")),
    ]
    assert (show_moment(made.as_of), made.months) == ("2026-11-11 12:00:00", ["2026-11"])


def test_usual_punches_are_of_the_other_working_days_as_far_as_they_are_read() -> None:
    made = scene(
        case(
            **{"from": "2026-11-05", "to": "2026-11-11"},
            days={"2026-11-06": "09:00"},
            every=GOOD,
            calendar={"2026-11-07": "work", "2026-11-09": "off"},
            read_through="2026-11-11 09:00",
        )
    )

    assert [show_moment(p.at)[5:16] for p in made.case.punches] == [
        "11-05 08:25", "11-05 14:25", "11-06 09:00", "11-07 08:25", "11-07 14:25", "11-10 08:25", "11-10 14:25",
        "11-11 08:25",
    ]  # fmt: skip


def test_a_date_alone_ends_at_midnight_and_halves_stay_halves() -> None:
    leave = [{"kind": "sick", "start": "2026-11-09 pm", "end": DAY}]

    (made,) = scene(case(leave=leave)).case.leaves

    assert made.start == Bound(parse_moment("2026-11-09 12:00"), "pm")
    assert made.end == Bound(parse_moment("2026-11-10 00:00"))


def test_a_roster_row_may_write_sessions_and_weekdays() -> None:
    roster = [
        {"from": DAY, "to": DAY, "shift": "09:00-12:00"},
        {"window": "一号窗口", "from": DAY, "to": DAY, "shift": "day", "days": "mon,sat"},
    ]

    one, other = scene(case(roster=roster)).case.rosters

    assert (one.person, one.shift, one.sessions, one.days) == ("甲", "", ((32_400, 43_200),), "")
    assert (other.person, other.window, other.shift, other.days) == ("", "一号窗口", "day", "weekdays")
    assert other.weekdays == {0, 5}
