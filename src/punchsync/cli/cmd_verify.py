"""`punchsync verify`: every invariant, a replay from raw punches, and anchors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, progress, say_json
from punchsync.cli.ending import ATTENTION, DONE, USAGE, Ending, complain
from punchsync.core.moment import Moment, show_day, show_moment
from punchsync.problems import Refused
from punchsync.texts import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from punchsync.bootstrap import Site
    from punchsync.core.anchor import Anchor
    from punchsync.core.difference import Difference
    from punchsync.operations.verify import Verified

HASH = re.compile(r"\b([0-9a-f]{16})[0-9a-f]{48}\b")


@click.command("verify", help=verbs()["verify"])
@click.option("--anchor", "wanted", is_flag=True, help=_("打印总链的锚，供打印、签名、存档"))
@click.option("--against", "texts", multiple=True, metavar=_("锚"), help=_("核对以前打印的锚；可以写多次"))
@on_site
def command(site: Path, as_json: bool, wanted: bool, texts: tuple[str, ...]) -> int:
    """Checks everything that is kept and every settled month; status 1 on any difference."""
    from punchsync.logs import configure
    from punchsync.operations.verify import verify

    configure(quiet=True)
    with open_site(site) as opened:
        anchors = [anchor_of(text, opened.hall.id) for text in texts]
        with progress(_("核对")) as advance:
            found = verify(opened.hall, advance, anchors)
        there, notes = scoring(opened)
        now = opened.clock.now()
    differences = [*found.differences, *there]
    if as_json:
        say_json(as_object(found, differences, anchors, notes))
    else:
        for line in lines(found, differences, anchors):
            click.echo(line)
        if wanted:
            for line in printed(found.anchor, now):
                click.echo(line)
    complain([*map(words, differences), *unseen(found), *notes])
    if wanted and differences:
        complain([_("有差异：查明以前，不要在锚上签名")])
    return ATTENTION if differences else DONE


def anchor_of(text: str, hall: str) -> Anchor:
    """An anchor as typed; the end of the command if it is none of this hall's."""
    from punchsync.core.anchor import LEAST, NoAnchor, parse

    try:
        return parse(text, hall)
    except NoAnchor as error:
        allowed = {
            "form": _("应如 {hall} 1234 3f9a-51c2-…：大厅编号、环数、指纹"),
            "short": _("指纹至少要有 {least} 位"),
            "hall": _("应是本大厅 {hall} 的锚"),
        }[error.reason].format(hall=hall, least=LEAST)
        raise Ending(
            USAGE, [_("--against 写的是 {text}；{allowed}").format(text=repr(text), allowed=allowed)]
        ) from None


def scoring(opened: Site) -> tuple[list[Difference], list[str]]:
    """Where the scoring store differs, or why that can't be said, which is no difference."""
    from punchsync.cli.delivered import unreadable
    from punchsync.core.readback import Unreadable
    from punchsync.operations.verify.outbox import delivered

    try:
        store = opened.scoring()
    except Refused as error:
        return [], [c.show() for c in error.complaints]
    if store is None:
        return [], []
    try:
        return list(delivered(opened.hall, store)), []
    except Unreadable as error:
        return [], [unreadable(store.name, error)]
    finally:
        store.close()


def as_object(
    found: Verified, differences: Sequence[Difference], anchors: Sequence[Anchor], notes: Sequence[str]
) -> dict[str, Any]:
    """All of it as JSON; hashes in full."""
    broken = {d.right for d in differences if d.invariant == "anchor"}
    return {
        "links": found.links,
        "entries": found.entries,
        "months": found.months,
        "waiting": list(found.waiting),
        "unread": list(found.unread),
        "concluded": found.concluded,
        "head": found.head,
        "anchor": {**found.anchor._asdict(), "text": str(found.anchor)},
        "against": [{"anchor": str(a), "holds": str(a) not in broken} for a in anchors],
        "differences": [
            {"invariant": d.invariant, "place": d.place, "found": d.found, "right": d.right} for d in differences
        ],
        "checkpoints": [
            {
                "number": c.number, "at": show_moment(c.at), "by": c.by, "height": c.height, "hash": c.hash,
                "through": show_day(c.through) if c.through else "",
                "erased": {table: show_day(day) for table, day in c.erased.days.items()},
            }
            for c in found.checkpoints
        ],
        "sealed": list(found.sealed),
        "notes": list(notes),
    }  # fmt: skip


