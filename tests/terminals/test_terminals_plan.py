from dataclasses import replace
from datetime import datetime

import pytest
from logkit import AT, EIGHT, FEBRUARY_31, read_once, record, some

from punchsync.core.moment import day_of
from punchsync.core.reading import LAYOUTS, OVERLAP, Memory
from punchsync.emulator import wire
from punchsync.terminals.plan import Overlap, Plan, overlap_of, plan_of

TODAY = day_of(AT)
OLD = wire.pack_time(datetime(2000, 1, 1))
KNOWN = read_once("40", some("40", 100))[1]
TAIL = Plan("tail", start=4 + 36 * 40)
RANGE = Plan("range", begin=EIGHT + 60 * 36 + 1)


@pytest.mark.parametrize(
    ("changes", "plan"),
    [
        ({}, TAIL),
        ({"reading": None}, Plan("full")),
        ({"tail": b""}, Plan("full")),
        ({"tail": KNOWN.tail[1:]}, Plan("full")),
        ({"held": 63}, Plan("full")),
        ({"held": 64}, Plan("tail", start=4)),
        ({"layout": ""}, Plan("full")),
        ({"full_on": None}, Plan("full")),
        ({"full_on": TODAY - 1}, Plan("full")),
        ({"full_on": TODAY + 1}, Plan("full")),
        ({"refused": frozenset({"tail"})}, RANGE),
        ({"refused": frozenset({"range"})}, TAIL),
        ({"refused": frozenset({"tail", "range"})}, Plan("full")),
    ],
)
def test_only_what_continues_a_log_read_in_full_today_is_read_in_part(changes: dict[str, object], plan: Plan) -> None:
    assert plan_of(replace(KNOWN, **changes), TODAY) == plan  # type: ignore[arg-type]


def test_a_terminal_never_read_is_read_in_full() -> None:
    assert [plan_of(Memory(), TODAY, asked) for asked in ("auto", "full", "tail", "range")] == [Plan("full")] * 4


@pytest.mark.parametrize(
    ("asked", "refused", "plan"),
    [
        ("full", set(), Plan("full")),
        ("tail", set(), TAIL),
        ("tail", {"tail"}, Plan("full")),
        ("tail", {"range"}, TAIL),
        ("range", set(), RANGE),
        ("range", {"tail"}, RANGE),
        ("range", {"range"}, Plan("full")),
    ],
)
def test_the_hall_may_choose_a_plan_that_the_terminal_honours(asked: str, refused: set[str], plan: Plan) -> None:
    assert plan_of(replace(KNOWN, refused=frozenset(refused)), TODAY, asked) == plan
    assert plan_of(replace(KNOWN, full_on=TODAY - 1), TODAY, asked) == Plan("full")


@pytest.mark.parametrize(
    ("layout", "count", "start"),
    [
        ("8", 10, 4),
        ("8b", OVERLAP, 4),
        ("16", OVERLAP + 1, 4 + 16),
        ("40", 3, 4),
        ("49", 200, 4 + 136 * 49),
        ("40p", 10, 4 + 9),
        ("40p", 100, 4 + 9 + 36 * 40),
        ("49p", 65, 4 + 49),
    ],
)
def test_the_tail_begins_with_the_records_that_are_remembered(layout: str, count: int, start: int) -> None:
    assert plan_of(read_once(layout, some(layout, count))[1], TODAY) == Plan("tail", start=start)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_range_begins_after_the_earliest_known_record_and_has_the_later_ones_in_common(layout: str) -> None:
    raws = some(layout, 5)
    assert overlap_of(read_once(layout, raws)[1]) == Overlap(EIGHT + 1, b"".join(raws[1:]))


@pytest.mark.parametrize(
    ("times", "overlap"),
    [
        ([0], None),
        ([0, 0, 0], None),
        ([0, 1], (1, [1])),
        ([5, 5, 9], (6, [2])),
        ([9, 5, 7, 5], (6, [0, 2])),
        ([OLD - EIGHT, 5, 6, OLD - EIGHT], (6, [2])),
        ([OLD - EIGHT, OLD - EIGHT + 1], None),
        ([FEBRUARY_31 - EIGHT, 5, 6], (6, [2])),
    ],
)
def test_records_of_the_earliest_second_and_of_a_dead_clock_are_not_in_the_range(
    times: list[int], overlap: tuple[int, list[int]] | None
) -> None:
    raws = [record("40", "1", EIGHT + at) for at in times]
    memory = replace(KNOWN, tail=b"".join(raws))
    assert overlap_of(memory) == (overlap and Overlap(EIGHT + overlap[0], b"".join(raws[n] for n in overlap[1])))
    if overlap is None:
        assert plan_of(memory, TODAY, "range") == Plan("full")
