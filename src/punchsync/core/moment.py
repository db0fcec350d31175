"""Moments and days of the hall as plain integers, and their written forms.

A *day* is a proleptic Gregorian ordinal (`date.toordinal()`); a *moment* is seconds of hall time, `day * 86400 +
second of day`. Integers keep judging exact to the second and a million person-days cheap.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

Day = int
Moment = int

DAY: Final = 86_400
HOUR: Final = 3_600
MINUTE: Final = 60
FOREVER: Final = 10**15
"""Later than any moment: the end of what is still going on."""


def day_of(moment: Moment) -> Day:
    """The day a moment lies on."""
    return moment // DAY


def start_of(day: Day) -> Moment:
    """00:00:00 of a day."""
    return day * DAY


def last_second(day: Day) -> Moment:
    """23:59:59 of a day."""
    return day * DAY + DAY - 1


def weekday(day: Day) -> int:
    """0 for Monday to 6 for Sunday."""
    return (day + 6) % 7


def to_day(value: date) -> Day:
    """A calendar date as a day."""
    return value.toordinal()


def to_date(day: Day) -> date:
    """A day as a calendar date."""
    return date.fromordinal(day)


def to_moment(value: datetime) -> Moment:
    """A naive hall time as a moment; fractions of a second are cut."""
    return value.toordinal() * DAY + value.hour * HOUR + value.minute * MINUTE + value.second


def parse_day(text: str) -> Day:
    """`YYYY-MM-DD` as a day; raises ValueError for anything else."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError(text)
    return date.fromisoformat(text).toordinal()


def parse_clock(text: str) -> int:
    """`HH:MM[:SS]` as seconds of the day; raises ValueError for anything else."""
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(len(p) == 2 and p.isascii() and p.isdigit() for p in parts):
        raise ValueError(text)
    hour, minute, second = [int(p) for p in parts] + ([0] if len(parts) == 2 else [])
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(text)
    return hour * HOUR + minute * MINUTE + second


def parse_moment(text: str) -> Moment:
    """`YYYY-MM-DD HH:MM[:SS]` as a moment; raises ValueError for anything else."""
    head, gap, tail = text[:10], text[10:11], text[11:]
    if gap not in (" ", "T"):
        raise ValueError(text)
    return parse_day(head) * DAY + parse_clock(tail)


def show_day(day: Day) -> str:
    """`YYYY-MM-DD`."""
    return date.fromordinal(day).isoformat()


def show_clock(second: int) -> str:
    """Seconds of a day as `HH:MM:SS`."""
    return f"{second // HOUR:02d}:{second // MINUTE % 60:02d}:{second % 60:02d}"


def show_moment(moment: Moment) -> str:
    """`YYYY-MM-DD HH:MM:SS`."""
    day, second = divmod(moment, DAY)
    return f"{show_day(day)} {show_clock(second)}"
