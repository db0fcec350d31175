"""Literal judge for tests: calendar, postings, timetables, half-day words, leave, outings (HALLS: Working
days, Leave, In time).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import chinese_calendar

from .records import (
    DAY,
    FAR,
    Interval,
    Row,
    Site,
    clock,
    covered_seconds,
    day_of,
    days_between,
    in_dates,
    midnight,
    minus,
    moment,
    overlap,
)

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SHIFTS = {"winter": "08:30-12:00+14:30-17:30", "summer": "08:30-12:00+15:00-18:00"}
SHORTEST_PIECE = 600


class UnknownYear(Exception):
    """A date in a year neither published nor covered by the hall's calendar."""


class Case:
    """The rows that stand, and what was looked up already."""

    def __init__(self, site: Site, as_of: str) -> None:
        self.site = site
        self.as_of = moment(as_of)
        self.staff = site.rows("staff")
        self.roster = site.rows("roster")
        self.leave = site.rows("leave")
        self.outing = site.rows("outing")
        self.calendar = {row["date"]: row["kind"] for row in site.rows("calendar")}
        self.people = sorted({row["person_id"] for row in self.staff})
        self.timetables: dict[tuple[str, date], list[Interval]] = {}
        self.excused: dict[str, list[Interval]] = {}


def posting(case: Case, person: str, day: date) -> Row | None:
    """The person's staff row whose `from`–`to` holds the day."""
    found = [row for row in case.staff if row["person_id"] == person and in_dates(row, day)]
    return found[0] if found else None


def published(case: Case, year: int) -> bool:
    """Published by the State Council (as far as the package knows), or the hall has a calendar row in that
    year.
    """
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
        return True
    except NotImplementedError:
        return any(text.startswith(f"{year:04d}-") for text in case.calendar)


def working_day(case: Case, day: date) -> bool:
    """State Council calendar with make-up days, overridden by date; am_off and pm_off are working days."""
    kind = case.calendar.get(day.isoformat())
    if kind is not None:
        return kind in ("work", "am_off", "pm_off")
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        if not published(case, day.year):
            raise UnknownYear(day.isoformat()) from None
        return day.weekday() < 5


def shift_sessions(case: Case, day: date, shift: str) -> list[Interval]:
    """A shift's id or its hours, as the sessions of one date."""
    if shift == "off":
        return []
    hours = case.site.interpretations.get("yihuang." + shift) or SHIFTS.get(shift, shift)
    bounds = [part.split("-") for part in hours.split("+")]
    return [(clock(day, start), clock(day, end)) for start, end in bounds]


def default_shift(case: Case, day: date) -> str:
    """`summer` from 1 June to 30 September, else `winter`."""
    first = case.site.interpretations.get("yihuang.summer_from", "06-01")
    last = case.site.interpretations.get("yihuang.summer_to", "09-30")
    return "summer" if first <= day.strftime("%m-%d") <= last else "winter"


def roster_applies(case: Case, row: Row, day: date) -> bool:
    """A range of more than one day applies on working days, a single day always; `days` says otherwise."""
    if not in_dates(row, day):
        return False
    days = row.get("days", "")
    if days == "":
        return row["from"] == row["to"] or working_day(case, day)
    if days == "all":
        return True
    if days == "workdays":
        return working_day(case, day)
    if days == "rest":
        return not working_day(case, day)
    return WEEKDAYS[day.weekday()] in [name.strip() for name in days.split(",")]


def timetable(case: Case, person: str, day: date) -> list[Interval]:
    """The person's roster row, else the window's, else the default shift on working days, else nothing;
    then am_off/pm_off.
    """
    if (person, day) not in case.timetables:
        case.timetables[person, day] = find_timetable(case, person, day)
    return case.timetables[person, day]


def find_timetable(case: Case, person: str, day: date) -> list[Interval]:
    post = posting(case, person, day)
    if post is None:
        return []
    own = [row for row in case.roster if row.get("person_id") == person and roster_applies(case, row, day)]
    windows = [
        row
        for row in case.roster
        if not row.get("person_id") and row.get("window") == post["window"] and roster_applies(case, row, day)
    ]
    rows = own or windows
    if rows:
        row = max(rows, key=lambda r: (moment(r["entered_at"]), r["roster_id"]))
        shift = row["shift"]
        days = row.get("days", "")
        because_working = days == "workdays" or (days == "" and row["from"] != row["to"])
    elif working_day(case, day):
        shift, because_working = default_shift(case, day), True
    else:
        return []
    sessions = shift_sessions(case, day, shift)
    kind = case.calendar.get(day.isoformat())
    noon = midnight(day) + timedelta(hours=12)
    if because_working and kind == "am_off":
        sessions = [(max(start, noon), end) for start, end in sessions if end > noon]
    if because_working and kind == "pm_off":
        sessions = [(start, min(end, noon)) for start, end in sessions if start < noon]
    return sessions


def known_timetable(case: Case, person: str, day: date) -> list[Interval]:
    """The timetable, but days of an unpublished year have none yet."""
    return timetable(case, person, day) if published(case, day.year) else []


def bound(case: Case, person: str, text: str, is_end: bool) -> datetime:
    """A moment; a date alone (00:00 as a start, 24:00 as an end); or a half-day word, resolved in the
    person's timetable.
    """
    if text[10:].strip() in ("am", "上午", "pm", "下午"):
        day = day_of(text[:10])
        first = text[10:].strip() in ("am", "上午")
        sessions = known_timetable(case, person, day)
        if len(sessions) == 2:
            start, end = sessions[0] if first else sessions[1]
        else:
            noon = midnight(day) + timedelta(hours=12)
            start, end = (midnight(day), noon) if first else (noon, midnight(day) + DAY)
        return end if is_end else start
    if len(text) == 10:
        return midnight(day_of(text)) + (DAY if is_end else timedelta())
    return moment(text)


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


def valid(case: Case, row: Row) -> bool:
    """考勤制度 3: length as asked; a longer rung's sign-offs satisfy the shorter of its kind."""
    given = {name.strip() for name in row.get("approvals", "").split(";") if name.strip()}
    length = half_days(case, row["person_id"], asked(case, row))
    upper = {"unit_leader", "centre_leader"}
    kind = row["kind"]
    if kind == "sick":
        return row.get("certificate") == "yes" and (length < 6 or upper <= given)
    if kind not in ("official", "personal"):
        return bool(given)
    short = {"window_lead", "inspection"}
    post = posting(case, row["person_id"], span(case, row)[0].date())
    if post is not None and post["post"] in ("lead", "chief"):
        short = {"inspection"}
    if length <= (2 if kind == "official" else 4) and short <= given:
        return True
    return upper <= given


def first_session_touched(case: Case, person: str, parts: list[Interval]) -> datetime | None:
    """The start of the first session of the person's own timetable that the intervals touch."""
    for part in sorted(parts):
        last = min(part[1].date(), part[0].date() + timedelta(days=800))
        for day in days_between(part[0].date(), last):
            for session in known_timetable(case, person, day):
                if overlap(session, part):
                    return session[0]
    return None


def in_time(case: Case, row: Row) -> bool:
    """Registered not after the start of the first session that it, as asked, touches (none: its start)."""
    first = first_session_touched(case, row["person_id"], asked(case, row)) or span(case, row)[0]
    return bool(row.get("registered_at")) and moment(row["registered_at"]) <= first


def excuses(case: Case, person: str) -> list[Interval]:
    """Valid leave as taken, and outings filed in time."""
    if person not in case.excused:
        parts = [p for row in case.leave if row["person_id"] == person and valid(case, row) for p in taken(case, row)]
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
