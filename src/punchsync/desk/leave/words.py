"""A leave's kinds, its days and its sessions in words."""

from __future__ import annotations

from typing import Final

from punchsync import words
from punchsync.core.excuse import Excuses
from punchsync.core.intervals import Interval, intersect, measure
from punchsync.core.moment import DAY, Day, day_of, show_day, weekday
from punchsync.core.timetable import Session
from punchsync.leave_words import clocks
from punchsync.texts import _

DAYS: Final = 8
"""Days of a leave that are named one by one."""
LETTERS: Final = {
    "official": "G", "personal": "S", "sick": "B", "annual": "N", "marriage": "H", "maternity": "C",
    "bereavement": "A", "family": "T", "injury": "O", "paternity": "P", "childcare": "Y", "nursing": "R",
    "prenatal": "J", "compensatory": "X", "other": "Q",
}  # fmt: skip
"""The letter under which a kind is chosen with one key; each once."""


def kinds() -> list[tuple[str, str]]:
    """Every kind with its letter and name, the commonest first."""
    first = ("personal", "sick", "annual", "official", "compensatory")
    order = [*first, *(code for code in LETTERS if code not in first)]
    return [(code, f"{LETTERS[code]} {words.leave(code)}") for code in order]


def day_words(day: Day) -> str:
    """A day with its weekday."""
    return f"{show_day(day)} {words.weekday(weekday(day))}"


def by_day(excuses: Excuses, person: str, spans: list[Interval]) -> list[tuple[Day, str]]:
    """The days on which some stretches excuse a person's sessions, each with those sessions in words."""
    found: dict[Day, list[str]] = {}
    count: dict[Day, int] = {}
    for session, _half_days in excuses.halves(person, spans):
        day = day_of(session.start)
        count[day] = count.get(day, 0) + 1
        found.setdefault(day, []).append(session_words(session, spans))
    return [(day, _("、").join(texts)) for day, texts in found.items()]


def session_words(session: Session, spans: list[Interval]) -> str:
    """A session, or the part of it that is excused."""
    away = intersect([(session.start, session.end)], spans)
    name = _("上午") if session.start % DAY < DAY // 2 else _("下午")
    if measure(away) == session.end - session.start:
        whole = session.start % DAY < DAY // 2 and session.end % DAY > DAY // 2 + 2 * 3600
        return _("全天") if whole else name
    return _("、").join(clocks(a % DAY, b % DAY) for a, b in away)
