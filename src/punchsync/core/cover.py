"""Whether somebody stands in for a person on leave: by stand-in rows, or by the partner of the A and B posts.

HALLS.md, Stand-in rows cover; tianyang 第二十三条(五), ninetofive 请假制度 ㈡, foursign 三(二)(三).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from punchsync.core.excuse import Excuses
from punchsync.core.intervals import Interval, intersect, measure, touches, union
from punchsync.core.moment import Day, day_of
from punchsync.core.records import Case, Leave, Posting, StandIn
from punchsync.core.rules import Cover
from punchsync.core.timetable import Session, Timetables


class Covers:
    """Stand-in rows of a hall, and who is whose partner."""

    def __init__(self, case: Case, timetables: Timetables, excuses: Excuses) -> None:
        self._timetables = timetables
        self._excuses = excuses
        self._rows: dict[str, list[StandIn]] = defaultdict(list)
        for row in case.standins:
            self._rows[row.absent].append(row)

    def asked(self, leave: Leave, rule: Cover) -> bool:
        """Whether a rule asks a stand-in for a leave of this length, of this post."""
        day = day_of(leave.start.moment)
        posting = self._timetables.posting(leave.person, day)
        least = rule.half_days
        if posting is not None and posting.post in ("lead", "chief"):
            least = min(least, rule.half_days_lead)
        if posting is not None and self.alone(posting, day):
            least = min(least, rule.half_days_alone)
        return self._excuses.standing(leave).half_days >= least

    def alone(self, posting: Posting, day: Day) -> bool:
        """Whether a posting is the only one of its window that is nobody's B post."""
        own = [p for p in self._timetables.posted(day) if p.window == posting.window and not p.backup_for]
        return own == [posting]

    def uncovered(self, leave: Leave, rule: Cover) -> Iterator[Session]:
        """The sessions with which a leave that nobody stands in for is dated; none where somebody does.

        `whole`: the leave's first session; otherwise those that are not covered.
        """
        taken = self._excuses.taken(leave)
        rows = self._standing_in(leave.person, rule)
        first: Session | None = None
        for session in self._excuses.sessions_in(leave.person, taken):
            first = first or session
            away = intersect([(session.start, session.end)], taken)
            if measure(intersect(away, rows)) == measure(away):
                continue
            if rule.whole:
                yield first
                return
            if not self._has_partner(leave, session):
                yield session

    def _standing_in(self, person: str, rule: Cover) -> list[Interval]:
        spans: list[Interval] = []
        for row in self._rows.get(person, ()):
            span = self._excuses.bounds(person, row.start, row.end)
            if not rule.in_time or self._excuses.registered_in_time(person, [span], span[0], row.filed_at):
                spans.append(span)
        return union(spans)

    def _has_partner(self, leave: Leave, session: Session) -> bool:
        return any(self._stays(partner, leave, session) for partner in self._partners(leave.person, session))

    def _partners(self, person: str, session: Session) -> Iterator[Posting]:
        """His B posts, and those whose B post he is, posted that day."""
        day = day_of(session.start)
        mine = self._timetables.posting(person, day)
        for other in self._timetables.posted(day):
            if person in other.backup_for or (mine is not None and other.person in mine.backup_for):
                yield other

    def _stays(self, partner: Posting, leave: Leave, session: Session) -> bool:
        plan = self._timetables.of_posting(partner, day_of(session.start))
        if plan is None or not any(s.start < session.end and session.start < s.end for s in plan.sessions):
            return False
        return not any(
            other.registered_at <= leave.registered_at
            and self._excuses.standing(other).valid
            and touches(self._excuses.taken(other), session.start, session.end)
            for other in self._excuses.leaves_of(partner.person)
        )
