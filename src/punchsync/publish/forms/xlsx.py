"""A document as a workbook: what it says on a first sheet, then a sheet for every table and figure, with native charts.

Papers that fit on one sheet (letters, forms, the attendance grid) stand on one, as they are printed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from punchsync.publish.document import Figure, Said, Section, Table
from punchsync.publish.forms.xlsx_book import Book, sheet_name
from punchsync.publish.forms.xlsx_figure import draw
from punchsync.publish.forms.xlsx_sheet import alone
from punchsync.publish.forms.xlsx_table import filtered
from punchsync.publish.forms.xlsx_words import above, below
from punchsync.publish.order import Order, Pictures
from punchsync.texts import _

WIDTH = 88
"""Columns of the first sheet: what fits on A4 upright."""


def make(order: Order, pictures: Pictures) -> bytes:
    """The workbook; no cell of it is a formula, and its charts are its own."""
    out = io.BytesIO()
    book = Book(out, order)
    if order.document.layout == "report":
        _report(book, order)
    else:
        alone(book, order)
    book.close()
    return out.getvalue()


def _report(book: Book, order: Order) -> None:
    first = book.sheet(sheet_name(_("正文"), book.names))
    sheets: dict[int, list[str]] = {}
    for at, section in enumerate(order.document.sections):
        shown = [part for part in section.parts if not isinstance(part, Said)]
        for part in shown:
            title = _titled(section, part, single=len(shown) == 1)
            sheet = book.sheet(sheet_name(title, book.names))
            sheets.setdefault(at, []).append(sheet.get_name())
            if isinstance(part, Table):
                filtered(book, sheet, part, title)
            else:
                draw(book, sheet, part, title)
    first.set_column(0, 0, WIDTH)
    row = 0
    for look, text in _said(order, sheets):
        first.set_row(row, book.height(text, WIDTH / (1.6 if look == "title" else 1), book.size(look)))
        if look == "link":
            first.write_url(row, 0, _place(text), book.look("link"), _("见工作表“{name}”").format(name=text))
        else:
            first.write_string(row, 0, text, book.look(look))
        row += 1
    first.hide_gridlines(2)
    book.printed(first, wide=False, area=(row - 1, 0))


def _titled(section: Section, part: Table | Figure, *, single: bool) -> str:
    """What a sheet is about: its section, or where a section has several, the table or the figure."""
    if part.caption and not single:
        return part.caption
    return section.title or part.caption


def _place(name: str) -> str:
    quoted = name.replace("'", "''")
    return f"internal:'{quoted}'!A1"


def _said(order: Order, sheets: dict[int, list[str]]) -> Iterator[tuple[str, str]]:
    """The first sheet's lines from above, each with its look; `link`: the name of a sheet."""
    yield from above(order)
    for at, section in enumerate(order.document.sections):
        if section.title:
            yield "section", section.title
        for part in section.parts:
            if isinstance(part, Said):
                yield "said", part.text
            elif isinstance(part, Figure) and part.text:
                yield "said", _("{caption}：{text}").format(caption=part.caption, text=part.text)
        for name in sheets.get(at, ()):
            yield "link", name
    yield from below(order)
