"""Quiet hours: a stretch of every day in which a channel is told nothing. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from punchsync.core.moment import DAY, HOUR, MINUTE, Moment

FORM: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class Quiet(NamedTuple):
    """From a second of the day until another (not included); the end may lie on the next day."""

    begin: int
    end: int


def parse_quiet(text: str) -> Quiet | None:
    """`HH:MM-HH:MM`; None for an empty text. Raises ValueError for anything else, and for a stretch of no length."""
    if not text:
        return None
    found = FORM.fullmatch(text)
    if found is None or text[:5] == text[6:]:
        raise ValueError(text)
    begin_hour, begin_minute, end_hour, end_minute = (int(part) for part in found.groups())
    return Quiet(begin_hour * HOUR + begin_minute * MINUTE, end_hour * HOUR + end_minute * MINUTE)


def quiet_until(quiet: Quiet | None, now: Moment) -> Moment | None:
    """When the quiet hours that a moment lies in end; None outside of them."""
    if quiet is None:
        return None
    second = now % DAY
    if (second - quiet.begin) % DAY >= (quiet.end - quiet.begin) % DAY:
        return None
    return now + (quiet.end - second) % DAY
