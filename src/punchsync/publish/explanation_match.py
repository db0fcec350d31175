"""Every checkpoint with its verdict, what that rests on, and why no other punch, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.alternatives import Alternative
from punchsync.core.explained import Explained, Point
from punchsync.core.ground import Ground
from punchsync.core.moment import DAY, Day
from punchsync.publish.page import Grid, Row
from punchsync.publish.said import clock, place, stretch
from punchsync.texts import _
from punchsync.words import verdict


def verdicts(found: Explained) -> Grid:
    """Every checkpoint with its verdict, and beside it what it rests on and why no other punch."""
    head = (_("考勤点"), _("应到/应离"), _("打卡"), _("考勤机"), _("判定"), _("早晚"), _("打卡时段"))
    rows = []
    for p in found.points:
        v = p.settled or p.fresh
        rows.append(
            Row(
                (
                    place(v.session, v.checkpoint), clock(v.due, found.day), clock(v.punch, found.day),
                    v.terminal, verdict(v.verdict), _("{n} 秒").format(n=v.seconds) if v.seconds else "",
                    stretch((p.point.opens, p.point.shuts), found.day),
                ),
                tuple(notes(p, found)),
                strong=v.verdict not in ("normal", "excused"),
            )
        )  # fmt: skip
    return Grid(head, tuple(rows))


def sealed(found: Explained) -> Grid:
    """Every checkpoint with the verdict that it was given, of a day whose punches were erased."""
    head = (_("考勤点"), _("应到/应离"), _("判定"), _("早晚"))
    return Grid(
        head,
        tuple(
            Row(
                (
                    place(v.session, v.checkpoint), clock(v.due, found.day), verdict(v.verdict),
                    _("{n} 秒").format(n=v.seconds) if v.seconds else "",
                ),
                (),
                strong=v.verdict not in ("normal", "excused"),
            )
            for v in found.verdicts
        ),
    )  # fmt: skip


def notes(p: Point, found: Explained) -> Iterator[str]:
    """What is to be known of a checkpoint's verdict."""
    day = found.day
    if p.due is not None and p.due != p.point.due:
        yield _("作息是 {due}；请假、外出以后移到 {moved}").format(due=clock(p.point.due, day), moved=clock(p.due, day))
    yield from rests(p.ground, day)
    if p.fresh.verdict == "unverified":
        yield _("查实以后将是：{would}").format(would=verdict(p.fresh.would))
    if p.settled is not None and p.settled != p.fresh:
        yield _("按现有记录重新核算：{verdict}，打卡 {punch}").format(
            verdict=verdict(p.fresh.verdict), punch=clock(p.fresh.punch, day)
        )
    why: dict[str, list[str]] = {}
    for a in p.alternatives:
        if a.punch is not None:
            why.setdefault(worse(a, found), []).append(clock(a.punch, day))
    for reason, punches in why.items():
        yield _("不用 {punches}：{why}").format(punches="、".join(punches), why=reason)
    if not why and p.due is not None and p.fresh.verdict not in ("normal", "pending"):
        yield _("打卡时段内没有别的打卡")


def rests(g: Ground, day: Day) -> Iterator[str]:
    """Why a verdict is not certain."""
    if g.nowhere:
        yield _("没有一台考勤机管这个窗口，所以不判")
    if g.early:
        yield _("核算时还没有到 {close}").format(close=clock(g.needed, day))
    for terminal, reached in g.behind:
        yield _("考勤机 {id} 须读到 {needed}，只读到 {reached}").format(
            id=terminal, needed=clock(g.needed, day), reached=clock(reached, day)
        )
    for span in g.dark:
        yield _("{span} 全部考勤机不能打卡或记录灭失").format(span=within(span, day))
    for span in g.doubts:
        yield _("{span} 有读不成打卡的记录，可能是本人的").format(span=within(span, day))


def within(span: tuple[int, int], day: Day) -> str:
    """A stretch with both its ends, cut to the day."""
    first, last = max(span[0], day * DAY), min(span[1], (day + 1) * DAY) - 1
    return f"{clock(first, day)}–{clock(last, day)}"


def worse(a: Alternative, found: Explained) -> str:
    """By what another choice is worse."""
    texts = {
        "unmatched": _("全天会多 {n} 个考勤点没有打卡"),
        "late_early": _("全天会多 {n} 个迟到或早退"),
        "seconds": _("全天迟到、早退合计会多 {n} 秒"),
        "distance": _("全天离应到、应离的时刻合计会远 {n} 秒"),
    }
    if a.criterion in texts:
        return texts[a.criterion].format(n=a.by)
    due = [p for p in found.points if p.due is not None]
    where = place(due[a.at].point.session, due[a.at].point.kind)
    if a.by is None:
        return _("其余都一样，而{where}会没有打卡").format(where=where)
    return _("其余都一样，而{where}的打卡会晚 {n} 秒").format(where=where, n=a.by)
