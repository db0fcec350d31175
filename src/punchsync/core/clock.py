"""A terminal's clock against ours: when a punch was really taken, and which punches can't be placed in time.

Every live read samples the terminal's clock. What is new in a read was taken between the read before it and this one,
so each punch belongs to one stretch between two samples. Where the clock was steady or drifted in it, the punch's time
is corrected by interpolation; where it jumped, or was off by more than may be corrected, the punch is in doubt and
nobody is charged for what it can't show. What a terminal wrote is never altered: this is a reading of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

from punchsync.core.intervals import Interval, subtract, union
from punchsync.core.moment import DAY, Moment
from punchsync.core.reading import Sample

STEADY: Final = 2
"""Seconds that a sample may be off by itself: terminals tell whole seconds, and an answer takes time."""
DRIFT: Final = (5, 2_000)
"""A clock may gain or lose 5 s, and a second in 2,000 (43 s a day), between two samples; more than that is a jump."""
EVERY: Final = 2**62
"""More than any punch's number."""
MAX_CORRECTION: Final = 600
"""Seconds that a punch's time is corrected by at most, unless the hall says otherwise."""


class Look(NamedTuple):
    """One live read as the clock asks: its number, the runs of punch numbers it held, its samples in order.

    With another `serial` it is another device, whose clock has nothing to do with the one before.
    """

    number: int
    spans: tuple[Interval, ...]
    samples: tuple[Sample, ...]
    serial: str = ""


class Stretch(NamedTuple):
    """Our time between two samples of a terminal's clock (`start` None: before the first), its offsets at both ends.

    `floor` is when another device was last looked at in its place: before that it wrote nothing here.
    """

    start: Moment | None
    end: Moment
    before: int
    after: int
    floor: Moment = 0

    def off(self, most: int) -> bool:
        """Whether the clock was off by more than may be corrected at either end."""
        return max(abs(self.before), abs(self.after)) > most

    @property
    def jumped(self) -> bool:
        """Whether the clock changed by more than a clock drifts."""
        if self.start is None:
            return False
        return abs(self.after - self.before) > DRIFT[0] + (self.end - self.start) // DRIFT[1]

    @property
    def whole(self) -> tuple[Moment, Moment]:
        """When a punch of it was taken that can't be placed closer; of what was there before the first sample only the
        last day speaks of that clock."""
        start = max(self.end - DAY, self.floor) if self.start is None else self.start
        return start, self.end

    def shows(self, raw: Moment) -> bool:
        """Whether the clock may have shown a time at some moment of it, gone wrong or still right."""
        start, end = self.whole
        offsets = (self.before, self.after, 0)
        return start + min(offsets) <= raw <= end + max(offsets)

    @property
    def steady(self) -> bool:
        """Whether there is nothing to correct."""
        return abs(self.before) <= STEADY and abs(self.after) <= STEADY

    def range_of(self, raw: Moment) -> tuple[Moment, Moment] | None:
        """Between which moments of ours the terminal may have shown `raw`, where it is not plain.

        A clock that somebody set by little looks like one that drifted.
        """
        offsets = (_steadied(self.before), _steadied(self.after))
        return None if offsets[0] == offsets[1] else (raw - max(offsets), raw - min(offsets))

    def placed(self, raw: Moment) -> Moment:
        """When our clock showed what the terminal's did at `raw`, the clock having drifted evenly."""
        first, last = _steadied(self.before), _steadied(self.after)
        if self.start is None or first == last:
            return raw - last
        begin, end = self.start + first, self.end + last
        if end <= begin:
            return raw - last
        passed = min(max(raw - begin, 0), end - begin)
        return raw - first - (2 * (last - first) * passed + (end - begin)) // (2 * (end - begin))


class Placed(NamedTuple):
    """A punch in our time (None: it can't be placed), and the stretch in which it was taken where that is in doubt."""

    at: Moment | None
    doubt: tuple[Moment, Moment] | None = None


