"""How much of a log is to be read: all of it, or only its end, with an overlap that proves the rest unchanged. Pure.

Source: TERMINALS.md, "Reading the log" (Tail, Time range).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from punchsync.core.moment import DAY
from punchsync.core.stored import EARLIEST
from punchsync.terminals.layout import SHAPES, TOTAL, prefix_of, size_of, times
from punchsync.terminals.packed import ADDED

if TYPE_CHECKING:
    from punchsync.core.moment import Day
    from punchsync.core.reading import Memory

_WANTED: Final = {"auto": ("tail", "range"), "tail": ("tail",), "range": ("range",), "full": ()}


class Plan(NamedTuple):
    """What to ask for: `full`, `tail` from `start` (bytes, counted from the log's total), `range` from `begin` on (a
    packed time)."""

    name: str
    start: int = 0
    begin: int = 0


class Overlap(NamedTuple):
    """The packed time from which a range begins, and the known records that its answer must begin with."""

    begin: int
    expected: bytes


def plan_of(memory: Memory, today: Day, asked: str = "auto") -> Plan:
    """How to read a terminal of which so much is known; `asked` is the hall's setting: auto, full, tail or range.

    The first read is always full, and the first of each day; so is one by a plan that the terminal does not honour.
    """
    if not continues(memory) or memory.full_on != today:
        return Plan("full")
    for name in _WANTED[asked]:
        if name in memory.refused:
            continue
        if name == "tail":
            return Plan("tail", start=tail_start(memory))
        overlap = overlap_of(memory)
        if overlap is not None:
            return Plan("range", begin=overlap.begin)
    return Plan("full")


def continues(memory: Memory) -> bool:
    """Whether enough is remembered of a terminal for its log's end to be recognised."""
    if memory.reading is None or not memory.tail or memory.layout not in SHAPES:
        return False
    records, rest = divmod(len(memory.tail), size_of(memory.layout))
    return not rest and records <= memory.held


def tail_start(memory: Memory) -> int:
    """Where in the log the known tail begins, in bytes from its total."""
    size = size_of(memory.layout)
    return TOTAL + prefix_of(memory.layout) + (memory.held - len(memory.tail) // size) * size


def overlap_of(memory: Memory) -> Overlap | None:
    """What a range has in common with the known tail; None if nothing.

    It begins after the tail's earliest time, as there may be more records of that very second before the tail. Times
    of a dead clock are in no range, and no reason to ask for all since then.
    """
    size = size_of(memory.layout)
    known = list(times(memory.tail, memory.layout))
    good = [packed for packed in known if packed + ADDED[packed // DAY] >= EARLIEST]
    if not good:
        return None
    begin = min(good) + 1
    expected = b"".join(memory.tail[n * size : (n + 1) * size] for n, packed in enumerate(known) if packed >= begin)
    return Overlap(begin, expected) if expected else None
