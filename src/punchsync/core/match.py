"""Which punch serves which checkpoint: the reading most favourable to the person (HALLS.md, Matching).

Over the whole day at once, of all matchings the first by: fewest unmatched, fewest late or early past the threshold,
fewest seconds late and early, fewest seconds from the due times, then the earlier times checkpoint by checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from punchsync.core.moment import Moment
from punchsync.core.rules import Punctuality

APART = 60
"""Two punches closer than this can't serve two checkpoints."""


class Due(NamedTuple):
    """A due checkpoint: its kind, (moved) due time and window."""

    kind: str
    due: Moment
    opens: Moment
    shuts: Moment


Key = tuple[int, int, int, int, tuple[Moment, ...]]
NEVER: Moment = 1 << 60


def off_by(kind: str, due: Moment, at: Moment) -> int:
    """Seconds late (`in`) or early (`out`) against the due time, 0 if neither."""
    return max(0, at - due if kind == "in" else due - at)


def match(dues: Sequence[Due], punches: Sequence[Moment], rule: Punctuality) -> list[Moment | None]:
    """The punch that serves each due checkpoint; punches sorted, each second once.

    As many punches as checkpoints, each in its window and far enough apart, can be matched in full in one way only.
    """
    if len(dues) == len(punches) and all(d.opens <= p <= d.shuts for d, p in zip(dues, punches, strict=True)):
        if all(b - a >= APART for a, b in pairwise(punches)):
            return list(punches)

    @cache
    def best(i: int, free: Moment) -> Key:
        if i == len(dues):
            return (0, 0, 0, 0, ())
        due = dues[i]
        rest = best(i + 1, free)
        found: Key = (rest[0] + 1, rest[1], rest[2], rest[3], (NEVER, *rest[4]))
        for at in punches:
            if at < free or at < due.opens:
                continue
            if at > due.shuts:
                break
            seconds = off_by(due.kind, due.due, at)
            bad = seconds >= (rule.late if due.kind == "in" else rule.early)
            rest = best(i + 1, at + APART)
            key: Key = (
                rest[0],
                rest[1] + bad,
                rest[2] + seconds,
                rest[3] + abs(at - due.due),
                (at, *rest[4]),
            )
            found = min(found, key)
        return found

    return [None if at == NEVER else at for at in best(0, 0)[4]]
