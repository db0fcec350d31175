"""`punchsync explain`: why, down to the raw bytes and the article."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, say_json
from punchsync.cli.ending import USAGE, Ending
from punchsync.cli.show import entry_json
from punchsync.core.moment import Moment, parse_day, show_clock, show_day, show_moment
from punchsync.core.points import number
from punchsync.texts import _
from punchsync.words import account, checkpoint, kind, source, verdict

if TYPE_CHECKING:
    from punchsync.core.ledger import Entry
    from punchsync.operations.explain import Explained


@click.command("explain", help=verbs()["explain"])
@click.argument("subject", metavar=_("工号或账目编号"))
@click.argument("date", required=False, metavar="[YYYY-MM-DD]")
@on_site
def command(site: Path, as_json: bool, subject: str, date: str | None) -> None:
    """A person's day (PERSON DATE), or one entry (ENTRY)."""
    from punchsync.operations.explain import NothingThere, explain_day, explain_entry

    try:
        day = parse_day(date) if date else None
    except ValueError:
        raise Ending(USAGE, [_("日期写的是 {date}；应为 YYYY-MM-DD").format(date=repr(date))]) from None
    with open_site(site) as opened:
        try:
            if day is not None:
                found = explain_day(opened.hall, subject, day)
                if as_json:
                    say_json(day_json(found))
                else:
                    click.echo("\n".join(day_lines(found)))
                return
            entry, history, behind = explain_entry(opened.hall, subject)
        except NothingThere as error:
            what = _("没有工号 {id} 的人员") if day is not None else _("没有编号 {id} 的账目")
            raise Ending(USAGE, [what.format(id=error)]) from None
        day = entry.value_date
        whose = explain_day(opened.hall, behind.person, day) if behind and behind.person else None
    if as_json:
        body = {"entry": entry_json(entry), "history": [entry_json(e) for e in history]}
        say_json({**body, "standing": behind is not None, "day": day_json(whose) if whose else None})
        return
    lines = entry_lines(entry, history)
    lines.append(
        _("现在没有成立的违规支持这笔账") if behind is None else _("违规：{kind}").format(kind=kind(behind.kind))
    )
    click.echo("\n".join([*lines, "", *(day_lines(whose) if whose else [])]))


def entry_lines(entry: Entry, history: list[Entry]) -> list[str]:
    """An entry and all that was booked for its cause."""
    lines = [
        _("账目 {id}：{account} {name}〔{category}〕{points}，{rule}〔{article}〕").format(
            id=entry.entry_id,
            account=account(entry.account_type),
            name=entry.account_id,
            category=entry.category,
            points=number(entry.points),
            rule=entry.rule,
            article=entry.article,
        )
    ]
    for e in history:
        said = _("冲回 {id}").format(id=e.reverses) if e.reverses else _("记账")
        lines.append(f"  {show_day(e.booked_on)}  {e.entry_id}  {number(e.points)}  {said}")
    return lines


def _at(moment: Moment | None) -> str:
    return "—" if moment is None else show_clock(moment % 86_400)


