"""Which punch serves which checkpoint: the five criteria, the minute between two, and every other assignment."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchsync.core.coverage import Terminals
from punchsync.core.judge import judge_day, on_time, required
from punchsync.core.match import Due, match
from punchsync.core.moment import MINUTE, show_clock
from punchsync.core.owners import punches_by_person
from punchsync.core.records import Punch
from punchsync.core.rules import Punctuality
from punchsync.core.timetable import DayPlan, plan_day

from .build import LATER, at, day, hall, paper, spans
from .rulebook import said


def seconds_of(late: int, early: int) -> Punctuality:
    return Punctuality(**said("punctuality"), late=late, early=early)


TEN, ONE = seconds_of(600, 600), seconds_of(1, 1)
EARLY_MORNING, MIDNIGHT = at("00:00"), at("23:59:59")


def due(kind: str, clock: str, opens: str = "00:00", shuts: str = "23:59:59") -> Due:
    return Due(kind, at(clock), at(opens), at(shuts))


def served(dues: list[Due], punched: str, rule: Punctuality = TEN) -> list[str | None]:
    found = match(dues, [at(clock) for clock in punched.split()], rule)
    return [None if m is None else show_clock(m % 86_400) for m in found]


MORNING = [due("in", "08:30", "05:30", "12:00"), due("out", "12:00", "08:30", "14:30")]
FOURSIGN = [due("out", "13:30", "10:00", "16:00"), due("in", "16:00", "13:30", "19:50")]


def test_first_few_unmatched_even_where_that_makes_one_early() -> None:
    assert served(MORNING, "08:25 11:00") == ["08:25:00", "11:00:00"]


def test_then_few_late_or_early_even_where_that_costs_more_seconds() -> None:
    dues = [due("out", "12:00"), due("in", "12:30")]

    # 599 s early and 599 s late, against 0 s and 659 s
    assert served(dues, "11:50:01 12:39:59 12:40:59") == ["11:50:01", "12:39:59"]


def test_then_few_seconds_late_and_early_however_far_from_due() -> None:
    assert served([due("out", "12:00")], "11:59 12:10") == ["12:10:00"]


def test_then_near_to_the_due_time() -> None:
    assert served([due("in", "08:30")], "08:00 08:25") == ["08:25:00"]


def test_then_the_earlier_checkpoint_has_it() -> None:
    dues = [due("out", "12:00"), due("in", "14:30")]

    assert served(dues, "13:15") == ["13:15:00", None]
    assert served(dues, "13:15:01") == [None, "13:15:01"]


@pytest.mark.parametrize(
    ("punched", "expected"),
    [
        ("13:31:00 13:31:59", ["13:31:00", None]),
        ("13:31:00 13:32:00", ["13:31:00", "13:32:00"]),
        ("13:31:00 13:32:01", ["13:31:00", "13:32:01"]),
        ("", [None, None]),
    ],
)
def test_two_punches_serve_two_checkpoints_from_a_minute_apart_on(punched: str, expected: list[str | None]) -> None:
    assert served(FOURSIGN, punched, ONE) == expected


def test_forty_seconds_between_two_punches_leave_the_second_session_unmatched() -> None:
    dues = [due("in", "10:00", "07:00", "13:30"), *FOURSIGN, due("out", "19:50", "16:00")]

    assert served(dues, "09:58 13:31:00 13:31:40 19:55", ONE) == [
        "09:58:00",
        "13:31:00",
        None,
        "19:55:00",
    ]


@pytest.mark.parametrize(
    ("punched", "expected"),
    [("05:29:59", None), ("05:30:00", "05:30:00"), ("05:30:01", "05:30:01"), ("11:59:59", "11:59:59"),
     ("12:00:00", "12:00:00"), ("12:00:01", None)],
)  # fmt: skip
def test_both_bounds_of_a_window_belong_to_it(punched: str, expected: str | None) -> None:
    assert served(MORNING[:1], punched) == [expected]


def test_a_punch_serves_one_checkpoint_and_order_is_kept() -> None:
    assert served([due("in", "10:00"), due("out", "09:00")], "08:00 11:00") == ["08:00:00", "11:00:00"]


def test_in_one_second_the_terminal_that_sorts_first_counts_and_paper_last() -> None:
    moment = at("08:30")
    taken = [Punch(terminal, "1", moment) for terminal in ("t2", "T2", "T3")] + [Punch("T1", "1", moment - 1)]
    signed = [paper("08:30"), paper("08:30:01")]

    found = punches_by_person(hall(punches=taken, papers=signed))["P1"]

    assert list(found.of(day()).items()) == [(moment - 1, "T1"), (moment, "T2"), (moment + 1, "paper")]


def best(dues: list[Due], punches: list[int], rule: Punctuality) -> list[int | None]:
    """Every assignment there is, judged by the text's five criteria."""
    never = 1 << 60

    def merit(chosen: tuple[int | None, ...]) -> tuple[int, int, int, int, tuple[int, ...]]:
        pairs = [(d, m) for d, m in zip(dues, chosen, strict=True) if m is not None]
        off = [max(0, m - d.due if d.kind == "in" else d.due - m) for d, m in pairs]
        bad = [s >= (rule.late if d.kind == "in" else rule.early) for (d, _), s in zip(pairs, off, strict=True)]
        order = tuple(never if m is None else m for m in chosen)
        return chosen.count(None), sum(bad), sum(off), sum(abs(m - d.due) for d, m in pairs), order

    def allowed(chosen: tuple[int | None, ...]) -> bool:
        times = [m for m in chosen if m is not None]
        inside = all(m is None or d.opens <= m <= d.shuts for d, m in zip(dues, chosen, strict=True))
        return inside and all(b - a >= 60 for a, b in pairwise(times))

    none: list[int | None] = [None]
    return list(
        min(
            (c for c in product([*none, *punches], repeat=len(dues)) if allowed(tuple(c))),
            key=lambda c: merit(tuple(c)),
        )
    )


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Due], list[int], Punctuality]:
    """A day's due checkpoints, some moved or excused, and punches close to them and to each other."""
    text = draw(
        st.sampled_from(
            ["08:30-12:00 14:30-17:30", "10:00-13:30 16:00-19:50", "09:00-17:00", "11:00-12:00 12:30-13:00"]
        )
    )
    plan = plan_day(day(), spans(text), frozenset({"in", "out"}))
    dues: list[Due] = []
    for point in plan.checkpoints:
        if draw(st.integers(0, 5)):
            moved = draw(st.sampled_from([0, 0, 600, 3000])) * (1 if point.kind == "in" else -1)
            dues.append(Due(point.kind, point.due + moved, point.opens, point.shuts))
    around = (
        [p.due for p in plan.checkpoints] + [p.opens for p in plan.checkpoints] + [p.shuts for p in plan.checkpoints]
    )
    near = st.builds(lambda base, off: base + off, st.sampled_from(around), st.sampled_from(
        [0, -1, 1, -59, 59, 60, -60, 61, -599, 599, 600, -600, 1200, -1800, 40 * MINUTE, -75 * MINUTE]
    ))  # fmt: skip
    punches = sorted(draw(st.sets(near, max_size=7)))
    return dues, punches, draw(st.sampled_from([TEN, ONE]))


