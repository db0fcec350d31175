"""Who was at a window when: what sign-ins and sign-outs tell, and what they leave unknown."""

from __future__ import annotations

import pytest

from punchsync.core.judge import Required, Verdict
from punchsync.core.moment import HOUR, MINUTE
from punchsync.core.staffing import Level, Stay, elsewhere, levels, only, stays
from punchsync.core.timetable import plan_day

START, END = 8 * HOUR + 30 * MINUTE, 12 * HOUR
PLAN = plan_day(0, [(START, END)], frozenset({"in", "out"}))
WHOLE = {1: Required([(START, END)], [])}


def said(came: str, at: int | None, went: str, gone: int | None) -> list[Verdict]:
    return [
        Verdict(0, "p", 1, "in", START, at, "T1", came, 0),
        Verdict(0, "p", 1, "out", END, gone, "T1", went, 0),
    ]


@pytest.mark.parametrize(
    ("verdicts", "seen", "expected"),
    [
        (said("normal", 8 * HOUR, "normal", END + 60), END, [(START, END, "in")]),
        (said("late", 9 * HOUR, "early", 11 * HOUR), END,
         [(START, 9 * HOUR, "out"), (9 * HOUR, 11 * HOUR, "in"), (11 * HOUR, END, "out")]),
        (said("missing", None, "missing", None), END, [(START, END, "out")]),
        (said("missing", None, "normal", END), END, [(START, END, "unknown")]),
        (said("normal", START, "missing", None), END, [(START, END, "unknown")]),
        (said("normal", START, "pending", None), 10 * HOUR, [(START, 10 * HOUR, "in"), (10 * HOUR, END, "unknown")]),
        (said("pending", None, "pending", None), 0, [(START, END, "unknown")]),
        (said("unverified", 9 * HOUR, "normal", END), END, [(START, 9 * HOUR, "unknown"), (9 * HOUR, END, "in")]),
        (said("unverified", None, "unverified", None), END, [(START, END, "unknown")]),
        ([], END, [(START, END, "unknown")]),
    ],
)  # fmt: skip
def test_a_session_by_its_sign_in_and_sign_out(
    verdicts: list[Verdict], seen: int, expected: list[tuple[int, int, str]]
) -> None:
    assert stays(PLAN, WHOLE, verdicts, seen, END) == [Stay(*row) for row in expected]


def test_leave_is_away_and_what_is_still_to_come_is_left_out() -> None:
    left = {1: Required([(START, 10 * HOUR)], [])}

    found = stays(PLAN, left, said("normal", START, "normal", 10 * HOUR), END, 11 * HOUR)
    assert found == [Stay(START, 10 * HOUR, "in"), Stay(10 * HOUR, 11 * HOUR, "away")]
    assert stays(PLAN, {1: Required([], [])}, [], END, END) == [Stay(START, END, "away")]


def test_who_stands_in_elsewhere_is_there_and_not_here() -> None:
    mine = [Stay(START, END, "in")]

    assert elsewhere(mine, [(9 * HOUR, 10 * HOUR)]) == [
        Stay(START, 9 * HOUR, "in"), Stay(9 * HOUR, 10 * HOUR, "away"), Stay(10 * HOUR, END, "in"),
    ]  # fmt: skip
    assert only(mine, [(9 * HOUR, 10 * HOUR)]) == [Stay(9 * HOUR, 10 * HOUR, "in")]


def test_a_window_is_empty_only_while_everybody_is_known_to_be_away() -> None:
    found = levels([
        [Stay(0, 10, "in"), Stay(10, 30, "out"), Stay(40, 50, "out")],
        [Stay(0, 20, "away"), Stay(20, 30, "unknown"), Stay(40, 50, "away")],
    ])  # fmt: skip

    assert found == [
        Level(0, 10, 1, 0, 1, 0),
        Level(10, 20, 0, 0, 1, 1),
        Level(20, 30, 0, 1, 0, 1),
        Level(40, 50, 0, 0, 1, 1),
    ]
    assert [x.state for x in found] == ["staffed", "empty", "unknown", "empty"]
