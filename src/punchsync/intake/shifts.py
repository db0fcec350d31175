"""A roster row's shift and the days it applies on: as people write them → canonical text.

Canonical: a shift id of the pack, `off`, `HH:MM-HH:MM[+HH:MM-HH:MM]`; `workdays`, `rest`, `all`, `mon,sat`.
"""

from __future__ import annotations

import re
from collections.abc import Set

from punchsync.core.sessions import WrongSessions, parse_sessions
from punchsync.intake.bad import Bad
from punchsync.intake.words import DAYS, OFF, WEEKDAYS, code_of, listed
from punchsync.texts import _


def shift(text: str, shift_ids: Set[str]) -> str | Bad:
    """A shift id of the pack, `off`, or sessions written out."""
    if text in shift_ids:
        return text
    if text.lower() in OFF:
        return "off"
    allowed = _("off（休）、HH:MM-HH:MM[+HH:MM-HH:MM]，或规则包里的班次：{ids}").format(
        ids=", ".join(sorted(shift_ids)) or _("（没有）")
    )
    try:
        parse_sessions(text)
    except WrongSessions as wrong:
        return {
            "form": Bad(allowed, _("写规则包里有的班次名，或写出上下班时间，例如 08:30-12:00+14:00-17:30")),
            "reversed": Bad(_("每段的结束晚于开始"), _("调换或改正上下班时间")),
            "overlapping": Bad(_("两段按先后写，不重叠"), _("先写上午一段，再写下午一段")),
            "near": Bad(_("两段之间至少相隔 30 分钟"), _("间隔更短的，写成一段")),
        }[wrong.reason]
    return text


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
                _("{words}，或以逗号分隔的 {weekdays}").format(words=listed(DAYS), weekdays=listed(WEEKDAYS)),
                _("改成其中之一，或留空"),
            )
        found.add(code)
    return ",".join(code for code in WEEKDAYS if code in found)


def weekdays(text: str) -> frozenset[int]:
    """The weekdays of canonical days, 0 for Monday; none for a word."""
    names = list(WEEKDAYS)
    return frozenset(names.index(item) for item in text.split(",") if item in WEEKDAYS)
