"""Violations that follow from totals: leave over a year's limit (county), presence under a month's (changxing).

No ruling acts on them; they are dated the session that passes the limit, or the last posted day of the month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from punchsync.core.excuse import Excuses
from punchsync.core.intervals import intersect
from punchsync.core.moment import Day, Moment, day_of, start_of
from punchsync.core.period import period_of, span_of
from punchsync.core.records import Posting
from punchsync.core.rule import Rule, on
from punchsync.core.rules import LeaveLimit, Pack
from punchsync.core.timetable import Session, Timetables
from punchsync.core.violations import ABSENT, NOTED, Violation, violation_id

Place = tuple[Day, int]
LATE_EARLY: Final = ("late", "early")


def leave_over(
    person: str, month: str, pack: Pack, excuses: Excuses, timetables: Timetables, today: Day
) -> Iterator[Violation]:
    """For each limit that yields a violation: the one of the session in this month that passes it in its year.

    The versions of an amended limit are one: only the first that is passed while it is in force counts in a year.
    """
    passed: set[str] = set()
    for limit in sorted(pack.leave_limits, key=lambda rule: rule.first):
        if not limit.yields or limit.id in passed:
            continue
        session = passing(person, month[:4], limit, excuses, today)
        if session is None:
            continue
        day = day_of(session.start)
        posting = timetables.posting(person, day)
        if not limit.on(day) or posting is None:
            continue
        passed.add(limit.id)
        if period_of(day, "month") == month:
            yield derived(limit, limit.yields, posting, month[:4], session.number, session.start)


def passing(person: str, year: str, limit: LeaveLimit, excuses: Excuses, today: Day) -> Session | None:
    """The session with which a person's leave of a calendar year first exceeds a limit, if one up to today does."""
    first, last = span_of(year)
    spans = excuses.on_leave(person, limit.kinds)
    if not spans:
        return None
    total = 0
    for session, half_days in excuses.halves(person, intersect(spans, [(start_of(first), start_of(last + 1))])):
        if day_of(session.start) > today:
            return None
        total += half_days
        if total > limit.over:
            return session
    return None


class Presence:
    """A person's required seconds of a month, session by session."""

    def __init__(self) -> None:
        self._seconds: dict[Place, int] = {}

    def ask(self, day: Day, number: int, seconds: int) -> None:
        """Note how many seconds of a session are required."""
        self._seconds[day, number] = seconds

    def low(
        self, posting: Posting, last: Day, pack: Pack, violations: Iterable[Violation], *, known: bool
    ) -> Iterator[Violation]:
        """The violation of too little presence in a month that is over and wholly known, dated the last posted day."""
        rule = on(pack.presences, last)
        required = sum(self._seconds.values())
        if rule is None or not known or not required:
            return
        present = dict(self._seconds)
        rows: Sequence[Violation] = list(violations)
        for v in rows:
            if v.kind == ABSENT:
                present.pop((v.day, v.session), None)
        for v in rows:
            if v.kind in LATE_EARLY and (v.day, v.session) in present:
                present[v.day, v.session] -= v.seconds
        if Fraction(sum(present.values()), required) < Fraction(rule.below):
            yield derived(rule, rule.yields, posting, period_of(last, "month"), 0, start_of(last))


def derived(rule: Rule, kind: str, posting: Posting, period: str, session: int, at: Moment) -> Violation:
    """The violation that a limit yields: one for each person, rule and period."""
    return Violation(
        violation_id("threshold", rule.id, posting.person, period),
        day_of(at), posting.person, session, kind, posting.window, posting.unit, 0, "threshold", NOTED, at,
        rule=rule.id,
    )  # fmt: skip
