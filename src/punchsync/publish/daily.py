"""The daily bulletin as Markdown."""

from __future__ import annotations

from punchsync.core.bulletin import Daily
from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number
from punchsync.texts import _
from punchsync.words import account, occurrence, outcome, state


def markdown(daily: Daily, number: int | None = None, anchor: str = "") -> str:
    """The bulletin; once it is issued its number stands in the head, and at the end the anchor of the hall's chain."""
    title = _("# {hall}考勤日报（{day}）").format(hall=daily.hall, day=show_day(daily.day))
    head = [title, ""]
    if number is not None:
        head.append(_("第 {number} 号").format(number=number) + (_("（暂定）") if daily.provisional else ""))
        head.append("")
    if daily.as_of is None:
        return "\n".join([*head, _("尚未核算。"), ""])
    parts = [
        head,
        [_("核算到 {as_of}。").format(as_of=show_moment(daily.as_of)), ""],
        windows(daily),
        occurrences(daily),
        not_known(daily),
        expected(daily),
        followings(daily),
        corrected(daily),
        data(daily),
        [_("链锚：{anchor}").format(anchor=anchor), ""] if anchor else [],
    ]
    return "\n".join(line for part in parts for line in part)


def grid(head: list[str], rows: list[list[str]]) -> list[str]:
    """A Markdown table."""
    cells = [[c.replace("|", "\\|") for c in row] for row in (head, *rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return [lines[0], "|" + " --- |" * len(head), *lines[1:], ""]


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
    head = [_("窗口"), _("姓名"), _("工号"), _("半天"), _("违规"), _("时长"), _("规则"), _("条款")]
    rows = [
        [
            o.window, o.name or _("（窗口）"), o.person, str(o.session or "—"), occurrence(o.kind, o.source),
            length(o.seconds), o.rule or "—", o.article or "—",
        ]
        for o in daily.occurrences
    ]  # fmt: skip
    return [*out, *grid(head, rows)]


def length(seconds: int) -> str:
    """Seconds as minutes and seconds; a dash for none."""
    return _("{m} 分 {s} 秒").format(m=seconds // 60, s=seconds % 60) if seconds else "—"


def not_known(daily: Daily) -> list[str]:
    """Who is not judged yet; nobody of them is charged."""
    out = [_("## 尚不清楚"), ""]
    if not daily.unknown:
        return [*out, _("没有。"), ""]
    head = [_("窗口"), _("姓名"), _("工号"), _("未知考勤点"), _("存疑考勤点")]
    rows = [[u.window, u.name, u.person, str(u.pending), str(u.unverified)] for u in daily.unknown]
    why = _("考勤机没有读到这些时刻，或当时不能打卡；在弄清之前不记违规、不扣分。")
    return [*out, *grid(head, rows), why, ""]


def expected(daily: Daily) -> list[str]:
    """What the rules expect and is not there: a roster for the day, somebody for who is on leave. Not charged."""
    out: list[str] = []
    if daily.unrostered:
        out += [_("工作日没有排班：{names}。").format(names="、".join(daily.unrostered)), ""]
    if daily.alone:
        rows = [[a.window, a.name, a.person, a.leave] for a in daily.alone]
        out += [_("请假没有人顶岗："), "", *grid([_("窗口"), _("姓名"), _("工号"), _("请假号")], rows)]
    return [_("## 排班与顶岗"), "", *out] if out else []


def followings(daily: Daily) -> list[str]:
    """What totals lead to: confirmed by a named person, with names; proposals as a number only."""
    if not daily.outcomes:
        return []
    rows = [
        [
            f.period, account(f.subject_type), f.subject or _("待定 {n} 项").format(n=f.proposals), outcome(f.outcome),
            f.article,
        ]
        for f in daily.outcomes
    ]  # fmt: skip
    head = [_("期间"), _("对象"), _("名称"), _("事项"), _("条款")]
    return [_("## 后果"), "", *grid(head, rows), _("待定的经具名人员确认后才列出名称。"), ""]


def corrected(daily: Daily) -> list[str]:
    """What was taken back or booked anew for earlier days."""
    if not daily.corrections:
        return []
    head = [_("编号"), _("原日期"), _("账户"), _("名称"), _("分值"), _("规则"), _("冲回")]
    rows = [
        [
            e.entry_id, show_day(e.value_date), account(e.account_type), e.account_id,
            number(e.points), e.rule, e.reverses or "—",
        ]
        for e in daily.corrections
    ]  # fmt: skip
    return [_("## 更正"), "", *grid(head, rows)]


def data(daily: Daily) -> list[str]:
    """How far the terminals were read."""
    rows = [
        [t.terminal, _("还没有读到") if t.through is None else show_moment(t.through), state(t.state)]
        for t in daily.terminals
    ]
    return [
        _("## 数据"),
        "",
        *grid([_("考勤机"), _("读到"), _("状态")], rows),
    ]
