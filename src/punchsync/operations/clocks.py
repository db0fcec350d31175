"""Punches in our time: the store's, each placed by its terminal's clock as the live reads sampled it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from punchsync.core.clock import MAX_CORRECTION, Dial, Placed
from punchsync.core.moment import Moment
from punchsync.core.records import Doubt, Punch, Read, Terminal
from punchsync.core.stored import StoredPunch
from punchsync.operations.ports import Work


class Clocks:
    """The clocks of a hall's terminals; those that were always right cost nothing."""

    def __init__(self, work: Work, terminals: Iterable[Terminal]) -> None:
        most = {t.id: t.correction for t in terminals}
        self._work = work
        self._most = most
        self.dials = {
            terminal: Dial(looks, most.get(terminal, MAX_CORRECTION))
            for terminal, looks in work.readings.looks().items()
        }

    def punches(self, first: Moment, last: Moment) -> list[Punch]:
        """The punches taken in a stretch of our time, both ends included; those that can't be placed are left out."""
        out = self._work.punches.between(first, last, self.dials.keys())
        for terminal, dial in self.dials.items():
            most = self._most.get(terminal, MAX_CORRECTION)
            for id, raw, number in self._work.punches.numbered(terminal, first - most, last + most):
                at = dial.place(number, raw).at
                if at is not None and first <= at <= last:
                    out.append(Punch(terminal, id, at))
        return out

    def stored(self, first: Moment, last: Moment) -> Iterator[tuple[StoredPunch, Placed]]:
        """The punches of a stretch with all that is kept of them, by time; one not placed where its terminal put it."""
        if not self.dials:
            for punch in self._work.punches.stored(first, last):
                yield punch, Placed(punch.at)
            return
        widest = max((*self._most.values(), MAX_CORRECTION))
        found = []
        for punch in self._work.punches.stored(first - widest, last + widest):
            placed = self.place(punch.terminal, punch.number, punch.at)
            at = punch.at if placed.at is None else placed.at
            if first <= at <= last:
                found.append((at, punch, placed))
        found.sort(key=lambda f: (f[0], f[1].terminal, f[1].device_user_id, f[1].ordinal))
        for _at, punch, placed in found:
            yield punch, placed

    def place(self, terminal: str, number: int, raw: Moment) -> Placed:
        """One punch by its terminal, number and the time that the terminal wrote."""
        dial = self.dials.get(terminal)
        return Placed(raw) if dial is None else dial.place(number, raw)

    def doubts(self, first: Moment, last: Moment) -> list[Doubt]:
        """Whom records may be of that can't be read as punches in a stretch of our time.

        Defects, and punches of clocks not to be trusted.
        """
        found = dict.fromkeys(d for d in self._work.defects.doubts() if d.first <= last and d.last >= first)
        for terminal, dial in self.dials.items():
            most = self._most.get(terminal, MAX_CORRECTION)
            near = self._work.punches.numbered(terminal, first - most, last + most)
            whole = [p for run in dial.doubtful(first, last) for p in self._work.punches.counted(terminal, *run)]
            for id, raw, number in (*near, *whole):
                doubt = dial.place(number, raw).doubt
                if doubt is not None and doubt[0] <= last and doubt[1] >= first:
                    found[Doubt(terminal, id, *doubt)] = None
        return list(found)

    def reads(self, reads: Sequence[Read]) -> tuple[Read, ...]:
        """Reads with their first and last record in our time, as coverage compares them with our clock."""
        return tuple(self._shifted(read) if read.terminal in self.dials else read for read in reads)

    def _shifted(self, read: Read) -> Read:
        dial = self.dials[read.terminal]
        if read.first is None or read.last is None or not read.last_numbers:
            return read
        first = dial.shifted(read.first, read.spans[0][0])
        last = dial.shifted(read.last, read.last_numbers[0])
        return replace(read, first=min(first, last), last=last)
