"""Literal judge for tests: leave and its ladders, outings, required time (HALLS: Required time, Leave, In time)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .hours import Case, bound, known_timetable, posting
from .records import (
    FAR,
    Interval,
    Row,
    clock,
    covered_seconds,
    days_between,
    minus,
    moment,
    overlap,
)

SHORTEST_PIECE = 600
UPPER = {"unit_leader", "centre_leader"}


def span(case: Case, row: Row) -> Interval:
    """Start and end as asked; an outing without an end is still going on."""
    start = bound(case, row["person_id"], row["start"], False)
    return start, bound(case, row["person_id"], row["end"], True) if row["end"] else FAR


def daily(row: Row, start: datetime, end: datetime) -> list[Interval]:
    """The interval, or only its daily hours."""
    if end <= start:
        return []
    if not row.get("daily_from"):
        return [(start, end)]
    parts = [
        overlap((start, end), (clock(day, row["daily_from"]), clock(day, row["daily_to"])))
        for day in days_between(start.date(), end.date())
    ]
    return [part for part in parts if part is not None]


def asked(case: Case, row: Row) -> list[Interval]:
    return daily(row, *span(case, row))


def taken(case: Case, row: Row) -> list[Interval]:
    """Until `returned_at` if earlier; `returned_at` not after `start` cancels it."""
    start, end = span(case, row)
    if row.get("returned_at"):
        end = min(end, moment(row["returned_at"]))
    return daily(row, start, end)


def half_days_on(case: Case, person: str, day: date, parts: list[Interval]) -> int:
    """A session touched counts 1; on a one-session day 1 if at most half of it is covered, else 2."""
    sessions = known_timetable(case, person, day)
    covers = [covered_seconds(session, parts) for session in sessions]
    if len(sessions) == 1 and covers[0] > 0:
        return 1 if covers[0] * 2 <= (sessions[0][1] - sessions[0][0]).total_seconds() else 2
    return len([seconds for seconds in covers if seconds > 0])


def half_days(case: Case, person: str, parts: list[Interval]) -> int:
    days = {day for part in parts for day in days_between(part[0].date(), part[1].date())}
    return sum(half_days_on(case, person, day, parts) for day in sorted(days))


def post_at_start(case: Case, row: Row) -> str:
    """staff, lead or chief, as posted at the leave's start; nothing where not posted that day."""
    post = posting(case, row["person_id"], span(case, row)[0].date())
    return post["post"] if post is not None else ""


def asked_half_days(case: Case, row: Row) -> int:
    """The leave's length as asked."""
    return half_days(case, row["person_id"], asked(case, row))


def ladder(case: Case, row: Row) -> list[set[str]]:
    """The sets of sign-offs any one of which completes the leave's ladder: its own rung and the longer ones."""
    pack, kind = case.site.pack, row["kind"]
    length = asked_half_days(case, row)
    if pack == "yihuang" and kind in ("official", "personal"):
        return [{"window_lead", "inspection"}, UPPER] if length <= (2 if kind == "official" else 4) else [UPPER]
    if pack == "tianyang":
        return [{"window_lead"}]
    if pack == "ninetofive":
        first = "inspection" if post_at_start(case, row) in ("lead", "chief") else "window_lead"
        return [{first}, {"unit_leader"}] if length <= 1 else [{"unit_leader"}]
    if pack == "foursign":
        return [{"centre"}, {"unit_leader"}] if length <= 1 else [{"unit_leader"}]
    return [set()]


def valid(case: Case, row: Row) -> bool:
    """The ladder is complete; `window_lead` isn't asked of a lead or chief; nothing left to ask: any one approval."""
    given = {name.strip() for name in row.get("approvals", "").split(";") if name.strip()}
    if case.site.pack == "yihuang" and row["kind"] == "sick":
        return row.get("certificate") == "yes" and (asked_half_days(case, row) < 6 or given >= UPPER)
    not_asked = {"window_lead"} if post_at_start(case, row) in ("lead", "chief") else set()
    for rung in ladder(case, row):
        wanted = rung - not_asked
        if wanted <= given if wanted else given:
            return True
    return False


def valid_leaves(case: Case, person: str) -> list[Row]:
    """The person's valid leaves that were not cancelled."""
    if person not in case.valid:
        mine = [row for row in case.leave if row["person_id"] == person]
        case.valid[person] = [row for row in mine if valid(case, row) and taken(case, row)]
    return case.valid[person]


def first_session_touched(case: Case, person: str, parts: list[Interval]) -> datetime | None:
    """The start of the first session of the person's own timetable that the intervals touch."""
    for part in sorted(parts):
        last = min(part[1].date(), part[0].date() + timedelta(days=800))
        for day in days_between(part[0].date(), last):
            for session in known_timetable(case, person, day):
                if overlap(session, part):
                    return session[0]
    return None


def not_after_first_session(case: Case, person: str, parts: list[Interval], start: datetime, at: str) -> bool:
    """`at` is not after the start of the first session that the intervals touch (none: than `start`)."""
    first = first_session_touched(case, person, parts) or start
    return bool(at) and moment(at) <= first


def in_time(case: Case, row: Row) -> bool:
    """A leave or outing registered in time; it counts as asked."""
    start, parts = span(case, row)[0], asked(case, row)
    return not_after_first_session(case, row["person_id"], parts, start, row.get("registered_at", ""))


def excuses(case: Case, person: str) -> list[Interval]:
    """Valid leave as taken, and outings filed in time."""
    if person not in case.excused:
        parts = [p for row in valid_leaves(case, person) for p in taken(case, row)]
        parts += [
            p for row in case.outing if row["person_id"] == person and in_time(case, row) for p in asked(case, row)
        ]
        case.excused[person] = parts
    return case.excused[person]


def required(case: Case, person: str, session: Interval) -> tuple[list[Interval], list[Interval]]:
    """Required time = session − valid leave − filed outings; (pieces that stay, pieces dropped as shorter
    than 10 min).
    """
    pieces = minus(session, excuses(case, person))
    stay = [p for p in pieces if (p[1] - p[0]).total_seconds() >= SHORTEST_PIECE]
    return stay, [p for p in pieces if p not in stay]
