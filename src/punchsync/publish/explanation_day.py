"""What was asked of somebody on a day and what speaks for him, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.appeal import Appeal, AppealDecision
from punchsync.core.explained import Explained, LeaveShown, StandInShown, Timetable
from punchsync.core.moment import Day, show_moment
from punchsync.core.records import Ruling
from punchsync.publish.page import Item
from punchsync.publish.said import clock, stretch
from punchsync.texts import _
from punchsync.words import (
    appeal_outcome,
    appeal_stage,
    calendar,
    day_kind,
    effect,
    kind,
    leave,
    sign_off,
)

# Timetable


def timetable(found: Explained) -> Iterator[Item]:
    """The sessions of the day and where they come from."""
    sessions = found.plan.sessions if found.plan else ()
    hours = "、".join(stretch((s.start, s.end), found.day) for s in sessions) or _("当日无班次，不欠任何打卡")
    t = found.timetable
    if t is None:
        return
    yield Item(_("{hours}（{origin}；{day}）").format(hours=hours, origin=origin(t), day=day_of(t)))
    for b in found.backups:
        yield Item(
            _("{backup} 顶 {first} 的岗：{span}（{first} 该半天全部免除，由其 B 岗承担）").format(
                backup=b.backup, first=b.first, span=stretch((b.start, b.end), found.day)
            )
        )


def origin(t: Timetable) -> str:
    """Where a timetable comes from."""
    if t.roster is not None:
        text = _("本人排班 {id}") if t.origin == "own" else _("窗口排班 {id}")
        return text.format(id=t.roster.id) + (f"〔{t.shift}〕" if t.shift else "")
    if t.season is not None:
        return _("规则包默认班次〔{shift}〕").format(shift=t.shift)
    return _("没有排班")


def day_of(t: Timetable) -> str:
    """What kind of day it is, and who says so."""
    return _("{kind}，据{calendar}").format(kind=day_kind(t.day_kind), calendar=calendar(t.calendar))


def reads(found: Explained) -> Iterator[Item]:
    """The interpretations that bear on the day, each with its value; the hall's own are marked."""
    every = [*(i for v in found.violations for i in v.reads), *(found.timetable.reads if found.timetable else ())]
    own = _("（本大厅改写）")
    for i in dict.fromkeys(every):
        yield Item(
            _("{id} = {value}{own}：{says}").format(
                id=i.id, value=i.value, own=own if i.overridden else "", says=i.says
            )
        )


# Leave and the like


def excuses(found: Explained) -> Iterator[Item]:
    """Leave, outings, stand-ins, incidents and rulings of the day."""
    day = found.day
    for x in found.leaves:
        yield on_leave(x, day)
    for o in found.outings:
        state = _("按时登记，有效") if o.in_time else _("登记迟了，不免除")
        yield Item(
            _("外出 {id}：{span}，{at} 登记，{state}").format(
                id=o.outing.id, span=stretch(o.span, day), at=clock(o.outing.registered_at, day), state=state
            ),
            (o.outing.reason,) if o.outing.reason else (),
        )
    for s in found.standins:
        yield standin(s, day)
    for i in found.incidents:
        note = [n for n in (i.incident.noted_by, i.incident.place, i.incident.evidence) if n]
        became = _("记为违规") if i.violation else _("没有单独成立的违规")
        yield Item(
            _("督查 {id}：{at} {kind}，{became}").format(
                id=i.incident.id, at=clock(i.incident.at, day), kind=kind(i.incident.kind), became=became
            ),
            ("，".join(note),) if note else (),
        )
    for r in found.rulings:
        yield ruled(r, day)
    for a, decision in found.appeals:
        yield appealed(a, decision)


def on_leave(x: LeaveShown, day: Day) -> Item:
    """A leave."""
    given = "、".join(sign_off(s) for s in sorted(x.leave.approvals)) or _("无")
    lacking = "、".join(_lack(s) for s in x.standing.lacking)
    state = _("有效") if x.standing.valid else _("尚缺 {lacking}，不免除").format(lacking=lacking)
    notes = [
        _("审批：{given}；证明：{certificate}").format(
            given=given, certificate=_("有") if x.leave.certificate else _("无")
        ),
        _("首次登记 {at}，{late}").format(
            at=show_moment(x.leave.first_registered), late=_("按时") if x.in_time else _("事后补登")
        ),
    ]
    if x.asked != x.taken:
        taken = "、".join(stretch(span, day) for span in x.taken) or _("没有休")
        notes.append(_("实际：{taken}").format(taken=taken))
    if x.cover_asked:
        notes.append(_("须有人顶岗：没有人顶") if x.uncovered else _("须有人顶岗：已有人顶"))
    if x.article:
        notes.append(_("依据：{article}").format(article=x.article))
    return Item(
        _("请假 {id}（{kind}）：{span}，{n} 个半天，{state}").format(
            id=x.leave.id, kind=leave(x.leave.kind), span="、".join(stretch(s, day) for s in x.asked),
            n=x.standing.half_days, state=state,
        ),
        ("；".join(notes),),
    )  # fmt: skip


def _lack(code: str) -> str:
    return {"any": _("任一审批"), "certificate": _("证明")}.get(code, sign_off(code))


def standin(s: StandInShown, day: Day) -> Item:
    """A stand-in row."""
    state = _("按时登记") if s.in_time else _("登记迟了")
    leaves = "、".join(s.leaves)
    why = _("为有效的请假 {ids}").format(ids=leaves) if s.leaves else _("没有有效的请假与它相合")
    return Item(
        _("顶岗 {id}：{by} 顶 {absent}，{span}，{at} 登记，{state}；{why}").format(
            id=s.row.id, by=s.row.standin, absent=s.row.absent, span=stretch(s.span, day),
            at=clock(s.row.filed_at, day), state=state, why=why,
        )
    )  # fmt: skip


def ruled(r: Ruling, day: Day) -> Item:
    """A ruling."""
    about = _("这一项违规") if r.violation else kind(r.kind) if r.kind else _("全部违规")
    to = _("为{kind}").format(kind=kind(r.as_kind)) if r.as_kind else ""
    where = _("第 {n} 半天").format(n=r.session) if r.session else _("不分半天")
    return Item(
        _("裁定 {id}：{where}{about}，{effect}{to}（{document}，{by}，{at}）").format(
            id=r.id, where=where, about=about, effect=effect(r.effect), to=to, document=r.document or _("无文号"),
            by=r.decided_by, at=show_moment(r.decided_at),
        )
    )  # fmt: skip


def appealed(a: Appeal, decision: AppealDecision | None) -> Item:
    """An appeal and what was decided."""
    if decision is None:
        outcome = _("还没有决定")
    else:
        outcome = _("{at} 由 {by} 决定：{outcome}").format(
            at=show_moment(decision.decided_at), by=decision.decided_by, outcome=appeal_outcome(decision.outcome)
        )
    notes = (a.grounds, *((d for d in (decision.document, decision.note) if d) if decision else ()))
    return Item(
        _("{stage} {n}：{kind}，{by} 于 {at} 提出；{outcome}").format(
            stage=appeal_stage(a.stage),
            n=a.number,
            kind=kind(a.kind),
            by=a.filed_by,
            at=show_moment(a.filed_at),
            outcome=outcome,
        ),
        tuple(n for n in notes if n),
    )
