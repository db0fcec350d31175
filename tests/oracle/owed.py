"""Literal judge for tests: sessions a stand-in (B) owes in the bureau, and a person's whole day (HALLS: bureau)."""

from __future__ import annotations

from datetime import date

from .hours import Case, deciding_row, posting, timetable
from .leave import required, taken, valid_leaves
from .records import Interval, Row, overlap


def backs(post: Row) -> list[str]:
    """The people whose B a posting makes."""
    return [name.strip() for name in post["backup_for"].split(";") if name.strip()]


def only_persons(case: Case, day: date) -> list[tuple[str, str]]:
    """(window, person) of every window with exactly one posting of the day without `backup_for`, in order."""
    posts = [post for person in case.people if (post := posting(case, person, day)) is not None]
    alone = []
    for window in sorted({post["window"] for post in posts}):
        first_line = [post["person_id"] for post in posts if post["window"] == window and not backs(post)]
        if len(first_line) == 1:
            alone.append((window, first_line[0]))
    return alone


def may_stand_in(case: Case, b: str, a: str, day: date, session: Interval, so_far: list[Interval]) -> bool:
    """B of A, posted, not rostered off, not on leave in any part of the session, with no session touching it."""
    post = posting(case, b, day)
    if post is None or a not in backs(post):
        return False
    row = deciding_row(case, b, day)
    if row is not None and row["shift"] == "off":
        return False
    leaves = [part for leave in valid_leaves(case, b) for part in taken(case, leave)]
    return not any(overlap(session, other) for other in [*leaves, *timetable(case, b, day), *so_far])


def owed_sessions(case: Case, day: date) -> dict[str, list[Interval]]:
    """person -> the sessions he owes that day in place of an only person whose session is wholly excused."""
    if case.site.pack != "bureau":
        return {}
    if day not in case.owed:
        found: dict[str, list[Interval]] = {}
        for _, a in only_persons(case, day):
            for session in timetable(case, a, day):
                if required(case, a, session)[0]:
                    continue
                willing = [b for b in case.people if may_stand_in(case, b, a, day, session, found.get(b, []))]
                if willing:
                    found.setdefault(willing[0], []).append(session)
        case.owed[day] = found
    return case.owed[day]


def day_sessions(case: Case, person: str, day: date) -> list[Interval]:
    """The person's own sessions and those owed as a stand-in, by start; their numbers are their places."""
    return sorted([*timetable(case, person, day), *owed_sessions(case, day).get(person, [])])
