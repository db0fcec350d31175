"""Sections that the bulletins of a day and of a longer period have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from punchsync.core.away import Away
from punchsync.core.bulletin import Following, Occurrence, TerminalDay, Unknown
from punchsync.core.ledger import Entry
from punchsync.core.moment import DAY, MINUTE, show_clock, show_day, show_moment
from punchsync.core.points import number
from punchsync.core.reason import Reason
from punchsync.core.records import LEAVE_KINDS
from punchsync.publish.document import Column, Part, Said, Section, Table
from punchsync.publish.summed import summed
from punchsync.texts import _
from punchsync.words import account, leave, occurrence, outcome, state

PATROL = "incident"


def listed(id: str, title: str, parts: Iterable[Part]) -> tuple[Section, ...]:
    """A section, or nothing where it would be empty."""
    found = tuple(parts)
    return (Section(id, title, found),) if found else ()


def on_leave(away: Away) -> tuple[Section, ...]:
    """How many were on leave, by kinds that say nobody's: window by window, or in the hall as a whole."""
    note = Said(_("不足三人的种类合并计数，不列姓名。"))
    if away.hall:
        columns = (Column(_("种类")), Column(_("人数"), "count"))
        rows = tuple((leave(kind) if kind else _("合并计"), str(count)) for kind, count in away.hall)
        return listed("leave", _("请假"), (Table(columns, rows), note))
    told = {kind for _window, counts in away.windows for kind, _n in counts}
    kinds = [*(kind for kind in LEAVE_KINDS if kind in told), *([""] if "" in told else [])]
    heads = (Column(_("窗口")), *(Column(leave(kind) if kind else _("合并计"), "count") for kind in kinds))
    # What is not told of a window stands among its others: no nought there.
    found = [(window, *(str(dict(counts).get(kind, "")) for kind in kinds)) for window, counts in away.windows]
    return listed("leave", _("请假"), (summed(heads, found), note)) if found else ()


def occurred(found: Sequence[Occurrence], *, dated: bool) -> Section:
    """What was punched, registered or followed from that, one row a violation."""
    mine = [o for o in found if o.source != PATROL]
    title = _("违规")
    if not mine:
        return Section("occurrences", title, (Said(_("没有。")),))
    columns = (
        *((Column(_("日期")),) if dated else ()),
        Column(_("窗口")), Column(_("姓名"), "name"), Column(_("工号"), "person"), Column(_("半天")),
        Column(_("违规")), Column(_("时刻")), Column(_("时长")), Column(_("规则"), share=2), Column(_("条款"), share=3),
    )  # fmt: skip
    rows = tuple(
        (
            *((show_day(o.day),) if dated else ()),
            o.window, o.name or "—", o.person, str(o.session or "—"), occurrence(o.kind, o.source), moment(o),
            length(o.seconds), o.rule or "—", o.article or "—",
        )
        for o in mine
    )  # fmt: skip
    return Section("occurrences", title, (Table(columns, rows, personal=True),))


def patrolled(found: Sequence[Occurrence], *, dated: bool) -> tuple[Section, ...]:
    """What inspectors noted down, of people and of windows."""
    mine = [o for o in found if o.source == PATROL]
    if not mine:
        return ()
    columns = (
        *((Column(_("日期")),) if dated else ()),
        Column(_("时刻")), Column(_("窗口")), Column(_("姓名"), "name"), Column(_("工号"), "person"),
        Column(_("情形")), Column(_("地点"), "note"), Column(_("规则"), share=2), Column(_("条款"), share=3),
    )  # fmt: skip
    rows = tuple(
        (
            *((show_day(o.day),) if dated else ()),
            moment(o), o.window, o.name or "—", o.person, occurrence(o.kind, o.source), o.place or "—",
            o.rule or "—", o.article or "—",
        )
        for o in mine
    )  # fmt: skip
    return listed("patrol", _("督查情况"), (Table(columns, rows, personal=True),))


def moment(o: Occurrence) -> str:
    """The time of day that shows a violation; a dash for none."""
    return "—" if o.at is None else show_clock(o.at % DAY)


