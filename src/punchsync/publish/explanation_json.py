"""A day or an entry laid open, as JSON: codes and times as they are, no sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from punchsync.core.alternatives import Fate
from punchsync.core.appeal import Appeal, AppealDecision
from punchsync.core.basis import Basis
from punchsync.core.checkpoint import Checkpoint
from punchsync.core.explained import (
    Booked,
    Cap,
    Explained,
    ExplainedEntry,
    LeaveShown,
    Point,
    Raw,
    Shown,
    TerminalRead,
    Timetable,
)
from punchsync.core.ground import Ground
from punchsync.core.intervals import Interval
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import FOREVER, Moment, show_day, show_moment
from punchsync.core.points import number
from punchsync.core.records import Ruling
from punchsync.core.rules import Interpretation
from punchsync.core.stored import ReadingNote
from punchsync.core.trace import Charged, Weighed
from punchsync.core.violations import Violation

Json = dict[str, Any]


def entry_to_json(found: ExplainedEntry) -> Json:
    """An entry, its history, and the day behind it."""
    origin = found.origin
    return {
        "entry": entry(found.entry),
        "history": [booked(b) for b in found.history],
        "standing": found.behind is not None,
        "violation": violation(found.behind) if found.behind else None,
        "was": None if origin is None else origin._asdict(),
        "day": to_json(found.about) if found.about else None,
    }


def to_json(found: Explained) -> Json:
    """A person's day, or a window's own violations of it."""
    return {
        "person_id": found.person,
        "name": found.name,
        "date": show_day(found.day),
        "window": found.window,
        "unit": found.posting.unit if found.posting else "",
        "settled_as_of": moment(found.as_of),
        "stale": list(found.stale),
        "sessions": spans((s.start, s.end) for s in (found.plan.sessions if found.plan else ())),
        "timetable": timetable(found.timetable) if found.timetable else None,
        "terminals": [terminal(t) for t in found.terminals],
        "punches": [punch(r, found.points) for r in found.raw],
        "papers": [
            {
                "at": show_moment(s.paper.at), "sheet": s.paper.sheet, "approved_by": s.paper.approved_by,
                **fate(s.fate, found.points),
            }
            for s in found.papers
        ],
        "doubts": [
            {
                "terminal": d.terminal, "device_user_id": d.device_user_id, "from": show_moment(d.first),
                "to": show_moment(d.last), "why": d.why,
            }
            for d in found.doubts
        ],
        "leave": [leave(x) for x in found.leaves],
        "outings": [
            {
                "outing_id": x.outing.id, "start": moment(x.span[0]), "end": moment(x.span[1]),
                "registered_at": show_moment(x.outing.registered_at), "in_time": x.in_time, "reason": x.outing.reason,
            }
            for x in found.outings
        ],
        "standins": [
            {
                "standin_id": s.row.id, "absent_person_id": s.row.absent, "standin_person_id": s.row.standin,
                "start": show_moment(s.span[0]), "end": show_moment(s.span[1]),
                "filed_at": show_moment(s.row.filed_at), "in_time": s.in_time, "role": s.role, "leave": list(s.leaves),
            }
            for s in found.standins
        ],
        "backups": [
            {"a": b.first, "b": b.backup, "start": show_moment(b.start), "end": show_moment(b.end)}
            for b in found.backups
        ],
        "incidents": [
            {
                "incident_id": i.incident.id, "kind": i.incident.kind, "at": show_moment(i.incident.at),
                "noted_by": i.incident.noted_by, "place": i.incident.place, "evidence": i.incident.evidence,
                "warned": i.incident.warned, "violation": i.violation,
            }
            for i in found.incidents
        ],
        "rulings": [ruling(r) for r in found.rulings],
        "appeals": [appeal(a, decision) for a, decision in found.appeals],
        "verdicts": [verdict(p) for p in found.points] if found.erased is None else [judged(v) for v in found.verdicts],
        "violations": [shown(v) for v in found.violations],
        "entries": [booked(b) for b in found.entries],
        "scores": [cap(c) for c in found.caps],
        "judged_anew": [violation(v) for v in found.fresh] if found.stale else None,
        "erased": None if found.erased is None else purged(found.erased),
    }  # fmt: skip


def purged(by: Checkpoint) -> Json:
    """The checkpoint that sealed the day."""
    return {
        "checkpoint": by.number, "through": show_day(by.through), "at": show_moment(by.at), "by": by.by,
        "tables": {table: show_day(day) for table, day in by.erased.days.items()},
    }  # fmt: skip


def moment(at: Moment | None) -> str | None:
    """A moment; none where there is none, or none yet."""
    return None if at is None or at >= FOREVER else show_moment(at)


def spans(intervals: Iterable[Interval]) -> list[list[str | None]]:
    """Stretches as pairs of moments."""
    return [[moment(start), moment(end)] for start, end in intervals]


def note(reading: ReadingNote) -> Json:
    """Where a record came from."""
    return {
        "reading": reading.number, "source": reading.source, "name": reading.name,
        "at": show_moment(reading.at if reading.began is None else reading.began), "through": moment(reading.through),
        "clock_offset_seconds": reading.offset,
    }  # fmt: skip


def terminal(t: TerminalRead) -> Json:
    """A terminal that must have been read."""
    outages = [{"start": show_moment(o.start), "end": moment(o.end), "kind": o.kind} for o in t.outages]
    by = note(t.by) if t.by else None
    return {"terminal": t.terminal, "through": moment(t.through), "by": by, "lost": spans(t.lost), "outages": outages}


def punch(r: Raw, points: tuple[Point, ...]) -> Json:
    """A raw record."""
    p = r.punch
    return {
        "at": moment(r.at), "raw_at": show_moment(p.at), "terminal": p.terminal,
        "device_user_id": p.device_user_id, "claim": r.claim, "reading": p.reading, "position": p.position,
        "raw": p.raw.hex(), "source": p.source, "read": note(r.reading), "clock": clock(r.basis),
        "doubt": spans([r.doubt])[0] if r.doubt else None, **fate(r.fate, points),
    }  # fmt: skip


def clock(basis: Basis) -> Json:
    """What a punch's time rests on."""
    out: Json = {"how": basis.how}
    if basis.stretch is not None:
        s = basis.stretch
        out |= {"from": moment(s.start), "to": show_moment(s.end), "before": s.before, "after": s.after}
    if basis.last is not None:
        out |= {"from": show_moment(basis.last[0]), "to": None, "before": basis.last[1], "after": None}
    return out


