"""Times as a clerk types them: `930`, `昨天 17:00`, `11-20 上午`, `现在`; pure.

What is not understood is left as it is: the import's own check says what is allowed.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import isleap
from datetime import date
from typing import Final

from punchsync.core.moment import Day, Moment, day_of, show_day, show_moment, to_date

WORDS: Final = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2}
_DAY: Final = (
    r"(?:(?P<word>前天|昨天|今天|明天|后天)"
    r"|(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?"
    r"|(?P<near>[0-9]{1,2})[-/月](?P<on>[0-9]{1,2})日?"
    r"|(?P<only>[0-9]{1,2})[日号])"
)
_CLOCK: Final = (
    r"(?:(?P<hour>[0-9]{1,2})[:点时](?:(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?分?|(?P<half>半))?"
    r"|(?P<digits>[0-9]{3,4})"
    r"|(?P<part>上午|下午|am|pm))"
)
_TYPED: Final = re.compile(rf"{_DAY}?\s*{_CLOCK}?", re.IGNORECASE)


def expanded(text: str, now: Moment, on: Day | None = None) -> str:
    """A short time in full, `YYYY-MM-DD[ HH:MM[:SS]| am| pm]`; a time of day alone is `on` that day,
    or today; a date without its year is the one nearest to today."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.lower() in ("现在", "now", "."):
        return show_moment(now)[:16]
    found = _TYPED.fullmatch(plain)
    if not plain or found is None:
        return text.strip()
    try:
        day = _day(found, day_of(now), day_of(now) if on is None else on)
    except ValueError:
        return text.strip()
    clock = _clock(found)
    return f"{show_day(day)} {clock}" if clock else show_day(day)


def _day(found: re.Match[str], today: Day, on: Day) -> Day:
    """The day that is meant; raises ValueError for none."""
    if found["word"]:
        return today + WORDS[found["word"]]
    if found["year"]:
        return date(int(found["year"]), int(found["month"]), int(found["day"])).toordinal()
    if found["only"]:
        return to_date(today).replace(day=int(found["only"])).toordinal()
    if found["near"]:
        year = to_date(today).year
        month, day = int(found["near"]), int(found["on"])
        years = [y for y in (year - 1, year, year + 1) if (month, day) != (2, 29) or isleap(y)]
        return min((date(y, month, day).toordinal() for y in years), key=lambda d: abs(d - today))
    return on


def _clock(found: re.Match[str]) -> str:
    if found["part"]:
        return {"上午": "am", "下午": "pm"}.get(found["part"], found["part"].lower())
    if found["digits"]:
        return f"{int(found['digits'][:-2]):02d}:{found['digits'][-2:]}"
    if found["hour"]:
        minute = "30" if found["half"] else found["minute"] or "00"
        return f"{int(found['hour']):02d}:{minute}" + (f":{found['second']}" if found["second"] else "")
    return ""
