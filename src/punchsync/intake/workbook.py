"""A sheet of an XLSX file as rows of text: the only place where openpyxl is spoken to.

It is the first sheet that is shown and holds anything; hidden ones are not looked at. Dates, times, numbers and yes/no
cells become the text that stands for them in CSV.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
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

LOCAL_DATES: Final = frozenset((*range(27, 32), 36, *range(50, 55), 57, 58))
"""Formats that Chinese Excel and WPS number without saying what they are (ECMA-376, 18.8.30, zh-cn): dates,"""
LOCAL_TIMES: Final = frozenset((*range(32, 36), 55, 56))
"""and times of day."""
ZEROS: Final = re.compile(r"0{2,}")
"""A format that shows whole numbers with leading zeros, as ids have them."""
LANGUAGE: Final = re.compile(r"\[\$[^\]]*\]")
"""What a format says of its language, whose letters are none of the format's."""


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
    book = _load(data, values=True)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            return [], [_unreadable(name, _("没有显示出来的工作表"))]
        for place, sheet in enumerate(shown):
            found, problems = _rows(sheet, name, _formulas(data, sheet))
            if found or problems:
                return found, problems + [p for other in shown[place + 1 :] for p in _more(found, other, name)]
        return [], []
    finally:
        book.close()


def _load(data: bytes, *, values: bool) -> Any:
    from openpyxl import load_workbook  # here, because it takes a fifth of a second

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file says of its size is often wrong
    styles = enumerate(book._cell_styles)  # the library knows these formats' numbers in English only
    book._date_formats |= {n for n, style in styles if style.numFmtId in LOCAL_DATES | LOCAL_TIMES}
    return book


def _rows(
    sheet: Any, name: str, formulas: frozenset[tuple[int, int]]
) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    found: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    for number, row in enumerate(sheet.iter_rows(max_row=ROWS, max_col=COLUMNS), 1):
        cells = [_text(cell) for cell in row]
        wrong = [_cell_problem(name, number, at, row[at]) for at, cell in enumerate(cells) if cell is None]
        wrong += [
            _unsolved(name, number, at)
            for at, cell in enumerate(row)
            if formulas and cell.value is None and cell.data_type != "str" and (number, at) in formulas
        ]
        problems += wrong
        if wrong and not found:
            return [], problems  # without its header nothing else can be said
        if any(cells) and not wrong:
            found.append((number, [cell or "" for cell in cells]))
    return found, problems


def _formulas(data: bytes, sheet: Any) -> frozenset[tuple[int, int]]:
    """The places (row from 1, column from 0) of a sheet's formulas: one that was never worked out looks empty."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if b"<f" not in archive.read(sheet._worksheet_path):
            return frozenset()
    book = _load(data, values=False)
    try:
        rows = enumerate(book[sheet.title].iter_rows(max_row=ROWS, max_col=COLUMNS), 1)
        return frozenset((n, at) for n, row in rows for at, cell in enumerate(row) if cell.data_type == "f")
    finally:
        book.close()


def _more(found: list[tuple[int, list[str]]], sheet: Any, name: str) -> Iterator[Problem]:
    """A further sheet with rows under the same header: they would be left out without a word."""
    rows = ([cell.value for cell in row] for row in sheet.iter_rows(max_row=ROWS, max_col=COLUMNS))
    held = ([str(v).strip() for v in row if v is not None] for row in rows)
    filled = (row for row in held if any(row))
    if found and next(filled, None) == [cell for cell in found[0][1] if cell] and next(filled, None):
        what = _("工作表「{sheet}」也有同样的表头和内容").format(sheet=sheet.title)
        yield Problem(name, None, "", what, _("一个文件只导入一张工作表"), _("合并到第一张，或另存为单独的文件"))


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
        return _number(value, str(cell.number_format))
    local = cell.style_array.numFmtId
    return _time(value, "h" if local in LOCAL_TIMES else LANGUAGE.sub("", str(cell.number_format)))


def _number(value: float, number_format: str) -> str:
    """A number as it is shown: zeros before an id, and no more digits than a spreadsheet keeps."""
    if value != int(value):
        return f"{Decimal(f'{value:.15g}'):f}"
    shown = ZEROS.fullmatch(number_format)
    return str(int(value)).zfill(len(shown[0]) if shown else 0)


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


def _unsolved(name: str, row: int, place: int) -> Problem:
    from openpyxl.utils import get_column_letter

    remedy = _("在表格软件里打开，保存后再导入；或把公式换成值")
    return Problem(name, row, get_column_letter(place + 1), _("公式没有算出的结果"), _("算好的值"), remedy)


def _unreadable(name: str, found: str) -> Problem:
    allowed = _("XLSX 文件，展开后不超过 {size} MiB").format(size=UNPACKED >> 20)
    return Problem(name, None, "", found, allowed, _("在表格软件里打开，另存为 XLSX 或 CSV"))
