"""A roster row's shift and the days it applies on: as people write them → canonical text.

Canonical: a shift id of the pack, `off`, `HH:MM-HH:MM[+HH:MM-HH:MM]`; `workdays`, `rest`, `all`, `mon,sat`.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

from punchsync.core.intervals import Interval
from punchsync.core.moment import HOUR, MINUTE
from punchsync.intake.bad import Bad
from punchsync.intake.words import DAYS, OFF, WEEKDAYS, code_of, listed
from punchsync.texts import _

APART: Final = 30 * MINUTE
"""Least time between two sessions."""

_SESSION: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
_SESSIONS: Final = re.compile(rf"{_SESSION}(?:\+{_SESSION})?")


def shift(text: str, shift_ids: Set[str]) -> str | Bad:
    """A shift id of the pack, `off`, or sessions written out."""
    if text in shift_ids:
        return text
    if text.lower() in OFF:
        return "off"
    allowed = _("off (休), HH:MM-HH:MM[+HH:MM-HH:MM], 或规则包里的班次: {ids}").format(
        ids=", ".join(sorted(shift_ids)) or _("(没有)")
    )
    if not _SESSIONS.fullmatch(text):
        return Bad(allowed, _("写规则包里有的班次名, 或写出上下班时间, 例如 08:30-12:00+14:00-17:30"))
    found = sessions(text)
    if any(start >= end for start, end in found):
        return Bad(_("每段的结束晚于开始"), _("调换或改正上下班时间"))
    if len(found) == 2 and found[1][0] < found[0][1]:
        return Bad(_("两段按先后写, 不重叠"), _("先写上午一段, 再写下午一段"))
    if len(found) == 2 and found[1][0] - found[0][1] < APART:
        return Bad(_("两段之间至少相隔 30 分钟"), _("间隔更短的, 写成一段"))
    return text


def sessions(text: str) -> tuple[Interval, ...]:
    """Sessions written out, as seconds of the day."""
    found = []
    for part in text.split("+"):
        start, end = part.split("-")
        found.append((_seconds(start), _seconds(end)))
    return tuple(found)


def is_sessions(text: str) -> bool:
    """Whether a canonical shift is sessions written out, not a name."""
    return _SESSIONS.fullmatch(text) is not None


def days(text: str) -> str | Bad:
    """On which days a roster row applies: one word, or weekdays from Monday on, each once."""
    word = code_of(DAYS, text)
    if word:
        return word
    found = set()
    for item in re.split(r"[,;，；、\s]+", text.strip(",;，；、")):
        code = code_of(WEEKDAYS, item)
        if code is None:
            return Bad(
                _("{words}, 或以逗号分隔的 {weekdays}").format(words=listed(DAYS), weekdays=listed(WEEKDAYS)),
                _("改成其中之一, 或留空"),
            )
        found.add(code)
    return ",".join(code for code in WEEKDAYS if code in found)


def weekdays(text: str) -> frozenset[int]:
    """The weekdays of canonical days, 0 for Monday; none for a word."""
    names = list(WEEKDAYS)
    return frozenset(names.index(item) for item in text.split(",") if item in WEEKDAYS)


def _seconds(clock: str) -> int:
    return int(clock[:2]) * HOUR + int(clock[3:]) * MINUTE
