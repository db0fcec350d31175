"""A round of reads in words: what it repaired, what was noticed, what needs somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from punchsync.core.moment import show_moment
from punchsync.findings import remedy, words
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.operations.poll import Round

PRESSING = frozenset({"replaced", "shrunk", "layout_changed", "clock_beyond"})
"""What of the things noticed is a reason to look at once."""


def repaired_lines(done: Round) -> list[str]:
    """How far each terminal is read now and was before, and what of it is lost for good."""
    lines = []
    for was, now in done.repaired:
        before = show_moment(was.through) if was.through is not None else _("从未读到")
        through = show_moment(now.through) if now.through is not None else _("从未读到")
        lines.append(
            _("考勤机 {id}：此前读到 {before}，现在读到 {through}").format(
                id=now.terminal, before=before, through=through
            )
        )
        lines += [
            "  "
            + _("灭失：{start} 至 {end}，这段时间的人不会被扣分").format(start=show_moment(start), end=show_moment(end))
            for start, end in now.lost
            if (start, end) not in was.lost
        ]
    return lines


def noticed_lines(done: Round) -> list[str]:
    """What was noticed at the terminals and can wait."""
    return [words(f) for r in done.reads for f in r.noticed if f.code not in PRESSING]


def attention(done: Round) -> list[str]:
    """What of a round needs somebody."""
    lines = [
        _("考勤机 {id} 没有读到：{why}").format(id=r.terminal, why=remedy(r.failure.code))
        for r in done.reads
        if r.failure
    ]
    lines += [
        _("考勤机 {id} 有无人认领的考勤号：{ids}（打卡已保留，导入人员或考勤号对照后生效）").format(
            id=r.terminal, ids="、".join(r.strangers)
        )
        for r in done.reads
        if r.strangers
    ]
    lines += [words(f) for r in done.reads for f in r.noticed if f.code in PRESSING]
    lines += [
        _("考勤机 {id} 有一段记录灭失：{start} 至 {end}；这段时间的人不会被扣分，可补签或裁定").format(
            id=now.terminal, start=show_moment(start), end=show_moment(end)
        )
        for was, now in done.repaired
        for start, end in now.lost
        if (start, end) not in was.lost
    ]
    if done.settled and done.settled.unpublished:
        lines.append(unpublished_line(done.settled.unpublished))
    return lines


def unpublished_line(years: Sequence[int]) -> str:
    """What to do about years nobody has published."""
    return _(
        "{years} 年的放假安排没有公布，本大厅也没有导入，这一年的日子不核算；"
        "公布后用 punchsync import calendar FILE 导入（列：date、kind[work, off, am_off, pm_off]、note）"
    ).format(years="、".join(map(str, years)))


def against_line(off: int) -> str:
    """Why nothing was settled after a round of reads."""
    return _(
        "几台考勤机彼此一致，服务器的时钟却差 {n} 秒（正数是服务器快）：没有核算，谁也没有被扣分；"
        "校准服务器的时钟（timedatectl），再读一次"
    ).format(n=f"{off:+d}")
