"""What a log means for a terminal's punches: which of its rows are known, which are new, and what it held.

Pure. A punch is (device user id, moment, ordinal): the k-th identical row of one log is the k-th such punch, so logs
that overlap bring each punch once, and rows that a terminal really recorded twice stay two. A log of which only the end
was read is the log that it continues, and that end. What was erased of a log does not come back with the next reading
of it; the log is known to have held it all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

from punchsync.core.moment import Moment
from punchsync.core.reading import Defect, Row
from punchsync.core.stored import EARLIEST
from punchsync.store.spans import Span, held, joined, runs

Identity = tuple[str, Moment, int]  # device user id, moment, ordinal


class New(NamedTuple):
    """New rows in log order, each with its number and which of the identical ones it is."""

    numbers: Sequence[int]
    ordinals: Sequence[int]
    rows: Sequence[Row]


class Arrival(NamedTuple):
    """What is new, and the runs of numbers that the log held; records at positions before `old` were read before."""

    new: New
    spans: list[Span]
    ends: Ends
    old: int = 0


class Base(NamedTuple):
    """What the log held of which another reading is the continuation."""

    spans: tuple[Span, ...]
    ends: Ends


class Gone(NamedTuple):
    """What was erased of a terminal's punches: those that say a time before `before`.

    `seen` is the highest punch number there was when that was done; `ends` are the moments, before `before`, that
    readings ended with, each with the punch numbers there. `off`: whether the terminal's clock was ever seen to be
    wrong, so that a record's time may not be that of its making.
    """

    before: Moment
    seen: int
    ends: Mapping[Moment, Collection[int]]
    off: bool = False

    def has(self, defect: Defect, old: int) -> bool:
        """Whether a defect of a whole log is one that was erased, if it is not known."""
        return defect.last < self.before if defect.last is not None else defect.position < old


class Ends(NamedTuple):
    """A log's first and last plausible record, the punch numbers at the last, and its first record past that."""

    first: Moment | None
    last: Moment | None
    last_numbers: tuple[int, ...]
    later: Moment | None


def arrive(
    rows: Sequence[Row],
    known: Mapping[Identity, int],
    after: int,
    latest: Moment,
    base: Base | None = None,
    gone: Gone | None = None,
) -> Arrival:
    """Place a log's rows among a terminal's known punches; new ones are numbered from `after` + 1 in log order.

    Records before 2020 or after `latest` are not plausible. With a `base` the rows are those that came after it.
    """
    if gone is not None and base is None:
        return _without(rows, known, after, latest, gone)
    moments = [row[3] for row in rows]
    ordinals = occurrences(list(zip([row[2] for row in rows], moments, strict=True)))
    numbers: Sequence[int]
    if known:
        if base is not None:
            ordinals = [k + before(r, known, base.spans) for k, r in zip(ordinals, rows, strict=True)]
        new, numbers = _told_apart(rows, ordinals, known, after)
    else:
        numbers = range(after + 1, after + 1 + len(rows))
        new = New(numbers, ordinals, rows)
    ends = _ends(moments, numbers, latest)
    if base is None:
        return Arrival(new, runs(numbers), ends)
    return Arrival(new, joined(base.spans, runs(numbers)), _together(base.ends, ends))


def _told_apart(
    rows: Sequence[Row], ordinals: Sequence[int], known: Mapping[Identity, int], after: int
) -> tuple[New, list[int]]:
    numbers: list[int] = []
    kinds: list[int] = []
    fresh: list[Row] = []
    first = after + 1
    for row, ordinal in zip(rows, ordinals, strict=True):
        number = known.get((row.device_user_id, row.at, ordinal))
        if number is None:
            after += 1
            number = after
            kinds.append(ordinal)
            fresh.append(row)
        numbers.append(number)
    return New(range(first, after + 1), kinds, fresh), numbers


def _without(rows: Sequence[Row], known: Mapping[Identity, int], after: int, latest: Moment, gone: Gone) -> Arrival:
    """The same of a whole log some of whose records were erased.

    A log is in the order of its making: what stands before a record that was known when that was done was known then
    too. Behind all of those, a record of that time may be of a clock that has gone wrong since: it stays, if there was
    such a clock.
    """
    moments = [row[3] for row in rows]
    ordinals = occurrences(list(zip([row[2] for row in rows], moments, strict=True)))
    places = [known.get((row[2], row[3], ordinal)) for row, ordinal in zip(rows, ordinals, strict=True)]
    mark = max(
        (n for n, at in enumerate(moments) if (places[n] or gone.seen + 1) <= gone.seen or at in gone.ends), default=-1
    )
    stay = [
        place is not None or at >= gone.before or (n > mark and (gone.off or at < EARLIEST))
        for n, (at, place) in enumerate(zip(moments, places, strict=True))
    ]
    new, numbers = _told_apart(list(compress(rows, stay)), list(compress(ordinals, stay)), known, after)
    held = iter(numbers)
    ends = _ends(moments, [next(held) if stays else 0 for stays in stay], latest)
    missed = {at for at, stays in zip(moments, stay, strict=True) if not stays} & gone.ends.keys()
    numbers += {n for at in missed for n in gone.ends[at]}.difference(numbers)
    at_last = {*ends.last_numbers, *(gone.ends[ends.last] if ends.last in missed else ())} - {0}
    old = rows[mark].position if mark >= 0 else 0
    return Arrival(new, runs(numbers), ends._replace(last_numbers=tuple(sorted(at_last))), old)


def before(row: Row, known: Mapping[Identity, int], spans: Sequence[Span]) -> int:
    """How many rows equal to one the log held before it."""
    ordinal = 0
    while (number := known.get((row.device_user_id, row.at, ordinal))) is not None and held(spans, number):
        ordinal += 1
    return ordinal


def occurrences(items: Sequence[Hashable]) -> list[int]:
    """For every item how many equal ones came before it."""
    if len(set(items)) == len(items):  # nearly every log
        return [0] * len(items)
    seen: Counter[Hashable] = Counter()
    out: list[int] = []
    for item in items:
        out.append(seen[item])
        seen[item] += 1
    return out


def _ends(moments: Sequence[Moment], numbers: Sequence[int], latest: Moment) -> Ends:
    good, later = moments, None
    if moments and not EARLIEST <= min(moments) <= max(moments) <= latest:
        good = [at for at in moments if EARLIEST <= at <= latest]
        later = min((at for at in moments if at > latest), default=None)
    if not good:
        return Ends(None, None, (), later)
    last = max(good)
    at_last = sorted(n for at, n in zip(moments, numbers, strict=True) if at == last)
    return Ends(min(good), last, tuple(at_last), later)


def _together(one: Ends, other: Ends) -> Ends:
    later = min((m for m in (one.later, other.later) if m is not None), default=None)
    if one.last is None or other.last is None:
        ends = one if other.last is None else other
        return ends._replace(later=later)
    assert one.first is not None and other.first is not None
    last = max(one.last, other.last)
    numbers = {n for ends in (one, other) if ends.last == last for n in ends.last_numbers}
    return Ends(min(one.first, other.first), last, tuple(sorted(numbers)), later)
