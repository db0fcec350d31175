"""Who was at a window when, as far as sign-ins, sign-outs and leave tell; what nobody can know stays `unknown`. Pure.

It charges nobody. Between sessions nobody is due. A missing punch tells nothing of where somebody was meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from punchsync.core.intervals import Interval, subtract, union
from punchsync.core.judge import Required, Verdict
from punchsync.core.moment import Moment
from punchsync.core.timetable import DayPlan

STATES: Final = ("in", "out", "away", "unknown")
"""Signed in; known not to be there; on leave or an outing, or standing in elsewhere; not known."""
UNSURE: Final = frozenset({"pending", "unverified"})


class Stay(NamedTuple):
    """A stretch (half-open) of a session in one state."""

    start: Moment
    end: Moment
    state: str


class Level(NamedTuple):
    """How many people of a window had which state over a stretch (half-open)."""

    start: Moment
    end: Moment
    present: int
    unknown: int
    away: int
    out: int

    @property
    def state(self) -> str:
        """`staffed`; `empty` only where of everybody due it is known that he is not there; else `unknown`."""
        if self.present:
            return "staffed"
        return "unknown" if self.unknown else "empty"


def stays(
    plan: DayPlan, left: Mapping[int, Required], verdicts: Iterable[Verdict], seen: Moment, until: Moment
) -> list[Stay]:
    """A person's sessions of a day up to a moment, piece by piece; `seen`: through when his terminals were read."""
    by_place = {(v.session, v.checkpoint): v for v in verdicts}
    out: list[Stay] = []
    for session in plan.sessions:
        pieces = left[session.number].pieces
        asked = [by_place.get((session.number, kind)) for kind in ("in", "out")]
        if not pieces:
            out.append(Stay(session.start, session.end, "away"))
            continue
        first, last = pieces[0][0], pieces[-1][1]
        kinds = {p.kind for p in plan.checkpoints}
        for start, end, state in spans((first, last), asked[0], asked[1], kinds, seen):
            out += [Stay(lo, hi, state) for lo, hi in within([(start, end)], pieces)]
        out += [Stay(lo, hi, "away") for lo, hi in subtract((session.start, session.end), pieces)]
    return joined(Stay(s.start, min(s.end, until), s.state) for s in out if s.start < until)


def spans(
    span: Interval, came: Verdict | None, went: Verdict | None, kinds: set[str], seen: Moment
) -> Iterator[tuple[Moment, Moment, str]]:
    """A required piece of a session by its sign-in and sign-out."""
    first, last = span
    begin = first if came is None or came.punch is None else min(max(came.punch, first), last)
    signed_in = came is not None and came.punch is not None
    stop = None if went is None or went.punch is None else min(max(went.punch, first), last)
    if not signed_in:
        # An absence is sure of all that was read; where a sign-out shows that he was there at last, nothing else is.
        known = came is not None and came.verdict == "missing" and stop is None
        known = known and (went is None or went.verdict not in UNSURE or seen > first)
        if not known or ("in" not in kinds):
            yield first, stop or last, "unknown"
            if stop is not None:
                yield stop, last, "unknown" if went is not None and went.verdict in UNSURE else "out"
            return
        dark = went is not None and went.verdict in UNSURE
        yield first, min(max(seen, first), last) if dark else last, "out"
        if dark:
            yield min(max(seen, first), last), last, "unknown"
        return
    unsure = came is not None and came.verdict in UNSURE
    yield first, begin, "unknown" if unsure else "out"
    if stop is not None and stop >= begin:
        yield begin, stop, "in"
        yield stop, last, "unknown" if went is not None and went.verdict in UNSURE else "out"
        return
    if went is not None and went.verdict in ("missing", "unverified"):
        yield begin, last, "unknown"
        return
    read = min(max(seen, begin), last)
    yield begin, read, "in"
    yield read, last, "unknown"


def within(spans: Sequence[Interval], pieces: Sequence[Interval]) -> Iterator[Interval]:
    """What some spans have of the pieces."""
    for start, end in spans:
        for lo, hi in pieces:
            if max(start, lo) < min(end, hi):
                yield max(start, lo), min(end, hi)


def joined(rows: Iterable[Stay]) -> list[Stay]:
    """Stretches in time, those of one state that touch as one."""
    out: list[Stay] = []
    for row in sorted(rows):
        if row.start >= row.end:
            continue
        if out and out[-1].end == row.start and out[-1].state == row.state:
            out[-1] = out[-1]._replace(end=row.end)
        else:
            out.append(row)
    return out


def elsewhere(rows: Iterable[Stay], spans: Iterable[Interval]) -> list[Stay]:
    """A person's day at his own window, where in some spans he stands in at another one."""
    gone = union(spans)
    out: list[Stay] = []
    for row in rows:
        out += [Stay(lo, hi, row.state) for lo, hi in subtract((row.start, row.end), gone)]
        out += [Stay(lo, hi, "away") for lo, hi in within([(row.start, row.end)], gone)]
    return joined(out)


def only(rows: Iterable[Stay], spans: Sequence[Interval]) -> list[Stay]:
    """A stand-in's day at the window where he stands in: nothing but the spans."""
    return joined(Stay(lo, hi, row.state) for row in rows for lo, hi in within([(row.start, row.end)], spans))


def levels(people: Iterable[Sequence[Stay]]) -> list[Level]:
    """How many people of a window had which state, stretch by stretch; nothing where nobody is due."""
    rows = [stay for each in people for stay in each]
    edges = sorted({edge for stay in rows for edge in (stay.start, stay.end)})
    out: list[Level] = []
    for start, end in pairwise(edges):
        here = [s.state for s in rows if s.start <= start and s.end >= end]
        if not here:
            continue
        counts = tuple(here.count(state) for state in ("in", "unknown", "away", "out"))
        if out and out[-1].end == start and out[-1][2:] == counts:
            out[-1] = out[-1]._replace(end=end)
        else:
            out.append(Level(start, end, *counts))
    return out
