"""Suspicions in words: what was noticed, and what it may be besides."""

from __future__ import annotations

from punchsync.core.suspicion import (
    APART,
    BACK,
    CLOSE,
    INSIDE,
    KINDS,
    RUSH,
    RUSHES,
    TOGETHER,
    Suspicion,
)
from punchsync.texts import _


def title(kind: str) -> str:
    """A kind of suspicion."""
    return {
        "together": _("总是一起打卡"),
        "rush": _("几秒内连着几个考勤号"),
        "two_places": _("同时在两台考勤机打卡"),
        "on_leave": _("请假当中打卡"),
        "night": _("夜里打卡"),
        "clock_jumped": _("考勤机的钟跳动"),
        "clock_beyond": _("考勤机的钟差得太多"),
        "set_back": _("记录时间倒退"),
    }.get(kind, kind)


def noticed(one: Suspicion) -> str:
    """What was noticed."""
    n = len(one.times)
    texts = {
        "together": _("两人在同一台考勤机上前后 {seconds} 秒内打卡 {n} 次，占其中一人的一半以上"),
        "rush": _("{seconds} 秒内有 {most} 个以上考勤号打卡，共 {n} 次"),
        "two_places": _("{seconds} 秒内在两台考勤机上打卡，共 {n} 次"),
        "on_leave": _("在本人假期当中（离两头都超过 {minutes} 分钟）打卡 {n} 次"),
        "night": _("离本人的班都很远的夜里打卡 {n} 次"),
        "clock_jumped": _("两次读机之间，钟差由 {before} 秒变为 {after} 秒，不像走时不准"),
        "clock_beyond": _("钟差由 {before} 秒到 {after} 秒，超过可以校正的限度"),
        "set_back": _("后写的记录比先写的早 {seconds} 秒以上，共 {n} 次"),
    }
    seconds = {"together": CLOSE, "rush": RUSH[1], "two_places": APART, "set_back": BACK}.get(one.kind, 0)
    before, after = (f"{s:+d}" for s in (one.told or (0, 0)))
    return texts[one.kind].format(n=n, seconds=seconds, most=RUSH[0], minutes=INSIDE // 60, before=before, after=after)


def besides(kind: str) -> str:
    """What else it may be than what one would suspect."""
    return {
        "together": _("也可能只是同路上班；看监控或问一问就清楚。"),
        "rush": _("也可能是排队时刷得快；看监控就清楚。"),
        "two_places": _("也可能是考勤号重号，或两台钟有差。"),
        "on_leave": _("也可能是提前回来没有销假，或来取东西。"),
        "night": _("也可能是值班、加班没有排班，或考勤机的钟不对。"),
        "clock_jumped": _("也可能是停电、校时或换电池；有人动过钟的，考勤机旁应有人知道。"),
        "clock_beyond": _("也可能是停电后没有校时；这段打卡不作数，当事人存疑、不扣分。"),
        "set_back": _("也可能是校时；先拨慢再打卡再拨回来，也是这个样子。"),
    }.get(kind, "")


def rules() -> list[tuple[str, str]]:
    """Every kind with the threshold from which it is told."""
    told = {
        "together": _("同一台考勤机上前后 {seconds} 秒内，至少 {n} 次，且占较少一人打卡的一半").format(
            seconds=CLOSE, n=TOGETHER
        ),
        "rush": _("{seconds} 秒内 {most} 个不同考勤号，至少 {n} 次").format(seconds=RUSH[1], most=RUSH[0], n=RUSHES),
        "two_places": _("两台考勤机相隔不到 {seconds} 秒").format(seconds=APART),
        "on_leave": _("有效假期之内，离两头都超过 {minutes} 分钟").format(minutes=INSIDE // 60),
        "night": _("23:00 到 05:00，前后 3 小时内没有本人的班"),
        "clock_jumped": _("两次读机之间的变化，超过 5 秒加每 2000 秒 1 秒"),
        "clock_beyond": _("超过这台考勤机可以校正的限度"),
        "set_back": _("同一次读机新来的记录里，后写的比先写的早 {seconds} 秒以上").format(seconds=BACK),
    }
    return [(title(kind), told[kind]) for kind in KINDS]
