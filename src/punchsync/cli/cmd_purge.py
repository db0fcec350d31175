"""`punchsync purge`: erase what the settings keep no longer, for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import at_terminal, on_site, one_line, open_site, progress, say_json
from punchsync.cli.ending import ATTENTION, DONE, NOTHING, USAGE, Ending, complain
from punchsync.cli.leftovers import leftovers
from punchsync.core.moment import Day, show_day, show_moment, to_date
from punchsync.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punchsync.bootstrap import Site
    from punchsync.core.anchor import Anchor
    from punchsync.core.checkpoint import Checkpoint, Gone
    from punchsync.operations.purge import Purged, Unproved
    from punchsync.operations.retention import Part, Plan


@click.command("purge", help=verbs()["purge"])
@click.option("--by", default="", metavar="NAME", help=_("清除的人；真要清除时必须写明"))
@click.option("--dry-run", is_flag=True, help=_("只列出到期的数据，不清除"))
@click.option("--yes", is_flag=True, help=_("不再询问，直接清除"))
@on_site
def command(site: Path, as_json: bool, by: str, dry_run: bool, yes: bool) -> int:
    """Erases, behind a checkpoint, whole years that are past their time; status 4 where that can't be proved."""
    from punchsync.operations.purge import Purged, Unproved, plan_purge, purge

    with open_site(site) as opened:
        now, keep = opened.clock.now(), opened.settings.retention
        plan = plan_purge(opened.hall, keep, now)
        if not as_json:
            click.echo("\n".join(lines(plan)))
        if dry_run:
            tell(Purged(plan), as_json, left(opened, plan))
            return DONE
        if plan.cut is None:
            done = Purged(plan, scrubbed=opened.store.scrub() if yes else "")
        else:
            who = one_line("--by", by)
            if not yes:
                ask(max(plan.cut.days.values()))
            try:
                with progress(_("核对")) as advance:
                    done = purge(opened.hall, keep, now, who, advance)
            except Unproved as error:
                complain(unproved(error))
                return NOTHING
        by_hand = left(opened, done.plan)
    tell(done, as_json, by_hand)
    rest = remaining(done.scrubbed)
    complain(rest)
    return ATTENTION if rest else DONE


def ask(day: Day) -> None:
    """Let somebody type the year that goes; the end of the command if he types anything else, or there is nobody."""
    year = f"{to_date(day).year:04d}"
    if not at_terminal():
        raise Ending(USAGE, [_("清除后不能恢复；这里不能询问，确要清除请加 --yes")])
    typed = click.prompt(_("清除后不能恢复。确要清除，请输入最后一个清除的年份"), err=True)
    if str(typed).strip() != year:
        raise Ending(USAGE, [_("输入的是 {typed}，应为 {year}；没有清除").format(typed=repr(typed), year=year)])


def names() -> dict[str, str]:
    """The tables of `[retention]`."""
    return {"punches": _("原始打卡"), "records": _("请假等记录"), "bulletins": _("通报正文"), "names": _("姓名")}


def lines(plan: Plan) -> Iterator[str]:
    """What of each table goes, and why not more."""
    for part in plan.parts:
        yield line(part, plan.gone)
        for hindrance in part.hindrances:
            yield "  " + against(hindrance.code).format(what="、".join(hindrance.what))


def line(part: Part, gone: Gone) -> str:
    """What of a table goes."""
    name = names()[part.table]
    if part.allowed is None:
        return _("{name}：没有设保留年数，一直保留").format(name=name)
    if part.through:
        return _("{name}：清除到 {day}，{counts}").format(
            name=name, day=show_day(part.through), counts=counts(part, gone)
        )
    before = _("，已清除到 {day}").format(day=show_day(part.before)) if part.before else ""
    return _("{name}：没有到期的{before}").format(name=name, before=before)


def counts(part: Part, gone: Gone) -> str:
    """How many rows of a table go."""
    texts = {
        "punches": _("打卡 {n} 条"), "defects": _("不能识读的记录 {n} 条"), "records": _("记录 {n} 条"),
        "appeals": _("申诉的理由与证据 {n} 件"), "bulletins": _("通报 {n} 期"), "names": _("姓名 {n} 个"),
        "accounts": _("离岗或停用已久的账号 {n} 个"),
    }  # fmt: skip
    from punchsync.operations.retention import COUNTED

    return "、".join(texts[name].format(n=gone[name]) for name in COUNTED[part.table] if gone.get(name))


