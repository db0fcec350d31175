"""Appeals as they stand: against what, decided how, whether that has its effect, and what was booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from punchsync.core.appeal import (
    EXCUSED,
    MERITS,
    OPEN,
    SOURCES,
    Appeal,
    AppealDecision,
    Evidence,
    Statistics,
    by_appeal,
    last_day,
    on_merits,
    ruling_id,
    state,
    statistics,
)
from punchsync.core.bench import Bench
from punchsync.core.conversion import derived_id
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment, day_of, last_second, start_of
from punchsync.core.period import period_of
from punchsync.core.records import FIRST_DAY, LAST_DAY, VIOLATION_KINDS, Case, Posting
from punchsync.core.rule import on
from punchsync.core.settle import settle as judge
from punchsync.core.violations import Violation
from punchsync.core.wanted import violation_of
from punchsync.operations.closing import present
from punchsync.operations.hall import Hall, load_case, load_known, records, with_stretch
from punchsync.operations.ports import Work

GONE, UNSETTLED, OVERRULED, REVIEWED = "gone", "unsettled", "overruled", "reviewed"
"""Why an appeal is without effect: the violation is there no more (for another reason than this decision), the decision
is still to be settled, another ruling prevails, or a review decided since."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An appeal as it stands; `now` is the violation if it stands, `entries` all that was booked for it.

    `effect` says why the appeal, or the decision on it, is without effect; empty where it is not.
    """

    appeal: Appeal
    decision: AppealDecision | None
    state: str
    name: str
    now: Violation | None
    effect: str
    overdue: bool
    entries: tuple[Entry, ...]


class NoSuchAppeal(Exception):
    """No appeal has the number asked for."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Appeals in the order of filing, and numbers over them."""

    rows: tuple[Shown, ...]
    statistics: Statistics


def listed(
    hall: Hall,
    as_of: Moment | None = None,
    *,
    only_open: bool = False,
    person: str = "",
    first: Day | None = None,
    last: Day | None = None,
) -> Listed:
    """The appeals about violations dated `first` to `last`, those still open, those of a person or window.

    Raises TooEarly for an as-of before the last one settled.
    """
    with hall.store.reading() as work:
        decisions = by_appeal(work.appeals.decisions())
        found = [
            a
            for a in work.appeals.all()
            if (not only_open or state(a, decisions) == OPEN)
            and person in ("", a.person, "" if a.person else a.window)
            and (first or FIRST_DAY) <= a.day <= (last or LAST_DAY)
        ]
        rows = shown(hall, work, found, day_of(present(hall, work, as_of)))
    return Listed(tuple(rows), statistics(found, decisions, sum(1 for r in rows if r.overdue)))


def one(hall: Hall, number: int) -> tuple[Shown, list[Evidence]]:
    """An appeal with its evidence; raises NoSuchAppeal."""
    with hall.store.reading() as work:
        found = [a for a in work.appeals.all() if a.number == number]
        if not found:
            raise NoSuchAppeal(number)
        [row] = shown(hall, work, found, day_of(present(hall, work, None)))
        return row, work.appeals.evidence(number)


def shown(hall: Hall, work: Work, appeals: Sequence[Appeal], today: Day) -> list[Shown]:
    """Appeals as they stand."""
    if not appeals:
        return []
    decisions = by_appeal(work.appeals.decisions())
    standing = {v.id: v for v in work.months.violations(FIRST_DAY, LAST_DAY)}
    last = {a.violation: a.number for a in on_merits(work.appeals.all(), decisions)}
    postings = records(hall, work, ("staff",)).postings
    absent = [a for a in appeals if state(a, decisions) in MERITS and a.violation not in standing]
    without = found_without_appeals(hall, work, absent)
    states = work.months.states()
    rows: list[Shown] = []
    for a in appeals:
        decision, now = decisions.get(a.number), standing.get(a.violation)
        month = states.get(period_of(a.day, "month"))
        if last.get(a.violation, a.number) != a.number and state(a, decisions) in MERITS:
            effect = REVIEWED
        elif month is not None and month.waits:
            effect = UNSETTLED if state(a, decisions) in MERITS else ""
        else:
            effect = missed(a, state(a, decisions), now, there=now is not None or a.violation in without)
        days = term(hall, a.day)
        overdue = state(a, decisions) == OPEN and days is not None and today > day_of(a.filed_at) + days
        entries = booked(work, a.violation, {a.day, now.day if now else a.day})
        name = name_of(a.person, a.day, postings)
        rows.append(Shown(a, decision, state(a, decisions), name, now, effect, overdue, tuple(entries)))
    return rows


