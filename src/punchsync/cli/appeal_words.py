"""Appeals in words and as JSON: how one stands, why one is refused, numbers over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from punchsync.appeal_words import effect, objection
from punchsync.cli.common import table
from punchsync.cli.show import entry_json
from punchsync.core.appeal import Evidence, Statistics
from punchsync.core.ledger import Entry, stands
from punchsync.core.moment import show_day, show_moment
from punchsync.core.points import number
from punchsync.core.violations import Violation
from punchsync.texts import _
from punchsync.words import appeal_outcome, appeal_stage, kind, occurrence, source

if TYPE_CHECKING:
    from punchsync.operations.appealed import Shown


def refused(code: str, found: Mapping[str, Any]) -> list[str]:
    """Why an appeal can't be filed or decided so: what was found, what is allowed, what to do."""
    rows: Sequence[Violation] = found.get("candidates") or found.get("made_of") or ()
    texts = {
        "unsettled": _("还没有核算过，没有违规可申诉；先运行 punchsync settle"),
        "unknown": _("没有编号 {id} 的现行违规；编号见 punchsync export violations，或写“工号 日期”"),
        "none": _("{subject} 在 {day} 没有可以申诉的违规；全部见 punchsync explain"),
        "several": _("{subject} 在 {day} 有 {n} 条可以申诉的违规，请写明编号："),
        "role": _("窗口「{window}」的违规不记个人；--role 应为 unit"),
        "before": _("申诉时间 {at} 早于 {since}；应不早于它，请核对 --at"),
        "late": _("申诉时间 {at} 已过期限，末日是 {last}；确要受理，加 --late 写明理由"),
        "future": _("时间 {at} 比现在（{now}）晚一个月以上；请核对 --at 的年份"),
        "no_appeal": _("没有编号 {number} 的申诉；编号见 punchsync appeal list"),
        "early": _("决定时间 {at} 早于申诉时间 {filed}；应不早于它，请核对 --at"),
        "gone": _("申诉 {number} 的违规现在已经不存在；只能记 moot（已无标的）或 withdrawn（撤回）"),
        "stands": _("申诉 {number} 的违规仍然存在，不能记 moot；应为 upheld、excused、amended 或 withdrawn"),
        "due": _("违规 {id} 所依据的记录在上次核算以后变了；先运行 punchsync settle，再作决定"),
        "as_kind": _("--as-kind 写的是 {kind}，现在是 {now}；应为另一种：{allowed}"),
    }
    values = {"n": len(rows), **{name: worded(value) for name, value in found.items()}}
    said = objection(code, found) or texts[code].format(**values)
    return [said, *(violation_lines(rows) if rows else [])]


