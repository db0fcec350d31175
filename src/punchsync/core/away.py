"""Who was on leave, told so that nobody's kind of leave can be read from it: small numbers are merged. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from punchsync.core.excuse import Excuses
from punchsync.core.intervals import touches
from punchsync.core.moment import Day, start_of
from punchsync.core.records import LEAVE_KINDS

LEAST: Final = 3
"""A kind of leave is named from so many people on."""

Counts = tuple[tuple[str, int], ...]
"""People by kind of leave, the kinds in their fixed order; `""` last: all others together."""


class Away(NamedTuple):
    """Who was on leave: of every window that had anybody, or of the whole hall where no window's kinds may be told.

    Never both: the difference of the two could tell somebody's kind.
    """

    windows: tuple[tuple[str, Counts], ...] = ()
    hall: Counts = ()


def kinds_of(excuses: Excuses, person: str, first: Day, last: Day) -> set[str]:
    """The kinds of valid leave that a person took on the days `first` to `last`."""
    begin, end = start_of(first), start_of(last + 1)
    return {
        leave.kind
        for leave in excuses.leaves_of(person)
        if excuses.standing(leave).valid and touches(excuses.taken(leave), begin, end)
    }


def merged(people: Iterable[Iterable[str]]) -> Counts:
    """People by kind of leave, each counted once for every kind; kinds of fewer than `LEAST` people are told together.

    Where one kind alone could be told, none is: of who is away it would say why.
    """
    counts: Mapping[str, int] = Counter(kind for kinds in people for kind in set(kinds))
    told = [(kind, counts[kind]) for kind in LEAVE_KINDS if counts.get(kind, 0) >= LEAST]
    rest = sum(counts.values()) - sum(n for _kind, n in told)
    if len(told) + bool(rest) < 2:
        told, rest = [], sum(counts.values())
    return (*told, ("", rest)) if rest else tuple(told)


def away(windows: Mapping[str, Sequence[Iterable[str]]]) -> Away:
    """What may be told of the kinds of leave of people, by their windows."""
    own = tuple((window, counts) for window, people in sorted(windows.items()) if (counts := merged(people)))
    if any(kind for _window, counts in own for kind, _n in counts):
        return Away(own)
    return Away((), merged(kinds for people in windows.values() for kinds in people))