def fate(f: Fate, points: tuple[Point, ...]) -> Json:
    """What became of a record."""
    if f.checkpoint is None:
        return {"fate": f.code, "of": None}
    point = points[f.checkpoint].point
    return {"fate": f.code, "of": {"session": point.session, "checkpoint": point.kind}}


def timetable(t: Timetable) -> Json:
    """Where the sessions come from."""
    return {
        "origin": t.origin, "roster_id": t.roster.id if t.roster else None,
        "season": t.season.id if t.season else None, "shift": t.shift, "day": t.day_kind, "calendar": t.calendar,
        "interpretations": reads(t.reads),
    }  # fmt: skip


def leave(x: LeaveShown) -> Json:
    """A leave."""
    return {
        "leave_id": x.leave.id, "kind": x.leave.kind, "valid": x.standing.valid, "half_days": x.standing.half_days,
        "asked": spans(x.asked), "taken": spans(x.taken), "approvals": sorted(x.leave.approvals),
        "lacking": list(x.standing.lacking), "certificate": x.leave.certificate,
        "registered_at": show_moment(x.leave.first_registered), "in_time": x.in_time, "article": x.article,
        "cover_asked": x.cover_asked, "uncovered": [[show_day(s.start // 86_400), s.number] for s in x.uncovered],
    }  # fmt: skip


def verdict(p: Point) -> Json:
    """A checkpoint, its verdict as settled (as judged now, where it was not), and what else there was."""
    v = p.settled or p.fresh
    return {
        "session": v.session, "checkpoint": v.checkpoint, "timetable": show_moment(p.point.due),
        "due": moment(v.due), "opens": show_moment(p.point.opens), "shuts": show_moment(p.point.shuts),
        "close": show_moment(p.point.close), "punch": moment(v.punch), "terminal": v.terminal, "verdict": v.verdict,
        "seconds": v.seconds, "would": v.would, "rests_on": ground(p.ground) if p.ground != Ground() else None,
        "alternatives": [
            {
                "punch": moment(a.punch), "matching": [moment(m) for m in a.matching], "criterion": a.criterion,
                "by": a.by,
            }
            for a in p.alternatives
        ],
        "judged_anew": short(p.fresh) if p.settled is None or p.settled != p.fresh else None,
    }  # fmt: skip


def judged(v: Verdict) -> Json:
    """A checkpoint's verdict as it was settled, of which no more is known."""
    return {"session": v.session, "checkpoint": v.checkpoint, **short(v), "would": v.would}


def short(v: Verdict) -> Json:
    """A verdict as it would be now."""
    return {
        "due": moment(v.due), "punch": moment(v.punch), "terminal": v.terminal, "verdict": v.verdict,
        "seconds": v.seconds,
    }  # fmt: skip


def ground(g: Ground) -> Json:
    """What is missing for a verdict."""
    return {
        "needed_through": moment(g.needed), "behind": {t: moment(m) for t, m in g.behind},
        "not_over": g.early, "no_terminal": g.nowhere, "dark": spans(g.dark), "doubts": spans(g.doubts),
    }  # fmt: skip


def ruling(r: Ruling) -> Json:
    """A ruling."""
    return {
        "ruling_id": r.id, "effect": r.effect, "session": r.session, "kind": r.kind, "as_kind": r.as_kind,
        "document": r.document, "decided_by": r.decided_by, "decided_at": show_moment(r.decided_at),
        "violation": r.violation,
    }  # fmt: skip


def appeal(a: Appeal, decision: AppealDecision | None) -> Json:
    """An appeal and what was decided on it."""
    decided = None
    if decision is not None:
        decided = {
            "outcome": decision.outcome, "as_kind": decision.as_kind, "decided_by": decision.decided_by,
            "document": decision.document, "ruling_id": decision.ruling,
            "decided_at": show_moment(decision.decided_at),
        }  # fmt: skip
    return {
        "number": a.number, "stage": a.stage, "violation": a.violation, "kind": a.kind, "filed_by": a.filed_by,
        "filed_at": show_moment(a.filed_at), "grounds": a.grounds, "decision": decided,
    }  # fmt: skip


def violation(v: Violation) -> Json:
    """A violation by itself."""
    return {
        "id": v.id, "date": show_day(v.day), "person_id": v.person, "window": v.window, "session": v.session,
        "kind": v.kind, "seconds": v.seconds, "source": v.source,
    }  # fmt: skip


def shown(v: Shown) -> Json:
    """A violation with all that it rests on."""
    limit = v.threshold
    return {
        **violation(v.violation),
        "rule": v.rule,
        "article": v.article,
        "says": list(v.says),
        "interpretations": reads(v.reads),
        "ruling": ruling(v.ruling) if v.ruling else None,
        "counts": [
            {"rule": c.rule, "every": c.every, "nth": c.nth, "before": [violation(b) for b in c.before]}
            for c in v.counts
        ],
        "made_of": [violation(m) for m in v.made_of],
        "made_into": [violation(m) for m in v.made_into],
        "weighed": [weighed(w) for w in v.weighed],
        "charges": [charge(c) for c in v.charges],
        "threshold": None
        if limit is None
        else {"counted": limit.counted, "limit": str(limit.limit), "of": limit.of, "leave": list(limit.records)},
    }


def reads(rows: Iterable[Interpretation]) -> list[Json]:
    """Interpretations."""
    return [{"id": i.id, "says": i.says, "value": i.value, "overridden": i.overridden} for i in rows]


def weighed(w: Weighed) -> Json:
    """A weighing."""
    return {
        "derived": w.derived.id, "mode": w.derived.mode, "account_type": w.account, "category": w.category,
        "derived_points": number(-w.own), "members_points": number(-w.members), "kept": w.kept,
    }  # fmt: skip


def charge(c: Charged) -> Json:
    """A charge and what it came to."""
    return {
        "account_type": c.account_type, "account_id": c.account_id, "category": c.category.name, "item": c.item.id,
        "item_points": number(-c.charge.points), "state": c.state, "points": number(c.points), "cause": c.cause,
        "counted": c.counted, "nth": c.nth, "before": [violation(v) for v in c.before],
        "times": number(c.step.times) if c.step else None,
    }  # fmt: skip


def entry(e: Entry) -> Json:
    """An entry as exported."""
    return {
        "entry_id": e.entry_id, "booked_on": show_day(e.booked_on), "cause": e.cause, "revision": e.revision,
        "account_type": e.account_type, "account_id": e.account_id, "category": e.category, "period": e.period,
        "points": number(e.points), "rule": e.rule, "article": e.article, "value_date": show_day(e.value_date),
        "reverses": e.reverses,
    }  # fmt: skip


def booked(b: Booked) -> Json:
    """An entry with what took it back, and the closing that it came after."""
    back = b.reversed_by
    closed = b.closed
    return {
        **entry(b.entry),
        "reversed_by": back.entry_id if back else "",
        "reversed_on": show_day(back.booked_on) if back else None,
        "closed": None
        if closed is None
        else {"month": closed.month, "at": show_moment(closed.at), "by": closed.by, "reason": closed.reason},
    }


def cap(c: Cap) -> Json:
    """What an account comes to."""
    return {
        "account_type": c.account_type, "account_id": c.account_id, "category": c.category, "period": c.period,
        "base": number(c.base), "cap": number(c.cap), "points": number(c.points), "score": number(c.score),
        "cut": number(c.cut),
    }  # fmt: skip