def lines(found: Verified, differences: Sequence[Difference], anchors: Sequence[Anchor]) -> list[str]:
    """What was checked, and what could not be."""
    out = [
        _("总链 {links} 环，账目 {entries} 笔，已重算 {months} 个月，差异 {n} 处").format(
            links=found.links, entries=found.entries, months=found.months, n=len(differences)
        )
    ]
    out += [*unseen(found), *proved_from(found)]
    broken = {d.right for d in differences if d.invariant == "anchor"}
    out += [_("锚 {anchor}：相符").format(anchor=a) for a in anchors if str(a) not in broken]
    return out


def unseen(found: Verified) -> list[str]:
    """What could not be checked, so that nobody takes no difference for a clean bill."""
    out = []
    if found.waiting:
        out.append(
            _("{n} 个月待核算，没有重算：{months}；先运行 punchsync settle 再核对").format(
                n=len(found.waiting), months="、".join(found.waiting)
            )
        )
    elif not found.concluded and found.months:
        out.append(_("得分、后果与排名要到下次核算以后才能核对（不算差异）"))
    if found.unread:
        out.append(unread_line(found.unread))
    return out


def unread_line(months: Iterable[str]) -> str:
    """That months could not be judged again."""
    return _("当时的规则包本版已读不出，没有重算：{months}").format(months="、".join(months))


def proved_from(found: Verified) -> list[str]:
    """From which checkpoint on everything is proved anew, and every purge there was: nobody is to erase unseen."""
    from punchsync.cli.cmd_purge import names

    out = []
    for c in found.checkpoints:
        days = c.erased.days
        tables = "、".join(f"{name} {show_day(days[table])}" for table, name in names().items() if table in days)
        out.append(
            _("检查点 {n}：{at} 由 {by} 清除（到：{tables}），在总链第 {height} 环之后").format(
                n=c.number, at=show_moment(c.at), by=c.by, tables=tables, height=c.height
            )
        )
    if found.sealed:
        out.append(
            _(
                "{n} 个月（到 {last} 为止）已封存：不再重算，核对它们与检查点留下的一致；从其后一日起证明到原始打卡"
            ).format(n=len(found.sealed), last=found.sealed[-1])
        )
    return out


def printed(anchor: Anchor, now: Moment) -> list[str]:
    """An anchor as somebody can sign it."""
    return [
        "",
        _("锚：{anchor}").format(anchor=anchor),
        _(
            "取于 {now}。这是总链第 {height} 环的指纹：此前的任何打卡、记录、裁定、账目被改、被删、被添，都对不上它。"
        ).format(now=show_moment(now), height=anchor.height),
        _("请打印、签名、注明日期，存放在服务器以外的地方。以后核对："),
        f'  punchsync verify --against "{anchor}"',
        _("签名：________________  日期：________________"),
    ]


def words(d: Difference) -> str:
    """A difference in one line, hashes shortened."""
    what = {
        "anchor": _("锚"), "links": _("总链"), "rows": _("留存的记录"), "names": _("姓名"),
        "issued": _("关账时的后果与排名"), "values": _("写法"), "raw": _("原始字节"), "chain": _("账目链"),
        "revision": _("账目次序"), "reversal": _("冲回"), "causes": _("账目事由"), "scores": _("得分"),
        "outbox": _("待推送"), "packs": _("当时的规则包"), "verdicts": _("判定"), "violations": _("违规"),
        "tallies": _("月统计"), "facts": _("月度事实"), "standings": _("违规次数"), "months": _("月份"),
        "sealed": _("封存的结果"), "checkpoints": _("检查点"),
        "ledger": _("账目"), "outcomes": _("后果"), "ranking": _("排名"), "scoring": _("评分库"),
        "copy": _("备份的副本"),
    }.get(d.invariant, d.invariant)  # fmt: skip
    nothing = _("（没有）")
    return _("不符〔{invariant}〕{place}：现为 {found}，应为 {right}").format(
        invariant=what,
        place=d.place or d.invariant,
        found=HASH.sub(r"\1…", d.found) or nothing,
        right=HASH.sub(r"\1…", d.right) or nothing,
    )
