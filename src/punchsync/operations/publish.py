"""Gather what a bulletin says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from punchsync.core.article import cited
from punchsync.core.away import Away, away, kinds_of
from punchsync.core.bench import Bench
from punchsync.core.bulletin import (
    Alone,
    Daily,
    TerminalDay,
    Unrostered,
    corrections,
    followings,
    occurrences,
    unknown,
    windows,
)
from punchsync.core.intervals import touches
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment, day_of, show_day, start_of
from punchsync.core.period import days_of_month
from punchsync.core.reason import Reason, reasons
from punchsync.core.records import FIRST_DAY, Posting
from punchsync.core.rule import on
from punchsync.core.summary import Summary, named, reach, totals
from punchsync.core.trend import UNSURE, trend
from punchsync.core.violations import Violation
from punchsync.operations.export import state_of
from punchsync.operations.hall import Hall, load_known
from punchsync.operations.hours import hours
from punchsync.operations.ports import Work

WEEK = 7


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
        return Daily(
            hall.name,
            day,
            settled,
            windows(postings, verdicts, violations, standing_in(bench, day)),
            leave(bench, postings, day, day),
            occurrences(violations, names, {v.id: cited(v, hall.pack) for v in violations}, places(bench, violations)),
            unknown(postings, verdicts, why(bench, verdicts, as_of)),
            len({p.person for p in postings} - {v.person for v in verdicts}),
            unrostered(bench, day),
            list(alone(bench, postings, day)),
            followings(work.months.outcomes(), day, names),
            back(work, day, day, "daily", show_day(day)),
            terminals(hall, bench, work, as_of),
            hours(bench, verdicts, day, day, as_of),
            names,
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
        violations = work.months.violations(first, last)
        return Summary(
            hall.name,
            kind,
            period,
            first,
            last,
            settled,
            totals(postings, verdicts, violations),
            leave(bench, postings, first, last),
            occurrences(violations, names, {v.id: cited(v, hall.pack) for v in violations}, places(bench, violations)),
            unknown(list({p.person: p for p in postings}.values()), verdicts, why(bench, verdicts, as_of)),
            [s for s in work.months.scores() if s.period == period],
            [r for r in work.months.ranks() if r.period == period],
            followings(work.months.outcomes(), min(last, day_of(as_of)), names),
            back(work, first, last, kind, period),
            terminals(hall, bench, work, as_of),
            hours(bench, verdicts, first, last, as_of),
            trend(first, last, WEEK if kind == "quarterly" else 1, postings, verdicts, violations),
            names,
        )


def back(work: Work, first: Day, last: Day, kind: str, period: str) -> list[Entry]:
    """What was booked of late for days before a bulletin's."""
    told, closed = work.papers.told(kind, period), work.closings.closed()
    until = max((days_of_month(month)[-1] for month in closed), default=FIRST_DAY)
    return corrections(work.ledger.back(first, last, told, until), first, last, told, closed)


def why(bench: Bench, verdicts: Iterable[Verdict], as_of: Moment) -> Mapping[str, tuple[Reason, ...]]:
    """Why something of them is not known, by person."""
    unsure: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        if v.verdict in UNSURE:
            unsure[v.person].append(v)
    out: dict[str, tuple[Reason, ...]] = {}
    for person, rows in unsure.items():
        posting = bench.timetables.posting(person, rows[-1].day)
        if posting is not None:
            out[person] = reasons(posting, rows, bench.terminals, as_of)
    return out


def leave(bench: Bench, postings: Sequence[Posting], first: Day, last: Day) -> Away:
    """How many people were on leave of which kinds, told so that it says nobody's; each at his last window."""
    windows: dict[str, list[set[str]]] = defaultdict(list)
    for posting in {p.person: p for p in sorted(postings, key=lambda p: p.first)}.values():
        windows[posting.window].append(kinds_of(bench.excuses, posting.person, first, last))
    return away(windows)


def places(bench: Bench, violations: Iterable[Violation]) -> Mapping[str, str]:
    """Where the incidents among violations were noted, by their ids."""
    wanted = {v.cause for v in violations if v.source == "incident"}
    return {i.id: i.place for i in bench.case.incidents if i.id in wanted}


def standing_in(bench: Bench, day: Day) -> set[str]:
    """For whom somebody is named to stand in on a day."""
    begin, end = start_of(day), start_of(day + 1)
    return {
        row.absent
        for row in bench.case.standins
        if touches([bench.excuses.bounds(row.absent, row.start, row.end)], begin, end)
    }


def terminals(hall: Hall, bench: Bench, work: Work, as_of: Moment) -> list[TerminalDay]:
    """How far each terminal was read."""
    covers, states = bench.terminals.coverages, work.readings.states()
    return [
        TerminalDay(t.id, covers[t.id].through, state_of(t.live, covers[t.id], states.get(t.id), as_of))
        for t in hall.terminals
    ]


def unrostered(bench: Bench, day: Day) -> list[Unrostered]:
    """Who has no roster row on a working day, where the pack asks one of everybody."""
    if on(bench.pack.roster_duty, day) is None:
        return []
    found = [p for p in bench.timetables.posted(day) if bench.timetables.unrostered(p, day)]
    return [Unrostered(p.window, p.person, p.name) for p in found]


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
