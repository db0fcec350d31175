"""What of a hall needs somebody: calendar, terminals, unknown ids, windows without a terminal, clocks, odd records."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from punchsync.core.calendar import known
from punchsync.core.coverage import Coverage, Terminals
from punchsync.core.moment import DAY, FOREVER, Moment, day_of, last_second, show_day, show_moment, to_date
from punchsync.core.owners import Owners
from punchsync.core.period import days_of_month, period_of
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.core.records import FIRST_DAY, Case
from punchsync.core.rule import on
from punchsync.core.rules import Pack
from punchsync.core.stored import EARLIEST
from punchsync.core.timetable import Timetables
from punchsync.operations.clocks import Clocks
from punchsync.operations.finding import Finding
from punchsync.operations.hall import Hall, load_known, month_of, with_punches
from punchsync.operations.poll import AT_ONCE
from punchsync.operations.ports import Work
from punchsync.operations.symptoms import RECENT, clocks, quiet, set_backs, symptoms

ROSTER_DUE = 7  # days before a month in which its roster is asked for
LONG = 7  # days that may pass between a posting and a terminal's first record


def check(hall: Hall) -> list[Finding]:
    """Everything that can be said of a hall's records and terminals now; terminals are read, nothing is stored."""
    now = hall.clock.now()
    with hall.store.reading() as work:
        case = load_known(hall, work, now)
        terminals = Terminals(case)
        states = work.readings.states()
        findings = [
            *settled(work, now, hall.pack.digest),
            *calendar(case, now),
            *people(work, case, terminals, now),
            *rosters(case, hall.pack, now),
            *defects(work, now),
            *aside(work),
            *beginnings(case),
            *clocks(Clocks(work, hall.terminals).dials.items(), hall.terminals, now),
            *set_backs(work.punches.stored(now - RECENT, now), case.reads),
            *quiet(with_punches(work, case, [month_of(day_of(now))]), hall.pack, set(states), now),
        ]
        live = [t for t in hall.terminals if t.live and t.first <= day_of(now) <= t.last]
        memories = [work.memories.of(t.id) for t in live]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        results = pool.map(hall.reader.read, [t.id for t in live], memories)
        for terminal, result, memory in zip(live, results, memories, strict=True):
            findings += tried(result, memory, now, terminal.correction)
    for t in hall.terminals:
        findings += covered(t.id, t.live, t.last, terminals.coverages[t.id], now)
    return findings


def settled(work: Work, now: Moment, digest: str) -> Iterator[Finding]:
    """The clock against the last settle, and what waits to be settled."""
    before = work.runs.settled_as_of()
    if before is not None and before > now:
        yield Finding("fail", "clock_behind", show_moment(now), show_moment(before))
    else:
        yield Finding("ok", "clock", show_moment(now))
    waiting = sorted(m for m, s in work.months.states().items() if s.stale(digest))
    if waiting:
        yield Finding("warn", "waiting", "、".join(waiting))


def calendar(case: Case, now: Moment) -> Iterator[Finding]:
    """This year must be published or covered; the next one from December on."""
    today = to_date(day_of(now))
    years = [today.year] + ([today.year + 1] if today.month == 12 else [])
    for year in years:
        first = today.replace(year=year, month=1, day=1).toordinal()
        if not known(case.calendar, first):
            yield Finding("fail" if year == today.year else "warn", "unpublished", str(year))
        elif year not in case.calendar.years:
            offs = sum(1 for d, k in case.calendar.overrides.items() if k == "off" and to_date(d).year == year)
            yield Finding("warn" if offs < 11 else "ok", "own_calendar", str(year), str(offs))
        else:
            yield Finding("ok", "calendar", str(year))


