"""Working days: the State Council's calendar with make-up days, and the hall's own dates, which win."""

from __future__ import annotations

from punchsync.core.moment import Day, to_date, weekday
from punchsync.core.records import Calendar


def known(calendar: Calendar, day: Day) -> bool:
    """Whether the year of a date is published or covered by the hall's own calendar (else nobody may guess)."""
    year = to_date(day).year
    return year in calendar.years or any(to_date(d).year == year for d in calendar.overrides)


def day_kind(calendar: Calendar, day: Day) -> str:
    """`work`, `off`, `am_off` or `pm_off` of a date in a known year; `unknown` for any other."""
    override = calendar.overrides.get(day)
    if override:
        return override
    if not known(calendar, day):
        return "unknown"
    if day in calendar.makeup:
        return "work"
    if day in calendar.holidays or weekday(day) >= 5:
        return "off"
    return "work"
