"""What needs a person now, one part of a hall after the other, as the store and whoever looks can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from punchsync.core.account import locked
from punchsync.core.attention import Found
from punchsync.core.moment import Day, Moment, day_of, last_second, show_moment, start_of
from punchsync.core.notice import unheard
from punchsync.core.period import days_of_month, period_of
from punchsync.core.records import Case, Terminal
from punchsync.core.stored import TerminalState
from punchsync.core.timetable import Timetables
from punchsync.operations import check
from punchsync.operations.deliver import owed
from punchsync.operations.hall import Hall, on_calendar, records
from punchsync.operations.ports import Work
from punchsync.operations.symptoms import SOON_FULL

ASKED: Final = ("staff", "roster", "calendar")
"""Kinds of records that say who is due when."""
LONGEST: Final = 60
"""Days that are looked at for how long a terminal was silent."""
ROOM_AGAIN: Final = (11, 10)
"""Share of the least free space at which there is enough again."""
KEEPS_FAILING: Final = 3
"""Tries after which a job's trouble is no passing one."""
BACKUP: Final = "backup"
VERIFY: Final = "verify"
SERVED: Final = "serve"
"""Names in the run table; by the last the service notes when it first ran."""
GOOD: Final = "ok"
"""The outcome of a job that found nothing wrong."""


def known(hall: Hall, work: Work) -> Case:
    """Who is due when, without terminals and punches."""
    return on_calendar(hall, records(hall, work, ASKED))


def silent(hall: Hall, work: Work, now: Moment, longest: int) -> Iterator[Found]:
    """Terminals that refuse our key, or gave no good read for more than `longest` seconds.

    Counted from the last good read to the last one that failed, for what nobody asked was not silent; on days off only
    where somebody was due, for a terminal may be switched off then.
    """
    states = work.readings.states()
    began = work.runs.last(SERVED)
    failing = [(t, states[t.id]) for t in living(hall, now) if t.id in states and states[t.id].last_failure]
    if not failing:
        return
    timetables = Timetables(known(hall, work), hall.pack)
    for terminal, state in failing:
        refused = state.last_failure == "wrong_key"
        # Until a read is good, a terminal that can't be reached now may still refuse the key.
        yield Found("comm_key_refused", terminal.id, certain=refused)
        since = state.last_read if state.last_read is not None else began
        if since is None or state.last_failure_at is None:
            continue
        since = max(since, start_of(terminal.first))
        if counted(since, state.last_failure_at, off_days(timetables, terminal)) > longest:
            yield Found("terminal_silent", terminal.id, value_of(state), certain=not refused)


def living(hall: Hall, now: Moment) -> list[Terminal]:
    """The terminals that are to be read over the network now."""
    return [t for t in hall.terminals if t.live and t.first <= day_of(now) <= t.last]


def value_of(state: TerminalState) -> str:
    """Why the last read failed, and when the last good one was."""
    return f"{state.last_failure} {'' if state.last_read is None else show_moment(state.last_read)}".strip()


def counted(since: Moment, until: Moment, off: Callable[[Day], bool]) -> int:
    """The seconds from one moment to another without those of days off."""
    first = max(day_of(since), day_of(until) - LONGEST)
    days = (day for day in range(first, day_of(until) + 1) if not off(day))
    return sum(max(min(until, last_second(day) + 1) - max(since, start_of(day)), 0) for day in days)


def off_days(timetables: Timetables, terminal: Terminal) -> Callable[[Day], bool]:
    """Whether a day is off, and nobody was due who uses a terminal."""

    def off(day: Day) -> bool:
        return timetables.kind(day) == "off" and not any(
            timetables.of_posting(posting, day) is not None
            for posting in timetables.posted(day)
            if not terminal.windows or posting.window in terminal.windows
        )

    return off