def day_lines(found: Explained) -> list[str]:
    """A person's day as a clerk reads it."""
    lines = [_("{person}  {day}").format(person=found.person, day=show_day(found.day))]
    if found.posting is None:
        return [*lines, _("当日没有在岗安排，不欠任何打卡")]
    where = _("岗位：{window}（{unit}）").format(window=found.posting.window, unit=found.posting.unit)
    sessions = found.plan.sessions if found.plan else ()
    hours = "、".join(f"{_at(s.start)}–{_at(s.end)}" for s in sessions) or _("无班次")
    lines += [where, _("班次：{hours}").format(hours=hours)]
    lines.append(_("须读到的考勤机："))
    for terminal, through in found.relevant:
        lines.append(
            f"  {terminal} " + (_("读到 {at}").format(at=show_moment(through)) if through else _("还没有读到"))
        )
    if not found.relevant:
        lines.append("  " + _("没有（因此不判缺卡、迟到、早退）"))
    lines.append(_("原始打卡："))
    for p, placed in found.punches:
        lines.append(
            _("  {at}  {terminal}  考勤号 {id}  第 {reading} 次读取第 {position} 条  {raw}").format(
                at=_at(p.at if placed.at is None else placed.at), terminal=p.terminal, id=p.device_user_id,
                reading=p.reading, position=p.position + 1, raw=p.raw.hex(),
            )
        )  # fmt: skip
        if placed.at is None:
            lines.append("    " + _("考勤机的钟当时不可信，这一条不作打卡，当事人此间的缺卡、迟到、早退一律存疑"))
        elif placed.at != p.at:
            lines.append("    " + _("考勤机的钟写的是 {raw}，按读机时测得的时差校正").format(raw=show_moment(p.at)))
    if not found.punches:
        lines.append("  " + _("没有"))
    for leave, standing in found.leaves:
        state = _("有效") if standing.valid else _("尚缺 {lacking}").format(lacking="、".join(standing.lacking))
        lines.append(
            _("请假 {id}：{half_days} 个半天，{state}").format(id=leave.id, half_days=standing.half_days, state=state)
        )
    for outing, in_time in found.outings:
        state = _("按时登记") if in_time else _("登记迟了，不免除")
        lines.append(_("外出 {id}：{state}").format(id=outing.id, state=state))
    for incident in found.incidents:
        lines.append(_("督查 {id}：{at} {kind}").format(id=incident.id, at=_at(incident.at), kind=kind(incident.kind)))
    for outage in found.outages:
        lines.append(
            _("停机 {terminal}：{start} 起，{kind}").format(
                terminal=outage.terminal, start=show_moment(outage.start), kind=outage.kind
            )
        )
    for start, end in found.doubts:
        lines.append(
            _("存疑：{start} 至 {end} 有读不成打卡的记录可能是本人的，此间的缺卡、迟到、早退不作数").format(
                start=show_moment(start), end=show_moment(end - 1)
            )
        )
    for ruling in found.rulings:
        lines.append(
            _("裁定 {id}：第 {session} 半天 {effect}（{by}）").format(
                id=ruling.id, session=ruling.session, effect=ruling.effect, by=ruling.decided_by
            )
        )
    lines.append(_("判定："))
    for v in found.verdicts:
        lines.append(
            _("  第 {session} 半天{checkpoint}  应到 {due}  打卡 {punch} {terminal}  {verdict} {seconds} 秒").format(
                session=v.session, checkpoint=checkpoint(v.checkpoint), due=_at(v.due), punch=_at(v.punch),
                terminal=v.terminal, verdict=verdict(v.verdict), seconds=v.seconds,
            )
        )  # fmt: skip
    lines.append(_("违规：") if found.violations else _("违规：无"))
    for violation, rule, article in found.violations:
        lines.append(
            _("  {kind}（来源：{source}）  {rule}〔{article}〕").format(
                kind=kind(violation.kind), source=source(violation.source), rule=rule, article=article
            )
        )
    lines.append(_("账目：") if found.entries else _("账目：无"))
    for e in found.entries:
        back = _("，冲回 {id}").format(id=e.reverses) if e.reverses else ""
        lines.append(
            _("  {id}  {account} {name}〔{category}〕{points}{back}  {article}").format(
                id=e.entry_id, account=account(e.account_type), name=e.account_id, category=e.category,
                points=number(e.points), back=back, article=e.article,
            )
        )  # fmt: skip
    return lines


def day_json(found: Explained) -> dict[str, object]:
    """A person's day as JSON."""
    return {
        "person_id": found.person,
        "date": show_day(found.day),
        "window": found.posting.window if found.posting else None,
        "sessions": [[show_moment(s.start), show_moment(s.end)] for s in (found.plan.sessions if found.plan else ())],
        "terminals": {t: show_moment(m) if m else None for t, m in found.relevant},
        "punches": [
            {
                "at": show_moment(placed.at) if placed.at is not None else None, "raw_at": show_moment(p.at),
                "terminal": p.terminal, "device_user_id": p.device_user_id,
                "reading": p.reading, "position": p.position, "raw": p.raw.hex(), "source": p.source,
            }
            for p, placed in found.punches
        ],
        "doubts": [[show_moment(start), show_moment(end - 1)] for start, end in found.doubts],
        "leave": [{"leave_id": x.id, "valid": s.valid, "half_days": s.half_days, "lacking": s.lacking}
                  for x, s in found.leaves],
        "outings": [{"outing_id": x.id, "in_time": ok} for x, ok in found.outings],
        "incidents": [{"incident_id": i.id, "kind": i.kind, "at": show_moment(i.at)} for i in found.incidents],
        "rulings": [{"ruling_id": r.id, "effect": r.effect, "session": r.session} for r in found.rulings],
        "verdicts": [
            {
                "session": v.session, "checkpoint": v.checkpoint, "due": show_moment(v.due) if v.due else None,
                "punch": show_moment(v.punch) if v.punch else None, "terminal": v.terminal, "verdict": v.verdict,
                "seconds": v.seconds,
            }
            for v in found.verdicts
        ],
        "violations": [
            {"id": v.id, "kind": v.kind, "source": v.source, "session": v.session, "rule": rule, "article": article}
            for v, rule, article in found.violations
        ],
        "entries": [entry_json(e) for e in found.entries],
    }  # fmt: skip
