"""The hall at this moment: today's punches judged in memory with what is known, and nothing of it kept or charged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from punchsync.core.bench import NONE, Bench
from punchsync.core.coverage import Coverage
from punchsync.core.doubt import Doubts
from punchsync.core.intervals import covers, intersect, union
from punchsync.core.judge import judge_day, required
from punchsync.core.moment import DAY, Moment, day_of, last_second, start_of
from punchsync.core.owners import Owners, Punches, punches_by_person
from punchsync.core.presence import AWAY, Sight, Whereabouts, WindowNow, running, whereabouts, windows_of
from punchsync.core.records import Case, Posting, Terminal
from punchsync.core.stored import TerminalState
from punchsync.core.timetable import DayPlan
from punchsync.operations.export import state_of
from punchsync.operations.hall import Hall, with_stretch
from punchsync.operations.ports import Work


class Punched(NamedTuple):
    """A day's punches by person, and whose punches may be hidden."""

    punches: Mapping[str, Punches]
    doubts: Doubts


class Line(NamedTuple):
    """A terminal: how it stands, through when it is read, and its last read and failure."""

    terminal: Terminal
    state: str
    through: Moment | None
    known: TerminalState | None


def punched(work: Work, case: Case, now: Moment) -> Punched:
    """Today's punches of a case that has none."""
    today = day_of(now)
    here = replace(case, papers=tuple(p for p in case.papers if day_of(p.at) == today))
    full = with_stretch(work, here, start_of(today), last_second(today))
    return Punched(punches_by_person(full), Doubts(full.doubts, Owners(full)))


def survey(bench: Bench, known: Punched, now: Moment) -> list[WindowNow]:
    """Every window with everybody who is posted there today."""
    today = day_of(now)
    late = bench.pack.punctual(today).late
    people = [whereabouts(sight(bench, known, posting, now), late, now) for posting in bench.timetables.posted(today)]
    return windows_of(people, standins(bench, people, now))


def sight(bench: Bench, known: Punched, posting: Posting, now: Moment) -> Sight:
    """What is known now of a posted person's day."""
    today, person = day_of(now), posting.person
    plan = bench.plan_of(posting, today)
    leave = [i for x in bench.excuses.leaves_of(person) if near(x.start.moment, x.end.moment, now)
             for i in bench.excuses.taken(x)]  # fmt: skip
    out = [bench.excuses.out(x) for x in bench.excuses.outings_of(person)
           if near(x.start.moment, x.end.moment if x.end else now, now)]  # fmt: skip
    if plan is None:
        return Sight(posting, None, rest(bench, posting, today), (), (), leave, out, -1, ())
    mine = known.punches.get(person, NONE).of(today)
    taken = {at: terminal for at, terminal in mine.items() if at <= now}
    relevant = bench.terminals.relevant(posting.window, today)
    doubts = known.doubts.of(person, today, relevant)
    verdicts = judge_day(
        person, plan, required(plan, bench.excuses.excused(person), bench.pack.dropped_piece), taken, relevant,
        bench.terminals, bench.pack.punctual(today), now, doubts,
    )  # fmt: skip
    dark = union([*intersect(bench.terminals.dark(relevant), [(start_of(today), now + 1)]), *doubts])
    seen = seen_through(bench, relevant, opening(plan, now), now)
    return Sight(posting, plan, "", verdicts, [*taken], union(leave), union(out), seen, dark)


def seen_through(bench: Bench, relevant: tuple[str, ...], opens: Moment, now: Moment) -> Moment:
    """Through when these terminals are all read: without a hole from `opens` on, or else how far they got before it.

    0 where one was never read, -1 for no terminals.
    """
    if not relevant:
        return -1
    through = bench.terminals.read_through(relevant, opens)
    if through < opens:
        return min(bench.terminals.coverages[t].through or 0 for t in relevant)
    return min(through, now)


def opening(plan: DayPlan, now: Moment) -> Moment:
    """From when on the terminals must have been read for the session that runs, or comes next."""
    session, _side = running(plan, now)
    number = session.number if session else plan.sessions[0].number
    return next((p.opens for p in plan.checkpoints if (p.session, p.kind) == (number, "in")), start_of(plan.day))


def rest(bench: Bench, posting: Posting, day: int) -> str:
    """Why a posted person has no sessions on a day: off, unrostered, or a year that nobody has published."""
    if bench.timetables.kind(day) == "unknown":
        return "calendar"
    return "unrostered" if bench.timetables.unrostered(posting, day) else "off"


def near(first: Moment, last: Moment, now: Moment) -> bool:
    """Whether a span by its written ends may hold a moment, its halves of days wherever they are."""
    return first - DAY <= now <= last + DAY


def standins(bench: Bench, people: Sequence[Whereabouts], now: Moment) -> dict[str, list[str]]:
    """Who stands in now for whom: as filed, and by B posts that came."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in bench.case.standins:
        if near(row.start.moment, row.end.moment, now) and covers(
            [bench.excuses.bounds(row.absent, row.start, row.end)], now
        ):
            found[row.absent].append(row.standin)
    here = {p.person for p in people if p.status in ("in", "late")}
    away = {p.person for p in people if p.status in AWAY}
    for posting in bench.timetables.posted(day_of(now)):
        if posting.person in here:
            for other in away.intersection(posting.backup_for) - {posting.person}:
                if posting.person not in found[other]:
                    found[other].append(posting.person)
    return found


def lines(hall: Hall, work: Work, coverages: Mapping[str, Coverage], now: Moment) -> list[Line]:
    """Every terminal that counts today, and how it stands now."""
    states = work.readings.states()
    return [
        Line(t, state_of(t.live, coverages[t.id], states.get(t.id), now), coverages[t.id].through, states.get(t.id))
        for t in hall.terminals
        if t.first <= day_of(now) <= t.last
    ]
