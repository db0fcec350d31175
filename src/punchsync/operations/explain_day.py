"""What was asked of a person on a day and what speaks for him: timetable, leave, outings, stand-ins, matching."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from punchsync.core.alternatives import Alternative, alternatives
from punchsync.core.appeal import Appeal, AppealDecision, by_appeal
from punchsync.core.bearing import References, of_shift, readings, season_on
from punchsync.core.bench import NONE, Bench
from punchsync.core.excuse import pieces
from punchsync.core.explained import (
    BackupShown,
    IncidentShown,
    LeaveShown,
    OutingShown,
    Point,
    StandInShown,
    Timetable,
)
from punchsync.core.ground import Ground, ground
from punchsync.core.intervals import Interval, touches
from punchsync.core.judge import Verdict, moved, required, within
from punchsync.core.match import Due
from punchsync.core.moment import Day, day_of, start_of, to_date, weekday
from punchsync.core.records import Case, Posting, Ruling
from punchsync.core.rule import on
from punchsync.core.timetable import DayPlan
from punchsync.core.violations import Violation
from punchsync.operations.ports import Work


def points(
    bench: Bench,
    person: str,
    day: Day,
    plan: DayPlan | None,
    fresh: Sequence[Verdict],
    settled: Sequence[Verdict],
) -> tuple[Point, ...]:
    """Every checkpoint of a day that was judged, with what else could have served it; none on a day not judged yet."""
    if plan is None or not fresh:
        return ()
    posting = bench.timetables.posting(person, day)
    relevant = bench.terminals.relevant(posting.window, day) if posting else ()
    left = required(plan, within(bench.excuses.excused(person), day, day), bench.pack.dropped_piece)
    dues = [moved(point, left[point.session].pieces) for point in plan.checkpoints]
    others = iter(other_choices(bench, person, day, [d for d in dues if d is not None], fresh))
    doubts = bench.doubts.of(person, day, relevant)
    now = {(v.session, v.checkpoint): v for v in fresh}
    stored = {(v.session, v.checkpoint): v for v in settled}
    rule = bench.pack.punctual(day)
    out: list[Point] = []
    for point, due in zip(plan.checkpoints, dues, strict=True):
        place = (point.session, point.kind)
        v = now[place]
        rests = Ground()
        if due is not None and v.verdict in ("pending", "unverified"):
            known = (relevant, bench.terminals, bench.as_of, doubts)
            rests = ground(point, due.due, v.would, v.terminal, rule, *known)
        choices = tuple(next(others)) if due is not None else ()
        out.append(Point(point, due.due if due else None, stored.get(place), v, rests, choices))
    return tuple(out)


def other_choices(
    bench: Bench, person: str, day: Day, dues: Sequence[Due], fresh: Iterable[Verdict]
) -> list[list[Alternative]]:
    """For each due checkpoint of a day what else could have served it."""
    chosen = [v.punch for v in fresh if v.due is not None]
    moments = bench.punches.get(person, NONE).between(day, day).moments
    return alternatives(dues, moments, bench.pack.punctual(day), chosen)


def timetable(bench: Bench, posting: Posting, day: Day, references: References) -> Timetable:
    """Where the sessions of a posted person's day come from."""
    case, pack = bench.case, bench.pack
    kind = bench.timetables.kind(day)
    calendar = "unknown" if kind == "unknown" else "weekday"
    if day in case.calendar.overrides:
        calendar = "override"
    elif day in case.calendar.makeup:
        calendar = "makeup"
    elif day in case.calendar.holidays:
        calendar = "holiday"
    row = bench.timetables.row(posting, day) if kind != "unknown" else None
    if row is not None:
        shift = pack.shift(row.shift) if row.shift else None
        reads = of_shift(shift.id, pack, references) if shift else ()
        return Timetable(
            "own" if row.person else "window", row, None, shift.name if shift else "", kind, calendar, reads
        )
    date = to_date(day)
    season = None if kind in ("off", "unknown") else season_on(pack, day, date.month, date.day, weekday(day))
    if season is None:
        return Timetable("none", None, None, "", kind, calendar, ())
    shift = pack.shift(season.shift)
    name = shift.name if shift else ""
    return Timetable("default", None, season, name, kind, calendar, readings([season], pack, references))


def leaves(bench: Bench, person: str, day: Day) -> tuple[LeaveShown, ...]:
    """The leaves that touch a day, valid or not."""
    begin, end = start_of(day), start_of(day + 1)
    out: list[LeaveShown] = []
    for leave in bench.excuses.leaves_of(person):
        asked = bench.excuses.asked(leave)
        if not touches(asked, begin, end):
            continue
        standing = bench.excuses.standing(leave)
        start, _end = bench.excuses.bounds(person, leave.start, leave.end)
        rule = on(bench.pack.covers, day_of(start))
        needed = rule is not None and standing.valid and bench.covers.asked(leave, rule)
        out.append(
            LeaveShown(
                leave,
                standing,
                tuple(asked),
                tuple(bench.excuses.taken(leave)),
                bench.excuses.registered_in_time(person, asked, start, leave.first_registered),
                bench.pack.cite(standing.rung.cites) if standing.rung else "",
                needed,
                tuple(bench.covers.uncovered(leave, rule)) if needed and rule else (),
            )
        )
    return tuple(out)


