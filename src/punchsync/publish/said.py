"""Small words of pages: times, stretches, checkpoints, violations, accounts."""

from __future__ import annotations

from decimal import Decimal

from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, FOREVER, Day, Moment, day_of, show_clock, show_day, show_moment
from punchsync.core.points import number
from punchsync.core.violations import Violation
from punchsync.texts import _
from punchsync.words import account, checkpoint, occurrence


def clock(at: Moment | None, day: Day) -> str:
    """A time of the day in question, with its date where it is another day's; a dash for none."""
    if at is None:
        return "—"
    if at >= FOREVER:
        return _("至今")
    if day_of(at) == day:
        return show_clock(at % DAY)
    return "24:00:00" if at == (day + 1) * DAY else show_moment(at)


def stretch(span: Interval, day: Day) -> str:
    """A half-open stretch of time."""
    return f"{clock(span[0], day)}–{clock(span[1], day)}"


def half(session: int) -> str:
    """A session by its number."""
    return _("第 {n} 半天").format(n=session)


def place(session: int, code: str) -> str:
    """A checkpoint."""
    return half(session) + checkpoint(code)


def length(seconds: int) -> str:
    """Seconds, and minutes with them from a minute on."""
    if seconds < 60:
        return _("{n} 秒").format(n=seconds)
    return _("{n} 秒（{m} 分 {s} 秒）").format(n=seconds, m=seconds // 60, s=seconds % 60)


def holder(kind: str, id: str, category: str) -> str:
    """An account and its category."""
    return f"{account(kind)} {id}〔{category}〕"


def points(value: Decimal) -> str:
    """Points with their sign."""
    return number(value) if value <= 0 else f"+{number(value)}"


def dated(v: Violation, day: Day | None = None) -> str:
    """A violation with its date and session, without the date where it is that day's."""
    said = occurrence(v.kind, v.source)
    where = half(v.session) if v.session else ""
    return " ".join(part for part in ("" if v.day == day else show_day(v.day), where, said) if part)