def against(code: str) -> str:
    """What is against erasing more."""
    return {
        "unsettled": _("还没有核算的月份：{what}；应先运行 punchsync settle"),
        "waiting": _("待重新核算的月份：{what}；应先运行 punchsync settle"),
        "open": _("没有关账的月份：{what}；应先运行 punchsync period close"),
        "appeal": _("没有决定的申诉：{what}；应先作决定"),
    }[code]


def unproved(error: Unproved) -> list[str]:
    """Why nothing was erased."""
    from punchsync.cli.cmd_verify import unread_line, words

    out = list(map(words, error.differences))
    if error.unread:
        out.append(unread_line(error.unread))
    if error.after:
        return [*out, _("清除以后，留下的数据会算出别的结果；没有清除，数据未改动。请把以上各行报告给开发者")]
    return [*out, _("核对没有通过；没有清除，数据未改动。请先查明")]


def left(opened: Site, plan: Plan) -> list[str]:
    """The files that may still say what is erased and that nothing here deletes."""
    from punchsync.bootstrap.addresses import store_url

    url = store_url(opened.settings.store.url, opened.folder)
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    return [str(path) for path in leftovers(opened.folder, file, plan)]


def tell(done: Purged, as_json: bool, by_hand: list[str]) -> None:
    """What was erased, the anchor to be signed, and which files are left to delete."""
    if as_json:
        say_json({**as_object(done), "by_hand": by_hand})
        return
    if done.checkpoint is not None and done.anchor is not None:
        erased(done.checkpoint, done.anchor)
    if by_hand:
        click.echo(_("下列文件里可能还有已清除（或将清除）的内容，程序不删，请核对后自己删除："))
        click.echo("\n".join(f"  {file}" for file in by_hand))


def erased(c: Checkpoint, head: Anchor) -> None:
    """What was erased, and the anchor to be signed."""
    click.echo(_("已清除，检查点 {n}；以后的核对从它开始").format(n=c.number))
    click.echo(_("清除前总链第 {height} 环，以前打印的锚仍然有效").format(height=c.height))
    click.echo(_("新的锚：{anchor}（请打印、签名、存档）").format(anchor=head))
    click.echo(_("以前的备份里还有这些数据，到 [backup] 规定的期限自行删除；另存的副本须自己删除"))


def remaining(scrubbed: str) -> list[str]:
    """What is left to do for the bytes to be gone from the disk."""
    text = {
        "busy": _("数据库正被使用，文件里可能还有已清除的字节；请在空闲时再运行 punchsync purge --yes"),
        "full": _(
            "磁盘空间不够整理数据库文件，里面可能还有已清除的字节；请腾出两倍于它的空间，再运行 punchsync purge --yes"
        ),
        "by_hand": _("PostgreSQL 的文件里还有已清除的字节；请在空闲时由管理员运行 VACUUM FULL"),
    }.get(scrubbed)
    return [text] if text else []


def as_object(done: Purged) -> dict[str, Any]:
    """All of it as JSON."""
    c = done.checkpoint
    return {
        "tables": [
            {
                "table": p.table,
                "kept_for_ever": p.allowed is None,
                "allowed": show_day(p.allowed) if p.allowed else "",
                "through": show_day(p.through) if p.through else "",
                "before": show_day(p.before) if p.before else "",
                "hindrances": [{"code": h.code, "what": list(h.what)} for h in p.hindrances],
            }
            for p in done.plan.parts
        ],
        "rows": dict(done.plan.gone),
        "checkpoint": None if c is None else {
            "number": c.number, "through": show_day(c.through) if c.through else "", "by": c.by,
            "at": show_moment(c.at), "height": c.height, "hash": c.hash,
        },
        "anchor": str(done.anchor) if done.anchor else "",
        "files": done.scrubbed,
    }  # fmt: skip
