"""A bar for every row, in the figure's own order, with its value beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from punchsync.core.points import number
from punchsync.publish.document import Figure
from punchsync.publish.pictures import key
from punchsync.publish.pictures.ink import Ink
from punchsync.publish.pictures.key import Entry
from punchsync.publish.pictures.paper import WHITE, WIDTH, Paper
from punchsync.publish.pictures.rows import NAMES, fitted
from punchsync.texts import _

_BAR: Final = 0.55
_SHADE: Final = 0.6
_AIR: Final = 1.4


def ranking(figure: Figure, ink: Ink) -> Paper:
    """Bars from zero, the first row on top; below zero they go to the left."""
    rows = fitted(figure, _AIR + 2 * key.LINE, None)
    shown, left_out, high, points = rows
    unsure = {row for row, _column in shown.unknown}
    values = [row[0] if row else None for row in shown.values]
    entries = [Entry(_("单位：{unit}").format(unit=shown.unit))] if shown.unit else []
    entries += [key.unknown()] if unsure else []
    if left_out:
        said = _("只画出前 {shown} 行，另有 {left} 行没有画出。")
        entries.append(Entry(said.format(shown=len(shown.rows), left=left_out)))
    names = ink.shortened(shown.rows, points, NAMES)
    left = max((ink.width(name, points) for name in names), default=0) + 1.5
    texts = [_written(v, n in unsure) for n, v in enumerate(values)]
    beside = max((ink.width(text, points) for text in texts), default=0) + 1.5
    known = [float(v) for v in values if v is not None]
    low, top = min(0.0, *known, 0.0), max(0.0, *known, 0.0)
    room = WIDTH - left - beside - (beside if low < 0 else 0) - 0.4
    scale = room / (top - low) if top > low else 0.0
    zero = left + (beside if low < 0 else 0) - low * scale
    bottom = high * len(names)
    paper = Paper(ink, bottom + _AIR + key.height(entries, ink))
    paper.rule((zero, 0), (zero, bottom))
    for n, (name, value, text) in enumerate(zip(names, values, texts, strict=True)):
        middle = high * (n + 0.5)
        paper.say(left - 1, middle, name, points, "right")
        long = float(value or 0) * scale
        if long:
            start, wide = (zero, long) if long > 0 else (zero + long, -long)
            paper.box(start, middle - high * _BAR / 2, wide, high * _BAR, WHITE if n in unsure else _SHADE, n in unsure)
        if long < 0:
            paper.say(zero + long - 0.8, middle, text, points, "right")
        else:
            paper.say(zero + long + 0.8, middle, text, points, "left")
    key.draw(paper, bottom + _AIR, entries)
    return paper


def _written(value: Decimal | None, unsure: bool) -> str:
    return ("—" if value is None and not unsure else "" if value is None else number(value)) + ("?" if unsure else "")
