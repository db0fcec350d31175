"""A file's bytes to rows of cells, CSV or XLSX by its content, or why it can't be read as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from punchsync.intake import workbook
from punchsync.intake.problem import Problem
from punchsync.texts import _

MIB: Final = 1 << 20
LARGEST: Final = 64 * MIB

Line = tuple[int, list[str]]
"""A row's number as a spreadsheet counts, from 1, and its cells, stripped."""

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def lines(data: bytes, name: str, largest: int = LARGEST) -> tuple[list[Line], list[Problem]]:
    """The rows that hold anything, and what keeps the file from being read."""
    if len(data) > largest:
        return [], [too_large(data, name, largest)]
    if data.startswith(_ZIP):
        return workbook.lines(data, name)
    text = decode(data, name)
    if isinstance(text, Problem):
        return [], [text]
    return _csv(text, name)


def is_workbook(data: bytes) -> bool:
    """Whether a file is XLSX by its content; there, empty cells at a row's end are not written."""
    return data.startswith(_ZIP)


def too_large(data: bytes, name: str, largest: int) -> Problem:
    """A file larger than is read."""
    return Problem(
        name,
        None,
        "",
        _("文件有 {size} 字节").format(size=len(data)),
        _("不超过 {largest} MiB").format(largest=largest // MIB),
        _("核对是不是这个文件；是的话，分成几个文件导入"),
    )


def decode(data: bytes, name: str) -> str | Problem:
    """Text in UTF-8 (with or without BOM) or GB18030, or why it is neither."""
    allowed = _("UTF-8 或 GB18030 编码的文本 (CSV)，或 XLSX")
    if data.startswith(_OLD_EXCEL) and _LOCKED in data:
        return Problem(name, None, "", _("有打开密码，读不出来"), allowed, _("在表格软件里去掉密码，另存为 XLSX"))
    if data.startswith(_OLD_EXCEL):
        return Problem(name, None, "", _("是旧的 XLS 文件"), allowed, _("在表格软件里另存为 XLSX"))
    if data.startswith(_UTF16):
        return Problem(name, None, "", _("是 UTF-16 编码"), allowed, _('另存为 "CSV UTF-8" 或 XLSX'))
    zero = data.find(b"\0")
    if zero >= 0:
        found = _("第 {place} 个字节是 NUL，不是文本文件").format(place=zero + 1)
        return Problem(name, None, "", found, allowed, _("核对是不是这个文件，重新导出"))
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = error.start
    if not data.startswith(b"\xef\xbb\xbf"):
        try:
            return data.decode("gb18030").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            place = max(place, error.start)
    row = data.count(b"\n", 0, place) + 1
    found = _("第 {place} 个字节起读不出文字").format(place=place + 1)
    return Problem(name, row, "", found, allowed, _('文件坏了或编码不对：另存为 "CSV UTF-8" 或 XLSX'))


def _csv(text: str, name: str) -> tuple[list[Line], list[Problem]]:
    found: list[Line] = []
    number = 0
    try:
        for number, cells in _numbered(text):
            if any(cells):
                found.append((number, cells))
    except csv.Error as error:
        return found, [
            Problem(
                name,
                number + 1,
                "",
                _("引号或分隔不合 CSV 写法（{reason}）").format(reason=error),
                _("逗号分隔；含逗号或引号的格子用双引号括起，其中的引号写两个"),
                _("改正这一行；此后各行未读"),
            )
        ]
    return found, []


def _numbered(text: str) -> Iterator[Line]:
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
        yield number, [cell.strip() for cell in cells]
