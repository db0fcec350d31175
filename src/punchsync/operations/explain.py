"""Why: everything behind a person's day, from the raw records to the entries, or behind one entry."""

from __future__ import annotations

from dataclasses import dataclass

from punchsync.core.article import cited
from punchsync.core.bench import Bench
from punchsync.core.clock import Placed
from punchsync.core.excuse import Standing
from punchsync.core.intervals import Interval, touches
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment, day_of, start_of
from punchsync.core.owners import Owners
from punchsync.core.period import days_of_month, period_of
from punchsync.core.records import Incident, Leave, Outage, Outing, Posting, Ruling
from punchsync.core.stored import StoredPunch
from punchsync.core.timetable import DayPlan
from punchsync.core.violations import Violation
from punchsync.operations.clocks import Clocks
from punchsync.operations.hall import Hall, load_case


@dataclass(frozen=True, slots=True)
class Explained:
    """A person's day laid open; verdicts and violations are those of the last settle."""

    person: str
    day: Day
    posting: Posting | None
    plan: DayPlan | None
    punches: tuple[tuple[StoredPunch, Placed], ...]
    leaves: tuple[tuple[Leave, Standing], ...]
    outings: tuple[tuple[Outing, bool], ...]
    incidents: tuple[Incident, ...]
    rulings: tuple[Ruling, ...]
    outages: tuple[Outage, ...]
    doubts: tuple[Interval, ...]
    relevant: tuple[tuple[str, Moment | None], ...]
    verdicts: tuple[Verdict, ...]
    violations: tuple[tuple[Violation, str, str], ...]
    entries: tuple[Entry, ...]


class NothingThere(Exception):
    """No such person, or no such entry; carries what was asked for."""


def explain_day(hall: Hall, person: str, day: Day) -> Explained:
    """All that is behind a person's day; raises NothingThere for a person nobody ever posted."""
    with hall.store.reading() as work:
        settled = work.runs.settled_as_of()
        as_of = hall.clock.now() if settled is None else settled
        case = load_case(hall, work, [period_of(day, "month")], as_of)
        if not any(p.person == person for p in case.postings):
            raise NothingThere(person)
        bench = Bench(case, hall.pack, as_of)
        owners = Owners(case)
        begin, end = start_of(day), start_of(day + 1)
        posting = bench.timetables.posting(person, day)
        relevant = bench.terminals.relevant(posting.window, day) if posting else ()
        violations = [v for v in work.months.violations(day, day) if v.person == person]
        causes = {v.id for v in violations}
        entries = [
            c.entry
            for c in work.ledger.entries()
            if c.entry.cause.partition("@")[0] in causes
            or (c.entry.value_date == day and (c.entry.account_type, c.entry.account_id) == ("person", person))
        ]
        return Explained(
            person,
            day,
            posting,
            bench.plan_of(posting, day) if posting else None,
            tuple(
                (p, placed)
                for p, placed in Clocks(work, hall.terminals).stored(begin, end - 1)
                if owners.of(p.terminal, p.device_user_id, day) == person
            ),
            tuple(
                (leave, bench.excuses.standing(leave))
                for leave in bench.excuses.leaves_of(person)
                if touches(bench.excuses.asked(leave), begin, end)
            ),
            tuple(
                (outing, bench.excuses.in_time(outing))
                for outing in bench.excuses.outings_of(person)
                if touches([bench.excuses.out(outing)], begin, end)
            ),
            tuple(i for i in case.incidents if i.person == person and day_of(i.at) == day),
            tuple(r for r in case.rulings if r.person == person and r.day == day),
            tuple(o for o in case.outages if o.start < end and o.end >= begin and o.terminal in relevant),
            tuple(bench.doubts.of(person, day, relevant)),
            tuple((t, bench.terminals.coverages[t].through) for t in relevant),
            tuple(v for v in work.months.verdicts(day, day) if v.person == person),
            tuple((v, *cited(v, hall.pack)) for v in violations),
            tuple(entries),
        )


def explain_entry(hall: Hall, entry_id: str) -> tuple[Entry, list[Entry], Violation | None]:
    """An entry, all entries of its cause in order, and the violation behind it if that stands."""
    with hall.store.reading() as work:
        entry = work.ledger.find(entry_id)
        if entry is None:
            raise NothingThere(entry_id)
        days = days_of_month(period_of(entry.value_date, "month"))
        id = entry.cause.partition("@")[0]
        behind = next((v for v in work.months.violations(days[0], days[-1]) if v.id == id), None)
        history = [c.entry for c in work.ledger.entries() if c.entry.cause == entry.cause]
        return entry, history, behind
