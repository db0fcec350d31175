"""Sections that the bulletins of a day and of a longer period have in common, as lines of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from punchsync.core.bulletin import Following, Occurrence, TerminalDay, Unknown
from punchsync.core.ledger import Entry
from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number
from punchsync.texts import _
from punchsync.words import account, occurrence, outcome, state


def head(title: str, issue: int | None, as_of: str | None, *, provisional: bool) -> list[str]:
    """Title, number once it is issued, and how far it was judged."""
    out = [title, ""]
    if issue is not None:
        out += [numbered(issue, provisional=provisional), ""]
    return [*out, _("尚未核算。") if as_of is None else _("核算到 {as_of}。").format(as_of=as_of), ""]


def numbered(issue: int, *, provisional: bool) -> str:
    """A bulletin's number."""
    return _("第 {number} 号").format(number=issue) + (_("（暂定）") if provisional else "")


def grid(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    cells = [[c.replace("|", "\\|") for c in row] for row in (head, *rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return [lines[0], "|" + " --- |" * len(head), *lines[1:], ""]


def length(seconds: int) -> str:
    """Seconds as minutes and seconds; a dash for none."""
    return _("{m} 分 {s} 秒").format(m=seconds // 60, s=seconds % 60) if seconds else "—"


def occurred(o: Occurrence) -> list[str]:
    """A violation's cells, with its article; heads are those of `OCCURRED`."""
    return [
        o.window, o.name or _("（窗口）"), o.person, str(o.session or "—"), occurrence(o.kind, o.source),
        length(o.seconds), o.rule or "—", o.article or "—",
    ]  # fmt: skip


def occurred_head() -> list[str]:
    """The heads of a violation's cells."""
    return [_("窗口"), _("姓名"), _("工号"), _("半天"), _("违规"), _("时长"), _("规则"), _("条款")]


def not_known(unknown: Sequence[Unknown]) -> list[str]:
    """Who is not judged yet; nobody of them is charged."""
    out = [_("## 尚不清楚"), ""]
    if not unknown:
        return [*out, _("没有。"), ""]
    head = [_("窗口"), _("姓名"), _("工号"), _("未知考勤点"), _("存疑考勤点")]
    rows = [[u.window, u.name, u.person, str(u.pending), str(u.unverified)] for u in unknown]
    why = _("考勤机没有读到这些时刻，或当时不能打卡；在弄清之前不记违规、不扣分。")
    return [*out, *grid(head, rows), why, ""]


def followings(outcomes: Sequence[Following]) -> list[str]:
    """What totals lead to: confirmed by a named person, with names; proposals as a number only."""
    if not outcomes:
        return []
    rows = [
        [
            f.period, account(f.subject_type), f.subject or _("待定 {n} 项").format(n=f.proposals), outcome(f.outcome),
            f.article,
        ]
        for f in outcomes
    ]  # fmt: skip
    head = [_("期间"), _("对象"), _("名称"), _("事项"), _("条款")]
    return [_("## 后果"), "", *grid(head, rows), _("待定的经具名人员确认后才列出名称。"), ""]


def corrected(corrections: Sequence[Entry]) -> list[str]:
    """What was taken back or booked anew for earlier days."""
    if not corrections:
        return []
    head = [_("编号"), _("原日期"), _("账户"), _("名称"), _("分值"), _("规则"), _("冲回")]
    rows = [
        [
            e.entry_id, show_day(e.value_date), account(e.account_type), e.account_id,
            number(e.points), e.rule, e.reverses or "—",
        ]
        for e in corrections
    ]  # fmt: skip
    return [_("## 更正"), "", *grid(head, rows)]


def data(terminals: Sequence[TerminalDay]) -> list[str]:
    """How far the terminals were read."""
    rows = [
        [t.terminal, _("还没有读到") if t.through is None else show_moment(t.through), state(t.state)]
        for t in terminals
    ]
    return [
        _("## 数据"),
        "",
        *grid([_("考勤机"), _("读到"), _("状态")], rows),
    ]


def anchored(anchor: str) -> list[str]:
    """The anchor of the hall's chain as it was before this bulletin; nothing before it is issued."""
    return [_("链锚：{anchor}").format(anchor=anchor), ""] if anchor else []
