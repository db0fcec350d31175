"""A line for every row over the columns, told apart by marks and dashes; where nothing is known, the line breaks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from matplotlib.ticker import MaxNLocator

from punchsync.core.points import number
from punchsync.publish.document import Figure
from punchsync.publish.pictures import key
from punchsync.publish.pictures.ink import Ink
from punchsync.publish.pictures.key import Entry
from punchsync.publish.pictures.paper import BLACK, WHITE, WIDTH, Dashes, Paper
from punchsync.publish.pictures.rows import NAMES
from punchsync.texts import _

STYLES: Final[tuple[tuple[float, Dashes, str], ...]] = (
    (BLACK, "-", "o"), (0.45, "--", "s"), (BLACK, ":", "^"), (0.45, "-.", "D"),
    (BLACK, "--", "v"), (0.45, "-", "P"), (BLACK, "-.", "X"), (0.45, ":", "p"),
)  # fmt: skip
"""Shade, dashes and mark of each line; beyond these they begin anew."""
HEIGHT: Final = 62.0
"""Millimetres from the topmost number of the axis to zero."""
_POINTS: Final = 7.5
_TOP, _FOOT, _RIGHT, _AIR = 6.5, 6.0, 2.0, 1.0


def trend(figure: Figure, ink: Ink) -> Paper:
    """Lines over an axis from zero (or below), in whole numbers where the values are whole."""
    known = [v for row in figure.values for v in row if v is not None]
    ticks = _ticks(known)
    marks = [number(t) for t in ticks]
    names = ink.shortened(figure.rows, key.POINTS, NAMES)
    entries = [Entry(name, shade, dashes=d, marker=m) for name, (shade, d, m) in zip(names, _styles(), strict=False)]
    gaps = {column for _row, column in figure.unknown}
    entries += [key.unknown()] if gaps else []
    left = max(ink.width(mark, _POINTS) for mark in marks) + 3
    wide = (WIDTH - left - _RIGHT) / max(1, len(figure.columns))
    bottom = _TOP + HEIGHT
    paper = Paper(ink, bottom + _FOOT + _AIR + key.height(entries, ink))

    def x(column: int) -> float:
        return left + wide * (column + 0.5)

    def y(value: Decimal) -> float:
        return bottom - HEIGHT * float((value - ticks[0]) / (ticks[-1] - ticks[0]))

    for column in sorted(gaps):
        paper.box(x(column) - wide / 2, _TOP, wide, HEIGHT, WHITE, hatched=True)
        paper.say(x(column), _TOP + 3, "?", _POINTS, lit=True)
    for tick, mark in zip(ticks, marks, strict=True):
        paper.rule((left, y(tick)), (WIDTH - _RIGHT, y(tick)), BLACK if tick == 0 else 0.8)
        paper.say(left - 1, y(tick), mark, _POINTS, "right")
    if figure.unit:
        paper.say(0.2, 2.2, _("单位：{unit}").format(unit=figure.unit), _POINTS, "left")
    widest = max((ink.width(head, _POINTS) for head in figure.columns), default=0)
    for n in range(0, len(figure.columns), max(1, -int(-(widest + 1) // wide))):
        paper.say(x(n), bottom + _FOOT / 2, figure.columns[n], _POINTS)
    places = set(figure.unknown)
    for r, (row, (shade, dashes, marker)) in enumerate(zip(figure.values, _styles(), strict=False)):
        points = [None if v is None or (r, c) in places else (x(c), y(v)) for c, v in enumerate(row)]
        for run in _runs(points):
            paper.line(run, shade, dashes, marker)
    key.draw(paper, bottom + _FOOT + _AIR, entries)
    return paper


def _styles() -> Iterator[tuple[float, Dashes, str]]:
    while True:
        yield from STYLES


def _ticks(known: list[Decimal]) -> list[Decimal]:
    whole = all(v == v.to_integral_value() for v in known)
    low, top = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    found = MaxNLocator(6, integer=whole, steps=[1, 2, 5, 10]).tick_values(min(0.0, float(low)), max(1.0, float(top)))
    return [Decimal(repr(round(float(tick), 9))).normalize() for tick in found]


def _runs(points: list[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """The parts of a line between its gaps."""
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