def people(work: Work, case: Case, terminals: Terminals, now: Moment) -> Iterator[Finding]:
    """Staff on file, windows that no terminal counts for, and ids that nobody has."""
    today = day_of(now)
    here = [p for p in case.postings if p.first <= today <= p.last]
    yield Finding("ok" if here else "warn", "staff" if here else "no_staff", str(len(here)))
    for window in sorted({p.window for p in here}):
        if not terminals.relevant(window, today):
            yield Finding("warn", "no_terminal", window)
    owners = Owners(case)
    odd = [f"{t}/{i}" for t, i in work.punches.strange() if owners.of(t, i, today) is None]
    if odd:
        yield Finding("warn", "strangers", "、".join(odd[:20]), str(len(odd)))


def rosters(case: Case, pack: Pack, now: Moment) -> Iterator[Finding]:
    """Where the pack asks a roster: working days of this month without one, and the next month's before it begins."""
    today = day_of(now)
    if on(pack.roster_duty, today) is None:
        return
    timetables = Timetables(case, pack)
    month = days_of_month(period_of(today, "month"))
    missing = {
        p.person for day in range(month[0], today + 1) for p in timetables.posted(day) if timetables.unrostered(p, day)
    }
    if missing:
        yield Finding("warn", "unrostered", "、".join(sorted(missing)[:20]), str(len(missing)))
    coming = days_of_month(period_of(month[-1] + 1, "month"))
    if month[-1] - today < ROSTER_DUE:
        late = {p.person for day in coming for p in timetables.posted(day) if timetables.unrostered(p, day)}
        if late:
            yield Finding("warn", "roster_due", period_of(coming[0], "month"), str(len(late)))


def beginnings(case: Case) -> Iterator[Finding]:
    """Terminals without a first day whose records begin long after somebody was posted: those days count as read."""
    posted = min((p.first for p in case.postings), default=None)
    for terminal in case.terminals:
        firsts = [r.first for r in case.reads if r.terminal == terminal.id and r.first is not None]
        if posted is not None and firsts and terminal.first == FIRST_DAY and day_of(min(firsts)) - posted > LONG:
            yield Finding("warn", "no_beginning", terminal.id, show_day(day_of(min(firsts))))


def defects(work: Work, now: Moment) -> Iterator[Finding]:
    """Records that could not be read, and those of an impossible time."""
    count = len(work.defects.all())
    if count:
        yield Finding("warn", "defects", str(count))
    ahead = {p.terminal for p in work.punches.between(now + DAY, FOREVER)}
    before = {p.terminal for p in work.punches.between(0, EARLIEST - 1)}
    for terminal in sorted(ahead | before):
        yield Finding("warn", "odd_times", terminal)


def aside(work: Work) -> Iterator[Finding]:
    """Logs that were not understood and are kept aside."""
    for terminal, (at, detail, _blob) in sorted(work.memories.set_aside().items()):
        yield Finding("warn", "set_aside", terminal, f"{show_moment(at)} {detail}")


def tried(result: Reading | ReadFailure, memory: Memory, now: Moment, most: int) -> Iterator[Finding]:
    """What a trial read of a terminal shows."""
    if isinstance(result, ReadFailure):
        yield Finding("fail", f"read_{result.code}", result.terminal, result.detail)
        return
    yield Finding("ok", "terminal", result.terminal, str(result.in_log))
    yield from symptoms(result, memory, now, most)


def covered(terminal: str, live: bool, last: int, coverage: Coverage, now: Moment) -> Iterator[Finding]:
    """How far a terminal's kept reads reach."""
    if coverage.through is None:
        yield Finding("warn", "never_read", terminal)
        return
    if last < day_of(now):
        if coverage.through < last_second(last):
            yield Finding("warn", "retired_unread", terminal, show_day(last))
    elif coverage.through < now - DAY:
        yield Finding("warn", "behind" if live else "file_behind", terminal, show_moment(coverage.through))
    for start, end in coverage.lost:
        if end >= now - 31 * DAY:
            yield Finding("warn", "lost", terminal, f"{show_moment(start)} – {show_moment(end)}")
