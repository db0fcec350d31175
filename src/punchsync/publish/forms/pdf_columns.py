"""How wide a table's columns are set, how large its type, and whether it stands across the page.

Widths are reckoned in ems: a Chinese character is one wide, a Latin letter or digit a little more than half.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import ceil
from typing import Final, NamedTuple

from punchsync.publish.document import Column, Table

LATIN: Final = 0.58
"""A digit's width; Latin letters are as wide or narrower, the few that are wider are rare in tables."""
PADDING: Final = 0.6
"""Space left and right of a cell's text together."""
LINE: Final = 10.0
"""A text that is longer than this may well be broken into lines, of a third of it at least."""
BLANK: Final = 6.0


class Try(NamedTuple):
    """A size of type in points, whether across the page, and how much worse a page of it is than one at the best."""

    size: float
    flipped: bool
    worse: float


TRIES: Final = (
    Try(12.0, False, 1.0), Try(10.5, False, 1.25), Try(9.0, False, 1.6),
    Try(12.0, True, 1.0), Try(10.5, True, 1.25), Try(9.0, True, 1.6), Try(7.5, True, 3.0),
)  # fmt: skip
# Type is made smaller where fewer lines come of it, never because rows alone become lower.
TURNED: Final = 0.5
"""What turning the page costs, in pages."""
HEIGHTS: Final = {False: 616.0, True: 440.0}
"""Of a page upright and across, in points."""
PITCH, GAP = 1.25, 0.35
"""From line to line of a cell, and what a row has beyond its lines, in ems."""


class Setting(NamedTuple):
    """The widths of columns and the size of type in points; `flipped`: on a page of its own, across."""

    widths: tuple[float, ...]
    size: float
    flipped: bool = False


class _Need(NamedTuple):
    """What a column needs in ems: so that nothing breaks that can't, so that it reads well, so that nothing breaks."""

    least: float
    good: float
    whole: float


def settle(table: Table, upright: float, across: float) -> Setting:
    """The best way to set a table in the widths at hand (in points): readable first, then on few pages.

    Where the page is across anyway, `upright` is 0.
    """
    needs = [_need(column, [row[n] for row in table.rows]) for n, column in enumerate(table.columns)]
    tries = [t for t in TRIES if t.flipped or upright]
    wide = {t: (across if t.flipped else upright) / t.size for t in tries}
    fitting = [t for t in tries if sum(n.good for n in needs) <= wide[t]] or tries[-1:]
    widths = {t: _widths(table.columns, needs, wide[t]) for t in fitting}
    best = min(fitting, key=lambda t: _cost(table, widths[t], t, turned=t.flipped and upright > 0))
    return Setting(tuple(w * best.size for w in widths[best]), best.size, best.flipped)


def _cost(table: Table, widths: Sequence[float], at: Try, turned: bool) -> float:
    """Pages that a table fills, those with small type counted for more."""
    lines = sum(max(map(_lines, row, widths), default=1) for row in (tuple(c.head for c in table.columns), *table.rows))
    high = (lines * PITCH + (len(table.rows) + 1) * GAP) * at.size
    return high / HEIGHTS[at.flipped] * at.worse + (TURNED if turned else 0.0)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(ems(line) / max(width - PADDING, 1.0) - 0.001)) for line in text.split("\n"))


@lru_cache(maxsize=8192)
def ems(text: str) -> float:
    """The width of the longest line of a text."""
    return max((sum(_em(c) for c in line) for line in text.split("\n")), default=0.0)


@lru_cache(maxsize=8192)
def _em(sign: str) -> float:
    return 1.0 if unicodedata.east_asian_width(sign) in "WFA" else LATIN


def _need(column: Column, texts: Sequence[str]) -> _Need:
    head, whole = ems(column.head), max(map(ems, texts), default=0.0)
    solid = max((ems(run) for text in {column.head, *texts} for run in _solid(text)), default=0.0)
    if column.kind == "blank":
        return _Need(max(solid, 3.0) + PADDING, max(head, BLANK) + PADDING, max(head, BLANK) + PADDING)
    if column.kind in ("text", "name", "person"):
        head = min(head, max(solid, 4.0))
        good = whole if whole <= LINE else max(LINE, whole / 3)
        least = max(solid, min(whole, 4.0))
        return _Need(least + PADDING, max(good, head, least) + PADDING, max(whole, head, least) + PADDING)
    narrow = max(whole, min(head, 2.0))
    return _Need(narrow + PADDING, narrow + PADDING, max(whole, min(head, 4.0)) + PADDING)


def _solid(text: str) -> Iterator[str]:
    """The runs of a text in which no line can end."""
    return (run for line in text.split("\n") for run in re.findall(r"[!-~]+", line))


def _widths(columns: Sequence[Column], needs: Sequence[_Need], wide: float) -> list[float]:
    """Ems for each column, `wide` together."""
    good = [n.good for n in needs]
    if sum(good) > wide:
        least = [n.least for n in needs]
        if sum(least) >= wide:
            return [width * wide / sum(least) for width in least]
        return _raised(least, good, wide)
    if all(column.share for column in columns):
        return _shared([column.share for column in columns], [n.least for n in needs], wide)
    shares = [column.share for column in columns]
    widths = _raised(good, [g if s else n.whole for g, s, n in zip(good, shares, needs, strict=True)], wide)
    left = wide - sum(widths)
    weights = [float(s) for s in shares] if any(shares) else widths
    return [width + left * weight / sum(weights) for width, weight in zip(widths, weights, strict=True)]


def _raised(low: Sequence[float], high: Sequence[float], wide: float) -> list[float]:
    """From `low` as far towards `high` as there is room, all by the same part of what they lack."""
    lack = sum(high) - sum(low)
    part = min(1.0, (wide - sum(low)) / lack) if lack > 0 else 0.0
    return [a + (b - a) * part for a, b in zip(low, high, strict=True)]


def _shared(shares: Sequence[int], least: Sequence[float], wide: float) -> list[float]:
    """Shares of the width, where none falls below what it needs."""
    fixed: set[int] = set()
    while True:
        left = wide - sum(least[n] for n in fixed)
        unit = left / max(1, sum(s for n, s in enumerate(shares) if n not in fixed))
        short = {n for n, s in enumerate(shares) if n not in fixed and s * unit < least[n]}
        if not short or len(fixed) + len(short) == len(shares):
            return [least[n] if n in fixed else s * unit for n, s in enumerate(shares)]
        fixed |= short
