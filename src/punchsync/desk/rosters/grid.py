"""A roster's grid: for a person or window and a day, what holds, where it comes from, and what contradicts; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from punchsync.core.bench import Bench
from punchsync.core.intervals import Interval, intersect, measure, union
from punchsync.core.moment import DAY, Day, day_of, show_clock, start_of
from punchsync.core.records import Posting, Roster
from punchsync.core.rule import on
from punchsync.core.timetable import DayPlan, applies

Subject = tuple[str, str]
"""Whose row it is: `person` or `window`, and its id or name."""
Rows = Mapping[Subject, Sequence[Roster]]

LEAVE: Final = "leave"
OTHER: Final = "other"
NOTHING: Final = "nothing"
PARTNER: Final = "partner"


class Note(NamedTuple):
    """What contradicts in a cell: leave, other (row), nothing (where a roster is asked), partner (away, too)."""

    kind: str
    about: str = ""


class Cell(NamedTuple):
    """A day of a person or window.

    `source`: own, window, default, off (a day of rest), unknown (a year that nobody published), none, unposted.
    `sessions` are what is owed, `shift` the row's own word for it, `row` the id of its own row that decides.
    """

    subject: Subject
    day: Day
    source: str
    sessions: tuple[Interval, ...] = ()
    shift: str = ""
    row: str = ""
    notes: tuple[Note, ...] = ()


def rows_of(rosters: Iterable[Roster], people: Iterable[str], windows: Iterable[str], first: Day, last: Day) -> Rows:
    """The rows of these people and windows that touch the days `first` to `last`, those that win first."""
    some, named = set(people), set(windows)
    found: dict[Subject, list[Roster]] = defaultdict(list)
    for row in rosters:
        if row.last < first or row.first > last:
            continue
        if row.person in some:
            found["person", row.person].append(row)
        elif row.window in named:
            found["window", row.window].append(row)
    for rows in found.values():
        rows.sort(key=lambda r: (r.entered_at, r.id), reverse=True)
    return found


def deciding(rows: Rows, subject: Subject, day: Day, kind: str) -> list[Roster]:
    """The rows that apply on a day of that kind, the one that wins first; none where the kind is not known."""
    if kind == "unknown":
        return []
    return [r for r in rows.get(subject, ()) if r.first <= day <= r.last and applies(r, day, kind)]


def shift_text(row: Roster) -> str:
    """A row's shift as it is written: an id, `off`, or hours."""
    return row.shift or _written(row.sessions)


@lru_cache(maxsize=1000)
def _written(sessions: tuple[Interval, ...]) -> str:
    return "+".join(f"{show_clock(start)[:5]}-{show_clock(end)[:5]}" for start, end in sessions)


def hours(plan: DayPlan | None) -> tuple[Interval, ...]:
    """The sessions of a plan as seconds of the day."""
    return tuple((s.start - plan.day * DAY, s.end - plan.day * DAY) for s in plan.sessions) if plan else ()


class Grid:
    """The cells of some people and windows on some days."""

    def __init__(self, bench: Bench, rows: Rows, days: Sequence[Day]) -> None:
        self._bench, self._rows = bench, rows
        self._span = (start_of(days[0]), start_of(days[-1] + 1))
        self._leaves: dict[str, list[Interval]] = {}
        self._partners: dict[Day, dict[str, set[str]]] = {}

    def of_window(self, window: str, day: Day) -> Cell:
        """A window's own row."""
        kind = self._bench.timetables.kind(day)
        found = deciding(self._rows, ("window", window), day, kind)
        if not found:
            return Cell(("window", window), day, "unknown" if kind == "unknown" else "none")
        return Cell(
            ("window", window), day, "own", self._hours(found[0]), shift_text(found[0]), found[0].id, others(found)
        )

    def of_person(self, posting: Posting | None, person: str, day: Day) -> Cell:
        """A person's day."""
        timetables, subject = self._bench.timetables, ("person", person)
        kind = timetables.kind(day)
        if posting is None:
            return Cell(subject, day, "unposted")
        own = deciding(self._rows, subject, day, kind)
        window = deciding(self._rows, ("window", posting.window), day, kind)
        sessions = hours(timetables.of_posting(posting, day))
        if kind == "unknown":
            return Cell(subject, day, "unknown")
        row = next(iter([*own, *window]), None)
        source = "own" if own else "window" if window else "default" if sessions else "off" if kind == "off" else "none"
        notes = [*others(own)]
        if own and sessions and self._on_leave(person, day):
            notes.append(Note(LEAVE))
        if row is None and kind != "off" and on(self._bench.pack.roster_duty, day) is not None:
            notes.append(Note(NOTHING))
        if kind != "off" and self.away(posting, day):
            notes += [Note(PARTNER, other) for other in sorted(self.partners(person, day)) if self._away(other, day)]
        shift = shift_text(row) if row is not None else ""
        return Cell(subject, day, source, sessions, shift, own[0].id if own else "", tuple(notes))

    def away(self, posting: Posting, day: Day) -> bool:
        """Whether somebody is wholly away on a working day: rostered off, or on leave in all of his sessions."""
        sessions = [
            (s.start, s.end) for s in (self._bench.timetables.of_posting(posting, day) or DayPlan(day, (), ())).sessions
        ]
        if not sessions:
            kind = self._bench.timetables.kind(day)
            own = deciding(self._rows, ("person", posting.person), day, kind)
            return bool(own) and own[0].shift == "off"
        return measure(intersect(sessions, self._leave(posting.person))) == measure(sessions)

    def partners(self, person: str, day: Day) -> set[str]:
        """His B posts, and those whose B post he is, posted that day."""
        found = self._partners.get(day)
        if found is None:
            found = self._partners[day] = defaultdict(set)
            posted = self._bench.timetables.posted(day)
            here = {p.person for p in posted}
            for posting in posted:
                for other in here.intersection(posting.backup_for):
                    found[posting.person].add(other)
                    found[other].add(posting.person)
        return found.get(person, set())

    def _away(self, person: str, day: Day) -> bool:
        posting = self._bench.timetables.posting(person, day)
        return posting is not None and self.away(posting, day)

    def _leave(self, person: str) -> list[Interval]:
        """The leave that a person has registered, signed off or not, as far as the grid reaches."""
        if person not in self._leaves:
            excuses = self._bench.excuses
            spans = [span for leave in excuses.leaves_of(person) for span in excuses.taken(leave)]
            self._leaves[person] = intersect(union(spans), [self._span])
        return self._leaves[person]

    def _on_leave(self, person: str, day: Day) -> bool:
        return any(day_of(s) <= day <= day_of(e - 1) for s, e in self._leave(person))

    def _hours(self, row: Roster) -> tuple[Interval, ...]:
        shift = self._bench.pack.shift(row.shift) if row.shift and row.shift != "off" else None
        return shift.sessions if shift else row.sessions


def others(rows: Sequence[Roster]) -> tuple[Note, ...]:
    """Rows of one subject that would apply, too, and say something else than the one that wins."""
    return tuple(Note(OTHER, shift_text(r)) for r in rows[1:] if shift_text(r) != shift_text(rows[0]))
