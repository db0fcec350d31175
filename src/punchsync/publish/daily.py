"""The daily bulletin as Markdown."""

from __future__ import annotations

from punchsync.core.bulletin import Daily
from punchsync.core.moment import show_day, show_moment
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


def markdown(daily: Daily, number: int | None = None, anchor: str = "") -> str:
    """The bulletin; once it is issued its number stands in the head, and at the end the anchor of the hall's chain."""
    title = _("# {hall}考勤日报（{day}）").format(hall=daily.hall, day=show_day(daily.day))
    as_of = None if daily.as_of is None else show_moment(daily.as_of)
    parts = [head(title, number, as_of, provisional=daily.provisional)]
    if as_of is not None:
        parts += [
            windows(daily),
            occurrences(daily),
            not_known(daily.unknown),
            expected(daily),
            followings(daily.outcomes),
            corrected(daily.corrections),
            data(daily.terminals),
            anchored(anchor),
        ]
    return "\n".join(line for part in parts for line in part)


def windows(daily: Daily) -> list[str]:
    """Every window's day in numbers."""
    out = [_("## 各窗口"), ""]
    if not daily.windows:
        return [*out, _("当日没有窗口在岗。"), ""]
    head = [
        _("窗口"), _("单位"), _("应到"), _("在岗"), _("请假外出"),
        _("迟到"), _("早退"), _("脱岗"), _("旷工半天"), _("未知人数"),
    ]  # fmt: skip
    rows = [[w.window, w.unit, *map(str, w[2:])] for w in daily.windows]
    if daily.without_timetable:
        rest = _("另有 {n} 人当日无班次。").format(n=daily.without_timetable)
        return [*out, *grid(head, rows), rest, ""]
    return [*out, *grid(head, rows)]


def occurrences(daily: Daily) -> list[str]:
    """Every violation with its article."""
    out = [_("## 违规"), ""]
    if not daily.occurrences:
        return [*out, _("没有。"), ""]
    return [*out, *grid(occurred_head(), [occurred(o) for o in daily.occurrences])]


def expected(daily: Daily) -> list[str]:
    """What the rules expect and is not there: a roster for the day, somebody for who is on leave. Not charged."""
    out: list[str] = []
    if daily.unrostered:
        out += [_("工作日没有排班：{names}。").format(names="、".join(daily.unrostered)), ""]
    if daily.alone:
        rows = [[a.window, a.name, a.person, a.leave] for a in daily.alone]
        out += [_("请假没有人顶岗："), "", *grid([_("窗口"), _("姓名"), _("工号"), _("请假号")], rows)]
    return [_("## 排班与顶岗"), "", *out] if out else []
