"""A table on a sheet: heads, typed cells, widths and heights of what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from punchsync.publish.document import Column, Table
from punchsync.publish.forms.xlsx_book import LONGEST, UPRIGHT, Book, number
from punchsync.publish.page import width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WIDEST: Final = 56
"""Columns from which a text is wrapped."""
SMALLEST: Final = 0.72
"""A table printed smaller than this goes across the page."""
HEAD: Final = 30
"""Points of a row of heads, where nothing else makes it higher."""
NARROWEST: Final = {"count": 6, "points": 6, "symbol": 3.2, "blank": 12, "name": 8}
"""Columns that a kind of cell takes at least."""
BUTTON: Final = 3
"""Columns that a filter's button covers."""
LOOK: Final = {"count": "number_cell", "points": "number_cell", "symbol": "middle"}


class Span(NamedTuple):
    """The first and the last column of a sheet that a cell takes, and how wide they are together."""

    first: int
    last: int
    width: float


def filtered(book: Book, sheet: Worksheet, table: Table, title: str) -> None:
    """A sheet that is one table under its title, with frozen heads and filters."""
    widths = natural(table, BUTTON)
    for at, wide in enumerate(widths):
        sheet.set_column(at, at, wide)
    spans = [Span(at, at, wide) for at, wide in enumerate(widths)]
    last = len(table.columns) - 1
    sheet.write_string(0, 0, title[:LONGEST], book.look("sheet"))
    sheet.set_row(0, 26)
    bottom = put(book, sheet, 1, table, spans)
    sheet.freeze_panes(2, 0)
    listed = len(table.rows) - table.total
    if listed > 0:
        sheet.autofilter(1, 0, 1 + listed, last)
    book.printed(sheet, wide=sum(widths) * SMALLEST > UPRIGHT, area=(bottom - 1, last), heads=(0, 1))


def natural(table: Table, extra: int = 0) -> list[float]:
    """How wide each column is by its texts; heads may stand on two lines."""
    return [_natural(column, [row[at] for row in table.rows], extra) for at, column in enumerate(table.columns)]


def put(book: Book, sheet: Worksheet, top: int, table: Table, spans: Sequence[Span], least: float = 0) -> int:
    """A table's heads and rows from row `top` on, rows at least so many points high; the row below it."""
    columns = table.columns
    heads = [column.head for column in columns]
    for head, span in zip(heads, spans, strict=True):
        _cell(sheet, top, span, head, book.look("head"))
    sheet.set_row(
        top, max([min(least, HEAD), 22, *(book.height(h, s.width - 0.5) for h, s in zip(heads, spans, strict=True))])
    )
    for n, row in enumerate(table.rows):
        strong = table.total and n == len(table.rows) - 1
        for column, text, span in zip(columns, row, spans, strict=True):
            look = book.look(LOOK.get(column.kind, "text"), strong=strong)
            value = number(column.kind, text)
            _cell(sheet, top + 1 + n, span, text if value is None else value, look)
        tall = max([least, 18, *(book.height(t, s.width - 1) for t, s in zip(row, spans, strict=True))])
        sheet.set_row(top + 1 + n, tall)
    bottom = top + 1 + len(table.rows)
    if columns and table.rows:
        sheet.ignore_errors({"number_stored_as_text": _range(top + 1, bottom - 1, spans[-1].last)})
    return bottom


def _cell(sheet: Worksheet, row: int, span: Span, value: str | float, look: Format) -> None:
    """A text as text, never a formula whatever it begins with; a number as one."""
    if span.first != span.last:
        sheet.merge_range(row, span.first, row, span.last, "", look)
    if value == "":
        sheet.write_blank(row, span.first, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, span.first, value[:LONGEST], look)
    else:
        sheet.write_number(row, span.first, value, look)


def _natural(column: Column, texts: Sequence[str], extra: int) -> float:
    head = max(map(width, column.head.split("\n")))
    if head > 10 and column.kind in ("count", "points"):
        head = -(-head // 2) + 1
    longest = max((width(line) for text in texts for line in text.split("\n")), default=0)
    least = NARROWEST.get(column.kind, 6)
    if column.kind == "blank":
        least *= max(1.0, column.share / 2)
    gap = 0.7 if column.kind == "symbol" else 2
    return min(max(least, longest + gap, head + gap + extra), max(WIDEST, head + gap + extra))


def _range(top: int, bottom: int, right: int) -> str:
    from xlsxwriter.utility import xl_range

    found: str = xl_range(top, 0, bottom, right)
    return found
