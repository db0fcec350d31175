"""Runs the worked cases that a pack carries, through the same judge that judges the hall."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from punchsync.core import ledger
from punchsync.core.judge import Verdict
from punchsync.core.moment import DAY, HOUR, Moment, parse_clock, parse_day, parse_moment, start_of, to_day
from punchsync.core.outcome import leave_limits
from punchsync.core.records import (
    Bound,
    Calendar,
    Case,
    Incident,
    Leave,
    Outage,
    Posting,
    Punch,
    Read,
    Ruling,
    Terminal,
)
from punchsync.core.rules import Pack
from punchsync.core.settle import MonthResult, settle
from punchsync.packs.schema import CasePart, ExpectPart
from punchsync.texts import _

PERSON, WINDOW, TERMINAL = "P1", "W1", "T1"
PASSED = Decimal(0)


@dataclass(frozen=True, slots=True)
class Finding:
    """One case that ran: its name, and what differed (nothing: it holds)."""

    name: str
    differences: tuple[str, ...]


def run(pack: Pack, cases: tuple[CasePart, ...]) -> list[Finding]:
    """All worked cases of a pack; a case that differs says what was expected and what was found."""
    return [Finding(case.name, tuple(run_one(pack, case))) for case in cases]


def run_one(pack: Pack, part: CasePart) -> list[str]:
    """What differs in one case."""
    case, as_of = to_case(part)
    months = sorted({day[:7] for day in part.days})
    results, bench = settle(case, pack, months, as_of)
    outcomes = leave_limits(pack, bench.excuses, case.postings, bench.today)
    first = _plan(results, {}, as_of, pack)
    differences = compare(results, part.expect, [o.outcome for o in outcomes], 0)
    if part.later is not None:
        booked = {e.cause: replace(e, entry_id=f"E{n}") for n, e in enumerate(first.entries, 1)}
        again, _bench = settle(
            replace(case, punches=tuple(punches_of(part.days | part.later.days))), pack, months, as_of
        )
        second = _plan(again, booked, as_of, pack)
        differences += compare(again, part.later.expect, [], len(second.reversals))
    return differences


def _plan(results: list[MonthResult], latest: dict[str, ledger.Entry], as_of: Moment, pack: Pack) -> ledger.Plan:
    return ledger.plan([w for r in results for w in r.wanted], latest, as_of // DAY, pack.digest)


def to_case(part: CasePart) -> tuple[Case, Moment]:
    """A worked case as records: one person, one window, one terminal; the person is posted on the days named only."""
    days = sorted(parse_day(d) for d in part.days)
    as_of = parse_moment(part.as_of) if part.as_of else start_of(days[-1] + 1) + 12 * HOUR
    through = parse_moment(part.read_through) if part.read_through else as_of
    punches = punches_of(part.days)
    everything = ((1, max(1, len(punches))),)
    times = [p.at for p in punches]
    read = Read(
        TERMINAL, 1, everything, min(times, default=None), max(times, default=None), (len(punches),), through, through
    )
    return (
        Case(
            postings=tuple(Posting(PERSON, "甲", "甲局", WINDOW, part.post, "1", (), d, d) for d in days),
            leaves=tuple(
                Leave(
                    f"L{n}", PERSON, x.kind, Bound(parse_moment(x.start)), Bound(parse_moment(x.end)), None, 0,
                    x.certificate, frozenset(x.approvals),
                )
                for n, x in enumerate(part.leave, 1)
            ),
            incidents=tuple(
                Incident(f"I{n}", PERSON, "", x.kind, parse_moment(x.at), warned=x.warned)
                for n, x in enumerate(part.incident, 1)
            ),
            outages=tuple(Outage(TERMINAL, parse_moment(x.start), parse_moment(x.end), x.kind) for x in part.outage),
            rulings=tuple(
                Ruling(f"R{n}", PERSON, "", to_day(x.date), x.session, x.kind, x.effect, x.as_kind, "", "", n)
                for n, x in enumerate(part.ruling, 1)
            ),
            terminals=(Terminal(TERMINAL),),
            reads=(read,),
            punches=tuple(punches),
            calendar=Calendar(frozenset(), frozenset(), frozenset(), dict.fromkeys(days, "work")),
        ),
        as_of,
    )  # fmt: skip


def punches_of(days: dict[str, str]) -> list[Punch]:
    """The punches of `date = times` pairs."""
    return [
        Punch(TERMINAL, "1", start_of(parse_day(day)) + parse_clock(clock))
        for day, clocks in sorted(days.items())
        for clock in clocks.split()
    ]


def compare(results: list[MonthResult], expect: ExpectPart, outcomes: list[str], reversals: int) -> list[str]:
    """What differs between what a case expects and what was judged."""
    entries = [w for r in results for w in r.wanted]
    verdicts: list[Verdict] = [v for r in results for v in r.verdicts]
    found: dict[str, object] = {
        "verdicts": tuple(v.verdict for v in verdicts),
        "violations": tuple(f"{v.kind} {v.source}" for r in results for v in r.violations),
        "person": sum((w.points for w in entries if w.account_type == "person"), PASSED),
        "window": sum((w.points for w in entries if w.account_type == "window"), PASSED),
        "outcomes": tuple(outcomes),
        "reversals": reversals,
    }
    return [
        _("{what}：应为 {expected}，判为 {found}").format(what=key, expected=_said(wanted), found=_said(found[key]))
        for key, wanted in expect.model_dump().items()
        if wanted is not None and wanted != found[key]
    ]


def _said(value: object) -> str:
    return "、".join(map(str, value)) or _("无") if isinstance(value, tuple) else str(value)
