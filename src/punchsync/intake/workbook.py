"""The first sheet of an XLSX file as rows of text: the only place where openpyxl is spoken to.

Dates, times, numbers and yes/no cells become the text that stands for them in CSV.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from punchsync.intake.problem import Problem
from punchsync.texts import _

UNPACKED: Final = 512 << 20
"""Largest content of an XLSX file, in bytes unpacked."""

ROWS: Final = 1_048_576
COLUMNS: Final = 100
"""Cells further to the right are not looked at; no kind has as many columns."""

DIGITS: Final = 10**15
"""From here on a spreadsheet no longer keeps every digit of a number."""


def lines(data: bytes, name: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The rows of the first sheet that hold anything, cells stripped, with what could not be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
        if size > UNPACKED:
            return [], [_unreadable(name, _("展开后有 {size} 字节").format(size=size))]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that don't matter here
            return _read(data, name)
    except Exception as error:  # openpyxl raises whatever its parts raise; a broken file is a problem, not a crash
        return [], [_unreadable(name, _("读不出表格（{reason}）").format(reason=type(error).__name__))]


def _read(data: bytes, name: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    from openpyxl import load_workbook  # here, because it takes a fifth of a second

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    found: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    try:
        if not book.worksheets:
            return [], [_unreadable(name, _("没有工作表"))]
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        for number, row in enumerate(sheet.iter_rows(max_row=ROWS, max_col=COLUMNS), 1):
            cells = [_text(cell) for cell in row]
            for place, cell in enumerate(cells):
                if cell is None:
                    problems.append(_cell_problem(name, number, place, row[place]))
            if None in cells:
                if not found:
                    return [], problems  # without its header nothing else can be said
                continue
            if any(cells):
                found.append((number, [cell or "" for cell in cells]))
    finally:
        book.close()
    return found, problems


def _text(cell: Any) -> str | None:
    """A cell's value as text, or None where it has no value that can be trusted."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return None if cell.data_type == "e" else value.strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if not abs(value) < DIGITS:
            return None
        return str(int(value)) if value == int(value) else repr(value)
    return _time(value, str(cell.number_format))


def _time(value: object, number_format: str) -> str | None:
    if isinstance(value, datetime):
        value = _whole_second(value)
        dated = value.time() == time() and not any(c in number_format.lower() for c in "hs时分")
        return value.date().isoformat() if dated else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        whole = _whole_second(datetime.combine(date(2000, 1, 1), value))
        return "24:00:00" if whole.day == 2 else whole.time().isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return None


def _whole_second(value: datetime) -> datetime:
    """The nearest second: a spreadsheet keeps times as fractions of a day."""
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)


def _cell_problem(name: str, row: int, place: int, cell: Any) -> Problem:
    from openpyxl.utils import get_column_letter

    return Problem(
        name,
        row,
        get_column_letter(place + 1),
        _('格子里是 "{value}"').format(value=str(cell.value)[:40]),
        _("文本，日期，时间，或不超过 15 位的数"),
        _("公式出错的改正，长编号的格子设为文本后重写"),
    )


def _unreadable(name: str, found: str) -> Problem:
    allowed = _("XLSX 文件，展开后不超过 {size} MiB").format(size=UNPACKED >> 20)
    return Problem(name, None, "", found, allowed, _("在表格软件里打开，另存为 XLSX 或 CSV"))