@settings(max_examples=200, deadline=None)
@given(days())
def test_no_other_assignment_is_more_favourable(drawn: tuple[list[Due], list[int], Punctuality]) -> None:
    dues, punches, rule = drawn

    assert match(dues, punches, rule) == best(dues, punches, rule)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[list[Due], list[int], Punctuality]:
    """Up to four checkpoints of two short sessions, and up to seven punches at any second of the few hours around."""
    first, pause, second = draw(st.integers(1, 60)), draw(st.integers(30, 90)), draw(st.integers(1, 60))
    start = 9 * 60 + draw(st.integers(0, 59))
    ends = [start, start + first, start + first + pause, start + first + pause + second]
    sessions = [(ends[0] * MINUTE, ends[1] * MINUTE), (ends[2] * MINUTE, ends[3] * MINUTE)]
    opens = draw(st.sampled_from([60, 1800, 5400, 10_800]))
    points = plan_day(day(), sessions, frozenset(draw(st.sampled_from(["in out", "in", "out"])).split()), opens)
    dues = [Due(p.kind, p.due, p.opens, p.shuts) for p in points.checkpoints]
    left = draw(st.lists(st.sampled_from(dues), unique=True, max_size=4))
    seconds = st.integers(at("08:00"), at("14:00"))
    punches = sorted(draw(st.sets(seconds, max_size=7)))
    return [d for d in dues if d in left], punches, draw(st.sampled_from([TEN, ONE, seconds_of(300, 1)]))


