"""Sessions as people write them: `08:30-12:00+14:00-17:30`, one or two a day, at least 30 minutes apart."""

from __future__ import annotations

import re
from typing import Final

from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, MINUTE, parse_clock

APART: Final = 30 * MINUTE
"""Least time between two sessions (HALLS.md, Session)."""

_CLOCK: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SESSION: Final = rf"{_CLOCK}-(?:{_CLOCK}|24:00)"
_SESSIONS: Final = re.compile(rf"{_SESSION}(?:\+{_SESSION})?")


class WrongSessions(ValueError):
    """Sessions that can't be; `reason` is form, reversed, overlapping or near."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_sessions(text: str) -> tuple[Interval, ...]:
    """Sessions as seconds of the day; raises WrongSessions."""
    if not _SESSIONS.fullmatch(text):
        raise WrongSessions("form")
    out = tuple((_clock(part[:5]), _clock(part[6:])) for part in text.split("+"))
    if any(start >= end for start, end in out):
        raise WrongSessions("reversed")
    if len(out) == 2 and out[1][0] < out[0][1]:
        raise WrongSessions("overlapping")
    if len(out) == 2 and out[1][0] - out[0][1] < APART:
        raise WrongSessions("near")
    return out


def is_sessions(text: str) -> bool:
    """Whether a shift is sessions written out, not a name."""
    return _SESSIONS.fullmatch(text) is not None


def _clock(text: str) -> int:
    return DAY if text == "24:00" else parse_clock(text)
