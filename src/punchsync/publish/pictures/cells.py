"""Cells of rows and columns, shaded by their values: the heat map of a month, and the coverage of hours."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from punchsync.core.points import number
from punchsync.publish.document import Figure
from punchsync.publish.pictures import key
from punchsync.publish.pictures.ink import Ink
from punchsync.publish.pictures.key import Entry
from punchsync.publish.pictures.paper import BLACK, WHITE, WIDTH, Paper, whole
from punchsync.publish.pictures.rows import LARGE, NAMES, SMALL, Rows, fitted
from punchsync.texts import _

WIDE: Final = 13.0
"""Millimetres of a cell's width, at most."""
MANY: Final = 20
"""Rows beyond which the heads of columns stand below them, too."""
FEW: Final = Decimal(4)
"""The number that is dark in a month in which there is no higher one: a single lateness is no black day."""
BANDS: Final = ((100, WHITE), (90, 0.84), (75, 0.66), (50, 0.4))
"""Percent of coverage from which on a cell has a shade: few steps, which a copier keeps apart."""
DARKEST: Final = 0.13
_HEAD, _AIR = 4.6, 1.4
Shade = Callable[[Decimal], float]


def heat(figure: Figure, ink: Ink) -> Paper:
    """The more, the darker; every number but 0 is written."""
    top = max((v for row in figure.values for v in row if v is not None), default=Decimal(0))

    def shade(value: Decimal) -> float:
        return 0.95 - 0.75 * float(value / max(top, FEW)) if value > 0 else WHITE

    steps = sorted({Decimal(0), min(Decimal(1), top), top})
    entries = [Entry(f"{number(v)} {figure.unit}".strip(), shade(v)) for v in steps]
    rows = _fit(figure, entries, ink, lambda row: sum((v for v in row if v is not None), Decimal(0)))
    if rows.left:
        said = _("只画出合计最多的 {shown} 行，另有 {left} 行没有画出。")
        entries.append(Entry(said.format(shown=len(rows.figure.rows), left=rows.left)))
    return _drawn(rows, entries, ink, shade, lambda v: number(v) if v else "")


def coverage(figure: Figure, ink: Ink) -> Paper:
    """The less of 100 percent, the darker, and every number is written: what lacks stands out in print."""

    def shade(value: Decimal) -> float:
        return next((grey for least, grey in BANDS if value >= least), DARKEST)

    entries = [Entry(f"≥{least}%" if n else f"{least}%", grey) for n, (least, grey) in enumerate(BANDS)]
    entries.append(Entry(f"<{BANDS[-1][0]}%", DARKEST))
    rows = _fit(figure, entries, ink, lambda row: -min((v for v in row if v is not None), default=Decimal(100)))
    if rows.left:
        said = _("只画出最低的 {shown} 行，另有 {left} 行没有画出。")
        entries.append(Entry(said.format(shown=len(rows.figure.rows), left=rows.left)))
    return _drawn(rows, entries, ink, shade, number)


def _fit(
    figure: Figure, entries: list[Entry], ink: Ink, weight: Callable[[tuple[Decimal | None, ...]], Decimal]
) -> Rows:
    """The rows that are drawn; the key learns what hatched and empty cells mean, where there are any."""
    hatched = set(figure.unknown)
    if hatched:
        entries.append(key.unknown())
    places = ((r, c) for r, row in enumerate(figure.values) for c, v in enumerate(row) if v is None)
    if any(place not in hatched for place in places):
        entries.append(Entry(_("空白：无应到")))
    return fitted(figure, 2 * _HEAD + _AIR + key.height([*entries, Entry("")], ink) + key.LINE, weight)


def _drawn(rows: Rows, entries: list[Entry], ink: Ink, shade: Shade, written: Callable[[Decimal], str]) -> Paper:
    figure, _left, high, points = rows
    names = ink.shortened(figure.rows, points, NAMES)
    left = whole(max((ink.width(name, points) for name in names), default=0) + 1.5)
    wide = whole(min(WIDE, (WIDTH - 0.4 - left) / max(1, len(figure.columns))))
    bottom = _HEAD + high * len(figure.rows)
    foot = _HEAD if len(figure.rows) > MANY else 0
    paper = Paper(ink, bottom + foot + _AIR + key.height(entries, ink))
    for y in (_HEAD / 2, bottom + foot / 2)[: 2 if foot else 1]:
        _heads(paper, figure.columns, left, wide, y)
    hatched = set(figure.unknown)
    inside = _type([written(v) for row in figure.values for v in row if v is not None], ink, wide, points)
    for r, (name, row) in enumerate(zip(names, figure.values, strict=True)):
        y = _HEAD + high * r
        paper.say(left - 1, y + high / 2, name, points, "right")
        for c, value in enumerate(row):
            x, unsure = left + wide * c, (r, c) in hatched
            if value is None and not unsure:
                continue
            grey = WHITE if unsure or value is None else shade(value)
            paper.box(x, y, wide, high, grey, unsure)
            text = (written(value) if value else "") + "?" if unsure else written(value or Decimal(0))
            if text and inside >= SMALL:
                ink_shade = BLACK if grey > 0.52 else WHITE
                paper.say(x + wide / 2, y + high / 2, text, inside, shade=ink_shade, lit=unsure)
    key.draw(paper, bottom + foot + _AIR, entries)
    return paper


def _heads(paper: Paper, heads: tuple[str, ...], left: float, wide: float, y: float) -> None:
    """The heads of columns, as many as find room."""
    points = min(LARGE, 7.0)
    widest = max((paper.ink.width(head, points) for head in heads), default=0)
    step = max(1, -int(-(widest + 0.6) // wide))
    for n in range(0, len(heads), step):
        paper.say(left + wide * (n + 0.5), y, heads[n], points)


def _type(texts: list[str], ink: Ink, wide: float, points: float) -> float:
    """Points of the type in which the widest of the texts finds room in a cell."""
    widest = max((ink.width(text, 1) for text in texts), default=0)
    return min(points, (wide - 0.5) / widest) if widest else points
