"""What is odd about punches and clocks: a reason to look, never a violation; it accuses nobody and charges nothing.

Thresholds are chosen so that a queue at a terminal in the morning is not told: two people who happen to punch within
`CLOSE` seconds once in a week are, as two who do so on most of their ways are not.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final, NamedTuple

from punchsync.core.clock import Stretch
from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, HOUR, MINUTE, Moment

CLOSE: Final = 10
"""Seconds within which two people punch `together`; a fingerprint takes about two, a turn in a queue five to ten."""
TOGETHER: Final = 6
"""Times that the same two do so, at one terminal, and at least `SHARE` of the punches of the one who has fewer."""
SHARE: Final = (1, 2)
RUSH: Final = (3, 3)
"""So many ids of a terminal within so many seconds: faster than people change places before it."""
RUSHES: Final = 3
"""Times that happens at one terminal."""
APART: Final = 15
"""Seconds between punches of one person at two terminals, within which nobody walks from one to the other."""
INSIDE: Final = 30 * MINUTE
"""How far within a leave a punch lies; people come and go about its ends."""
NIGHT: Final = (23 * HOUR, 5 * HOUR)
"""From when to when it is night, where no session of the person is near."""
BACK: Final = 60
"""Seconds that a record may lie before the one written before it: terminals don't write strictly in order."""

KINDS: Final = ("together", "rush", "two_places", "on_leave", "night", "clock_jumped", "clock_beyond", "set_back")
AGAIN: Final[Mapping[str, int]] = {"together": TOGETHER, "rush": RUSHES}
"""How often it must have happened to be told; of other kinds once."""


class Seen(NamedTuple):
    """A punch as suspicion asks: where, under which id, whose (empty: nobody's), when in our time."""

    terminal: str
    device_user_id: str
    person: str
    at: Moment


class Suspicion(NamedTuple):
    """Something odd: its kind, where (empty: at several terminals), about whom (nobody: about the terminal), when.

    `told` is what else there is to say: how far a clock was off before and after, in seconds.
    """

    kind: str
    terminal: str
    people: tuple[str, ...]
    times: tuple[Moment, ...]
    told: tuple[int, ...] = ()

    @property
    def id(self) -> str:
        """A short id of what is odd about whom, whenever it happened."""
        text = "\x1f".join((self.kind, self.terminal, *self.people))
        return "s" + hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def last(self) -> Moment:
        """When it happened last."""
        return self.times[-1]


def since(found: Iterable[Suspicion], seen: Mapping[str, Moment]) -> list[Suspicion]:
    """What is odd still, but for what somebody looked at before: by id, the last time that he saw."""
    out: list[Suspicion] = []
    for one in found:
        times = tuple(t for t in one.times if t > seen.get(one.id, -1))
        if len(times) >= AGAIN.get(one.kind, 1):
            out.append(one._replace(times=times))
    return out


def suspicions(
    punches: Sequence[Seen],
    away: Callable[[str], Sequence[Interval]],
    near: Callable[[str, Moment], bool],
    clocks: Iterable[tuple[str, Stretch, int]] = (),
    logs: Iterable[tuple[str, Sequence[tuple[Moment, str]]]] = (),
) -> list[Suspicion]:
    """All that is odd, the latest first.

    `away` has the time of a person's valid leave, `near` says whether a session of his is near a moment; `clocks` are
    the stretches of terminals' clocks with by how much each may be corrected, `logs` the rows of a terminal's reads in
    the order in which they were written.
    """
    at = sorted(punches, key=lambda p: (p.at, p.terminal, p.device_user_id))
    found = [
        *together(at),
        *rushes(at),
        *two_places(at),
        *on_leave(at, away),
        *nights(at, near),
        *turned(clocks),
        *set_back(logs),
    ]
    found = [s._replace(times=tuple(sorted(set(s.times)))) for s in found]
    return sorted(found, key=lambda s: (-s.last, KINDS.index(s.kind), s.terminal, s.people))


def by_terminal(punches: Iterable[Seen]) -> Iterator[tuple[str, list[Seen]]]:
    """Each terminal's punches, in the order in which they are."""
    place = attrgetter("terminal")
    return ((terminal, list(rows)) for terminal, rows in groupby(sorted(punches, key=place), place))


