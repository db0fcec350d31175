"""The bulletin of a week, a month or a quarter as Markdown."""

from __future__ import annotations

from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number as decimal
from punchsync.core.summary import Summary
from punchsync.publish.sections import (
    anchored,
    corrected,
    data,
    followings,
    grid,
    head,
    not_known,
    occurred,
    occurred_head,
)
from punchsync.texts import _
from punchsync.words import account


def markdown(summary: Summary, number: int | None = None, anchor: str = "") -> str:
    """The bulletin; once it is issued its number stands in the head, and at the end the anchor of the hall's chain."""
    as_of = None if summary.as_of is None else show_moment(summary.as_of)
    parts = [head(title(summary), number, as_of, provisional=summary.provisional)]
    if as_of is not None:
        parts += [
            windows(summary),
            occurrences(summary),
            not_known(summary.unknown),
            scores(summary),
            ranks(summary),
            followings(summary.outcomes),
            corrected(summary.corrections),
            data(summary.terminals),
            anchored(anchor),
        ]
    return "\n".join(line for part in parts for line in part)


def title(summary: Summary) -> str:
    """The head line: hall, kind, period and its days."""
    line = {
        "weekly": _("# {hall}考勤周报（{period}，{first} 至 {last}）"),
        "monthly": _("# {hall}考勤月报（{period}，{first} 至 {last}）"),
        "quarterly": _("# {hall}考勤季报（{period}，{first} 至 {last}）"),
    }[summary.kind]
    return line.format(
        hall=summary.hall, period=summary.period, first=show_day(summary.first), last=show_day(summary.last)
    )


def windows(summary: Summary) -> list[str]:
    """Every window's period in numbers; half-days are those that were asked of its people."""
    out = [_("## 各窗口"), ""]
    if not summary.windows:
        return [*out, _("期间没有窗口在岗。"), ""]
    head_ = [
        _("窗口"), _("单位"), _("人数"), _("应到半天"), _("请假外出半天"),
        _("迟到"), _("早退"), _("脱岗"), _("旷工半天"), _("其他"), _("未知人数"),
    ]  # fmt: skip
    return [*out, *grid(head_, [[w.window, w.unit, *map(str, w[2:])] for w in summary.windows])]


def occurrences(summary: Summary) -> list[str]:
    """Every violation with its date and article."""
    out = [_("## 违规"), ""]
    if not summary.occurrences:
        return [*out, _("没有。"), ""]
    rows = [[show_day(o.day), *occurred(o.what)] for o in summary.occurrences]
    return [*out, *grid([_("日期"), *occurred_head()], rows)]


def scores(summary: Summary) -> list[str]:
    """The accounts of the period that lost or were given points, by category."""
    rows = [
        [
            account(s.account_type), s.account_id, called(summary, s.account_type, s.account_id), s.category,
            decimal(s.base), decimal(s.points), decimal(s.score),
        ]
        for s in summary.scores
        if s.points or s.given
    ]  # fmt: skip
    if not rows:
        return []
    head_ = [_("对象"), _("名称"), _("姓名"), _("类别"), _("基础分"), _("扣分"), _("得分")]
    return [_("## 计分"), "", *grid(head_, rows), _("没有列出的，本期没有扣分。"), ""]


def ranks(summary: Summary) -> list[str]:
    """The period's rankings as they stand."""
    if not summary.ranks:
        return []
    rows = [
        [
            account(r.subject_type), str(r.rank), r.subject_id, called(summary, r.subject_type, r.subject_id),
            str(r.violations),
        ]
        for r in summary.ranks
    ]  # fmt: skip
    return [_("## 排名"), "", *grid([_("对象"), _("名次"), _("名称"), _("姓名"), _("违规")], rows)]


def called(summary: Summary, subject_type: str, id: str) -> str:
    """A person's name; a dash for a window, which is its own."""
    return summary.names.get(id, "—") if subject_type == "person" else "—"
