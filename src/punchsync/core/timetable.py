"""Whose sessions a day has: a person's roster row, else the window's, else the default shift, else nothing.

Sessions carry their checkpoints with the windows in which a punch may serve them (HALLS.md, Session, Checkpoint).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from punchsync.core.calendar import day_kind
from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, HOUR, Day, Moment, last_second, start_of, to_date, weekday
from punchsync.core.records import Bound, Case, Posting, Roster
from punchsync.core.rules import Pack

NOON = 12 * HOUR
REACH = 3 * HOUR  # before a start and after an end


class Checkpoint(NamedTuple):
    """A moment to sign in or out: its due time, its window `opens`..`shuts` (both included), and its `close`."""

    session: int
    kind: str  # in, out
    due: Moment
    opens: Moment
    shuts: Moment  # a punch may serve it until then
    close: Moment  # and is awaited until then


class Session(NamedTuple):
    """A half-day of a timetable, numbered from 1 in the order of the day."""

    number: int
    start: Moment
    end: Moment


class DayPlan(NamedTuple):
    """The timetable of a day: sessions and all of their checkpoints, due or not."""

    day: Day
    sessions: tuple[Session, ...]
    checkpoints: tuple[Checkpoint, ...]


def plan_day(day: Day, sessions: Sequence[Interval], kinds: frozenset[str], opens_before: int = REACH) -> DayPlan:
    """Sessions (seconds of the day) as a day's plan with the windows of its checkpoints."""
    base, end_of_day = start_of(day), last_second(day)
    numbered = tuple(Session(n, base + s, base + e) for n, (s, e) in enumerate(sessions, 1))
    points: list[Checkpoint] = []
    for i, session in enumerate(numbered):
        before = numbered[i - 1].end if i else base
        final = i + 1 == len(numbered)
        close = min(session.end + REACH, end_of_day, end_of_day if final else numbered[i + 1].start)
        if "in" in kinds:
            opens = max(before, session.start - opens_before)
            shuts = min(session.end, end_of_day)
            points.append(Checkpoint(session.number, "in", session.start, opens, shuts, shuts))
        if "out" in kinds:
            shuts = end_of_day if final else close
            points.append(Checkpoint(session.number, "out", session.end, session.start, shuts, close))
    return DayPlan(day, numbered, tuple(points))


def cut(sessions: tuple[Interval, ...], kind: str) -> tuple[Interval, ...]:
    """Sessions of a working day whose morning (`am_off`) or afternoon (`pm_off`) is free, cut at 12:00."""
    if kind == "am_off":
        return tuple((max(s, NOON), e) for s, e in sessions if e > NOON)
    if kind == "pm_off":
        return tuple((s, min(e, NOON)) for s, e in sessions if s < NOON)
    return sessions


