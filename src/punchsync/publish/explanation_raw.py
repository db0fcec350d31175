"""What was read: raw records with their bytes and what became of them, terminals, doubts, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.alternatives import Fate
from punchsync.core.explained import Explained, Raw, TerminalRead
from punchsync.core.moment import Day, show_moment
from punchsync.core.stored import ReadingNote
from punchsync.publish.page import Item
from punchsync.publish.said import clock, place
from punchsync.texts import _
from punchsync.words import claim, defect, outage, transport


def raw(found: Explained) -> Iterator[Item]:
    """Every raw record and paper sign-in, with its bytes and what became of it."""
    for r in found.raw:
        p = r.punch
        at = p.at if r.at is None else r.at
        text = _("{at}  {terminal}  考勤号 {id}（{claim}）  {fate}").format(
            at=clock(at, found.day), terminal=p.terminal, id=p.device_user_id, claim=claim(r.claim),
            fate=became(r.fate, found),
        )  # fmt: skip
        where = _("第 {reading} 次读取（{source}）第 {position} 条：{raw}").format(
            reading=p.reading, source=transport(p.source), position=p.position + 1, raw=p.raw.hex()
        )
        yield Item(text, (*timed(r, found.day), where))
    for s in found.papers:
        yield Item(
            _("{at}  补签（签到表 {sheet}，{by} 批准）  {fate}").format(
                at=clock(s.paper.at, found.day), sheet=s.paper.sheet or "—", by=s.paper.approved_by,
                fate=became(s.fate, found),
            )
        )  # fmt: skip


def became(f: Fate, found: Explained) -> str:
    """What became of a record."""
    point = found.points[f.checkpoint].point if f.checkpoint is not None else None
    where = place(point.session, point.kind) if point else ""
    return {
        "serves": _("用于{where}"),
        "close": _("没有用：离{where}所用的打卡不足 60 秒"),
        "worse": _("没有用：{where}另有更合适的配对"),
        "outside": _("没有用：不在任何应打卡的时段内"),
        "same_second": _("没有用：同一秒另有一条"),
        "unplaced": _("没有用：考勤机的钟当时不可信"),
    }[f.code].format(where=where)


def timed(r: Raw, day: Day) -> Iterator[str]:
    """What a record's time rests on, where the terminal's clock was off."""
    b, wrote = r.basis, show_moment(r.punch.at)
    if b.how in ("right", "steady") and r.doubt is None:
        return
    if r.at is None:
        yield _("考勤机的钟当时不可信，这一条不作打卡，当事人此间的缺卡、迟到、早退一律存疑")
    elif r.at != r.punch.at:
        yield _("考勤机的钟写的是 {raw}，按读机时测得的时差校正").format(raw=wrote)
    s = b.stretch
    if s is not None and s.start is not None:
        yield _("时差：{start} 时 {before:+d} 秒，{end} 时 {after:+d} 秒；{how}").format(
            start=clock(s.start, day), before=s.before, end=clock(s.end, day), after=s.after, how=how(b.how)
        )
    elif s is not None:
        yield _("时差：{end} 第一次测得 {after:+d} 秒；{how}").format(
            end=clock(s.end, day), after=s.after, how=how(b.how)
        )
    elif b.last is not None:
        yield _("时差：{at} 最后一次测得 {offset:+d} 秒；此后没有再测").format(
            at=clock(b.last[0], day), offset=b.last[1]
        )
    elif b.how == "file":
        yield _("只在文件里，没有一次读机读到它；按它所写的时刻归段")
    if r.doubt is not None:
        yield _("真正的时刻在 {first} 至 {last} 之间，此间的缺卡、迟到、早退存疑").format(
            first=clock(r.doubt[0], day), last=clock(r.doubt[1], day)
        )


def how(code: str) -> str:
    """How a time was placed between two looks at a clock."""
    return {
        "offset": _("照这个时差校正"),
        "drift": _("走时不准，按比例推算"),
        "first": _("此前没有测过，钟也可能是准的"),
        "jumped": _("这一段里钟被拨过"),
        "beyond": _("超过可校正的限度"),
        "steady": _("钟是准的"),
    }.get(code, code)


def terminals(found: Explained) -> Iterator[Item]:
    """The terminals that had to be read, and how far each was."""
    for t in found.terminals:
        yield Item(terminal(t, found.day), tuple(failures(t, found.day)))
    if found.posting is not None and not found.terminals:
        yield Item(_("没有（因此不判缺卡、迟到、早退）"))
    for d in found.doubts:
        whose = _("考勤号 {id}").format(id=d.device_user_id) if d.device_user_id else _("不知是谁的")
        yield Item(
            _("疑点：{terminal} {whose}，{first} 至 {last}，{why}").format(
                terminal=d.terminal, whose=whose, first=clock(d.first, found.day), last=clock(d.last, found.day),
                why=defect(d.why),
            )
        )  # fmt: skip


def terminal(t: TerminalRead, day: Day) -> str:
    """How far a terminal was read, and by what."""
    if t.through is None:
        return _("{id} 还没有读到").format(id=t.terminal)
    by = f"（{source(t.by)}）" if t.by else ""
    return _("{id} 读到 {through}{by}").format(id=t.terminal, through=show_moment(t.through), by=by)


def source(n: ReadingNote) -> str:
    """A reading."""
    if n.began is None:
        return _("第 {n} 次读取，文件 {name}，{at} 导入").format(n=n.number, name=n.name, at=show_moment(n.at))
    return _("第 {n} 次读取，{source}，{at}").format(n=n.number, source=transport(n.source), at=show_moment(n.began))


def failures(t: TerminalRead, day: Day) -> Iterator[str]:
    """What of a terminal's day was lost or could not be taken."""
    for o in t.outages:
        yield _("停机：{start} 至 {end}，{kind}").format(
            start=clock(o.start, day), end=clock(o.end, day), kind=outage(o.kind)
        )
    for lo, hi in t.lost:
        yield _("灭失：{start} 至 {end}").format(start=clock(lo, day), end=clock(hi, day))
