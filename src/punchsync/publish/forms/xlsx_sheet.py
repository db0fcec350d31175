"""A paper that is printed as it stands on its sheet: a letter, a form to sign, a window's attendance grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from punchsync.publish.document import Figure, Said, Section, Table
from punchsync.publish.forms.xlsx_book import ACROSS, LONGEST, UPRIGHT, Book, sheet_name
from punchsync.publish.forms.xlsx_figure import SHADED, aside
from punchsync.publish.forms.xlsx_figure import put as put_figure
from punchsync.publish.forms.xlsx_table import Span, natural, put
from punchsync.publish.forms.xlsx_words import Line, above, below
from punchsync.publish.order import Order

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SIGNED: Final = 26
"""Points of a row that is signed by hand."""
WRITTEN: Final = 72
"""Points of a row of nothing but what is to be written."""
UNITS: Final = 60
"""Columns that tables of different shapes share; no table of a form or letter has as many."""
GAP: Final = 5 / 7
"""What a column is wider than its width says, which tells where there are many."""
MARKED: Final = 21
"""Points of a row of the grid."""
NEAR: Final = 9
"""The last row under which heads are kept in sight."""


def alone(book: Book, order: Order) -> None:
    """An order's document on one sheet; the grid has one for every window."""
    document = order.document
    if document.layout == "grid" and len(document.sections) > 1:
        for section in document.sections:
            _paper(book, order, [section], section.title)
    else:
        _paper(book, order, document.sections, document.title)


def _paper(book: Book, order: Order, sections: Sequence[Section], name: str) -> None:
    """Title, lines below it, parts, what closes it; the last of the grid's lines says what its marks mean, so it stands
    below it."""
    document, wide = order.document, order.document.layout == "grid"
    sheet = book.sheet(sheet_name(name, book.names))
    sheet.hide_gridlines(2)
    tables = [part for section in sections for part in section.parts if isinstance(part, Table)]
    paper = Paper(book, sheet, _widths(tables, ACROSS - 6 if wide else UPRIGHT - 9))
    signed = any(c.kind == "blank" for table in tables for c in table.columns)
    paper.least = MARKED if wide else SIGNED if signed else 0
    legend = document.under[-1:] if wide and len(document.under) > 1 else ()
    paper.say([line for line in above(order) if line[1] not in legend])
    for section in sections:
        if section.title:
            paper.say([("section", section.title)])
        for part in section.parts:
            paper.add(part)
    paper.say([*(("flush", text) for text in legend), *below(order)])
    longest = max(paper.heads, key=lambda at: at[1], default=(0, 0))
    heads = (longest[0], longest[0]) if paper.heads and paper.heads[-1] == longest else None
    if heads and heads[0] <= NEAR:
        sheet.freeze_panes(heads[0] + 1, 1 if wide else 0)
    area = (paper.row - 1, paper.right)
    book.printed(sheet, wide=wide, area=area, heads=heads, whole=paper.drawn, titled=False)


class Paper:
    """A sheet filled from above; lines of text and tables are all as wide as its columns together."""

    def __init__(self, book: Book, sheet: Worksheet, widths: Sequence[float]) -> None:
        self._book, self._sheet, self._widths = book, sheet, widths
        self.right = len(widths) - 1
        self.row = 0
        self.least = 0.0
        self.heads: list[tuple[int, int]] = []
        self.drawn = False
        gap = GAP if len(widths) == UNITS else 0
        for at, each in enumerate(widths):
            sheet.set_column(at, at, each - gap)

    def add(self, part: Said | Table | Figure) -> None:
        """A part below what is there."""
        if isinstance(part, Said):
            self.say([("said", part.text)])
        elif isinstance(part, Figure):
            self._draw(part)
        else:
            if part.caption:
                self.say([("caption", part.caption)])
            self.heads.append((self.row, len(part.rows)))
            least = WRITTEN if all(c.kind == "blank" for c in part.columns) else self.least
            spans = _spans(part, self._widths)
            self.row = put(self._book, self._sheet, self.row, part, spans, least)

    def say(self, lines: Sequence[Line]) -> None:
        """Lines of text, each in its look."""
        for look, text in lines:
            size = self._book.size(look)
            self._sheet.set_row(self.row, self._book.height(text, sum(self._widths) * 11 / size - 4, size))
            if self.right:
                self._sheet.merge_range(self.row, 0, self.row, self.right, "", self._book.look(look))
            self._sheet.write_string(self.row, 0, text[:LONGEST], self._book.look(look))
            self.row += 1

    def _draw(self, figure: Figure) -> None:
        """A figure under its caption: shaded cells, or a chart whose numbers stand on a sheet of their own."""
        self.drawn = True
        self.say([("caption", figure.caption), ("said", figure.text)])
        if figure.kind in SHADED:
            placed = put_figure(self._book, self._sheet, self.row + 1, figure)
            self.row, self.right = placed.bottom, max(self.right, placed.right)
        else:
            self.row += aside(self._book, self._sheet, self.row, figure, sum(self._widths))


def _widths(tables: Sequence[Table], room: float) -> list[float]:
    """The columns of a sheet, as wide as the page together: its table's own, or narrow ones that several share."""
    if not tables:
        return [room]
    if len(tables) > 1:
        return [max(room, *(sum(natural(table)) for table in tables)) / UNITS] * UNITS
    return _stretched(tables[0], room)


def _stretched(table: Table, room: float) -> list[float]:
    """A table's columns by their texts; what is left over goes to those to be written in, or to marks, or to all."""
    found = natural(table)
    spare = room - sum(found)
    if spare <= 0:
        return found
    shares = list(found)
    for kind in ("symbol", "blank"):
        if any(column.kind == kind for column in table.columns):
            shares = [float(column.kind == kind) * max(column.share, 1) for column in table.columns]
    return [each + spare * share / sum(shares) for each, share in zip(found, shares, strict=True)]


def _spans(table: Table, widths: Sequence[float]) -> list[Span]:
    """Over which columns of the sheet each of a table's goes."""
    if len(widths) < UNITS:
        return [Span(n, n, each) for n, each in enumerate(widths)]
    wanted, unit = _stretched(table, sum(widths)), widths[0]
    ends = [round(sum(wanted[: n + 1]) / unit) - 1 for n in range(len(wanted))]
    for n, end in enumerate(ends):  # each takes one at least, and leaves one for each after it
        ends[n] = min(max(end, ends[n - 1] + 1 if n else 0), len(widths) - len(ends) + n)
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [Span(a, z, unit * (z - a + 1)) for a, z in zip(starts, ends, strict=True)]
