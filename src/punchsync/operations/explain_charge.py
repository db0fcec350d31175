"""What a violation cost and why: its rules, what it was made of, its charges, its entries and the cap."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from punchsync.core.article import cited, derived_by
from punchsync.core.bearing import References, bearing, readings
from punchsync.core.bench import Bench
from punchsync.core.closing import CLOSE
from punchsync.core.explained import Booked, Cap, Progress, Shown, Threshold
from punchsync.core.intervals import intersect, measure, touches
from punchsync.core.judge import required, within
from punchsync.core.ledger import Entry
from punchsync.core.moment import start_of
from punchsync.core.period import days_of_month, period_of, span_of
from punchsync.core.rules import Category, Conversion, Findings, LeaveLimit, Pack, Presence
from punchsync.core.trace import Trace
from punchsync.core.violations import ABSENT, Violation
from punchsync.operations.ports import Work


def shown(trace: Trace, bench: Bench, v: Violation, references: References) -> Shown:
    """A standing violation with all that it rests on."""
    pack = bench.pack
    rules, own = bearing(v, pack), derived_by(v, pack)
    return Shown(
        v,
        *cited(v, pack),
        tuple(
            dict.fromkeys(r.says for r in rules if r.says and (r is own or not isinstance(r, Category | Conversion)))
        ),
        readings(rules, pack, references),
        next((r for r in bench.case.rulings if r.id == v.ruling), None),
        counts(trace, pack, v),
        trace.made_of(v.id),
        trace.made_into(v.id),
        trace.weighed_with(v.id),
        trace.charges.get(v.id, ()),
        threshold(trace, bench, v),
        v.id in trace.violations,
    )


def counts(trace: Trace, pack: Pack, v: Violation) -> tuple[Progress, ...]:
    """The how-many-th of its person's month a violation is under what is made of several."""
    month = period_of(v.day, "month")
    rows = sorted(
        (
            x
            for x in trace.violations.values()
            if v.person and x.person == v.person and period_of(x.day, "month") == month
        ),
        key=lambda x: x.order,
    )
    out: list[Progress] = []
    rules: tuple[Findings | Conversion, ...] = (*pack.findings, *pack.conversions)
    for rule in rules:
        if v.kind in rule.kinds and rule.on(v.day) and not (isinstance(rule, Findings) and v.source == "conversion"):
            same = [x for x in rows if x.kind in rule.kinds and rule.on(x.day)]
            nth = same.index(v) + 1 if v in same else 0
            every = rule.every if isinstance(rule, Conversion) else 0
            if nth:
                out.append(Progress(rule.id, pack.cite(rule.cites), every, nth, tuple(same[: nth - 1])))
    return tuple(out)


def threshold(trace: Trace, bench: Bench, v: Violation) -> Threshold | None:
    """What a violation from a total counts; None for any other."""
    if v.source != "threshold":
        return None
    rule = derived_by(v, bench.pack)
    if isinstance(rule, LeaveLimit):
        first, last = span_of(period_of(v.day, "year"))
        taken = intersect(bench.excuses.on_leave(v.person, rule.kinds), [(start_of(first), start_of(last + 1))])
        counted = sum(n for session, n in bench.excuses.halves(v.person, taken) if session.start <= v.at)
        leaves = [
            x.id
            for x in bench.excuses.leaves_of(v.person)
            if x.kind in rule.kinds
            and bench.excuses.standing(x).valid
            and touches(bench.excuses.taken(x), start_of(first), start_of(last + 1))
        ]
        return Threshold(counted, Decimal(rule.over), 0, tuple(leaves))
    if isinstance(rule, Presence):
        present, asked = presence(trace, bench, v)
        return Threshold(present, rule.below, asked)
    return None


def presence(trace: Trace, bench: Bench, v: Violation) -> tuple[int, int]:
    """The seconds of its month that a person was present, of those required."""
    days = days_of_month(period_of(v.day, "month"))
    excused = within(bench.excuses.excused(v.person), days[0], days[-1])
    asked: dict[tuple[int, int], int] = {}
    for day in days:
        posting = bench.timetables.posting(v.person, day)
        plan = bench.plan_of(posting, day) if posting else None
        if plan is not None:
            for number, rest in required(plan, excused, bench.pack.dropped_piece).items():
                asked[day, number] = measure(rest.pieces)
    rows = [x for x in trace.violations.values() if x.person == v.person and x.day in days]
    absent = {(x.day, x.session) for x in rows if x.kind == ABSENT}
    short = sum(x.seconds for x in rows if x.kind in ("late", "early") and (x.day, x.session) not in absent)
    return sum(s for place, s in asked.items() if place not in absent) - short, sum(asked.values())


def booked(work: Work, entries: Iterable[Entry]) -> tuple[Booked, ...]:
    """Entries in the order of booking, each with what took it back and the closing that it came after."""
    rows = list(entries)
    back = {e.reverses: e for e in rows if e.reverses}
    closings = {c.month: c for c in work.closings.all() if c.action == CLOSE}

    def behind(e: Entry) -> str:
        month = period_of(e.value_date, "month")
        return month if month < period_of(e.booked_on, "month") else ""

    return tuple(Booked(e, back.get(e.entry_id), closings.get(behind(e))) for e in rows)


def caps(work: Work, pack: Pack, entries: Iterable[Entry]) -> tuple[Cap, ...]:
    """What the accounts and periods of some entries come to, as of the last settle."""
    places = {(e.period, e.account_type, e.account_id, e.category) for e in entries}
    out: list[Cap] = []
    for s in (s for account in sorted({p[1:3] for p in places}) for s in work.own.scores(*account)):
        if s[:4] in places and not s.given:
            most = pack.category(s.account_type, s.category, span_of(s.period)[1]).cap
            out.append(
                Cap(
                    s.account_type, s.account_id, s.category, s.period, s.base, most, s.points, s.score,
                    max(-most - s.points, Decimal(0)),
                )
            )  # fmt: skip
    return tuple(out)
