"""Where somebody is, in words: never more than what is known, and why something is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from punchsync import words
from punchsync.core.bench import Bench
from punchsync.core.intervals import covers
from punchsync.core.moment import Moment, day_of, show_moment
from punchsync.core.presence import Whereabouts
from punchsync.desk.shown import show_minute, show_time
from punchsync.texts import _

LOOKS: Final = {
    "in": "ok", "late": "late", "left": "late", "not_in": "bad", "leave": "away", "out": "away", "staffed": "ok",
    "covered": "away", "empty": "bad",
}  # fmt: skip
"""The class of a status's or a window's tag; those that accuse nobody have none."""


class Shown(NamedTuple):
    """A person's line: the tag's class and word, what is added to it, and who stands in."""

    person: str
    name: str
    look: str
    word: str
    more: str
    standins: str


def shown(one: Whereabouts, bench: Bench, names: Mapping[str, str], now: Moment) -> Shown:
    """A person as somebody sees him who may know all of it."""
    code = one.why if one.status in ("between", "off") else one.status
    standins = "、".join(names.get(s, s) for s in one.standins)
    more = why(one, now)
    if one.status == "leave":
        more = leave_words(one.person, bench, now)
    elif one.status == "out":
        more = outing_words(one.person, bench, now)
    return Shown(one.person, one.name, LOOKS.get(one.status, ""), words.presence(code), more, standins)


def why(one: Whereabouts, now: Moment) -> str:
    """Since when, through when it is known, or why it is not."""
    since = one.since
    if one.status == "not_in":
        return _("截至 {at}").format(at=moment(since, now))
    if one.status != "unknown":
        return show_time(since)
    if one.why in ("unread", "stale") and not since:
        return _("考勤机还没有读过")
    return {
        "no_terminal": _("窗口没有对应的考勤机"),
        "unread": _("考勤机只读到 {at}"),
        "stale": _("到 {at} 没有签到，此后没有读机"),
        "doubt": _("打卡机停用过，或有读不出的记录"),
        "unasked": _("这个班次不签到"),
        "calendar": _("放假安排没有公布"),
    }[one.why].format(at=moment(since, now))


def moment(at: Moment | None, now: Moment) -> str:
    """A time of day, with its date where that is not today's."""
    if at is None:
        return ""
    return show_moment(at)[11:16] if day_of(at) == day_of(now) else show_minute(at)


def leave_words(person: str, bench: Bench, now: Moment) -> str:
    """The kind of the leave that somebody is on, and whether a sign-off is still missing."""
    for leave in bench.excuses.leaves_of(person):
        if covers(bench.excuses.taken(leave), now):
            kind = words.leave(leave.kind)
            return kind if bench.excuses.standing(leave).valid else _("{kind}，手续未全").format(kind=kind)
    return ""


def outing_words(person: str, bench: Bench, now: Moment) -> str:
    """Until when somebody is out."""
    for outing in bench.excuses.outings_of(person):
        start, end = bench.excuses.out(outing)
        if start <= now < end:
            return _("未返回") if outing.end is None else _("到 {at}").format(at=moment(end, now))
    return ""
