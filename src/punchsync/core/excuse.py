"""Leave and outings: which are valid, how long they are, and what time they excuse (HALLS.md, Leave, In time)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from typing import NamedTuple

from punchsync.core.intervals import Interval, intersect, measure, subtract, touches, union
from punchsync.core.moment import Day, Moment, day_of, start_of
from punchsync.core.records import LEAVE_KINDS, Bound, Case, Leave, Outing, still
from punchsync.core.rules import Pack, Rung
from punchsync.core.timetable import Session, Timetables, resolve


class Standing(NamedTuple):
    """Whether a leave is valid, its length as asked in half-days, its rung, and what it still lacks."""

    valid: bool
    half_days: int
    rung: Rung | None
    lacking: tuple[str, ...]


class Excuses:
    """What leave and outings excuse, person by person."""

    def __init__(self, case: Case, pack: Pack, timetables: Timetables) -> None:
        self._pack = pack
        self._timetables = timetables
        self._leaves: dict[str, list[Leave]] = {}
        self._outings: dict[str, list[Outing]] = defaultdict(list)
        for leave in sorted(case.leaves, key=lambda x: x.id):
            self._leaves.setdefault(leave.person, []).append(leave)
        for outing in sorted(case.outings, key=lambda x: x.id):
            self._outings[outing.person].append(outing)
        self._standings: dict[str, Standing] = {}
        self._spans: dict[str, list[Interval]] = {}
        self._on_leave: dict[tuple[str, Collection[str]], list[Interval]] = {}

    def changed(self, person: str, leaves: Iterable[Leave]) -> Excuses:
        """The same, with these as a person's leaves; what is known of everybody else is taken over.

        Another thread may be asking meanwhile: everything is copied before it is looked through.
        """
        out = copy(self)
        mine = sorted(leaves, key=lambda x: x.id)
        known = {x.id for x in (*self.leaves_of(person), *mine)}
        out._leaves = {**self._leaves, person: mine}
        out._standings, out._spans, on_leave = dict(self._standings), dict(self._spans), dict(self._on_leave)
        for id in known:
            out._standings.pop(id, None)
        out._spans.pop(person, None)
        out._on_leave = {key: found for key, found in on_leave.items() if key[0] != person}
        return out

    def leaves_of(self, person: str) -> list[Leave]:
        """A person's leaves, valid or not, by id."""
        return self._leaves.get(person, [])

    def outings_of(self, person: str) -> list[Outing]:
        """A person's outings, in time or not, by id."""
        return self._outings.get(person, [])

    def asked(self, leave: Leave) -> list[Interval]:
        """The time a leave asks for, whatever was taken of it."""
        start, end = self.bounds(leave.person, leave.start, leave.end)
        return daily(start, end, leave.daily)

    def taken(self, leave: Leave) -> list[Interval]:
        """The time a leave was taken: until `returned_at` if earlier; a return at or before the start cancels it."""
        start, end = self.bounds(leave.person, leave.start, leave.end)
        if leave.returned_at is not None:
            end = min(end, leave.returned_at)
        return daily(start, end, leave.daily)

    def standing(self, leave: Leave) -> Standing:
        """Whether a leave's ladder is complete, by its own length as asked."""
        found = self._standings.get(leave.id)
        if found is None:
            found = self._standings[leave.id] = self._judge(leave)
        return found

    def out(self, outing: Outing) -> Interval:
        """The time an outing asks for."""
        end = outing.end
        return self._moment(outing.person, outing.start, ending=False), (
            still(None) if end is None else self._moment(outing.person, end, ending=True)
        )

    def in_time(self, outing: Outing) -> bool:
        """Whether an outing was registered in time."""
        start, end = self.out(outing)
        return self.registered_in_time(outing.person, [(start, end)], start, outing.registered_at)

    def registered_in_time(self, person: str, spans: list[Interval], start: Moment, at: Moment) -> bool:
        """Whether `at` is not after the start of the first own session that the spans touch (none: their `start`)."""
        first = next(self.sessions_in(person, spans), None)
        return at <= (first.start if first else start)

    def sessions_in(self, person: str, spans: list[Interval]) -> Iterator[Session]:
        """The person's own sessions that the spans touch, in order; days nobody published have none."""
        for day in days_of(spans, self._timetables.known_until):
            plan = self._timetables.of(person, day)
            for session in plan.sessions if plan else ():
                if touches(spans, session.start, session.end):
                    yield session

    def excused(self, person: str) -> list[Interval]:
        """All time excused for a person: valid leave as taken, and outings registered in time."""
        spans = self._spans.get(person)
        if spans is None:
            out = [self.out(o) for o in self.outings_of(person) if self.in_time(o)]
            spans = self._spans[person] = union([*self.on_leave(person), *out])
        return spans

    def on_leave(self, person: str, kinds: Collection[str] = LEAVE_KINDS) -> list[Interval]:
        """All time of a person's valid leave of these kinds (a tuple or a frozen set), as taken and as a union."""
        spans = self._on_leave.get((person, kinds))
        if spans is None:
            spans = self._on_leave[person, kinds] = union(
                span
                for leave in self.leaves_of(person)
                if leave.kind in kinds and self.standing(leave).valid
                for span in self.taken(leave)
            )
        return spans

    def total(self, person: str, kinds: Collection[str], first: Day, last: Day) -> int:
        """Half-days of valid leave of these kinds, as taken and as a union, on the days `first` to `last`."""
        spans = intersect(self.on_leave(person, kinds), [(start_of(first), start_of(last + 1))])
        return self.half_days(person, spans) if spans else 0

    def half_days(self, person: str, spans: list[Interval]) -> int:
        """Length of disjoint spans in half-days of the person's own timetable; days nobody published don't count."""
        return sum(n for _, n in self.halves(person, spans))

    def halves(self, person: str, spans: list[Interval]) -> Iterator[tuple[Session, int]]:
        """The person's own sessions that disjoint spans touch, in order, each with the half-days it counts for."""
        for day in days_of(spans, self._timetables.known_until):
            plan = self._timetables.of(person, day)
            for session in plan.sessions if plan else ():
                covered = measure(intersect([(session.start, session.end)], spans))
                if covered and plan and len(plan.sessions) == 1:
                    yield session, 1 if 2 * covered <= session.end - session.start else 2
                elif covered:
                    yield session, 1

    def _judge(self, leave: Leave) -> Standing:
        length = self.half_days(leave.person, self.asked(leave))
        day = day_of(leave.start.moment)
        posting = self._timetables.posting(leave.person, day)
        post = posting.post if posting else "staff"
        rungs = sorted(
            (r for r in self._pack.ladder if leave.kind in r.kinds and r.on(day) and (not r.posts or post in r.posts)),
            key=lambda r: (r.up_to is None, r.up_to or 0),
        )
        fitting = [r for r in rungs if r.up_to is None or length <= r.up_to]
        if not fitting:
            left = tuple(s for s in self._pack.otherwise if s not in leave.approvals)
            missing = left if self._pack.otherwise else () if leave.approvals else ("any",)
            return Standing(not missing, length, None, missing)
        rung = fitting[0]
        waived = post in ("lead", "chief")

        def lacks(asked: Rung) -> tuple[str, ...]:
            left = [s for s in asked.sign_offs if not (waived and s == "window_lead")]
            if not left and (asked.sign_offs or not rung.certificate):
                return () if leave.approvals else ("any",)
            return tuple(s for s in left if s not in leave.approvals)

        missing = lacks(rung)
        if any(not lacks(longer) for longer in fitting[1:]):
            missing = ()
        if rung.certificate and not leave.certificate:
            missing = (*missing, "certificate")
        return Standing(not missing, length, rung, missing)

    def bounds(self, person: str, start: Bound, end: Bound) -> Interval:
        """Both ends of a span, its halves of days placed by the person's own timetable."""
        return self._moment(person, start, ending=False), self._moment(person, end, ending=True)

    def _moment(self, person: str, bound: Bound, *, ending: bool) -> Moment:
        if not bound.half:
            return bound.moment
        return resolve(bound, self._timetables.of(person, day_of(bound.moment)), ending=ending)


def daily(start: Moment, end: Moment, hours: Interval | None) -> list[Interval]:
    """`[start, end)`, cut to the same hours of each day where they are given."""
    if start >= end:
        return []
    if hours is None:
        return [(start, end)]
    return intersect(
        [(start, end)],
        [(start_of(d) + hours[0], start_of(d) + hours[1]) for d in range(day_of(start), day_of(end - 1) + 1)],
    )


def days_of(spans: list[Interval], horizon: Day) -> list[Day]:
    """The days that spans touch, in order, up to the horizon."""
    days: set[Day] = set()
    for start, end in spans:
        if start < end:
            days.update(range(day_of(start), min(day_of(end - 1), horizon) + 1))
    return sorted(days)


def pieces(session: Interval, excused: Sequence[Interval], shortest: int) -> tuple[list[Interval], list[Interval]]:
    """What of a session remains required, and the remaining pieces too short to ask for (`< shortest` seconds)."""
    left = subtract(session, excused)
    return [p for p in left if p[1] - p[0] >= shortest], [p for p in left if p[1] - p[0] < shortest]
