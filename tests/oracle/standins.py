"""Literal judge for tests: rows that leave and outings yield — nobody sent in, registered too late (HALLS:
Stand-in rows, tianyang 第二十三条(五), ninetofive 请假制度 ㈡, foursign 三, changxing).
"""

from __future__ import annotations

from datetime import date, datetime

from .hours import Case, bound, known_timetable, posting
from .leave import (
    asked,
    asked_half_days,
    in_time,
    not_after_first_session,
    post_at_start,
    span,
    taken,
    valid_leaves,
)
from .owed import backs
from .records import Interval, Row, days_between, minus, moment, overlap
from .violation import Violation, row_of

Touched = tuple[date, int, Interval]  # day, number of the session, the session


def sessions_touched(case: Case, person: str, parts: list[Interval], last: date | None = None) -> list[Touched]:
    """The person's own sessions that share a second with the intervals, in order, up to `last`."""
    days = {
        day
        for start, end in parts
        for day in days_between(start.date(), min(end.date(), last) if last is not None else end.date())
    }
    out = []
    for day in sorted(days):
        for n, session in enumerate(known_timetable(case, person, day), 1):
            if any(overlap(session, part) for part in parts):
                out.append((day, n, session))
    return out


def standin_spans(case: Case, person: str, only_in_time: bool) -> list[Interval]:
    """What the stand-in rows of an absent person hold; words and "in time" by the absent person's timetable."""
    spans = []
    for row in case.standin:
        if row["absent_person_id"] != person:
            continue
        start, end = bound(case, person, row["start"], False), bound(case, person, row["end"], True)
        parts = [(start, end)] if start < end else []
        if not only_in_time or not_after_first_session(case, person, parts, start, row["filed_at"]):
            spans += parts
    return spans


def held(whole: list[Interval], spans: list[Interval]) -> bool:
    """The spans together hold all of the intervals."""
    return not any(minus(part, spans) for part in whole)


def within(parts: list[Interval], session: Interval) -> list[Interval]:
    """The intervals ∩ the session."""
    return [shared for part in parts if (shared := overlap(part, session)) is not None]


def leave_covered(case: Case, leave: Row, only_in_time: bool) -> bool:
    """The union of the stand-in rows holds all of the leave as taken ∩ the person's sessions."""
    person, parts = leave["person_id"], taken(case, leave)
    spans = standin_spans(case, person, only_in_time)
    return all(held(within(parts, session), spans) for _, _, session in sessions_touched(case, person, parts))


def partners(case: Case, person: str, day: date) -> list[str]:
    """His B's and whoever he is B for, posted that day."""
    own = posting(case, person, day)
    found = []
    for other in case.people:
        post = posting(case, other, day)
        if other == person or post is None:
            continue
        if person in backs(post) or (own is not None and other in backs(own)):
            found.append(other)
    return found


def partner_there(case: Case, partner: str, leave: Row, day: date, session: Interval) -> bool:
    """Has a timetable in the session and no valid leave in it registered at the same time or before this one."""
    if not any(overlap(session, own) for own in known_timetable(case, partner, day)):
        return False
    for other in valid_leaves(case, partner):
        touches = any(overlap(session, part) for part in taken(case, other))
        if touches and moment(other["registered_at"]) <= moment(leave["registered_at"]):
            return False
    return True


def tianyang_row(case: Case, leave: Row) -> tuple[str, str, Touched] | None:
    """第二十三条(五): kind, source and the first session with neither partner nor stand-in."""
    person, parts = leave["person_id"], taken(case, leave)
    spans = standin_spans(case, person, True)
    for day, n, session in sessions_touched(case, person, parts):
        if any(partner_there(case, p, leave, day, session) for p in partners(case, person, day)):
            continue
        if held(within(parts, session), spans):
            continue
        given = [name.strip() for name in leave["approvals"].split(";")]
        kind, source = ("uncovered", "standin") if "unit_leader" in given else ("off_post", "leave")
        return kind, source, (day, n, session)
    return None


def only_person_of_window(case: Case, leave: Row) -> bool:
    """On the leave's first date exactly one posting of his window has no `backup_for`, and it is his."""
    day = span(case, leave)[0].date()
    own = posting(case, leave["person_id"], day)
    if own is None or backs(own):
        return False
    posts = [post for person in case.people if (post := posting(case, person, day)) is not None]
    return len([post for post in posts if post["window"] == own["window"] and not backs(post)]) == 1


def needs_standin(case: Case, leave: Row) -> bool:
    """ninetofive and foursign, length as asked."""
    length = asked_half_days(case, leave)
    if case.site.pack == "foursign":
        return length >= 2
    if post_at_start(case, leave) in ("lead", "chief") or only_person_of_window(case, leave):
        return length >= 1
    return length >= 2


def not_sent(case: Case, leave: Row) -> tuple[str, str, Touched] | None:
    """A leave whose stand-in rows don't cover it: `uncovered`, dated its first working session."""
    touched = sessions_touched(case, leave["person_id"], taken(case, leave))
    if not touched or not needs_standin(case, leave):
        return None
    if leave_covered(case, leave, case.site.pack == "foursign"):
        return None
    return "uncovered", "standin", touched[0]


def registered_afterwards(case: Case, leave: Row) -> bool:
    """changxing: the first registration of the leave was not in time."""
    first = case.site.first_registered.get(leave["leave_id"], leave["registered_at"])
    start = span(case, leave)[0]
    return not not_after_first_session(case, leave["person_id"], asked(case, leave), start, first)


def leave_rows(case: Case, last: date) -> list[Violation]:
    """What valid leaves yield, each for itself."""
    found: list[Violation | None] = []
    for person in case.people:
        for leave in valid_leaves(case, person):
            made = None
            if case.site.pack == "tianyang":
                made = tianyang_row(case, leave)
            if case.site.pack in ("ninetofive", "foursign"):
                made = not_sent(case, leave)
            if made is not None:
                kind, source, (day, n, session) = made
                found.append(row_of(case, person, day, n, kind, source=source, place=(2, session[0])))
            if case.site.pack == "changxing" and registered_afterwards(case, leave):
                start: datetime = span(case, leave)[0]
                found.append(
                    row_of(case, person, start.date(), 0, "retroactive_leave", source="leave", place=(2, start))
                )
    return [row for row in found if row is not None and row.day <= last]


def outing_rows(case: Case, last: date) -> list[Violation]:
    """foursign: an outing not filed in time is one off_post, dated its first session."""
    found: list[Violation | None] = []
    for outing in case.outing if case.site.pack == "foursign" else []:
        person = outing["person_id"]
        touched = sessions_touched(case, person, asked(case, outing), last)
        if touched and not in_time(case, outing):
            day, n, session = touched[0]
            found.append(row_of(case, person, day, n, "off_post", source="outing", place=(2, session[0])))
    return [row for row in found if row is not None and row.day <= last]
