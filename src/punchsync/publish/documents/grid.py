"""The monthly attendance grid (考勤表): a section per window, a row per person, a mark per day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from punchsync.core.attendance_grid import Line
from punchsync.core.moment import Day, show_moment, to_date, weekday
from punchsync.core.month_sheet import Month
from punchsync.core.period import days_of_month
from punchsync.publish.document import Column, Document, Section, Table
from punchsync.texts import _
from punchsync.words import kind

SYMBOLS: Final = {
    "present": "√", "partly": "◎", "late": "△", "off_post": "◇", "absent": "×", "leave": "○", "outing": "⊙",
    "unknown": "？", "none": "—",
}  # fmt: skip
"""Marks that every Chinese font has."""


def document(month: Month) -> Document:
    """The grid of all of a month's lines."""
    title = _("{month}考勤表").format(month=named(month.month))
    sections = tuple(
        section(window, list(rows), days_of_month(month.month))
        for window, rows in groupby(month.lines, key=lambda x: x.window)
    )
    unsure = bool(month.unknown) or not month.over
    return Document(month.hall, "attendance", month.month, title, "grid", under=under(month), provisional=unsure,
                    sections=sections)  # fmt: skip


def under(month: Month) -> tuple[str, ...]:
    """How far the month was judged, and how to read the marks."""
    return (*told(month), legend())


def told(month: Month) -> tuple[str, ...]:
    """How far a month was judged, and what of it is not settled yet."""
    lines = [_("{hall}，核算到 {as_of}。").format(hall=month.hall, as_of=show_moment(month.as_of))]
    if month.waits:
        lines.append(_("本月有改动还没有核算，以下可能还会变。"))
    return tuple(lines)


def legend() -> str:
    """What every mark means."""
    words = {
        "present": _("出勤"),
        "partly": _("出勤，其中部分时间请假或外出"),
        "leave": _("请假"),
        "outing": _("外出"),
        "late": _("迟到或早退"),
        "off_post": _("脱岗"),
        "absent": _("旷工"),
        "unknown": _("尚不清楚，不作缺勤也不作出勤"),
        "none": _("休息或不在本窗口"),
    }
    said = "  ".join(f"{SYMBOLS[mark]} {word}" for mark, word in words.items())
    return _("{marks}。一格两个符号的，先是上半天、后是下半天。").format(marks=said)


def section(window: str, rows: Sequence[Line], days: range) -> Section:
    """A window's grid; of several with one name each has the id beside it."""
    same = Counter(line.name for line in rows)
    columns = (
        Column(_("姓名"), "name", 4),
        *(Column(head(day), "symbol", 1) for day in days),
        *(Column(text, "count", 2) for text in heads()),
    )
    table = Table(
        columns,
        tuple(
            (
                line.name if same[line.name] == 1 else f"{line.name} {line.person}",
                *(mark(cell) for cell in line.cells),
                *map(str, line.sums),
            )
            for line in rows
        ),
        personal=True,
    )
    unit = "、".join(dict.fromkeys(line.unit for line in rows if line.unit))
    return Section("grid", f"{window}（{unit}）" if unit else window, (table,))


def heads() -> tuple[str, ...]:
    """The heads of the sums, in their order."""
    return (
        _("应到"), _("出勤"), _("请假"), kind("late"), kind("early"), kind("off_post"), _("旷工"), _("未知"),
    )  # fmt: skip


def head(day: Day) -> str:
    """A day's number, and its weekday below it."""
    names = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
    return f"{to_date(day).day}\n{names[weekday(day)]}"


def mark(cell: Sequence[str]) -> str:
    """A day's marks, one above the other; one where its half-days are the same."""
    found = [SYMBOLS[m] for m in cell]
    return found[0] if len(set(found)) == 1 else "\n".join(found)


def named(month: str) -> str:
    """A month as a title has it, `2026年11月`."""
    year, number = month.split("-")
    return _("{year}年{month}月").format(year=int(year), month=int(number))
