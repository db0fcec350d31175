"""Contradictions between records, after an import."""

from __future__ import annotations

from punchsync.intake.cross import cross
from punchsync.intake.kinds import KINDS
from punchsync.intake.problem import Problem

from .examples import CANONICAL


def staff(person: str, first: str, last: str, **change: str) -> tuple[str, dict[str, str]]:
    body = CANONICAL["staff"] | {
        "person_id": person, "from": first, "to": last, "device_user_id": person, "withdrawn": "", **change
    }  # fmt: skip
    return KINDS["staff"].key_of(body), body


def device(terminal: str, number: str, person: str, first: str, last: str) -> tuple[str, dict[str, str]]:
    body = CANONICAL["device"] | {
        "terminal_id": terminal, "device_user_id": number, "person_id": person, "from": first, "to": last
    }  # fmt: skip
    return KINDS["device"].key_of(body), body


def test_postings_of_one_person_that_overlap_are_a_problem_of_the_new_row() -> None:
    old, new = staff("1", "2026-01-01", ""), staff("1", "2026-03-01", "2026-04-01")

    assert cross("staff", dict([old, new]), name="s.csv", places={new[0]: 7}) == [
        Problem(
            "s.csv",
            7,
            "起",
            "1 在 2026-03-01 有两个岗位",
            "一个人同一天只有一个岗位",
            "核对起止日期，或作废其中一条：1 2026-01-01 至 今后",
        )
    ]


def test_postings_that_only_touch_are_fine() -> None:
    merged = dict([staff("1", "2026-01-01", "2026-02-28"), staff("1", "2026-03-01", "")])

    assert cross("staff", merged) == []


def test_one_device_user_id_for_two_people_on_one_day_is_a_problem() -> None:
    merged = dict([staff("1", "2026-01-01", "2026-03-01"), staff("2", "2026-03-01", "", device_user_id="1")])

    assert [p.found for p in cross("staff", merged)] == ["考勤号 1 在 2026-03-01 同属 1 和 2"]


def test_device_user_ids_are_compared_as_text_and_empty_ones_not_at_all() -> None:
    merged = dict(
        [
            staff("1", "2026-01-01", ""),
            staff("2", "2026-01-01", "", device_user_id="01"),
            staff("3", "2026-01-01", "", device_user_id=""),
            staff("4", "2026-01-01", "", device_user_id=""),
        ]
    )

    assert cross("staff", merged) == []


def test_one_window_name_in_two_units_at_a_time_is_a_problem() -> None:
    merged = dict([staff("1", "2026-01-01", "2026-03-01"), staff("2", "2026-03-01", "", unit="税务局")])

    assert [(p.column, p.found) for p in cross("staff", merged)] == [
        ("窗口", "窗口「公安」在 2026-03-01 同属 公安局 和 税务局")
    ]


def test_a_window_may_move_to_another_unit() -> None:
    merged = dict([staff("1", "2026-01-01", "2026-02-28"), staff("2", "2026-03-01", "", unit="税务局")])

    assert cross("staff", merged) == []


def test_withdrawn_records_contradict_nobody() -> None:
    merged = dict([staff("1", "2026-01-01", ""), staff("1", "2026-03-01", "", withdrawn="2026-05-01 00:00:00")])

    assert cross("staff", merged) == []


def test_rows_of_one_terminal_are_held_against_each_other_only() -> None:
    merged = dict(
        [
            device("T1", "7", "1", "2026-01-01", ""),
            device("T2", "7", "2", "2026-01-01", ""),
            device("", "7", "3", "2026-01-01", ""),
            device("T1", "7", "1", "2026-02-01", ""),
            device("T1", "8", "1", "2026-02-01", ""),
        ]
    )

    assert cross("device", merged) == []


def test_a_long_row_that_ends_before_is_not_forgotten_for_a_short_one() -> None:
    merged = dict(
        [
            device("T1", "7", "1", "2026-01-01", "2026-12-31"),
            device("T1", "7", "1", "2026-02-01", "2026-02-02"),
            device("T1", "7", "2", "2026-05-01", ""),
        ]
    )

    assert [p.found for p in cross("device", merged)] == ["考勤机 T1：考勤号 7 在 2026-05-01 同属 1 和 2"]


def test_other_kinds_ask_nothing_of_each_other() -> None:
    assert cross("leave", {"L1": CANONICAL["leave"]}) == []