def worded(value: object) -> str:
    """A value of a refusal: a list of codes, or anything else as it is."""
    return "、".join(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else str(value)


def violation_lines(rows: Sequence[Violation]) -> list[str]:
    """Violations with the ids by which to name them."""
    head = [_("编号"), _("日期"), _("对象"), _("半天"), _("违纪类别"), _("秒"), _("来源")]
    return table(
        head,
        [
            [
                v.id, show_day(v.day), v.person or v.window, str(v.session), occurrence(v.kind, v.source),
                str(v.seconds), source(v.source),
            ]
            for v in rows
        ],
    )  # fmt: skip


def violation_json(v: Violation) -> dict[str, Any]:
    """A standing violation as JSON."""
    return {
        "id": v.id, "date": show_day(v.day), "person_id": v.person, "window": v.window, "session": v.session,
        "kind": v.kind, "seconds": v.seconds, "source": v.source, "ruling": v.ruling,
    }  # fmt: skip


def list_lines(rows: Sequence[Shown]) -> list[str]:
    """Appeals as a table: the violation as it was, what was decided, what was booked for it and taken back."""
    head = [
        _("申诉"), _("级别"), _("状态"), _("违规"), _("日期"), _("对象"), _("姓名"), _("违纪类别"), _("秒"),
        _("申诉人"), _("申诉时间"), _("决定人"), _("文书"), _("决定时间"), _("账目"), _("说明"),
    ]  # fmt: skip
    return table(head, [list_row(row) for row in rows])


def list_row(row: Shown) -> list[str]:
    """An appeal as a row of a table."""
    a, d = row.appeal, row.decision
    said = appeal_outcome(row.state)
    if d and d.as_kind:
        said = _("{state}为{kind}").format(state=said, kind=kind(d.as_kind))
    notes = [effect(row.effect), _("逾期未决") if row.overdue else "", _("过期受理") if a.late else ""]
    return [
        str(a.number), appeal_stage(a.stage), said, a.violation, show_day(a.day), a.person or a.window, row.name,
        kind(a.kind), str(a.seconds), a.filed_by, show_moment(a.filed_at), d.decided_by if d else "",
        d.document if d else "", show_moment(d.decided_at) if d else "", entries_words(row.entries),
        _("；").join(n for n in notes if n),
    ]  # fmt: skip


def entries_words(entries: Sequence[Entry]) -> str:
    """What was booked, each post with the entry that takes it back."""
    back = {e.reverses: e.entry_id for e in entries if e.reverses}
    posts = [e for e in entries if stands(e)]
    said = [
        _("{entry}（{back} 冲回）").format(entry=e.entry_id, back=back[e.entry_id])
        if e.entry_id in back
        else e.entry_id
        for e in posts
    ]
    return "、".join(said)


def show_lines(row: Shown, files: Sequence[Evidence]) -> list[str]:
    """An appeal in full."""
    a, d = row.appeal, row.decision
    lines = [
        _("申诉 {number}（{stage}）：{state}").format(
            number=a.number, stage=appeal_stage(a.stage), state=appeal_outcome(row.state)
        ),
        _("违规 {id}：{day} {subject} 第 {session} 个半天 {kind}，{seconds} 秒，来源 {source}").format(
            id=a.violation, day=show_day(a.day), subject=f"{row.name}（{a.person}）" if a.person else a.window,
            session=a.session, kind=kind(a.kind), seconds=a.seconds, source=source(a.source),
        ),
        _("申诉人 {by}，{at}：{grounds}").format(by=a.filed_by, at=show_moment(a.filed_at), grounds=a.grounds),
    ]  # fmt: skip
    if a.late:
        lines.append(_("过期受理，理由：{late}").format(late=a.late))
    lines += [
        _("证据 {n}：{name}，{size} 字节，SHA-256 {digest}").format(
            n=f.position, name=f.name, size=len(f.content), digest=f.digest
        )
        for f in files
    ]
    if d:
        lines.append(
            _("决定：{state}{kind}，{by}，{at}，文书 {document}").format(
                state=appeal_outcome(d.outcome), kind=kind(d.as_kind) if d.as_kind else "", by=d.decided_by,
                at=show_moment(d.decided_at), document=d.document or _("（无）"),
            )
        )  # fmt: skip
        lines += [_("附注：{note}").format(note=d.note)] if d.note else []
    if row.entries:
        lines.append(_("账目：{entries}").format(entries=entries_words(row.entries)))
    if effect(row.effect):
        lines.append(_("说明：{effect}").format(effect=effect(row.effect)))
    return lines


def to_json(row: Shown) -> dict[str, Any]:
    """An appeal as JSON."""
    a, d = row.appeal, row.decision
    return {
        "number": a.number, "violation": a.violation, "stage": a.stage, "state": row.state, "effect": row.effect,
        "date": show_day(a.day), "person_id": a.person, "name": row.name, "window": a.window, "session": a.session,
        "kind": a.kind, "seconds": a.seconds, "source": a.source, "filed_by": a.filed_by, "role": a.role,
        "grounds": a.grounds, "late": a.late, "filed_at": show_moment(a.filed_at), "overdue": row.overdue,
        "as_kind": d.as_kind if d else "", "decided_by": d.decided_by if d else "",
        "document": d.document if d else "", "note": d.note if d else "", "ruling": d.ruling if d else "",
        "decided_at": show_moment(d.decided_at) if d else "",
        "now": violation_json(row.now) if row.now else None,
        "entries": [entry_json(e) for e in row.entries],
    }  # fmt: skip


def evidence_json(files: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Evidence as JSON, without its bytes."""
    return [{"position": f.position, "name": f.name, "sha256": f.digest, "bytes": len(f.content)} for f in files]


def statistics_lines(s: Statistics) -> list[str]:
    """Numbers over appeals, by the violation's kind and together."""
    states = list(s.states)
    head = [_("违纪类别"), *(appeal_outcome(name) for name in states), _("合计")]
    rows = [
        [kind(k), *(str(found.get(n, 0)) for n in states), str(sum(found.values()))] for k, found in s.kinds.items()
    ]
    rows.append([_("合计"), *(str(s.states[n]) for n in states), str(s.filed)])
    said = _("其中复核 {reviews} 件，过期受理 {late} 件，逾期未决 {overdue} 件").format(
        reviews=s.reviews, late=s.late, overdue=s.overdue
    )
    lines = [*table(head, rows), said]
    if s.excused_percent is not None and s.median_days is not None:
        lines.append(
            _("已决定的，免责占 {percent}%，自申诉到决定的天数中位数 {days}").format(
                percent=number(s.excused_percent), days=number(s.median_days)
            )
        )
    return lines


def statistics_json(s: Statistics) -> dict[str, Any]:
    """Numbers over appeals as JSON; decimals as text, null where nothing was decided."""
    return {
        "filed": s.filed, "reviews": s.reviews, "late": s.late, "overdue": s.overdue, "states": s.states,
        "kinds": s.kinds,
        "excused_percent": number(s.excused_percent) if s.excused_percent is not None else None,
        "median_days": number(s.median_days) if s.median_days is not None else None,
    }  # fmt: skip
