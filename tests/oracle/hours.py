"""Literal judge for tests: calendar, postings, timetables, half-day words (HALLS: Working days)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import chinese_calendar

from .halls import HALLS
from .records import DAY, Interval, Row, Site, clock, day_of, in_dates, midnight, moment

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class UnknownYear(Exception):
    """A date in a year neither published nor covered by the hall's calendar."""


class Case:
    """The rows that stand, and what was looked up already."""

    def __init__(self, site: Site, as_of: str) -> None:
        self.site = site
        self.as_of = moment(as_of)
        self.hall = HALLS[site.pack]
        self.staff = site.rows("staff")
        self.roster = site.rows("roster")
        self.leave = site.rows("leave")
        self.outing = site.rows("outing")
        self.standin = site.rows("standin")
        self.calendar = {row["date"]: row["kind"] for row in site.rows("calendar")}
        self.people = sorted({row["person_id"] for row in self.staff})
        self.timetables: dict[tuple[str, date], list[Interval]] = {}
        self.excused: dict[str, list[Interval]] = {}
        self.valid: dict[str, list[Row]] = {}
        self.owed: dict[date, dict[str, list[Interval]]] = {}


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
    named = case.site.interpretations.get(f"{case.site.pack}.{shift}")
    hours = named or case.hall.shifts.get(shift, shift)
    bounds = [part.split("-") for part in hours.split("+")]
    return [(clock(day, start), clock(day, end)) for start, end in bounds]


def default_shift(case: Case, day: date) -> str:
    """The pack's default; in yihuang `summer` from 1 June to 30 September, else `winter`; empty: none."""
    if case.site.pack != "yihuang":
        return case.hall.default
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


def deciding_row(case: Case, person: str, day: date) -> Row | None:
    """The roster row that decides the person's day: his own before the window's, the later entered, the larger id."""
    post = posting(case, person, day)
    if post is None:
        return None
    own = [row for row in case.roster if row.get("person_id") == person and roster_applies(case, row, day)]
    windows = [
        row
        for row in case.roster
        if not row.get("person_id") and row.get("window") == post["window"] and roster_applies(case, row, day)
    ]
    rows = own or windows
    return max(rows, key=lambda r: (moment(r["entered_at"]), r["roster_id"])) if rows else None


def find_timetable(case: Case, person: str, day: date) -> list[Interval]:
    if posting(case, person, day) is None:
        return []
    row = deciding_row(case, person, day)
    if row is not None:
        shift = row["shift"]
        days = row.get("days", "")
        because_working = days == "workdays" or (days == "" and row["from"] != row["to"])
    elif default_shift(case, day) and working_day(case, day):
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
