"""`punchsync period`: close months, open them again, list them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from punchsync.cli import verbs
from punchsync.cli.common import PERIOD, early, on_site, one_line, open_site, say_json, table, timed
from punchsync.cli.ending import BAD_INPUT, complain
from punchsync.core.moment import Moment, show_day, show_moment
from punchsync.texts import _
from punchsync.words import checkpoint, verdict

if TYPE_CHECKING:
    from punchsync.core.closing import Closing
    from punchsync.operations.closing import MonthShown, Obstacle

SHOWN: Final = 20
"""Checkpoints that a refusal names; JSON holds them all."""


@click.group("period", help=verbs()["period"])
def command() -> None:
    """What is closed stays as issued; later corrections are booked in the open month."""


@command.command("close", help=_("关账：一个月，或一季、一年的各月"))
@click.argument("period", type=PERIOD, metavar="PERIOD")
@click.option("--by", default="", metavar="NAME", help=_("关账的人"))
@click.option("--anyway", is_flag=True, help=_("虽有未定之处仍然关账，须用 --reason 写明理由"))
@click.option("--reason", default="", metavar="TEXT", help=_("理由"))
@timed
@on_site
def close(
    site: Path, as_json: bool, as_of: Moment | None, period: str, by: str, anyway: bool, reason: str
) -> int | None:
    """Closes months; refuses, naming all of it, while something of them is not known or not settled."""
    from punchsync.operations.closing import NotYet
    from punchsync.operations.closing import close as do
    from punchsync.operations.settle import TooEarly

    why = one_line("--reason", reason) if anyway else " ".join(reason.split())
    with open_site(site, as_of) as opened:
        try:
            done = do(opened.hall, period, as_of, by=" ".join(by.split()), reason=why, anyway=anyway)
        except TooEarly as error:
            raise early(error.settled) from None
        except NotYet as error:
            remedy = _("没有关账；确要关账，加 --anyway --reason 写明理由")
            return refuse(
                as_json, "closed", [*against(error.obstacles), remedy], obstacles=list(map(to_json, error.obstacles))
            )
    if as_json:
        rows = [closing_json(c) for c in done.done]
        obstacles = list(map(to_json, done.obstacles))
        say_json(
            {
                "closed": rows,
                "already": list(done.already),
                "obstacles": obstacles,
                "open_before": list(done.open_before),
            }
        )
        return None
    if done.obstacles:
        click.echo("\n".join([_("虽有以下未定之处，仍然关账："), *against(done.obstacles)]))
    for text, months in (
        (_("已关账：{months}"), [c.month for c in done.done]),
        (_("本来就已关账，没有写入：{months}"), done.already),
    ):
        if months:
            click.echo(text.format(months="、".join(months)))
    if done.open_before:
        click.echo(_("之前还有没有关账的月份：{months}").format(months="、".join(done.open_before)))
    return None


@command.command("reopen", help=_("重新开账，先开后面的月份"))
@click.argument("period", type=PERIOD, metavar="PERIOD")
@click.option("--by", required=True, metavar="NAME", help=_("重新开账的人"))
@click.option("--reason", required=True, metavar="TEXT", help=_("理由"))
@on_site
def reopen(site: Path, as_json: bool, period: str, by: str, reason: str) -> int | None:
    """Opens months again, the last one first; the next settle concludes them anew."""
    from punchsync.operations.closing import OutOfOrder
    from punchsync.operations.closing import reopen as do

    who, why = one_line("--by", by), one_line("--reason", reason)
    with open_site(site) as opened:
        try:
            done = do(opened.hall, period, by=who, reason=why)
        except OutOfOrder as error:
            said = _("{month} 之后还有已关账的月份，应先重新开账：{first}").format(
                month=error.month, first="、".join(error.first)
            )
            return refuse(as_json, "reopened", [said], first=list(error.first))
    if as_json:
        say_json({"reopened": [closing_json(c) for c in done.done], "already": list(done.already)})
        return None
    if done.done:
        click.echo(_("已重新开账：{months}").format(months="、".join(c.month for c in done.done)))
    else:
        click.echo(_("本来就没有关账，没有写入：{months}").format(months="、".join(done.already)))
    return None


@command.command("list", help=_("列出各月是否关账"))
@on_site
def list_months(site: Path, as_json: bool) -> None:
    """Every month that was settled, closed or opened again."""
    from punchsync.operations.closing import months

    with open_site(site) as opened:
        rows = months(opened.hall)
    if as_json:
        say_json({"months": [month_json(row) for row in rows]})
        return
    head = [_("月份"), _("状态"), _("核算到"), _("时间"), _("经手"), _("理由")]
    click.echo("\n".join(table(head, [month_row(row) for row in rows])))


def refuse(as_json: bool, verb: str, said: list[str], **found: Any) -> int:
    """Say why nothing was done, as JSON too where that was asked for; the exit status."""
    if as_json:
        say_json({verb: [], **found})
    complain(said)
    return BAD_INPUT


def against(obstacles: Iterable[Obstacle]) -> list[str]:
    """What is against closing, naming the first `SHOWN` checkpoints and how many more there are."""
    out: list[str] = []
    room, more = SHOWN, 0
    texts = {
        "not_over": _("{month} 还没有过完"),
        "unsettled": _("{month} 过完之后还没有核算；应先运行 punchsync settle"),
        "due": _("{month} 的记录或规则有变，还没有重新核算；应先运行 punchsync settle"),
        "unpublished": _("{month} 所在年份的放假安排还没有公布，工作日未知；应先导入本大厅的日历"),
        "unknown": _("{month} 还有 {n} 处未知或存疑"),
    }
    for o in obstacles:
        out.append(texts[o.code].format(month=o.month, n=o.count))
        for u in o.unknown[:room]:
            v = u.verdict
            out.append(
                _("  {name}（{person}） {day} 第 {session} 个半天 {checkpoint}：{verdict}").format(
                    name=u.name, person=v.person, day=show_day(v.day), session=v.session,
                    checkpoint=checkpoint(v.checkpoint), verdict=verdict(v.verdict),
                )
            )  # fmt: skip
        more += max(0, len(o.unknown) - room)
        room -= min(room, len(o.unknown))
    return [*out, _("  ……另有 {n} 处").format(n=more)] if more else out


def to_json(o: Obstacle) -> dict[str, Any]:
    """What is against closing a month, as JSON."""
    unknown: Sequence[dict[str, Any]] = [
        {
            "person_id": u.verdict.person, "name": u.name, "date": show_day(u.verdict.day),
            "session": u.verdict.session, "checkpoint": u.verdict.checkpoint, "verdict": u.verdict.verdict,
        }
        for u in o.unknown
    ]  # fmt: skip
    return {"month": o.month, "code": o.code, "count": o.count, "unknown": unknown}


def closing_json(c: Closing) -> dict[str, Any]:
    """A closing or reopening as JSON."""
    return {"month": c.month, "action": c.action, "by": c.by, "reason": c.reason, "at": show_moment(c.at)}


def month_json(row: MonthShown) -> dict[str, Any]:
    """A month as JSON."""
    return {
        "month": row.month,
        "state": "closed" if row.closed else "open",
        "settled_as_of": show_moment(row.settled.as_of) if row.settled else "",
        "last": closing_json(row.last) if row.last else None,
    }


def month_row(row: MonthShown) -> list[str]:
    """A month as a row of a table."""
    return [
        row.month,
        _("已关账") if row.closed else _("未关账"),
        show_moment(row.settled.as_of) if row.settled else "",
        show_moment(row.last.at) if row.last else "",
        row.last.by if row.last else "",
        row.last.reason if row.last else "",
    ]
