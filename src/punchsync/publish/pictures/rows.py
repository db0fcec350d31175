"""Rows of a picture: how many there is room for, which of them are drawn, and how high and large they come out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, NamedTuple

from punchsync.publish.document import Figure
from punchsync.publish.pictures.ink import MM
from punchsync.publish.pictures.paper import TALLEST, whole

HIGH, LOW = 6.4, 2.6
"""Millimetres of a row: at most, and at least, so that its name can be read."""
NAMES: Final = 46.0
"""Millimetres for the names of rows, at most."""
LARGE: Final = 8.0
"""Points of the largest type in a picture; 小五 is 9, 六号 7.5."""
SMALL: Final = 4.5
"""Points below which nothing is written."""


class Rows(NamedTuple):
    """A figure with the rows that are drawn, how many are left out, the height of each in mm, its type in points."""

    figure: Figure
    left: int
    height: float
    points: float


def fitted(figure: Figure, around: float, weight: Callable[[tuple[Decimal | None, ...]], Decimal] | None) -> Rows:
    """The rows for which there is room beside so many millimetres; where not all find any, those of most weight, in
    their order (without a weight: the first)."""
    room = TALLEST - around
    most = int(room / LOW)
    shown = list(range(len(figure.rows)))
    if weight is not None:
        shown.sort(key=lambda n: (-weight(figure.values[n]), n))
    shown = sorted(shown[:most])
    place = {n: at for at, n in enumerate(shown)}
    kept = figure._replace(
        rows=tuple(figure.rows[n] for n in shown),
        values=tuple(figure.values[n] for n in shown),
        unknown=tuple((place[row], column) for row, column in figure.unknown if row in place),
    )
    height = whole(min(HIGH, room / max(1, len(shown))))
    return Rows(kept, len(figure.rows) - len(shown), height, min(LARGE, 0.76 * height / MM))
