"""A person's day, a window's own violations, or an entry, as a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from punchsync.core.checkpoint import Checkpoint
from punchsync.core.explained import Explained, ExplainedEntry
from punchsync.core.ledger import stands
from punchsync.core.moment import show_day, show_moment
from punchsync.core.origin import Origin
from punchsync.publish.explanation_charge import caps, entries, violations
from punchsync.publish.explanation_day import excuses, reads, timetable
from punchsync.publish.explanation_match import sealed, verdicts
from punchsync.publish.explanation_raw import raw, terminals
from punchsync.publish.page import Grid, Item, Page, Section
from punchsync.publish.said import clock, dated, half, holder, length, place, points
from punchsync.texts import _
from punchsync.words import kind, source, verdict

PLAIN = ("normal", "excused")


def of_day(found: Explained) -> Page:
    """A day laid open."""
    return Page(
        over=found.hall,
        title=_("{who} {day} 考勤说明").format(who=whose(found), day=show_day(found.day)),
        under=(under(found),),
        essence=tuple(essence(found)),
        warnings=tuple(warnings(found)),
        sections=tuple(sections(found)),
        foot=foot(found),
    )


def of_entry(found: ExplainedEntry) -> Page:
    """An entry laid open, with the day behind it."""
    e = found.entry
    title = _("账目 {id} 说明").format(id=e.entry_id)
    head = _("{who} {points}，{rule}〔{article}〕，{day}").format(
        who=holder(e.account_type, e.account_id, e.category), points=points(e.points), rule=e.rule, article=e.article,
        day=show_day(e.value_date),
    )  # fmt: skip
    about = found.about
    first = Section(_("这笔账的全部记录"), (entries(found.history),))
    return Page(
        over=about.hall if about else "",
        title=title,
        under=(head, *((f"{whose(about)}　{under(about)}",) if about else ())),
        essence=(*still(found), *(unlike_normal(about) if about else ())),
        warnings=tuple(warnings(about)) if about else (),
        sections=(first, *(sections(about) if about else ())),
        foot=foot(about) if about else (),
    )


def whose(found: Explained) -> str:
    """Whose day it is."""
    if not found.person:
        return _("窗口 {window}").format(window=found.window)
    return f"{found.name}（{found.person}）"


def under(found: Explained) -> str:
    """Where the person was posted, and the state shown."""
    if found.posting is not None:
        where = _("{window}（{unit}）").format(window=found.window or "—", unit=found.posting.unit)
    else:
        where = _("当日没有在岗安排，不欠任何打卡") if found.person else _("窗口本身的违规")
    if found.as_of is None:
        return _("{where}；还没有核算").format(where=where)
    return _("{where}；核算到 {as_of}").format(where=where, as_of=show_moment(found.as_of))


def still(found: ExplainedEntry) -> Iterator[str]:
    """Whether an entry stands, and what stood where it does not."""
    last = found.history[-1].entry
    if found.behind is not None:
        v = found.behind
        yield _("违规：{what}（来源：{source}）").format(what=dated(v), source=source(v.source))
    else:
        yield _("现在没有成立的违规支持这笔账")
        if found.origin is not None:
            yield was(found.origin, show_day(found.entry.value_date))
    if stands(last):
        yield _("账目现在成立：{id} {points}").format(id=last.entry_id, points=points(last.points))
    else:
        yield _("已于 {day} 由 {id} 冲回").format(day=show_day(last.booked_on), id=last.entry_id)


def was(o: Origin, day: str) -> str:
    """What stood."""
    where = place(o.session, o.checkpoint) if o.checkpoint else half(o.session) if o.session else ""
    what = kind(o.kind) if o.kind else _("迟到、早退或脱岗")
    record = _("，记录 {id}").format(id=o.record) if o.record else ""
    return _("当时成立的是：{day} {person} {where}{what}（来源：{source}{record}）").format(
        day=day, person=o.person, where=where, what=what, source=source(o.source), record=record
    )


def essence(found: Explained) -> Iterator[str]:
    """What came of the day, in a few lines."""
    yield from unlike_normal(found)
    if found.points and not any((p.settled or p.fresh).verdict not in PLAIN for p in found.points):
        yield _("各考勤点都正常或免除")
    if found.violations:
        yield _("违规：{rows}").format(rows="、".join(dated(v.violation, found.day) for v in found.violations))
    elif found.points or not found.person or found.verdicts:
        yield _("违规：无")
    standing = [b for b in found.entries if stands(b.entry) and b.reversed_by is None]
    if standing:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for e in (b.entry for b in standing):
            sums[holder(e.account_type, e.account_id, e.category)] += e.points
        rows = "；".join(f"{who} {points(total)}" for who, total in sums.items())
        yield _("扣分：{rows}").format(rows=rows)
    elif found.points or found.entries or found.verdicts:
        yield _("扣分：无")


def unlike_normal(found: Explained) -> Iterator[str]:
    """The checkpoints that are not simply normal or excused."""
    for p in found.points:
        v = p.settled or p.fresh
        if v.verdict in PLAIN:
            continue
        by = _("，{length}").format(length=length(v.seconds)) if v.seconds else ""
        punch = _("打卡 {punch}").format(punch=clock(v.punch, found.day)) if v.punch else _("没有打卡")
        yield _("{where}{verdict}：应 {due}，{punch}{by}").format(
            where=place(v.session, v.checkpoint), verdict=verdict(v.verdict), due=clock(v.due, found.day),
            punch=punch, by=by,
        )  # fmt: skip


def warnings(found: Explained) -> Iterator[str]:
    """That what is shown is not what is known now, or not all that was known once."""
    if found.erased is not None:
        yield erased(found.erased)
    if not found.stale:
        return
    names = {"verdicts": _("判定"), "violations": _("违规"), "entries": _("账目")}
    yield _("须重新核算：按现有记录，{what}与上次核算不同；运行 punchsync settle").format(
        what="、".join(names[s] for s in found.stale)
    )
    if "violations" in found.stale:
        rows = "、".join(dated(v, found.day) for v in found.fresh) or _("无")
        yield _("重新核算后的违规将是：{rows}").format(rows=rows)


def erased(by: Checkpoint) -> str:
    """That records of the day were erased, by which purge, and how it can still be proved."""
    names = {"punches": _("原始打卡"), "records": _("请假、督查等记录")}
    what = "、".join(names[t] for t in by.erased.days if t in names)
    return _(
        "{what}已按保留期限由检查点 {n}（{at}，{by}）清除，封存到 {day}：下面是当时判定和入账的结果，不能再重新推算；"
        "punchsync verify 从检查点起核对它们没有被改过"
    ).format(what=what, n=by.number, at=show_moment(by.at), by=by.by, day=show_day(by.through))


def sections(found: Explained) -> Iterator[Section]:
    """The parts of a day, those with nothing in them left out."""
    every: list[tuple[str, Iterable[Item | Grid]]] = [
        (_("判定与配对"), [verdicts(found)] if found.points else []),
        (_("当时的判定"), [sealed(found)] if found.verdicts else []),
        (_("违规与扣分"), violations(found)),
        (_("账目"), [entries(found.entries)] if found.entries else []),
        (_("得分"), caps(found.caps)),
        (_("作息"), timetable(found)),
        (_("请假、外出、顶岗、督查、裁定"), excuses(found)),
        (_("原始打卡"), raw(found)),
        (_("须读到的考勤机"), terminals(found) if found.erased is None else []),
        (_("有关的解释（原文未明之处的读法）"), reads(found)),
    ]
    for title, made in every:
        parts = tuple(made)
        if parts:
            yield Section(title, parts)


def foot(found: Explained) -> tuple[str, ...]:
    """How to read it."""
    if found.erased is not None:
        return ()
    lines = [
        _("判定、违规、账目是上次核算的；配对的理由按现有记录重新推算。时刻都是大厅时间，考勤机的钟不准的已经校正。"),
        _("配对依次比：没有打卡的考勤点最少，迟到早退最少，迟到早退的秒数最少，离应到应离最近，打卡较早。"),
    ]
    return tuple(lines) if found.points else tuple(lines[:1])
