"""Days as a clerk types them in a leave: `20`, `1120`, `11-20p`, `明天`, `20 8:30`; pure.

A short date is the one nearest to today; as an end, the first one that is not before the start.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from punchsync.core.moment import Day, Moment, day_of, parse_day, show_day, to_date
from punchsync.desk.registers.times import WORDS, expanded

HALVES: Final = {"a": "am", "am": "am", "上": "am", "上午": "am", "p": "pm", "pm": "pm", "下": "pm", "下午": "pm"}
_DATE: Final = (
    r"(?:(?P<word>大后天|前天|昨天|今天|明天|后天)"
    r"|(?P<whole>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{8})"
    r"|(?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?"
    r"|(?P<four>[0-9]{4})"
    r"|(?P<only>[0-9]{1,2})[日号]?)"
)
_TAIL: Final = r"(?P<half>am|pm|a|p|上午|下午|上|下)|(?P<hour>[0-9]{1,2})[:点](?P<minute>[0-9]{2})?"
_TYPED: Final = re.compile(rf"{_DATE}?\s*(?:{_TAIL})?")
_CLOCK: Final = re.compile(r"(?P<hour>[0-9]{1,2})[:点](?P<minute>[0-9]{2})?")


def start_of_leave(text: str, now: Moment) -> str:
    """The start in full, `YYYY-MM-DD[ am| pm| HH:MM]`; empty is today; what is not understood stays as it is."""
    return in_full(text, now, None) if text.strip() else show_day(day_of(now))


def end_of_leave(text: str, start: str, now: Moment) -> str:
    """The end in full; empty is the half, or the day, on which a leave begins (`start`, in full)."""
    begins = day_in(start)
    if text.strip():
        return in_full(text, now, begins)
    if start[11:] in ("am", "pm") or begins is None:
        return start
    return start[:10] if not start[11:] else f"{start[:10]} pm"


def in_full(text: str, now: Moment, since: Day | None) -> str:
    """A time in full; a short date is the nearest, or the first from `since` on."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    clock = _CLOCK.fullmatch(plain)
    found = clock or _TYPED.fullmatch(plain)
    if found is None or not plain:
        return expanded(text, now, since)
    try:
        day = (since or day_of(now)) if clock else _day(found, day_of(now), since)
    except ValueError:
        return text.strip()
    if found["hour"]:
        return f"{show_day(day)} {int(found['hour']):02d}:{found['minute'] or '00'}"
    half = "" if clock else found["half"]
    return f"{show_day(day)} {HALVES[half]}" if half else show_day(day)


def _day(found: re.Match[str], today: Day, since: Day | None) -> Day:
    """The day that is meant; raises ValueError for none."""
    if found["word"]:
        return today + (3 if found["word"] == "大后天" else WORDS[found["word"]])
    if found["whole"]:
        parts = found["whole"].split("-") if "-" in found["whole"] else re.findall(r"^....|..", found["whole"])
        return date(*map(int, parts)).toordinal()
    if found["month"] or found["four"]:
        month, day = (int(found["month"]), int(found["day"])) if found["month"] else divmod(int(found["four"]), 100)
        year = to_date(today).year
        return best([(y, month, day) for y in range(year - 1, year + 2)], today, since)
    if found["only"]:
        year, month = to_date(today).year, to_date(today).month
        around = [(year + (month + n - 1) // 12, (month + n - 1) % 12 + 1) for n in range(-1, 4)]
        return best([(y, m, int(found["only"])) for y, m in around], today, since)
    return today if since is None else since


def best(dates: list[tuple[int, int, int]], today: Day, since: Day | None) -> Day:
    """Of the dates that there are the nearest to today, the later of two; or the first from `since` on."""
    days = []
    for parts in dates:
        try:
            days.append(date(*parts).toordinal())
        except ValueError:
            continue
    if since is not None:
        return min((d for d in days if d >= since), default=max(days, default=0))
    if not days:
        raise ValueError(dates)
    return min(days, key=lambda d: (abs(d - today), -d))


def day_in(text: str) -> Day | None:
    """The date with which a time begins."""
    try:
        return parse_day(text[:10])
    except ValueError:
        return None