def together(punches: Sequence[Seen]) -> Iterator[Suspicion]:
    """Two people who punch at one terminal within a few seconds of each other again and again; punches in time."""
    for terminal, rows in by_terminal(p for p in punches if p.person):
        ways, moments = occasions(rows), [p.at for p in rows]
        met: dict[tuple[str, str], list[Moment]] = defaultdict(list)
        for n, one in enumerate(rows):
            for m in range(n + 1, bisect_right(moments, one.at + CLOSE)):
                other = rows[m]
                if other.person != one.person:
                    pair = (min(one.person, other.person), max(one.person, other.person))
                    if not met[pair] or other.at > met[pair][-1] + MINUTE:
                        met[pair].append(other.at)
        for pair, times in sorted(met.items()):
            fewer = min(ways[person] for person in pair)
            if len(times) >= TOGETHER and len(times) * SHARE[1] >= fewer * SHARE[0]:
                yield Suspicion("together", terminal, pair, tuple(times))


def occasions(rows: Iterable[Seen]) -> dict[str, int]:
    """How often everybody came to a terminal; what lies within a minute is one time."""
    count: dict[str, int] = defaultdict(int)
    last: dict[str, Moment] = {}
    for one in rows:
        if one.at > last.get(one.person, -DAY) + MINUTE:
            count[one.person] += 1
            last[one.person] = one.at
    return count


def rushes(punches: Sequence[Seen]) -> Iterator[Suspicion]:
    """Several ids of a terminal within so few seconds that hardly each had a finger of its own, again and again."""
    most, seconds = RUSH
    for terminal, rows in by_terminal(punches):
        times: list[Moment] = []
        begin = 0
        for n, one in enumerate(rows):
            while rows[begin].at < one.at - seconds + 1:
                begin += 1
            if len({p.device_user_id for p in rows[begin : n + 1]}) >= most and (
                not times or one.at > times[-1] + MINUTE
            ):
                times.append(one.at)
        if len(times) >= RUSHES:
            yield Suspicion("rush", terminal, (), tuple(times))


def two_places(punches: Sequence[Seen]) -> Iterator[Suspicion]:
    """People who punched at two terminals at once; punches in time."""
    found: dict[str, list[Moment]] = defaultdict(list)
    last: dict[str, Seen] = {}
    for one in punches:
        before = last.get(one.person)
        if one.person and before and before.terminal != one.terminal and one.at - before.at <= APART:
            found[one.person].append(one.at)
        last[one.person] = one
    for person, times in sorted(found.items()):
        yield Suspicion("two_places", "", (person,), tuple(times))


def on_leave(punches: Sequence[Seen], away: Callable[[str], Sequence[Interval]]) -> Iterator[Suspicion]:
    """Punches in the middle of the person's own leave."""
    found: dict[str, list[Moment]] = defaultdict(list)
    for one in punches:
        if one.person and any(lo + INSIDE <= one.at < hi - INSIDE for lo, hi in away(one.person)):
            found[one.person].append(one.at)
    for person, times in sorted(found.items()):
        yield Suspicion("on_leave", "", (person,), tuple(times))


def nights(punches: Sequence[Seen], near: Callable[[str, Moment], bool]) -> Iterator[Suspicion]:
    """Punches in the night, away from any session of the person."""
    begins, ends = NIGHT
    found: dict[str, list[Moment]] = defaultdict(list)
    for one in punches:
        clock = one.at % DAY
        if one.person and (clock >= begins or clock < ends) and not near(one.person, one.at):
            found[one.person].append(one.at)
    for person, times in sorted(found.items()):
        yield Suspicion("night", "", (person,), tuple(times))


def turned(clocks: Iterable[tuple[str, Stretch, int]]) -> Iterator[Suspicion]:
    """Stretches in which a terminal's clock was off by more than may be corrected, or jumped."""
    for terminal, stretch, most in clocks:
        kind = "clock_beyond" if stretch.off(most) else "clock_jumped" if stretch.jumped else ""
        if kind:
            times = (stretch.end,) if stretch.start is None else (stretch.start, stretch.end)
            yield Suspicion(kind, terminal, (), times, (stretch.before, stretch.after))


def set_back(logs: Iterable[tuple[str, Sequence[tuple[Moment, str]]]]) -> Iterator[Suspicion]:
    """Terminals that wrote a record after a later one: the clock may have been set back, punched by, and set again."""
    found: dict[str, list[Moment]] = defaultdict(list)
    for terminal, rows in logs:
        found[terminal] += [other[0] for one, other in pairwise(rows) if other[0] < one[0] - BACK]
    for terminal, times in sorted(found.items()):
        if times:
            yield Suspicion("set_back", terminal, (), tuple(sorted(times)))
