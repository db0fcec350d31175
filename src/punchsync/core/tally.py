"""A person's month in numbers, and a subject's standing violations and seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from punchsync.core.excuse import Excuses
from punchsync.core.moment import Day
from punchsync.core.records import LEAVE_KINDS
from punchsync.core.violations import ABSENT, Violation

NAMED_LEAVE = ("official", "personal", "sick")


class Tally(NamedTuple):
    """A row of the export `tallies`; leave in half-days, valid, as taken, up to as-of's date."""

    month: str
    person: str
    required_sessions: int
    late: int
    early: int
    off_post: int
    absent_half_days: int
    in_post_days: int
    leave_official: int
    leave_personal: int
    leave_sick: int
    leave_other: int


def leave_of(person: str, excuses: Excuses, first: Day, last: Day) -> dict[str, int]:
    """A person's half-days of valid leave of each kind taken on the days `first` to `last`."""
    kinds = {leave.kind for leave in excuses.leaves_of(person)}
    return {kind: excuses.total(person, (kind,), first, last) for kind in LEAVE_KINDS if kind in kinds}


class SessionState(NamedTuple):
    """A required session of a person: known (nothing pending or unverified) or not."""

    day: Day
    session: int
    known: bool


def tally(
    month: str,
    person: str,
    sessions: Iterable[SessionState],
    violations: Iterable[Violation],
    leave: Mapping[str, int],
) -> Tally:
    """A person's month: in-post days have a required session that is known and not absent."""
    rows = list(violations)
    required = list(sessions)
    kinds = Counter(v.kind for v in rows)
    absent = {(v.day, v.session) for v in rows if v.kind == ABSENT}
    in_post = {day for day, session, known in required if known and (day, session) not in absent}
    other = sum(count for kind, count in leave.items() if kind not in NAMED_LEAVE)
    return Tally(
        month,
        person,
        len(required),
        kinds["late"],
        kinds["early"],
        kinds["off_post"],
        kinds[ABSENT],
        len(in_post),
        leave.get("official", 0),
        leave.get("personal", 0),
        leave.get("sick", 0),
        other,
    )
