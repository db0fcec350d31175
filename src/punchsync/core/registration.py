"""Violations that follow from what was registered: leave nobody stands in for, leave and outings registered late.

They are base violations of their day: rulings act on them, and those that wait for their session do.
"""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.cover import Covers
from punchsync.core.excuse import Excuses
from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.records import Leave
from punchsync.core.rule import Rule, on
from punchsync.core.rules import LateRegistration, Pack
from punchsync.core.timetable import Timetables
from punchsync.core.violations import NOTED, Violation, violation_id


class Registrations:
    """What leaves and outings of a person yield under the pack's rules."""

    def __init__(self, pack: Pack, timetables: Timetables, excuses: Excuses, covers: Covers) -> None:
        self._pack = pack
        self._timetables = timetables
        self._excuses = excuses
        self._covers = covers
        self.asked = bool(pack.covers or pack.late_registrations)

    def of(self, person: str) -> Iterator[Violation]:
        """A person's violations of this kind, at most one for each leave and rule, on days of a posting."""
        if not self.asked:
            return
        for leave in self._excuses.leaves_of(person):
            if self._excuses.standing(leave).valid and self._excuses.taken(leave):
                yield from self._of_cover(leave)
                yield from self._of_late_leave(leave)
        yield from self._of_late_outings(person)

    def _of_cover(self, leave: Leave) -> Iterator[Violation]:
        rule = on(self._pack.covers, day_of(leave.start.moment))
        if rule is None or not rule.yields or not self._covers.asked(leave, rule):
            return
        if rule.letter and rule.letter not in leave.approvals:
            kind, source = rule.unlettered, "leave"
        else:
            kind, source = rule.yields, "standin"
        for session in self._covers.uncovered(leave, rule):
            nth = () if rule.per == "leave" else (session.start,)
            yield from self._row(rule, leave.id, leave.person, kind, source, session.number, session.start, *nth)
            if rule.per == "leave":
                return

    def _late(self, about: str, start: Moment) -> LateRegistration | None:
        return on((r for r in self._pack.late_registrations if r.about == about), day_of(start))

    def _of_late_leave(self, leave: Leave) -> Iterator[Violation]:
        start, _end = self._excuses.bounds(leave.person, leave.start, leave.end)
        rule = self._late("leave", start)
        if rule is None:
            return
        asked = self._excuses.asked(leave)
        if not self._excuses.registered_in_time(leave.person, asked, start, leave.first_registered):
            yield from self._row(rule, leave.id, leave.person, rule.yields, "leave", 0, start)

    def _of_late_outings(self, person: str) -> Iterator[Violation]:
        for outing in self._excuses.outings_of(person):
            span = self._excuses.out(outing)
            rule = self._late("outing", span[0])
            if rule is None or self._excuses.in_time(outing):
                continue
            session = next(self._excuses.sessions_in(person, [span]), None)
            if session is not None:
                yield from self._row(rule, outing.id, person, rule.yields, "outing", session.number, session.start)

    def _row(
        self, rule: Rule, record: str, person: str, kind: str, source: str, session: int, at: Moment, *nth: Moment
    ) -> Iterator[Violation]:
        """The row of a record, or of each of its sessions by `nth`; none on a day without a posting."""
        day: Day = day_of(at)
        posting = self._timetables.posting(person, day)
        if posting is not None:
            yield Violation(
                violation_id("registered", rule.id, record, *nth),
                day, person, session, kind, posting.window, posting.unit, 0, source, NOTED, at,
                cause=record, rule=rule.id,
            )  # fmt: skip
