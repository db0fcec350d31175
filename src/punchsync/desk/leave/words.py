"""A leave in words: its stretch, its length, its sessions, what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from punchsync import words
from punchsync.core.excuse import Excuses
from punchsync.core.intervals import Interval, intersect, measure
from punchsync.core.moment import DAY, Day, Moment, day_of, show_clock, show_day, show_moment, weekday
from punchsync.core.records import Bound, Leave
from punchsync.core.timetable import Session
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


def stretch(leave: Leave) -> str:
    """From when to when."""
    return between(leave.start, leave.end, leave.daily)


def between(start: Bound, end: Bound, daily: Interval | None = None) -> str:
    """A stretch as short as it can be said."""
    first, last = end_day(start.moment, start, False), end_day(end.moment, end, True)
    halves = part(start, False), part(end, True)
    if first == last:
        am, pm = half("am"), half("pm")
        same = {("", ""): _("全天"), (am, pm): _("全天"), (am, am): am, (pm, pm): pm}
        joined = _("{start} 至 {end}").format(start=halves[0] or "00:00", end=halves[1] or "24:00")
        text = f"{show_day(first)} {same.get(halves, joined)}"
    else:
        both = [" ".join(filter(None, (show_day(d), h))) for d, h in zip((first, last), halves, strict=True)]
        text = _("{start} 至 {end}").format(start=both[0], end=both[1])
    return text if daily is None else _("{span}，每日 {hours}").format(span=text, hours=clocks(*daily))


def end_day(moment: Moment, bound: Bound, ending: bool) -> Day:
    """The day that one end of a stretch names; midnight ends the day before it."""
    return day_of(moment - 1) if ending and not bound.half and moment % DAY == 0 else day_of(moment)


def part(bound: Bound, ending: bool) -> str:
    """The half or the time of day of one end; empty at the edge of a day."""
    if bound.half:
        return half(bound.half)
    return "" if bound.moment % DAY == 0 else show_moment(bound.moment)[11:16]


def half(code: str) -> str:
    """A half of a day."""
    return _("上午") if code == "am" else _("下午")


def clocks(start: int, end: int) -> str:
    """Two times of day."""
    return f"{show_clock(start)[:5]}–{show_clock(end)[:5]}"


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


def lacking(codes: Iterable[str]) -> str:
    """What a leave lacks."""
    return _("、").join(lacks(codes))


def lacks(codes: Iterable[str]) -> Iterator[str]:
    """Each sign-off or paper that a leave lacks."""
    for code in codes:
        yield {"certificate": _("证明"), "any": _("任何一级签字")}.get(code) or words.sign_off(code)
