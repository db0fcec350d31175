"""The sheet that everybody signs before a month is closed (公示签字确认表)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from punchsync.core.attendance_grid import Line
from punchsync.core.moment import show_day
from punchsync.core.month_sheet import Sheet
from punchsync.core.points import number
from punchsync.core.working_days import Term
from punchsync.publish.document import Column, Document, Part, Said, Section, Table
from punchsync.publish.documents.grid import named, told
from punchsync.texts import _
from punchsync.words import kind

ZERO: Final = Decimal(0)


def document(sheet: Sheet) -> Document:
    """The sheet: what is not known first and by name, then everybody's month with room to sign."""
    month = sheet.month
    title = _("{month}考勤公示签字确认表").format(month=named(month.month))
    under = (*told(month), shown(sheet.term), *(() if month.over else (_("本月还没有结束，数字只到核算时点。"),)))
    sections = (*unsure(month.unknown), Section("sheet", "", (everybody(sheet), *objections(sheet))))
    provisional = bool(month.unknown) or not month.over
    return Document(month.hall, "sign-off", month.month, title, "form", under=under, provisional=provisional,
                    sections=sections)  # fmt: skip


def shown(term: Term) -> str:
    """From when to when the sheet is shown."""
    if term.first is not None and term.last is not None:
        said = _("公示期：{first} 至 {last}（{n} 个工作日）。")
        return said.format(first=show_day(term.first), last=show_day(term.last), n=term.days)
    if term.first is not None:
        said = _("公示期：自 {first} 起 {n} 个工作日；日历还没有公布到那时，止日请按公布的日历填写：")
        return said.format(first=show_day(term.first), n=term.days)
    return _("公示期：{n} 个工作日；日历没有公布，起止请按公布的日历填写：").format(n=term.days)


def unsure(rows: list[Line]) -> tuple[Section, ...]:
    """Of whose month something is not known."""
    if not rows:
        return ()
    said = _("以下人员还有 {n} 个半天不清楚（没有读到或存疑），没有计入任何一项，弄清以后再补。")
    columns = (Column(_("窗口")), Column(_("姓名"), "name"), Column(_("工号"), "person"),
               Column(_("不清楚的半天"), "count"))  # fmt: skip
    cells = tuple((x.window, x.name, x.person, str(x.sums.unknown)) for x in rows)
    total = sum(x.sums.unknown for x in rows)
    return (Section("unknown", _("尚不清楚"), (Said(said.format(n=total)), Table(columns, cells, personal=True))),)


def everybody(sheet: Sheet) -> Table:
    """Everybody's month in numbers; a person's points stand once, in his last window of the month."""
    heads = (kind("late"), kind("early"), kind("off_post"), _("旷工半天"), _("请假半天"))
    columns = (
        Column(_("窗口"), share=5),
        Column(_("姓名"), "name", 4),
        Column(_("工号"), "person", 3),
        *(Column(head, "count", 2) for head in heads),
        *(Column(_("{category}分").format(category=c), "points", 2) for c in sheet.categories),
        Column(_("不清楚半天"), "count", 2),
        Column(_("本人签字"), "blank", 5),
        Column(_("日期"), "blank", 4),
    )
    home = {x.person: n for n, x in enumerate(sheet.month.lines)}
    rows = tuple(
        (
            x.window, x.name, x.person,
            *map(str, (x.sums.late, x.sums.early, x.sums.off_post, x.sums.absent, x.sums.leave)),
            *(number(sheet.points.get((x.person, c), ZERO)) if home[x.person] == n else "" for c in sheet.categories),
            str(x.sums.unknown), "", "",
        )
        for n, x in enumerate(sheet.month.lines)
    )  # fmt: skip
    return Table(columns, rows, personal=True)


def objections(sheet: Sheet) -> tuple[Part, ...]:
    """How to object."""
    said = [_("对以上记录有异议的，请在公示期内向本中心书面提出；签字表示已经看过，不影响申诉。")]
    if sheet.appeal_days is not None:
        said.append(_("申诉须在违规之日、记账之日中较晚的一天起 {n} 天内提出。").format(n=sheet.appeal_days))
    return tuple(Said(text) for text in said)
