"""Tables as CSV, JSON and XLSX."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

Row = Sequence[str]


def to_csv(name: str, columns: Row, rows: Sequence[Row]) -> bytes:
    """UTF-8 CSV with a header and LF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def to_json(name: str, columns: Row, rows: Sequence[Row]) -> bytes:
    """One JSON object: the table's name over a list of objects."""
    return (json.dumps({name: [dict(zip(columns, r, strict=True)) for r in rows]}, ensure_ascii=False) + "\n").encode()


def to_xlsx(name: str, columns: Row, rows: Sequence[Row]) -> bytes:
    """A workbook of one sheet, all cells as text (never a formula, whatever they begin with), with a frozen header."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.append(list(columns))
    for row in rows:
        cells = [WriteOnlyCell(sheet, text) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
