"""Gather what a bulletin says."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.article import cited
from punchsync.core.bench import Bench
from punchsync.core.bulletin import Alone, Daily, TerminalDay, corrections, followings, occurrences, unknown, windows
from punchsync.core.intervals import touches
from punchsync.core.moment import Day, Moment, day_of, show_day, start_of
from punchsync.core.records import Posting
from punchsync.core.rule import on
from punchsync.core.summary import Dated, Summary, named, reach, totals
from punchsync.operations.export import state_of
from punchsync.operations.hall import Hall, load_known
from punchsync.operations.ports import Work


def daily(hall: Hall, day: Day) -> Daily:
    """The bulletin of a day, as of the last settle."""
    with hall.store.reading() as work:
        settled = work.runs.settled_as_of()
        as_of = hall.clock.now() if settled is None else settled
        bench = Bench(load_known(hall, work, as_of), hall.pack, as_of)
        postings = bench.timetables.posted(day)
        names = {p.person: p.name for p in bench.case.postings}
        verdicts = list(work.months.verdicts(day, day))
        violations = work.months.violations(day, day)
        entries = [chained.entry for chained in work.ledger.entries()]
        return Daily(
            hall.name,
            day,
            settled,
            windows(postings, verdicts, violations),
            occurrences(violations, names, {v.id: cited(v, hall.pack) for v in violations}),
            unknown(postings, verdicts),
            len({p.person for p in postings} - {v.person for v in verdicts}),
            unrostered(bench, day),
            list(alone(bench, postings, day)),
            followings(work.months.outcomes(), day, names),
            corrections(entries, day, day, work.papers.told("daily", show_day(day)), work.closings.closed()),
            terminals(hall, bench, work, as_of),
        )


def summary(hall: Hall, kind: str, day: Day) -> Summary:
    """The bulletin of the week, month or quarter (`kind`) that a day lies in, as of the last settle."""
    period, (first, last) = named(kind, day), reach(kind, day)
    with hall.store.reading() as work:
        settled = work.runs.settled_as_of()
        as_of = hall.clock.now() if settled is None else settled
        bench = Bench(load_known(hall, work, as_of), hall.pack, as_of)
        postings = [p for p in bench.case.postings if p.first <= last and p.last >= first]
        names = {p.person: p.name for p in bench.case.postings}
        verdicts = list(work.months.verdicts(first, last))
        violations = sorted(work.months.violations(first, last), key=lambda v: (v.window, v.person, v.day, v.order))
        entries = [chained.entry for chained in work.ledger.entries()]
        return Summary(
            hall.name,
            kind,
            period,
            first,
            last,
            settled,
            totals(postings, verdicts, violations),
            [Dated(v.day, o) for v in violations for o in occurrences([v], names, {v.id: cited(v, hall.pack)})],
            unknown(list({p.person: p for p in postings}.values()), verdicts),
            [s for s in work.months.scores() if s.period == period],
            [r for r in work.months.ranks() if r.period == period],
            followings(work.months.outcomes(), min(last, day_of(as_of)), names),
            corrections(entries, first, last, work.papers.told(kind, period), work.closings.closed()),
            terminals(hall, bench, work, as_of),
            names,
        )


def terminals(hall: Hall, bench: Bench, work: Work, as_of: Moment) -> list[TerminalDay]:
    """How far each terminal was read."""
    covers, states = bench.terminals.coverages, work.readings.states()
    return [
        TerminalDay(t.id, covers[t.id].through, state_of(t.live, covers[t.id], states.get(t.id), as_of))
        for t in hall.terminals
    ]


def unrostered(bench: Bench, day: Day) -> list[str]:
    """Who has no roster row on a working day, by name, where the pack asks one of everybody."""
    if on(bench.pack.roster_duty, day) is None:
        return []
    return [p.name for p in bench.timetables.posted(day) if bench.timetables.unrostered(p, day)]


def alone(bench: Bench, postings: list[Posting], day: Day) -> Iterator[Alone]:
    """The valid leaves of a day for which the pack asks a stand-in and nobody stands in."""
    rule = on(bench.pack.covers, day)
    begin, end = start_of(day), start_of(day + 1)
    for posting in postings if rule else ():
        for leave in bench.excuses.leaves_of(posting.person):
            taken = bench.excuses.taken(leave)
            if rule is None or not touches(taken, begin, end) or not bench.excuses.standing(leave).valid:
                continue
            if bench.covers.asked(leave, rule) and next(bench.covers.uncovered(leave, rule), None) is not None:
                yield Alone(posting.window, posting.person, posting.name, leave.id)