class Dial:
    """A terminal's clock over its whole life, as its live reads sampled it."""

    def __init__(self, looks: Sequence[Look], most: int = MAX_CORRECTION) -> None:
        self._most = most
        self.stretches: list[Stretch] = []
        self._numbers: list[tuple[int, int, Stretch]] = []  # runs of punch numbers first seen at a stretch's end
        covered: list[Interval] = []
        fresh: list[Interval] = []
        last: tuple[Moment, int] | None = None  # our time and the offset
        serial, floor = "", 0
        for look in sorted(looks, key=lambda k: (k.samples[0].ours if k.samples else 0, k.number)):
            held = [(lo, hi + 1) for lo, hi in look.spans]
            fresh += [part for span in held for part in subtract(span, covered)]
            covered = union([*covered, *held])
            told = [(s.ours, s.offset) for s in look.samples if s.offset is not None]
            if not told:
                continue  # what it brought was taken before the next look that shows a time
            if look.serial != serial:
                floor = last[0] if last else 0
                last, serial = None, look.serial
            end, after = told[0]
            start, before = last or (None, after)
            stretch = Stretch(start, end, before, after, floor)
            self.stretches.append(stretch)
            self._numbers += [(lo, hi - 1, stretch) for lo, hi in fresh]
            fresh = []
            last = told[-1]
        self._numbers.sort()
        self._starts = [lo for lo, _hi, _stretch in self._numbers]
        self._last = last
        self._late = fresh  # numbers of live reads after the last sample, half-open
        self._bad = [s for s in self.stretches if self._wrong(s)]
        self._ends = [s.end for s in self.stretches]
        self.plain = all(s.steady for s in self.stretches)

    def doubtful(self, first: Moment, last: Moment) -> list[tuple[int, int]]:
        """Runs of punch numbers (both ends included) that may be in doubt for more than between two times of their own,
        in `first` to `last`."""
        runs = [
            (lo, hi) for lo, hi, s in self._numbers if self._wrong(s) and s.whole[0] <= last and s.whole[1] >= first
        ]
        return runs + (self._unseen() if self._bad else [])

    def _wrong(self, stretch: Stretch) -> bool:
        return stretch.jumped or stretch.off(self._most)

    def _unseen(self) -> list[tuple[int, int]]:
        """Runs of numbers that no live read held: a file brought those punches."""
        edges = [0, *(n for lo, hi, _stretch in self._numbers for n in (lo - 1, hi + 1)), EVERY]
        return [(max(lo, 1), hi) for lo, hi in zip(edges[::2], edges[1::2], strict=True) if lo <= hi and hi > 0]

    def place(self, number: int, raw: Moment) -> Placed:
        """A punch by its number and the time that the terminal wrote."""
        if self.plain:
            return Placed(raw)
        stretch = self.stretch_of(number)
        if stretch is None:
            late = any(lo <= number < hi for lo, hi in self._late)
            return self._after_last(raw) if late else self._placed_by_time(raw)
        if stretch.off(self._most):
            return self._beyond(stretch, raw)
        at = stretch.placed(raw)
        if stretch.start is None:
            return _unsure(raw, at)
        if stretch.jumped:
            return Placed(at, stretch.whole)
        return Placed(at, stretch.range_of(raw))

    def shifted(self, raw: Moment, number: int) -> Moment:
        """A moment that the terminal wrote, in our time, or as it is where that can't be said."""
        return self.place(number, raw).at or raw

    @property
    def last(self) -> tuple[Moment, int] | None:
        """When the clock was last looked at, in our time, and how far it was off; None if it never showed a time."""
        return self._last

    def stretch_of(self, number: int) -> Stretch | None:
        """The stretch between two looks in which a punch was taken; None if no live read held it, or none since."""
        n = bisect_right(self._starts, number) - 1
        if n < 0 or number > self._numbers[n][1]:
            return None
        return self._numbers[n][2]

    def _beyond(self, stretch: Stretch, raw: Moment) -> Placed:
        """A punch of a stretch at whose ends the clock was far off: in doubt if it may be of that clock.

        A time that only a right clock can have written in this stretch was written by one.
        """
        offsets = (stretch.before, stretch.after)
        bad = [o for o in offsets if abs(o) > self._most]
        if stretch.start is None:
            # Of what was there before the first sample only the last day speaks of that clock.
            shown = stretch.end + stretch.after
            taken = shown - DAY <= raw <= shown + STEADY
            return Placed(None, stretch.whole) if taken else Placed(raw)
        low, high = stretch.start - self._most, stretch.end + self._most
        if any(low <= raw - o <= high for o in bad) or not low <= raw <= high:
            return Placed(None, stretch.whole)
        good = [o for o in offsets if abs(o) <= self._most]
        return Placed(raw - _steadied(good[0])) if good else Placed(raw)

    def _after_last(self, raw: Moment) -> Placed:
        """A punch that was taken after the clock was last looked at."""
        if self._last is None:
            return Placed(raw)
        ours, offset = self._last
        if abs(offset) > self._most:
            return Placed(None, (ours, max(ours, raw - offset) + DAY))
        return _unsure(raw, raw - _steadied(offset))

    def _placed_by_time(self, raw: Moment) -> Placed:
        """A punch that no live read held, as a file brought it: by the time that it says."""
        bad = [s.whole for s in self._bad if s.shows(raw)]
        ours, offset = self._last or (raw + 1, 0)
        if raw >= ours + min(offset, 0):
            after = self._after_last(raw)
            if after.at is None and after.doubt is not None:
                bad.append(after.doubt)
            elif not bad and raw > ours + offset:
                return after
        if bad:
            return Placed(None, (min(start for start, _ in bad), max(end for _, end in bad)))
        for stretch in islice(self.stretches, bisect_left(self._ends, raw - self._most), None):
            if stretch.start is not None and stretch.start > raw + self._most:
                break
            if stretch.start is not None and stretch.start + stretch.before <= raw <= stretch.end + stretch.after:
                return Placed(stretch.placed(raw), stretch.range_of(raw))
        first = self.stretches[0]
        return Placed(raw) if first.off(self._most) else _unsure(raw, raw - _steadied(first.after))


def _unsure(raw: Moment, at: Moment) -> Placed:
    """A punch before the first or after the last look at a clock: it may have been right when this was written."""
    return Placed(at) if at == raw else Placed(at, (min(raw, at), max(raw, at)))


def _steadied(offset: int) -> int:
    return 0 if abs(offset) <= STEADY else offset
