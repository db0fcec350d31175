"""How wide a table's columns are, in which size, and whether it needs a page across."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from typing import Final, NamedTuple

from punchsync.publish.document import Column, Table
from punchsync.publish.word.pieces import clean, roomy

UPRIGHT: Final = ((14, 1), (12, 2), (10.5, 3), (9, 4))
ACROSS: Final = ((12, 2), (10.5, 3), (9, 8))
"""Sizes that are tried, and into how many lines a cell may break at each."""
LONG: Final = ((14, 1), (12, 1), (10.5, 2), (9, 2), *UPRIGHT)
MANY: Final = 100
"""From so many rows on a table saves paper: smaller letters before more lines."""
SIGNED: Final = 90
"""Points that a signature takes."""
SPARE: Final = 1.5
"""Points that a cell has more than it seems to need: borders take of it."""
LONGEST: Final = 14
"""A longer word is broken anywhere."""

_WORD: Final = re.compile(r"[（《〔“]*(?:[!-~]+|.)[，。；：、）》〕”！？]*", re.DOTALL)
_UNBROKEN: Final = ("count", "points", "symbol", "person")


class Fit(NamedTuple):
    """A table's measures: the size of its letters, the width of every column, the room left and right in a cell."""

    size: float
    widths: tuple[float, ...]
    room: float
    across: bool = False


def fit(table: Table, upright: float, across: float = 0) -> Fit:
    """The measures with which a table fits into a width, or, where that is too narrow, into a page across (0: none).

    Letters shrink first; where nothing fits, the columns share what there is.
    """
    texts = [_texts(table, n) for n in range(len(table.columns))]
    ladder = LONG if len(table.rows) >= MANY else UPRIGHT
    for width, sizes, turned in ((upright, ladder, False), (across, ACROSS, True)):
        for size, most in sizes if width else ():
            room = 1.0 if any(c.kind == "symbol" for c in table.columns) else 4.0 if size > 11 else 2.5
            spare = 2 * room + SPARE
            needed = [_needed(c, texts[n], size, most) * size + spare for n, c in enumerate(table.columns)]
            if sum(needed) <= width:
                cells = [max(map(roomy, column)) * size + spare for column in texts]
                heads = [roomy(clean(c.head)) * size + spare for c in table.columns]
                return Fit(size, tuple(_spread(table.columns, needed, (cells, heads), width)), room, turned)
    width = across or upright
    return Fit(9, tuple(_squeezed([n * width / sum(needed) for n in needed], width)), room, bool(across))


def lines(text: str, width: float) -> int:
    """Into how many lines a text breaks in a width of so many characters."""
    made = 0
    for line in text.split("\n"):
        made, used = made + 1, 0.0
        for word in _WORD.findall(line):
            wide = roomy(word) + (0.25 if word[0].isascii() and word != line else 0)
            if used and used + wide > width and word != " ":
                made, used = made + 1, 0.0
            used += wide
            while used > width and len(word) > 1:
                made, used = made + 1, used - width
    return made


def _texts(table: Table, number: int) -> list[str]:
    return sorted({clean(row[number]) for row in table.rows}) or [""]


def _needed(column: Column, texts: Sequence[str], size: float, most: int) -> float:
    """The least width, in characters, in which no cell of a column has too many lines."""
    widest = max(map(roomy, texts))
    head = _least([clean(column.head)], max(most, 2), min(2, roomy(clean(column.head))))
    if column.kind == "blank":
        return max(head, SIGNED / size)
    if column.kind in _UNBROKEN:
        return max(head, min(widest, LONGEST))
    words = max((roomy(w) for text in texts for w in _WORD.findall(text)), default=0)
    floor = min(widest, max(4 if column.kind == "name" else 3, min(words, LONGEST)))
    return max(head, _least(texts, most, floor))


def _least(texts: Sequence[str], most: int, floor: float) -> float:
    """The least width in which no text has more lines than asked for, or than its own line breaks make."""
    start, widest = max(floor, max(map(roomy, texts)) / most), max(map(roomy, texts)) + 1
    tried = (start + step * max(0.5, start / 50) for step in count())
    return next(w for w in tried if w > widest or all(lines(t, w) <= max(most, t.count("\n") + 1) for t in texts))


def _spread(
    columns: Sequence[Column], needed: list[float], natural: Sequence[list[float]], width: float
) -> list[float]:
    """Widths that fill a width: first what keeps short cells on one line, then heads, then by shares, else by size."""
    widths = list(needed)
    for whole in natural:
        for n in sorted(range(len(columns)), key=lambda n: whole[n] - widths[n]):  # used at once
            if not columns[n].share:
                widths[n] += max(0.0, min(whole[n] - widths[n], width - sum(widths)))
    shared = [n for n, c in enumerate(columns) if c.share]
    if not shared:
        return _squeezed([w * width / sum(widths) for w in widths], width)
    rest, open_ = width - sum(w for n, w in enumerate(widths) if n not in shared), list(shared)
    while open_:
        part = rest / sum(columns[n].share for n in open_)
        tight = [n for n in open_ if widths[n] > part * columns[n].share]
        if not tight:
            for n in open_:
                widths[n] = part * columns[n].share
            break
        rest -= sum(widths[n] for n in tight)
        open_ = [n for n in open_ if n not in tight]
    return _squeezed(widths, width)


def _squeezed(widths: list[float], width: float) -> list[float]:
    """Widths in whole twentieths of a point; the last column takes what is left."""
    whole = [int(w * 20) / 20 for w in widths]
    return [*whole[:-1], whole[-1] + int((width - sum(whole)) * 20) / 20]