def length(seconds: int) -> str:
    """Seconds as minutes and seconds; a dash for none."""
    return _("{m} 分 {s} 秒").format(m=seconds // MINUTE, s=seconds % MINUTE) if seconds else "—"


def not_known(unknown: Sequence[Unknown]) -> Section:
    """Who is not judged yet and why; nobody of them is charged."""
    title = _("尚不清楚")
    if not unknown:
        return Section("unknown", title, (Said(_("没有。")),))
    columns = (
        Column(_("窗口")), Column(_("姓名"), "name"), Column(_("工号"), "person"), Column(_("未知考勤点"), "count"),
        Column(_("存疑考勤点"), "count"), Column(_("原因"), share=3),
    )  # fmt: skip
    rows = tuple(
        (u.window, u.name, u.person, str(u.pending), str(u.unverified), "；".join(map(reason, u.why)) or "—")
        for u in unknown
    )
    why = Said(_("考勤机没有读到这些时刻，或当时不能打卡；在弄清之前不记违规、不扣分。"))
    return Section("unknown", title, (Table(columns, rows, personal=True), why))


def reason(why: Reason) -> str:
    """Why something is not known."""
    return {
        "unread": _("考勤机 {terminals} 还没有读到").format(terminals="、".join(why.terminals)),
        "no_terminal": _("没有算这个窗口的考勤机"),
        "not_yet": _("时间还没有到"),
        "doubt": _("当时考勤机不能打卡、记录灭失，或有认不出的记录"),
    }[why.code]


def followings(outcomes: Sequence[Following]) -> tuple[Section, ...]:
    """What totals lead to: confirmed by a named person, with names; proposals as a number only."""
    people = [f for f in outcomes if f.subject and f.subject_type == "person"]
    windows = [f for f in outcomes if f.subject and f not in people]
    proposed = [f for f in outcomes if not f.subject]
    parts: list[Part] = []
    heads = (Column(_("期间")), Column(_("事项")), Column(_("条款"), share=3))
    if people:
        columns = (heads[0], Column(_("姓名"), "name"), Column(_("工号"), "person"), *heads[1:])
        rows = tuple((f.period, f.name, f.subject, outcome(f.outcome), f.article) for f in people)
        parts.append(Table(columns, rows, personal=True))
    if windows:
        own = tuple((f.period, f.subject, outcome(f.outcome), f.article) for f in windows)
        parts.append(Table((heads[0], Column(_("窗口")), *heads[1:]), own))
    if proposed:
        columns = (heads[0], Column(_("对象")), heads[1], Column(_("待定项数"), "count"), heads[2])
        rows = tuple((f.period, account(f.subject_type), outcome(f.outcome), str(f.proposals), f.article)
                     for f in proposed)  # fmt: skip
        parts += [Table(columns, rows), Said(_("待定的经具名人员确认后才列出名称。"))]
    return listed("outcomes", _("后果与表彰"), parts)


def corrected(corrections: Sequence[Entry], names: Mapping[str, str]) -> tuple[Section, ...]:
    """What was taken back or booked anew for earlier days."""
    if not corrections:
        return ()
    columns = (
        Column(_("编号")), Column(_("原日期")), Column(_("窗口")), Column(_("姓名"), "name"),
        Column(_("工号"), "person"), Column(_("分值"), "points"), Column(_("规则"), share=2), Column(_("冲回")),
    )  # fmt: skip
    rows = tuple(
        (
            e.entry_id, show_day(e.value_date), *of_account(e.account_type, e.account_id, names), number(e.points),
            e.rule, e.reverses or "—",
        )
        for e in corrections
    )  # fmt: skip
    return listed("corrections", _("更正"), (Table(columns, rows, personal=True),))


def of_account(kind: str, id: str, names: Mapping[str, str]) -> tuple[str, str, str]:
    """An account in the columns window, name and person."""
    return ("—", names.get(id, ""), id) if kind == "person" else (id, "—", "—")


def data(terminals: Sequence[TerminalDay]) -> Section:
    """How far the terminals were read."""
    columns = (Column(_("考勤机")), Column(_("读到")), Column(_("状态")))
    rows = tuple(
        (t.terminal, _("还没有读到") if t.through is None else show_moment(t.through), state(t.state))
        for t in terminals
    )
    return Section("data", _("数据"), (Table(columns, rows),))
