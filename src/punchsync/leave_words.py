"""A leave in words: its stretch, and what it still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from punchsync import words
from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, Day, Moment, day_of, show_clock, show_day, show_moment
from punchsync.core.records import Bound, Leave
from punchsync.texts import _


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


def lacking(codes: Iterable[str]) -> str:
    """What a leave lacks."""
    return _("、").join(lacks(codes))


def lacks(codes: Iterable[str]) -> Iterator[str]:
    """Each sign-off or paper that a leave lacks."""
    for code in codes:
        yield {"certificate": _("证明"), "any": _("任何一级签字")}.get(code) or words.sign_off(code)
