"""What is known of each terminal: read through when, and which stretches are lost (HALLS.md, Coverage, Dark).

Coverage follows from the set of reads and files, ordered by their last record and then their first, never from the
order in which they arrived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from punchsync.core.intervals import Interval, intersect, union
from punchsync.core.moment import FOREVER, Day, Moment
from punchsync.core.records import Case, Outage, Read, Terminal

ALWAYS = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """A terminal is read up to `through` (None: nothing of it), but for the lost stretches (both ends included)."""

    terminal: str
    through: Moment | None
    lost: tuple[Interval, ...] = ()


def holds(read: Read, numbers: Sequence[int]) -> bool:
    """Whether a read contains one of these punch numbers."""
    return any(lo <= n <= hi for n in numbers for lo, hi in read.spans)


def cover(terminal: str, reads: Sequence[Read]) -> Coverage:
    """Coverage of one terminal from all of its reads and files.

    An empty live read tells nothing; an empty file only what a person's word (`through`) says.
    """
    telling = [r for r in reads if r.last is not None or r.through is not None]
    telling.sort(key=lambda r: (_or_first(r.last), _or_first(r.first), r.reach or r.through or 0, r.id))
    through: Moment | None = None
    word = ALWAYS
    known: Read | None = None
    lost: list[Interval] = []
    for read in telling:
        if known is not None and known.last is not None and read.first is not None:
            begin = max(known.last, word) + 1
            if begin <= read.first and not holds(read, known.last_numbers):
                lost.append((begin, read.first))
        reach = next(m for m in (read.reach, read.through, read.last) if m is not None)
        through = reach if through is None else max(through, reach)
        word = max(word, read.through or ALWAYS)
        if read.last is not None:
            known = read
    return Coverage(terminal, through, tuple(lost))


def cover_all(terminals: Iterable[Terminal], reads: Iterable[Read]) -> dict[str, Coverage]:
    """The coverage of each terminal, by id."""
    by_terminal: dict[str, list[Read]] = defaultdict(list)
    for read in reads:
        by_terminal[read.terminal].append(read)
    return {t.id: cover(t.id, by_terminal[t.id]) for t in terminals}


def _or_first(moment: Moment | None) -> Moment:
    return -1 if moment is None else moment


class Terminals:
    """Which terminals count for a window on a day, what is read of them, and when all of them were dark."""

    def __init__(self, case: Case) -> None:
        self._terminals: tuple[Terminal, ...] = tuple(sorted(case.terminals, key=lambda t: t.id))
        self.coverages = cover_all(self._terminals, case.reads)
        self._blind = {
            t.id: blind(self.coverages[t.id], [o for o in case.outages if o.terminal == t.id]) for t in self._terminals
        }
        self._gone = {
            t.id: union((o.start, o.end + 1) for o in case.outages if o.terminal == t.id and o.kind == "lost")
            for t in self._terminals
        }
        self._relevant: dict[tuple[str, Day], tuple[str, ...]] = {}
        self._dark: dict[tuple[str, ...], list[Interval]] = {}

    def relevant(self, window: str, day: Day) -> tuple[str, ...]:
        """The terminals that must have been read before a person of that window is charged for that day."""
        key = (window, day)
        found = self._relevant.get(key)
        if found is None:
            found = self._relevant[key] = tuple(
                t.id for t in self._terminals if t.first <= day <= t.last and (not t.windows or window in t.windows)
            )
        return found

    def read_through(self, relevant: tuple[str, ...], opens: Moment) -> Moment:
        """The moment up to which every one of these terminals is read without a hole from `opens` on.

        Before `opens` where one is not read there at all, or there is none. What is known to be lost counts as read.
        """
        if not relevant:
            return -1
        return min(reach(self.coverages[t].through, self._gone[t], opens) for t in relevant)

    def dark(self, relevant: tuple[str, ...]) -> list[Interval]:
        """The moments (half-open) at which none of these terminals could have shown a punch."""
        found = self._dark.get(relevant)
        if found is None:
            found = [(ALWAYS, FOREVER + 1)] if relevant else []
            for terminal in relevant:
                found = intersect(found, self._blind[terminal])
            self._dark[relevant] = found
        return found


def reach(through: Moment | None, gone: Sequence[Interval], opens: Moment) -> Moment:
    """How far a terminal is read from `opens` on: through its coverage, and on through what is lost."""
    end = opens - 1 if through is None else max(through, opens - 1)
    for start, stop in gone:
        if start <= end + 1 and stop > end:
            end = stop - 1
    return end


def blind(coverage: Coverage, outages: Sequence[Outage]) -> list[Interval]:
    """When a terminal took no punches or lost them, as half-open intervals."""
    stretches = [*coverage.lost, *((o.start, o.end) for o in outages if o.kind in ("no_punch", "lost"))]
    return union((start, end + 1) for start, end in stretches)