def outings(bench: Bench, person: str, day: Day) -> tuple[OutingShown, ...]:
    """The outings that touch a day, registered in time or not."""
    begin, end = start_of(day), start_of(day + 1)
    found = [(outing, bench.excuses.out(outing)) for outing in bench.excuses.outings_of(person)]
    return tuple(
        OutingShown(outing, span, bench.excuses.in_time(outing))
        for outing, span in found
        if touches([span], begin, end)
    )


def standins(bench: Bench, person: str, day: Day) -> tuple[StandInShown, ...]:
    """The stand-in rows that touch a day in which the person is absent, or stands in."""
    begin, end = start_of(day), start_of(day + 1)
    out: list[StandInShown] = []
    for row in sorted(bench.case.standins, key=lambda r: r.id):
        if person not in (row.absent, row.standin):
            continue
        span = bench.excuses.bounds(row.absent, row.start, row.end)
        if not touches([span], begin, end):
            continue
        leaves = [x for x in bench.excuses.leaves_of(row.absent) if touches(bench.excuses.taken(x), *span)]
        out.append(
            StandInShown(
                row,
                span,
                "absent" if row.absent == person else "standin",
                bench.excuses.registered_in_time(row.absent, [span], span[0], row.filed_at),
                tuple(x.id for x in leaves if bench.excuses.standing(x).valid),
            )
        )
    return tuple(out)


def backups(bench: Bench, posting: Posting | None, day: Day) -> tuple[BackupShown, ...]:
    """The sessions that fall to a B post because the A post is wholly excused, where the person is one of the two."""
    if posting is None or on(bench.pack.backup, day) is None:
        return ()
    out: list[BackupShown] = []
    for other in bench.timetables.posted(day):
        for first, backup in ((posting, other), (other, posting)):
            if first.person in backup.backup_for:
                out += [BackupShown(first.person, backup.person, *span) for span in owed(bench, first, backup, day)]
    return tuple(sorted(out))


def owed(bench: Bench, first: Posting, backup: Posting, day: Day) -> list[Interval]:
    """The sessions of one post from which he is wholly excused and which another, his B post, has beside his own."""
    whole, own = bench.plan_of(backup, day), bench.timetables.of_posting(backup, day)
    theirs = bench.timetables.of_posting(first, day)
    before = {(s.start, s.end) for s in own.sessions} if own else set()
    added = {(s.start, s.end) for s in whole.sessions} - before if whole else set()
    excused = bench.excuses.excused(first.person)
    return [
        (s.start, s.end)
        for s in (theirs.sessions if theirs else ())
        if (s.start, s.end) in added and not pieces((s.start, s.end), excused, bench.pack.dropped_piece)[0]
    ]


def incidents(
    case: Case, person: str, window: str, day: Day, violations: Iterable[Violation]
) -> tuple[IncidentShown, ...]:
    """The incidents of a person's day, or of a window's own, each with the violation that it is."""
    ids = {v.cause: v.id for v in violations if v.source == "incident"}
    found = [
        i
        for i in case.incidents
        if day_of(i.at) == day and (i.person, i.person or i.window) == (person, person or window)
    ]
    return tuple(IncidentShown(i, ids.get(i.id, "")) for i in sorted(found, key=lambda i: (i.at, i.id)))


def appeals(
    work: Work, day: Day, ids: Collection[str], own: Collection[str]
) -> tuple[tuple[Appeal, AppealDecision | None], ...]:
    """The appeals against a day's `own` violations, or those of `ids` that were of this day, each with its decision."""
    found = [a for a in work.appeals.all() if a.violation in own or (a.violation in ids and a.day == day)]
    decided = by_appeal(work.appeals.decisions()) if found else {}
    return tuple((a, decided.get(a.number)) for a in found)


def rulings(
    case: Case, person: str, window: str, day: Day, ids: Collection[str], own: Collection[str]
) -> tuple[Ruling, ...]:
    """The rulings on a person's day, on a window's own violations of it, or on one of these violations."""
    found = [
        r
        for r in case.rulings
        if (
            r.violation in own or (r.violation in ids and r.day == day)
            if r.violation
            else (r.person, r.window, r.day) == (person, "" if person else window, day)
        )
    ]
    return tuple(sorted(found, key=lambda r: (r.decided_at, r.id)))
