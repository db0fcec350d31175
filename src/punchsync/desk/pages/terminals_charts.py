"""The drawings of a terminal's page in numbers: coverage by day, and how far the clock was off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from punchsync.core.coverage_days import DayStretches
from punchsync.core.moment import DAY, HOUR, Day, Moment, start_of
from punchsync.operations.symptoms import OFF

LEFT: Final = 96
"""Units before a chart's first moment."""
WIDE: Final = 720
"""Units of a day's bar, or of a chart's whole time."""
ROW: Final = 18
HIGH: Final = 160
TOP: Final = 18
MOST: Final = 400
"""Points of a line at most."""


class Bar(NamedTuple):
    """A stretch of a day as a rectangle."""

    x: float
    width: float
    kind: str
    start: Moment
    end: Moment


class Row(NamedTuple):
    """A day's bars, and where they stand."""

    day: Day
    y: int
    bars: list[Bar]


class Clock(NamedTuple):
    """The line of a clock's offset: its points, and the marks of both axes, each with its place."""

    points: str
    dots: list[tuple[float, float, Moment, int]]
    seconds: list[tuple[float, int]]
    days: list[tuple[float, Day]]


def rows(days: Sequence[DayStretches]) -> list[Row]:
    """Coverage, the latest day on top."""
    return [
        Row(
            one.day,
            TOP + n * ROW,
            [
                Bar(round(LEFT + (p.start - start_of(one.day)) * WIDE / DAY, 1),
                    max(round((p.end - p.start) * WIDE / DAY, 1), 1.0), p.kind, p.start, p.end)
                for p in one.parts
            ],
        )
        for n, one in enumerate(reversed(days))
    ]  # fmt: skip


def hours() -> list[tuple[float, int]]:
    """The marks of a day."""
    return [(LEFT + h * HOUR * WIDE / DAY, h) for h in range(0, 25, 3)]


def clock(offsets: Sequence[tuple[Moment, int]], first: Day, last: Day) -> Clock:
    """How far a clock was off on these days; of very many reads those that stand out, and some of the others."""
    begin, end = start_of(first), start_of(last + 1)
    most = max([OFF, *(abs(o) for _at, o in offsets)])

    def x(at: Moment) -> float:
        return round(LEFT + (at - begin) * WIDE / (end - begin), 1)

    def y(offset: int) -> float:
        return round(TOP + HIGH / 2 - offset * HIGH / (2.2 * most), 1)

    step = max(1, len(offsets) // MOST)
    taken = [max(offsets[n : n + step], key=lambda o: abs(o[1])) for n in range(0, len(offsets), step)]
    dots = [(x(at), y(offset), at, offset) for at, offset in taken]
    every = 7 if last - first > 20 else 2
    return Clock(
        " ".join(f"{a},{b}" for a, b, _at, _o in dots),
        dots,
        [(y(mark), mark) for mark in (most, 0, -most)],
        [(x(start_of(d)), d) for d in range(first, last + 1, every)],
    )
