"""What a read shows beside punches, at its edges."""

from __future__ import annotations

import pytest
from operationskit import EVENING, at, reading

from punchsync.core.clock import Dial, Look
from punchsync.core.moment import DAY, HOUR
from punchsync.core.reading import Memory, Reading, Sample
from punchsync.core.records import Read, Terminal
from punchsync.core.stored import StoredPunch
from punchsync.operations.finding import Finding
from punchsync.operations.symptoms import RECENT, TOLD, clocks, set_backs, symptoms

LOG = (("1", "08:25:00"), ("1", "12:01:00"))
KNOWN = Memory(serial="S-T1", layout="40", reading=1, held=2)
SET_BACK = "2026-11-09 12:01:00→2026-11-09 11:59:59 2"


def samples(*offsets: int | None) -> tuple[Sample, ...]:
    return tuple(Sample(EVENING + n, offset) for n, offset in enumerate(offsets))


def fresh(other: str, **more: object) -> Reading:
    """A read that brings a row of noon and one after it, behind two known ones."""
    return reading("T1", *LOG, ("1", "12:01:00"), ("2", other), **more)


@pytest.mark.parametrize(
    ("read", "memory", "found"),
    [
        (reading("T1", *LOG), Memory(), []),
        (reading("T1", *LOG), KNOWN, []),
        (reading("T1"), Memory(), [("warn", "empty_log", "")]),
        (reading("T1", *LOG, replaces="S0"), Memory(held=9), [("warn", "replaced", "S0→S-T1")]),
        (reading("T1", *LOG), Memory(held=3), [("warn", "shrunk", "3→2")]),
        (reading("T1", *LOG, layout="49"), KNOWN, [("warn", "layout_changed", "40→49")]),
        (reading("T1", *LOG, held=9, capacity=10), Memory(), [("warn", "full_soon", "9/10")]),
        (reading("T1", *LOG, held=8, capacity=9), Memory(), []),
        (reading("T1", *LOG, clock_offset=59), Memory(), []),
        (reading("T1", *LOG, clock_offset=-60), Memory(), [("warn", "clock_off", "-60")]),
        (reading("T1", *LOG, clock_offset=600), Memory(), [("warn", "clock_off", "600")]),
        (reading("T1", *LOG, clock_offset=601), Memory(), [("warn", "clock_beyond", "+601")]),
        (reading("T1", *LOG, clock_offset=None), Memory(), []),
        (reading("T1", *LOG, clock_offset=90, samples=samples(90, 90, 0)), Memory(), [("ok", "clock_set", "+90→+0")]),
        (reading("T1", *LOG, clock_offset=90, samples=samples(90, None)), Memory(), [("warn", "clock_off", "90")]),
        (fresh("12:00:00"), KNOWN, []),
        (fresh("11:59:59"), KNOWN, [("warn", "set_back", SET_BACK)]),
        (fresh("11:59:59"), Memory(), []),
        (fresh("11:59:59", replaces="S0"), KNOWN, [("warn", "replaced", "S0→S-T1")]),
    ],
)  # fmt: skip
def test_what_a_read_shows(read: Reading, memory: Memory, found: list[tuple[str, str, str]]) -> None:
    assert list(symptoms(read, memory, EVENING)) == [Finding(level, code, "T1", value) for level, code, value in found]


def test_a_terminal_s_own_bound_decides_when_a_clock_is_beyond_it() -> None:
    (found,) = symptoms(reading("T1", *LOG, clock_offset=-61), Memory(), EVENING, 60)

    assert found == Finding("warn", "clock_beyond", "T1", "-61")


def test_a_record_of_more_than_a_day_ahead_is_odd() -> None:
    now = at("17:31:00") - DAY
    log = (("1", "17:31:00"),)

    ahead, due = (list(symptoms(reading("T1", *log, began=n), Memory(), n)) for n in (now - 1, now))

    assert (ahead, due) == ([Finding("warn", "odd_times", "T1")], [])


# over all that is kept


def stored(terminal: str, number: int, when: str, reading: int, source: str = "tcp") -> StoredPunch:
    return StoredPunch(terminal, "2", at(when), 0, number, "1", "0", source, b"", reading, number)


def read(terminal: str, id: int, reach: int | None = EVENING) -> Read:
    return Read(terminal, id, (), None, None, (), reach)


def test_records_written_after_later_ones_are_found_again_in_what_is_kept() -> None:
    """Of live reads but the first, each by itself; files come in any order."""
    reads = [read("T1", 2), read("T1", 3), read("T2", 1), read("T3", 4, None), read("T3", 5, None)]
    punches = [
        stored("T1", 1, "08:00:00", 2), stored("T1", 2, "07:00:00", 2),
        stored("T1", 3, "12:01:00", 3), stored("T1", 4, "11:59:59", 3), stored("T1", 5, "11:59:00", 3),
        stored("T2", 1, "12:00:00", 1), stored("T2", 2, "09:00:00", 1),
        stored("T3", 1, "12:00:00", 5, "file"), stored("T3", 2, "09:00:00", 5, "file"),
    ]  # fmt: skip

    assert list(set_backs(sorted(punches, key=lambda p: p.at), reads)) == [Finding("warn", "set_back", "T1", SET_BACK)]


def test_only_the_latest_of_many_are_named() -> None:
    reads = [read("T1", 1), read("T1", 2)]
    punches = [stored("T1", n, f"{20 - n:02}:00:00", 2) for n in range(10)]

    (found,) = set_backs(punches, reads)

    assert (len(found.value.split("、")), found.value.split("、")[-1][-21:]) == (TOLD, "2026-11-09 11:00:00 2")


def test_stretches_of_a_clock_are_told_for_a_month() -> None:
    def look(number: int, ours: int, offset: int) -> Look:
        return Look(number, (), (Sample(ours, offset),), "S1")

    dial = Dial([look(1, EVENING - 4 * HOUR, 0), look(2, EVENING - HOUR, 300), look(3, EVENING, 700)])

    def told(now: int, *, bound: int = 600) -> list[tuple[str, str]]:
        found = clocks([("T1", dial), ("T9", dial)], [Terminal("T1", correction=bound)], now)
        return [(f.code, f.value.partition("：")[2]) for f in found]

    assert told(EVENING) == [("clock_jumped", "+0→+300"), ("clock_beyond", "+300→+700")]
    assert told(EVENING, bound=700) == [("clock_jumped", "+0→+300"), ("clock_jumped", "+300→+700")]
    assert told(EVENING + RECENT) == [("clock_beyond", "+300→+700")]
    assert told(EVENING + RECENT + 1) == []
