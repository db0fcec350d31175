"""The director's one page of a month beside the last (月度简报)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from punchsync.core.moment import to_date
from punchsync.core.month_brief import Brief, Numbers, Place
from punchsync.core.period import days_of_month
from punchsync.core.points import number
from punchsync.publish.document import Column, Document, Figure, Part, Section, Table
from punchsync.publish.documents.grid import named, told
from punchsync.texts import _
from punchsync.words import kind

BESIDE: Final = 2
"""Columns of numbers side by side."""


def document(brief: Brief) -> Document:
    """The page: numbers, a trend, the windows at both ends."""
    month = brief.month
    unsure = bool(brief.now.unknown) or not month.over
    sections = (
        Section("numbers", "", (beside(brief),)),
        Section("trend", "", (trend(brief),)),
        Section("windows", "", tuple(windows(brief))),
    )
    title = _("{month}考勤月度简报").format(month=named(month.month))
    return Document(month.hall, "month", month.month, title, "form", under=told(month), provisional=unsure,
                    sections=sections)  # fmt: skip


def beside(brief: Brief) -> Table:
    """Every number beside the last month's, with the difference; in columns side by side, to be on one page."""
    before = brief.before or (None,) * len(Numbers._fields)
    cells = [
        (word, shown(value), shown(old), difference(value, old))
        for word, value, old in zip(names(), brief.now, before, strict=True)
    ]
    high = -(-len(cells) // BESIDE)
    cells += [("", "", "", "")] * (BESIDE * high - len(cells))
    rows = tuple(tuple(cell for row in cells[n::high] for cell in row) for n in range(high))
    heads = (Column(_("项目")), *(Column(head, "symbol") for head in (_("本月"), _("上月"), _("增减"))))
    return Table(heads * BESIDE, rows)


def names() -> tuple[str, ...]:
    """Each number's name, in their order."""
    return (
        _("人数"), _("应到半天"), _("出勤率 %"), _("不清楚半天"), kind("late"), kind("early"), kind("off_post"),
        kind("absent_half_day"), _("违规人数"), _("岗位空缺"), _("请假半天"), _("已确认后果"), _("窗口平均分"),
    )  # fmt: skip


def shown(value: int | Decimal | None) -> str:
    """A number; a dash for none."""
    return "—" if value is None else number(Decimal(value))


def difference(value: int | Decimal | None, before: int | Decimal | None) -> str:
    """How much more than before, with its sign; a dash where either is not there."""
    if value is None or before is None:
        return "—"
    more = Decimal(value) - Decimal(before)
    return f"+{number(more)}" if more > 0 else number(more)


def trend(brief: Brief) -> Figure:
    """Late and absent ones day by day."""
    days = days_of_month(brief.month.month)
    pairs = [brief.daily.get(day) for day in days]
    values = tuple(tuple(None if pair is None else Decimal(pair[n]) for pair in pairs) for n in (0, 1))
    unsure = tuple((row, n) for row in (0, 1) for n, day in enumerate(days) if day in brief.unsure)
    most = max(brief.daily, key=lambda day: brief.daily[day][0] + brief.daily[day][1], default=None)
    late, absent = (0, 0) if most is None else brief.daily[most]
    text = _("本月没有迟到和旷工。")
    if most is not None and late + absent:
        text = _("最多的一天是 {day} 日：迟到 {late} 次，旷工 {absent} 个半天。").format(
            day=to_date(most).day, late=late, absent=absent
        )
    return Figure(
        "trend", "trend", _("每日迟到与旷工"), (kind("late"), kind("absent_half_day")),
        tuple(str(to_date(day).day) for day in days), values, unsure, _("次"), text,
    )  # fmt: skip


def windows(brief: Brief) -> Iterator[Part]:
    """The windows at both ends, side by side, and by what they are put in order."""
    if not brief.best:
        return
    heads = (_("得分"), _("违规"))
    columns = tuple(
        column
        for title in (_("较好的窗口"), _("较差的窗口"))
        for column in (Column(title, share=4), *(Column(head, "symbol", 1) for head in heads))
    )
    rows = tuple((*cells(brief.best, n), *cells(brief.worst, n)) for n in range(max(len(brief.best), len(brief.worst))))
    yield Table(columns, rows, _("按本月得分、违规次数排列；带 * 的还有不清楚的半天"))


def cells(rows: Sequence[Place], at: int) -> tuple[str, ...]:
    """A window's cells; empty past the last."""
    if at >= len(rows):
        return ("", "", "")
    row = rows[at]
    unsure = "*" if row.unknown else ""
    return (row.window, f"{shown(row.score)}{unsure}", f"{row.violations}{unsure}")