@settings(max_examples=200, deadline=None)
@given(crowded())
def test_nor_is_there_one_for_punches_at_any_second(drawn: tuple[list[Due], list[int], Punctuality]) -> None:
    dues, punches, rule = drawn

    assert match(dues, punches, rule) == best(dues, punches, rule)


@st.composite
def plain_days(draw: st.DrawFn) -> tuple[DayPlan, dict[int, str]]:
    """A day's plan and punches around its checkpoints, most of them in good time."""
    text = draw(st.sampled_from(["08:30-12:00 14:30-17:30", "09:00-17:00", "11:00-12:00 12:30-13:00", "00:10-23:59"]))
    kinds = frozenset(draw(st.sampled_from(["in out", "in out", "in", "out"])).split())
    plan = plan_day(day(), spans(text), kinds, draw(st.sampled_from([60, 3600, 10_800])))
    good = st.sampled_from([0, 1, 59, 60, 61, 599, 600, 900, 1800, 1 << 13, 1 << 15])
    punches = {p.due - draw(good) if p.kind == "in" else p.due + draw(good) for p in plan.checkpoints}
    for point in draw(st.lists(st.sampled_from(plan.checkpoints), max_size=3)):
        punches.add(point.due + draw(st.integers(-700, 700)))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1]))):
        punches.remove(draw(st.sampled_from(sorted(punches))))
    inside = sorted(p for p in punches if EARLY_MORNING <= p <= MIDNIGHT)
    return plan, {p: draw(st.sampled_from(["T1", "T2", "paper"])) for p in inside}


TERMINALS = Terminals(hall())


@settings(max_examples=300, deadline=None)
@given(plain_days(), st.sampled_from([TEN, ONE, seconds_of(1, 600)]))
def test_a_day_found_to_be_on_time_is_judged_the_same_the_long_way(
    drawn: tuple[DayPlan, dict[int, str]], rule: Punctuality
) -> None:
    plan, punches = drawn

    served = on_time(plan, list(punches))

    found = judge_day("P1", plan, required(plan, [], 0), punches, ("T1",), TERMINALS, rule, at(LATER))
    if served is not None:
        assert [(v.punch, v.verdict, v.seconds) for v in found] == [(m, "normal", 0) for m in served]
    elif len(punches) == len(plan.checkpoints):  # each has its own: one of them is late or early
        assert any(v.seconds or v.verdict != "normal" for v in found)


@pytest.mark.parametrize(
    ("punched", "expected"),
    [
        ("08:30 12:00 14:30 17:30", "08:30:00 12:00:00 14:30:00 17:30:00"),
        ("08:20 08:25 12:01 12:09 14:25 17:31 18:00", "08:25:00 12:01:00 14:25:00 17:31:00"),
        ("08:25 08:31 12:01 14:25 17:31", "08:25:00 12:01:00 14:25:00 17:31:00"),
        ("08:30:01 12:00 14:30 17:30", None),  # a second late: not for the short way to say
        ("08:30 11:59:59 14:30 17:30", None),
        ("08:30 13:00 17:30", None),
        ("", None),
    ],
)
def test_on_time_takes_the_last_before_each_in_and_the_first_after_each_out(punched: str, expected: str | None) -> None:
    plan = plan_day(day(), spans("08:30-12:00 14:30-17:30"), frozenset({"in", "out"}))

    served = on_time(plan, [at(clock) for clock in punched.split()])

    assert (served if served is None else " ".join(show_clock(m % 86_400) for m in served)) == expected
