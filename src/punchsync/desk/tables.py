"""A table to keep, as CSV or XLSX: what a spreadsheet would take for a formula stays the text it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from fastapi import Response

from punchsync.desk.ask import Ask, Missing

Row = Sequence[str]

NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")
"""What begins a cell that a spreadsheet computes."""
UNPRINTED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML can hold."""
WIDEST: Final = 48
WIDE: Final = 0x2E80
"""From this character on one takes the room of two."""


class Kind(NamedTuple):
    """A kind of file: its media type, and how a table is written in it."""

    media: str
    make: Callable[[Row, Iterable[Row]], bytes]


def download(ask: Ask, form: str, name: str, heads: Row, rows: Iterable[Row]) -> Response:
    """A table as a file; raises Missing for a form there is not."""
    kind = KINDS.get(form)
    if kind is None:
        raise Missing(form)
    return ask.download(kind.make(heads, rows), f"{name}.{form}", kind.media)


def to_csv(heads: Row, rows: Iterable[Row]) -> bytes:
    """UTF-8 CSV with a header and LF; a cell that could be a formula begins with an apostrophe, as numbers don't."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def inert(cell: str) -> str:
    """A cell's text, which no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(ACTIVE) and not NUMBER.fullmatch(cell) else cell


def to_xlsx(heads: Row, rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet, every cell a text, with a frozen header and columns as wide as what is in them."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    table = [[UNPRINTED.sub("", cell) for cell in row] for row in (heads, *rows)]
    for n, column in enumerate(zip(*table, strict=True), 1):
        sheet.column_dimensions[get_column_letter(n)].width = min(max(map(room, column)) + 2, WIDEST)

    def text(value: str, *, bold: bool = False) -> object:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"  # whatever it begins with
        if bold:
            cell.font = Font(bold=True)
        return cell

    sheet.append([text(value, bold=True) for value in table[0]])
    for row in table[1:]:
        sheet.append([text(v) if v.startswith(("=", "#")) else v for v in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def room(text: str) -> int:
    """Columns that a text takes."""
    return sum(2 if ord(c) >= WIDE else 1 for c in text)


KINDS: Final[Mapping[str, Kind]] = {
    "csv": Kind("text/csv; charset=utf-8", to_csv),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
}
"""By the ending of the file's name."""
