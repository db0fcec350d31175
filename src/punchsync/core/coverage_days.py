"""What is known of a terminal day by day: read, not read, lost, out of order; as stretches that fill each day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from punchsync.core.coverage import Coverage
from punchsync.core.intervals import Interval, intersect, subtract, union
from punchsync.core.moment import Day, Moment, start_of
from punchsync.core.records import Outage

KINDS: Final = ("lost", "no_punch", "read", "unread")
"""What a stretch is, the first that fits; what is still to come is none of them."""


class Stretch(NamedTuple):
    """A part of a day, half-open."""

    start: Moment
    end: Moment
    kind: str


class DayStretches(NamedTuple):
    """A day's stretches in order."""

    day: Day
    parts: tuple[Stretch, ...]


def by_day(
    coverage: Coverage, outages: Iterable[Outage], first: Day, last: Day, begins: Moment, now: Moment
) -> list[DayStretches]:
    """The days `first` to `last`, each from when the terminal `begins` up to now."""
    rows = list(outages)
    found: dict[str, list[Interval]] = {
        "lost": union([*((s, e + 1) for s, e in coverage.lost), *spans(rows, "lost")]),
        "no_punch": union(spans(rows, "no_punch")),
        "read": [] if coverage.through is None else [(0, coverage.through + 1)],
        "unread": [(0, now + 1)],
    }
    return [DayStretches(day, tuple(parts(found, day, begins, now))) for day in range(first, last + 1)]


def spans(outages: Sequence[Outage], kind: str) -> list[Interval]:
    """The stretches of one kind of outage, half-open."""
    return [(o.start, o.end + 1) for o in outages if o.kind == kind]


def parts(found: dict[str, list[Interval]], day: Day, begins: Moment, now: Moment) -> list[Stretch]:
    """A day's stretches: each moment is of the first kind that has it."""
    left = [(max(start_of(day), begins), min(start_of(day + 1), now + 1))]
    left = [span for span in left if span[0] < span[1]]
    out: list[Stretch] = []
    for kind in KINDS:
        out += [Stretch(start, end, kind) for start, end in intersect(left, found[kind])]
        left = [part for span in left for part in subtract(span, found[kind])]
    return sorted(out)
