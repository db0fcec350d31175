"""Which punch serves which checkpoint: the reading most favourable to the person (HALLS.md, Matching).

Over the whole day at once, of all matchings the first by: fewest unmatched, fewest late or early past the threshold,
fewest seconds late and early, fewest seconds from the due times, then the earlier times checkpoint by checkpoint.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

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


class Awaited(Protocol):
    """What matching asks of a due checkpoint."""

    @property
    def kind(self) -> str: ...
    @property
    def due(self) -> Moment: ...
    @property
    def opens(self) -> Moment: ...
    @property
    def shuts(self) -> Moment: ...


SECOND, BAD, UNMATCHED = 1 << 24, 1 << 48, 1 << 52
"""What is counted first weighs more than all that comes after it together: a day has few checkpoints and 86,400 s."""
WORST: Final = 1 << 62


def off_by(kind: str, due: Moment, at: Moment) -> int:
    """Seconds late (`in`) or early (`out`) against the due time, 0 if neither."""
    return max(0, at - due if kind == "in" else due - at)


def match(dues: Sequence[Awaited], punches: Sequence[Moment], rule: Punctuality) -> list[Moment | None]:
    """The punch that serves each due checkpoint; punches sorted, each second once.

    Worked out from the last checkpoint back: for each and every punch from which on others are free, the best cost and
    the punch that has it. Of equal ones the earlier punch is taken, and any before none.
    """
    count = len(punches)
    after = [bisect_left(punches, at + APART) for at in punches]
    costs = [0] * (count + 1)
    picks: list[list[int]] = []
    for due in reversed(dues):
        kind, moment, opens, shuts = due.kind, due.due, due.opens, due.shuts
        limit = rule.late if kind == "in" else rule.early
        here, picked = [0] * (count + 1), [-1] * (count + 1)
        best, which = WORST, -1
        for n in range(count, -1, -1):
            if n < count and opens <= punches[n] <= shuts:
                off = punches[n] - moment
                cost = costs[after[n]] + abs(off)
                seconds = off if kind == "in" else -off
                if seconds > 0:
                    cost += seconds * SECOND + (BAD if seconds >= limit else 0)
                if cost <= best:
                    best, which = cost, n
            skipped = costs[n] + UNMATCHED
            if best <= skipped:
                here[n], picked[n] = best, which
            else:
                here[n] = skipped
        costs = here
        picks.append(picked)
    out: list[Moment | None] = []
    free = 0
    for picked in reversed(picks):
        n = picked[free]
        out.append(punches[n] if n >= 0 else None)
        free = after[n] if n >= 0 else free
    return out
