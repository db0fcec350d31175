"""Tables: heads repeated on every page, rows that do not break, numbers in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from punchsync.publish.document import Column, Table
from punchsync.publish.word.pieces import BODY, HEAD, UNSPACED, Block, roomy, run, twips
from punchsync.publish.word.widths import Fit

SIGNED: Final = 31
"""Points a row is high that somebody signs: 11 mm."""
ABOVE: Final = 2
"""Points above and below the text of a cell."""
_EDGES: Final = "".join(
    f'<w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'
    for edge, size in (("top", 8), ("left", 8), ("bottom", 8), ("right", 8), ("insideH", 4), ("insideV", 4))
)


def grid(table: Table, fitted: Fit) -> Block:
    """A table of a document in its measures."""
    line = round(fitted.size * 1.35)
    aligned = [
        "center"
        if _middle(c, [row[n] for row in table.rows], (fitted.widths[n] - 2 * fitted.room) / fitted.size)
        else "left"
        for n, c in enumerate(table.columns)
    ]
    plain, kept = (
        [_cell(width, align, line, stays) for width, align in zip(fitted.widths, aligned, strict=True)]
        for stays in (False, True)
    )
    heads = [_cell(width, "center", line, True) for width in fitted.widths]
    high = SIGNED if any(c.kind == "blank" for c in table.columns) else 0
    rows = [_row(heads, [c.head for c in table.columns], HEAD, fitted.size, first=True)]
    last = len(table.rows) - 1
    for n, row in enumerate(table.rows):
        face = HEAD if table.total and n == last else BODY
        rows.append(_row(kept if n in (0, last - 1) and n < last else plain, row, face, fitted.size, high))
    return Block(_table(fitted, "".join(rows)), across=fitted.across)


def _table(fitted: Fit, rows: str) -> str:
    sides = (("top", ABOVE), ("left", fitted.room), ("bottom", ABOVE), ("right", fitted.room))
    room = "".join(f'<w:{side} w:w="{twips(points)}" w:type="dxa"/>' for side, points in sides)
    columns = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in fitted.widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(map(twips, fitted.widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{room}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(
    cells: Sequence[str], texts: Sequence[str], face: str, size: float, high: float = 0, first: bool = False
) -> str:
    written = (f"{cell}{run(text, face, size)}</w:p></w:tc>" for cell, text in zip(cells, texts, strict=True))
    properties = (
        "<w:cantSplit/>"
        + (f'<w:trHeight w:val="{twips(high)}" w:hRule="atLeast"/>' if high else "")
        + ("<w:tblHeader/>" if first else "")
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(written)}</w:tr>"


def _cell(width: float, align: str, line: float, kept: bool) -> str:
    """All of a cell before its text; `kept`: on one page with the row below."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f"{'<w:keepNext/>' if kept else ''}"
        f'<w:widowControl w:val="0"/>{UNSPACED}<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{twips(line)}" w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/></w:pPr>'
    )


def _middle(column: Column, texts: Sequence[str], width: float) -> bool:
    """Whether a column's texts stand in its middle: all but words that break, or that differ in length."""
    wide = [roomy(text) for text in texts if text]
    return column.kind != "text" or not wide or (max(wide) <= width and max(wide) - min(wide) <= 2)