class Timetables:
    """Every person's timetable, worked out when asked for and kept."""

    def __init__(self, case: Case, pack: Pack) -> None:
        self._pack = pack
        self._calendar = case.calendar
        self._postings: dict[str, list[Posting]] = defaultdict(list)
        for posting in sorted(case.postings, key=lambda p: p.first):
            self._postings[posting.person].append(posting)
        self._own: dict[str, list[Roster]] = defaultdict(list)
        self._window: dict[str, list[Roster]] = defaultdict(list)
        for row in sorted(case.rosters, key=lambda r: (r.entered_at, r.id), reverse=True):
            (self._own[row.person] if row.person else self._window[row.window]).append(row)
        years = {*case.calendar.years, *(to_date(d).year for d in case.calendar.overrides)}
        # The last day of the last year that is published or covered: no later day has a timetable.
        self.known_until: Day = date(max(years), 12, 31).toordinal() if years else 0
        self._kinds: dict[Day, str] = {}
        self._posted: dict[Day, list[Posting]] = {}
        self._default: dict[Day, DayPlan | None] = {}
        self._plans: dict[tuple[Day, tuple[Interval, ...]], DayPlan] = {}

    def posting(self, person: str, day: Day) -> Posting | None:
        """Where a person is posted on a day."""
        for posting in self._postings.get(person, ()):
            if posting.first <= day <= posting.last:
                return posting
        return None

    def postings(self, person: str, first: Day, last: Day) -> list[Posting]:
        """A person's postings that touch the days `first` to `last`, in time."""
        return [p for p in self._postings.get(person, ()) if p.first <= last and p.last >= first]

    def posted(self, day: Day) -> list[Posting]:
        """All postings of a day, by person."""
        found = self._posted.get(day)
        if found is None:
            found = self._posted[day] = sorted(
                (p for rows in self._postings.values() for p in rows if p.first <= day <= p.last),
                key=lambda p: p.person,
            )
        return found

    def kind(self, day: Day) -> str:
        """What kind of day it is: see `calendar.day_kind`."""
        found = self._kinds.get(day)
        if found is None:
            found = self._kinds[day] = day_kind(self._calendar, day)
        return found

    def of(self, person: str, day: Day) -> DayPlan | None:
        """A person's timetable of a day, or None: not posted, no sessions, or a year nobody has published."""
        posting = self.posting(person, day)
        return self.of_posting(posting, day) if posting else None

    def of_posting(self, posting: Posting, day: Day) -> DayPlan | None:
        """The timetable of a posting's person on a day within it."""
        if self.rostered(posting):
            kind = self.kind(day)
            row = self._row(posting, day, kind) if kind != "unknown" else None
            if row is not None:
                return self._plan(day, self._sessions(row, kind))
        if day not in self._default:
            self._default[day] = self._plan(day, self._default_sessions(day, self.kind(day)))
        return self._default[day]

    def rostered(self, posting: Posting) -> bool:
        """Whether there are roster rows that may decide days of a posting; otherwise all are by the default shift."""
        return posting.person in self._own or posting.window in self._window

    def unrostered(self, posting: Posting, day: Day) -> bool:
        """Whether it is a working day and nothing says what a posted person's sessions are: no row, no default."""
        kind = self.kind(day)
        return (
            kind not in ("off", "unknown")
            and self._row(posting, day, kind) is None
            and self.of_posting(posting, day) is None
        )

    def row(self, posting: Posting, day: Day) -> Roster | None:
        """The roster row that decides a posted person's day, if one does."""
        return self._row(posting, day, self.kind(day))

    def _row(self, posting: Posting, day: Day, kind: str) -> Roster | None:
        for rows in (self._own.get(posting.person), self._window.get(posting.window) if posting.window else None):
            for row in rows or ():
                if row.first <= day <= row.last and applies(row, day, kind):
                    return row
        return None

    def _sessions(self, row: Roster, kind: str) -> tuple[Interval, ...]:
        if row.shift == "off":
            return ()
        shift = self._pack.shift(row.shift) if row.shift else None
        sessions = shift.sessions if shift else row.sessions
        return cut(sessions, kind) if because_working(row) else sessions

    def _default_sessions(self, day: Day, kind: str) -> tuple[Interval, ...]:
        if kind in ("off", "unknown"):
            return ()
        on = to_date(day)
        for season in self._pack.seasons:
            if season.on(day) and weekday(day) in season.weekdays and season.holds(on.month, on.day):
                shift = self._pack.shift(season.shift)
                return cut(shift.sessions, kind) if shift else ()
        return ()

    def _plan(self, day: Day, sessions: tuple[Interval, ...]) -> DayPlan | None:
        if not sessions:
            return None
        key = (day, sessions)
        if key not in self._plans:
            self._plans[key] = plan_day(day, sessions, self._pack.checkpoints, self._pack.opens_before)
        return self._plans[key]


def because_working(row: Roster) -> bool:
    """Whether a roster row applies because the date is a working day (and so is cut on a half day off)."""
    return row.days == "workdays" or (row.days == "" and row.first != row.last)


def applies(row: Roster, day: Day, kind: str) -> bool:
    """Whether a roster row within its dates applies on a day of that kind."""
    if row.days == "all" or (row.days == "" and row.first == row.last):
        return True
    if row.days == "weekdays":
        return weekday(day) in row.weekdays
    return kind == "off" if row.days == "rest" else kind != "off"


def resolve(bound: Bound, plan: DayPlan | None, *, ending: bool) -> Moment:
    """The moment of one end of a span: halves are the person's own two sessions, on any other day cut at noon."""
    if not bound.half:
        return bound.moment
    if plan is not None and len(plan.sessions) == 2:
        session = plan.sessions[0 if bound.half == "am" else 1]
        return session.end if ending else session.start
    half = DAY // 2
    return bound.moment + half if ending else bound.moment
