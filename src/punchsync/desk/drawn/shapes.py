"""Days drawn as shapes along a time line: numbers for a template's SVG, in per cent of its width. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from punchsync.core.intervals import Interval
from punchsync.core.moment import DAY, HOUR, Moment, show_clock, start_of
from punchsync.core.staffing import Level, Stay
from punchsync.desk.drawn.days import UNSURE, DayView, verdict_word
from punchsync.publish.said import clock, place
from punchsync.texts import _
from punchsync.words import leave as leave_word

MORNING: Final = 8 * HOUR
EVENING: Final = 18 * HOUR
TALL: Final = 120
"""Pixels of a window's chart from nobody to everybody."""


class Axis(NamedTuple):
    """A stretch of the day in seconds of the day."""

    first: int
    last: int

    def at(self, second: int) -> float:
        """Where a second of the day stands, in per cent; what lies outside stands at the end."""
        return round(100 * (min(max(second, self.first), self.last) - self.first) / (self.last - self.first), 2)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Full hours, every second one."""
        return [(self.at(s), show_clock(s)[:5]) for s in range(self.first, self.last + 1, 2 * HOUR)]


class Band(NamedTuple):
    """A stretch: where it begins, how wide it is, and what it is."""

    x: float
    width: float
    kind: str
    title: str


class Point(NamedTuple):
    """A moment: where it is, what it is, and what to say of it."""

    x: float
    kind: str
    title: str
    word: str = ""


class Strip(NamedTuple):
    """A person's day: stretches, due moments and punches."""

    bands: list[Band]
    dues: list[Point]
    punches: list[Point]


class Bar(NamedTuple):
    """A stretch of a window's chart: how many were there, and above them those of whom it is not known, in pixels."""

    x: float
    width: float
    present: int
    unknown: int
    state: str
    title: str


def axis_of(views: Iterable[DayView]) -> Axis:
    """The hours that some days need: an hour around all sessions, whole even hours."""
    spans = [(s.start % DAY, s.end - start_of(v.day)) for v in views if v.plan for s in v.plan.sessions]
    first = min((s[0] for s in spans), default=MORNING) - HOUR // 2
    last = max((s[1] for s in spans), default=EVENING) + HOUR // 2
    return Axis(max(first // HOUR * HOUR, 0), min(-(-last // HOUR) * HOUR, DAY))


def strip(v: DayView, axis: Axis, now: Moment, *, words: bool = False) -> Strip:
    """A day along an axis; with `words` each due moment and punch says what it is."""
    drawn = [b for b in bands(v, axis, now) if b.width > 0]
    return Strip(drawn, list(dues(v, axis, words=words)), list(punches(v, axis, words=words)))


def bands(v: DayView, axis: Axis, now: Moment) -> Iterator[Band]:
    """Sessions first, then what lies over them."""
    for session in v.plan.sessions if v.plan else ():
        yield band(axis, v.day, (session.start, session.end), "session", "")
    for held in v.leaves:
        for span in held.spans:
            word = leave_word(held.leave.kind)
            kind = "leave" if held.standing.valid else "lacking"
            text = word if held.standing.valid else _("{leave}，未批全").format(leave=word)
            yield band(axis, v.day, span, kind, f"{text} {said(span, v.day)}")
    for out in v.outings:
        kind = "outing" if out.in_time else "lacking"
        yield band(axis, v.day, out.span, kind, _("外出 {span}").format(span=said(out.span, v.day)))
    for stood in v.standins:
        if stood.role == "standin":
            text = _("替 {person} 顶岗 {span}").format(person=stood.row.absent, span=said(stood.span, v.day))
            yield band(axis, v.day, stood.span, "standin", text)
    for span in v.dark:
        text = _("考勤机不能打卡或记录不可信 {span}").format(span=said(span, v.day))
        yield band(axis, v.day, span, "dark", text)
    # Only where a session waits for it does it matter that nothing was read.
    if any(x.verdict == "pending" for x in v.verdicts) and start_of(v.day) <= now:
        start, end = max(v.seen, start_of(v.day)), min(now, start_of(v.day + 1))
        if v.plan and start < end:
            yield band(
                axis, v.day, (start, end), "unread", _("考勤机还没有读到 {span}").format(span=said((start, end), v.day))
            )


def dues(v: DayView, axis: Axis, *, words: bool) -> Iterator[Point]:
    """The due moments with the verdict of each; without one those of the timetable."""
    if v.verdicts:
        for x in v.verdicts:
            if x.due is not None:
                word = verdict_word(x.verdict) if words else ""
                kind = "unknown" if x.verdict in UNSURE else x.verdict
                text = f"{place(x.session, x.checkpoint)} {clock(x.due, v.day)} {word}" if words else ""
                yield Point(axis.at(x.due - start_of(v.day)), kind, text, word)
    elif v.plan:
        for point in v.plan.checkpoints:
            text = f"{place(point.session, point.kind)} {clock(point.due, v.day)}" if words else ""
            yield Point(axis.at(point.due - start_of(v.day)), "due", text)


def punches(v: DayView, axis: Axis, *, words: bool) -> Iterator[Point]:
    """The punches, those that serve a checkpoint and those that serve none."""
    used = {x.punch for x in v.verdicts if x.punch is not None}
    for at, terminal in v.punches.items():
        kind = "used" if at in used else "spare"
        yield Point(axis.at(at - start_of(v.day)), kind, f"{clock(at, v.day)} {terminal}" if words else "")


def stretches(rows: Sequence[Stay], day: int, axis: Axis) -> list[Band]:
    """A person's stretches at a window."""
    names = {"in": _("在岗"), "out": _("不在"), "away": _("请假、外出或顶岗"), "unknown": _("不清楚")}
    return [band(axis, day, s[:2], s.state, f"{names[s.state]} {said(s[:2], day)}") for s in rows]


def chart(rows: Sequence[Level], day: int, axis: Axis, most: int) -> list[Bar]:
    """A window's day: how many were there, by the most there could be."""
    out: list[Bar] = []
    for level in rows:
        x, end = axis.at(level.start - start_of(day)), axis.at(level.end - start_of(day))
        text = _("{span}：在岗 {n} 人，不清楚 {m} 人，请假、外出 {a} 人，不在 {o} 人").format(
            span=said((level.start, level.end), day), n=level.present, m=level.unknown, a=level.away, o=level.out
        )
        tall = TALL // max(most, 1)
        out.append(Bar(x, round(end - x, 2), level.present * tall, level.unknown * tall, level.state, text))
    return out


def band(axis: Axis, day: int, span: Interval, kind: str, title: str) -> Band:
    """A stretch of a day; what reaches beyond the axis is cut."""
    x, end = axis.at(span[0] - start_of(day)), axis.at(span[1] - start_of(day))
    return Band(x, round(end - x, 2), kind, title)


def said(span: Interval, day: int) -> str:
    """A stretch of a day in words, to the minute where it has no seconds."""
    return "–".join(clock(min(max(at, start_of(day)), start_of(day + 1)), day) for at in span)