def missed(appeal: Appeal, said: str, now: Violation | None, *, there: bool) -> str:
    """Why an appeal or its decision is without effect; `there`: but for appeals the violation would stand."""
    if said == OPEN or said in MERITS:
        if not there:
            return GONE
        if said == EXCUSED and now is not None:
            return OVERRULED
        if said in MERITS and now is not None and now.ruling != ruling_id(appeal.number):
            return OVERRULED
    return ""


def found_without_appeals(hall: Hall, work: Work, appeals: Iterable[Appeal]) -> set[str]:
    """Which of these appeals' violations would stand, were it not for what was decided on appeals."""
    places = {(a.day, a.person) for a in appeals}
    settled = work.runs.settled_as_of()
    if not places or settled is None:
        return set()
    known = load_known(hall, work, settled)
    case = replace(known, rulings=tuple(r for r in known.rulings if not r.violation))
    return {v.id for day, person in places for v in judged(hall, work, case, day, person, settled)}


def judged(hall: Hall, work: Work, known: Case, day: Day, person: str, as_of: Moment) -> list[Violation]:
    """A person's (or without one the windows' own) base violations of a day, judged anew by what is known."""
    bench = Bench(with_stretch(work, known, start_of(day), last_second(day)), hall.pack, as_of)
    month = period_of(day, "month")
    found = bench.person_month(person, month).bases if person else bench.windows_month(month)
    return [v for v in found if v.day == day]


def booked(work: Work, violation: str, days: Iterable[Day]) -> list[Entry]:
    """All entries of a violation that is or was dated on one of these days, in the order of booking.

    Also of what was derived of it: its points may stand there instead of under its own name.
    """
    own = {violation, *(derived_id(kind, violation) for kind in VIOLATION_KINDS)}
    return [e for day in sorted(days) for e in work.ledger.dated(day, day) if violation_of(e.cause) in own]


def term(hall: Hall, day: Day) -> int | None:
    """Within how many days to appeal against a violation of a day: the hall's word, else the pack's; None: no term."""
    rule = on(hall.pack.appeals, day)
    return hall.appeal_days or (rule.days if rule else None)


def until(hall: Hall, work: Work, v: Violation, first: AppealDecision | None) -> Day | None:
    """The last day on which to appeal against a violation, or to ask for a review of what was decided on it first."""
    since = [day_of(first.decided_at)] if first else [v.day, *(e.booked_on for e in booked(work, v.id, {v.day})[:1])]
    return last_day(since, term(hall, v.day))


def name_of(person: str, day: Day, postings: Iterable[Posting]) -> str:
    """What a person was called on a day, or otherwise; empty for nobody."""
    named = [p for p in postings if p.person == person]
    return next((p.name for p in named if p.first <= day <= p.last), named[-1].name if named else "")


def candidates(work: Work, subject: str, day: Day) -> list[Violation]:
    """The violations of a person (or a window's own) of a day that may be appealed against."""
    return [v for v in work.months.violations(day, day) if (v.person or v.window) == subject and v.source in SOURCES]


def made_of(hall: Hall, work: Work, v: Violation) -> list[Violation]:
    """The violations that a derived one was made of in the end; none where it was made of leave or presence."""
    settled = work.runs.settled_as_of()
    if settled is None:
        return []
    month = period_of(v.day, "month")
    [result], _bench = judge(load_case(hall, work, [month], settled), hall.pack, [month], settled)
    parts = {d.id: d.made_of for d in result.derived}
    rows = {r.id: r for r in result.violations}

    def ends(id: str) -> list[str]:
        return [e for part in parts[id] for e in ends(part)] if id in parts else [id]

    return [rows[id] for id in dict.fromkeys(ends(v.id)) if id in rows and id != v.id]
