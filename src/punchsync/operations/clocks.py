"""Punches in our time: the store's, each placed by its terminal's clock as the live reads sampled it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from punchsync.core.clock import MAX_CORRECTION, Dial, Placed
from punchsync.core.moment import FOREVER, Moment
from punchsync.core.records import Doubt, Punch, Read, Terminal
from punchsync.core.stored import StoredPunch
from punchsync.operations.ports import Work


class Clocks:
    """The clocks of a hall's terminals; those that were always right cost nothing."""

    def __init__(self, work: Work, terminals: Iterable[Terminal], dials: Mapping[str, Dial] | None = None) -> None:
        most = {t.id: t.correction for t in terminals}
        self._work = work
        self._most = most
        self.dials = (
            dials
            if dials is not None
            else {
                terminal: Dial(looks, most.get(terminal, MAX_CORRECTION))
                for terminal, looks in work.readings.looks().items()
            }
        )

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

    def punches_of(self, users: Mapping[str, Collection[str]], first: Moment, last: Moment) -> list[Punch]:
        """The same of some users only, by terminal."""
        out: list[Punch] = []
        for terminal, ids in users.items():
            dial = self.dials.get(terminal)
            if dial is None:
                out += [
                    Punch(terminal, id, at) for id, at, _n in self._work.punches.of_users(terminal, ids, first, last)
                ]
                continue
            most = self._most.get(terminal, MAX_CORRECTION)
            for id, raw, number in self._work.punches.of_users(terminal, ids, first - most, last + most):
                at = dial.place(number, raw).at
                if at is not None and first <= at <= last:
                    out.append(Punch(terminal, id, at))
        return out

    def stored(
        self, first: Moment, last: Moment, users: Mapping[str, Collection[str]] | None = None
    ) -> Iterator[tuple[StoredPunch, Placed]]:
        """The punches of a stretch (of some users only, by terminal) with all that is kept of them, by time.

        One that is not placed stands where its terminal put it.
        """

        def taken(begin: Moment, end: Moment) -> Iterable[StoredPunch]:
            work = self._work
            return work.punches.stored(begin, end) if users is None else work.own.stored(users, begin, end)

        if not self.dials:
            for punch in taken(first, last):
                yield punch, Placed(punch.at)
            return
        widest = max((*self._most.values(), MAX_CORRECTION))
        found = []
        for punch in taken(first - widest, last + widest):
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

    def doubts_of(
        self, users: Mapping[str, Collection[str]], defects: Iterable[Doubt], first: Moment, last: Moment
    ) -> list[Doubt]:
        """The same of some users only, by terminal; `defects` are the doubts of all the hall's defects."""
        found = dict.fromkeys(
            d
            for d in defects
            if d.first <= last
            and d.last >= first
            and (not d.device_user_id or d.device_user_id in users.get(d.terminal, ()))
        )
        for terminal, dial in self.dials.items():
            ids = users.get(terminal, ())
            if not ids:
                continue
            most = self._most.get(terminal, MAX_CORRECTION)
            near = self._work.punches.of_users(terminal, ids, first - most, last + most)
            runs = dial.doubtful(first, last)
            whole = (
                [p for p in self._work.punches.of_users(terminal, ids, 0, FOREVER) if inside(p[2], runs)]
                if runs
                else []
            )
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


def inside(number: int, runs: Iterable[tuple[int, int]]) -> bool:
    """Whether a number lies in one of some runs, both ends included."""
    return any(low <= number <= high for low, high in runs)
