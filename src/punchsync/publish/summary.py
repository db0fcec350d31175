"""The bulletin of a week, a month or a quarter as a document."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number, two_places
from punchsync.core.summary import Summary
from punchsync.publish.document import Column, Document, Letterhead, Part, Said, Section, Table
from punchsync.publish.drawings import drawn
from punchsync.publish.sections import corrected, data, followings, listed, not_known, occurred, on_leave, patrolled
from punchsync.publish.summed import summed
from punchsync.texts import _


def document(summary: Summary, around: Letterhead = Letterhead(), title: str | None = None) -> Document:  # noqa: B008 # frozen
    """The bulletin; a hall's own `title` may have `{hall}`, `{period}`, `{first}` and `{last}`."""
    said = (title or titled(summary.kind)).format(
        hall=summary.hall, period=summary.period, first=show_day(summary.first), last=show_day(summary.last)
    )
    if summary.as_of is None:
        under = _("尚未核算。")
        return Document(summary.hall, summary.kind, summary.period, said, "report", around, (under,), True)
    under = _("核算到 {as_of}。").format(as_of=show_moment(summary.as_of))
    sections = (
        windows(summary),
        *on_leave(summary.leave),
        occurred(summary.occurrences, dated=True),
        *patrolled(summary.occurrences, dated=True),
        not_known(summary.unknown),
        *listed("scores", _("计分"), scores(summary)),
        *listed("ranking", _("排名"), ranks(summary)),
        *followings(summary.outcomes),
        *corrected(summary.corrections, summary.names),
        *drawn(summary.hours, summary.trend, summary.ranks),
        data(summary.terminals),
    )
    return Document(
        summary.hall, summary.kind, summary.period, said, "report", around, (under,), summary.provisional, sections
    )


def titled(kind: str) -> str:
    """The title of a kind of bulletin where a hall has none of its own."""
    return {
        "weekly": _("{hall}考勤周报（{period}，{first} 至 {last}）"),
        "monthly": _("{hall}考勤月报（{period}，{first} 至 {last}）"),
        "quarterly": _("{hall}考勤季报（{period}，{first} 至 {last}）"),
    }[kind]


def windows(summary: Summary) -> Section:
    """Every window's period in numbers; half-days are those that were asked of its people."""
    title = _("各窗口")
    if not summary.windows:
        return Section("windows", title, (Said(_("期间没有窗口在岗。")),))
    heads = (
        _("人数"), _("应到半天"), _("请假外出半天"), _("迟到"), _("早退"), _("脱岗"), _("旷工半天"), _("其他"),
        _("未知人数"),
    )  # fmt: skip
    columns = (Column(_("窗口")), Column(_("单位")), *(Column(h, "count") for h in heads))
    return Section(
        "windows", title, (summed(columns, [(w.window, w.unit, *map(str, w[2:])) for w in summary.windows]),)
    )


def scores(summary: Summary) -> Iterator[Part]:
    """The accounts of the period that lost or were given points, by category."""
    found = [s for s in summary.scores if s.points or s.given]
    tail = (
        Column(_("类别")), Column(_("基础分"), "points"), Column(_("扣分"), "points"), Column(_("得分"), "points"),
    )  # fmt: skip
    windows_ = tuple((s.account_id, s.category, *map(number, (s.base, s.points, s.score)))
                     for s in found if s.account_type == "window")  # fmt: skip
    if windows_:
        yield Table((Column(_("窗口")), *tail), windows_)
    people = tuple(
        (summary.names.get(s.account_id, ""), s.account_id, s.category, *map(number, (s.base, s.points, s.score)))
        for s in found
        if s.account_type == "person"
    )
    if people:
        yield Table((Column(_("姓名"), "name"), Column(_("工号"), "person"), *tail), people, personal=True)
    if found:
        yield Said(_("没有列出的，本期没有扣分。"))


def ranks(summary: Summary) -> Iterator[Part]:
    """The period's rankings as they stand: of windows, then of people."""
    place, tail = Column(_("名次"), "count"), (Column(_("得分"), "points"), Column(_("违规"), "count"))
    windows_ = tuple((str(r.rank), r.subject_id, two_places(r.score), str(r.violations))
                     for r in summary.ranks if r.subject_type == "window")  # fmt: skip
    if windows_:
        yield Table((place, Column(_("窗口")), *tail), windows_)
    people = tuple(
        (str(r.rank), summary.names.get(r.subject_id, ""), r.subject_id, two_places(r.score), str(r.violations))
        for r in summary.ranks
        if r.subject_type == "person"
    )
    if people:
        columns = (place, Column(_("姓名"), "name"), Column(_("工号"), "person"), *tail)
        yield Table(columns, people, personal=True)
