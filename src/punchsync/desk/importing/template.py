"""Empty files to be filled in: a header in Chinese, and in the workbook what each column takes."""

from __future__ import annotations

import csv
import io
from typing import Final

from punchsync.intake.kinds import Column, Kind
from punchsync.texts import _

AS_TEXT: Final = frozenset({"id", "ids"})
"""Columns that a spreadsheet must not take for numbers: it would drop leading zeros."""


def as_csv(kind: Kind) -> bytes:
    """UTF-8 with a mark by which spreadsheets know it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([column.chinese[0] for column in kind.columns])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(kind: Kind) -> bytes:
    """A workbook: a sheet to be filled in, and one that explains the columns."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = kind.chinese
    sheet.append([column.chinese[0] for column in kind.columns])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(kind.columns, 1):
        shape = sheet.column_dimensions[get_column_letter(number)]
        shape.width = 16
        if column.type in AS_TEXT:
            shape.number_format = "@"
    told = book.create_sheet(_("说明"))
    told.append([_("列"), _("要不要填"), _("写什么")])
    for column in kind.columns:
        told.append([column.chinese[0], _("必填") if column.required else _("可空"), takes(column)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def takes(column: Column) -> str:
    """What a column takes."""
    if column.values:
        return "、".join(known[0] for known in column.values.values())
    return {
        "date": _("日期，例如 2026-11-20"),
        "moment": _("日期和时刻，例如 2026-11-20 08:30"),
        "moment_or_date": _("日期，或日期和时刻"),
        "start": _("日期、日期和时刻，或 2026-11-20 上午"),
        "end": _("日期（到当天 24:00）、日期和时刻，或 2026-11-20 下午"),
        "plain_start": _("日期，或日期和时刻"),
        "plain_end": _("日期（到当天 24:00），或日期和时刻"),
        "clock": _("时刻，例如 08:30"),
        "clock_end": _("时刻，例如 17:30"),
        "ids": _("工号，几个之间用分号"),
        "shift": _("规则包的班次号、off，或 08:30-12:00+14:00-17:30"),
        "days": _("workdays 工作日、rest 休息日、all 每天，或 mon,sat"),
        "session": _("1 上午、2 下午、0 不分"),
        "period": _("2026-11、2026-Q4 或 2026"),
        "points": _("分数，扣分带 -"),
    }.get(column.type, _("文字"))