def gauges(hall: Hall, work: Work, now: Moment, step: int | None) -> Iterator[Found]:
    """Terminals whose clock is beyond correction or whose log is soon full, by their latest live read.

    While our own clock is in doubt nothing is said of theirs.
    """
    shown = work.attention.gauges()
    for terminal in living(hall, now):
        gauge = shown.get(terminal.id)
        if gauge is None:
            continue
        if gauge.offset is None:
            yield Found("clock_off", terminal.id, certain=False)
        elif abs(gauge.offset) > terminal.correction:
            yield Found("clock_off", terminal.id, f"{gauge.offset:+d}", certain=not step)
        held, room = gauge.held or 0, gauge.capacity or 0
        if room and held * SOON_FULL[1] >= room * SOON_FULL[0]:
            yield Found("log_nearly_full", terminal.id, f"{held}/{room}")


def papers(hall: Hall, work: Work, now: Moment) -> Iterator[Found]:
    """Rosters and calendars that are missing, as `check` has them."""
    case = known(hall, work)
    for finding in check.calendar(case, now):
        if finding.code == "unpublished":
            yield Found("calendar_unpublished", finding.about)
    month = period_of(day_of(now), "month")
    for finding in check.rosters(case, hall.pack, now):
        about = month if finding.code == "unrostered" else finding.about
        yield Found("roster_missing", about, finding.value)
    # What was missing before the month began is missing until it is there, also on days that ask none.
    eve = start_of(days_of_month(month)[0]) - 1
    for finding in check.rosters(case, hall.pack, eve):
        if finding.code == "roster_due":
            yield Found("roster_missing", finding.about, finding.value, certain=False)


def outbox(work: Work, store: str | None, longest: int) -> Iterator[Found]:
    """Entries that the scoring store refused, and that it has not taken for more than `longest` seconds of trying."""
    if store is None:
        return
    now_owed = owed(work, store)
    if now_owed.parked:
        yield Found("outbox_parked", store, str(now_owed.refused))
    tried = now_owed.tried
    if tried is not None and tried.tried_at - tried.made_at > longest:
        yield Found("outbox_stuck", store, show_moment(tried.made_at))


def backup(work: Work, now: Moment, oldest: int | None, *, settled: bool) -> Iterator[Found]:
    """A backup that failed or is not what the store is, or one older than `oldest` seconds; None: none are made."""
    if oldest is None:
        return
    last = work.runs.latest(now).get(BACKUP)
    value = "" if last is None else show_moment(last.at)
    since = work.runs.last(SERVED) if last is None else last.at
    if BACKUP in work.runs.troubles() or (last is not None and last.outcome != GOOD):
        yield Found("backup_failed", "", value)
    elif since is not None and now - since > oldest:
        yield Found("backup_failed", "", value, certain=settled)


def jobs(work: Work, now: Moment) -> Iterator[Found]:
    """A nightly verify that found a difference, and jobs other than backups that keep failing."""
    verified = work.runs.latest(now).get(VERIFY)
    if verified is not None and verified.outcome != GOOD:
        yield Found("verify_failed", "", show_moment(verified.at))
    for job, trouble in sorted(work.runs.troubles().items()):
        if job != BACKUP:
            yield Found("job_failed", job, show_moment(trouble.since), certain=trouble.times >= KEEPS_FAILING)


def channels(work: Work, longest: int) -> Iterator[Found]:
    """Channels of notices that have taken none for more than `longest` seconds of trying."""
    for channel, since in unheard(work.notices.waiting(), longest):
        yield Found("notice_failed", channel, show_moment(since))


def accounts(work: Work, now: Moment) -> Iterator[Found]:
    """Accounts that wrong passwords have locked, all as one: trying many is one alarm, and a notice names nobody."""
    shut = [a for a in work.accounts.all() if a.state == "active" and locked(a, now)]
    if shut:
        yield Found("account_locked", "", str(len(shut)))


def service(step: int | None, refused: Sequence[str] | None) -> Iterator[Found]:
    """What a running service says of itself: by how many seconds our clock is in doubt, what a reload complained of."""
    if step:
        yield Found("clock_stepped", "", f"{step:+d}")
    if refused:
        yield Found("settings_refused", "", "；".join(refused))


def disk(free: int, least: int) -> Iterator[Found]:
    """Too few MiB free; a little more than that is not enough again."""
    if free * ROOM_AGAIN[1] < least * ROOM_AGAIN[0]:
        yield Found("disk_low", "", str(free), certain=free < least)
