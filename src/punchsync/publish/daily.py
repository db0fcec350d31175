"""The daily bulletin as a document."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.bulletin import Daily
from punchsync.core.moment import show_day, show_moment
from punchsync.publish.document import Column, Document, Letterhead, Part, Said, Section, Table
from punchsync.publish.drawings import drawn
from punchsync.publish.sections import corrected, data, followings, listed, not_known, occurred, on_leave, patrolled
from punchsync.publish.summed import summed
from punchsync.texts import _


def document(daily: Daily, around: Letterhead = Letterhead(), title: str | None = None) -> Document:  # noqa: B008 # frozen
    """The bulletin; a hall's own `title` may have `{hall}`, `{period}`, `{first}` and `{last}`."""
    day = show_day(daily.day)
    said = (title or _("{hall}考勤日报（{period}）")).format(hall=daily.hall, period=day, first=day, last=day)
    if daily.as_of is None:
        under = _("尚未核算。")
        return Document(daily.hall, "daily", day, said, "report", around, (under,), daily.provisional)
    under = _("核算到 {as_of}。").format(as_of=show_moment(daily.as_of))
    sections = (
        windows(daily),
        *on_leave(daily.leave),
        occurred(daily.occurrences, dated=False),
        *patrolled(daily.occurrences, dated=False),
        not_known(daily.unknown),
        *listed("expected", _("排班与顶岗"), expected(daily)),
        *followings(daily.outcomes),
        *corrected(daily.corrections, daily.names),
        *drawn(daily.hours),
        data(daily.terminals),
    )
    return Document(daily.hall, "daily", day, said, "report", around, (under,), daily.provisional, sections)


def windows(daily: Daily) -> Section:
    """Every window's day in numbers."""
    title = _("各窗口")
    if not daily.windows:
        return Section("windows", title, (Said(_("当日没有窗口在岗。")),))
    heads = (
        _("应到"), _("在岗"), _("请假外出"), _("有人顶岗"), _("迟到"), _("早退"), _("脱岗"), _("旷工半天"), _("空岗"),
        _("未知人数"),
    )  # fmt: skip
    columns = (Column(_("窗口")), Column(_("单位")), *(Column(h, "count") for h in heads))
    parts: list[Part] = [summed(columns, [(w.window, w.unit, *map(str, w[2:])) for w in daily.windows])]
    if daily.without_timetable:
        parts.append(Said(_("另有 {n} 人当日无班次。").format(n=daily.without_timetable)))
    return Section("windows", title, tuple(parts))


def expected(daily: Daily) -> Iterator[Part]:
    """What the rules expect and is not there: a roster for the day, somebody for who is on leave. Not charged."""
    who = (Column(_("窗口")), Column(_("姓名"), "name"), Column(_("工号"), "person"))
    if daily.unrostered:
        rows = tuple((u.window, u.name, u.person) for u in daily.unrostered)
        yield Table(who, rows, caption=_("工作日没有排班"), personal=True)
    if daily.alone:
        left = tuple((a.window, a.name, a.person, a.leave) for a in daily.alone)
        yield Table((*who, Column(_("请假号"))), left, caption=_("请假没有人顶岗"), personal=True)
