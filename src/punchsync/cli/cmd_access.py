"""`punchsync access`: the access log, for who has to account for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import DAY, in_order, on_site, say_json, table
from punchsync.cli.ending import ATTENTION, DONE, complain
from punchsync.core.moment import Day
from punchsync.texts import _


@click.command("access", help=verbs()["access"])
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help=_("从这一天起"))
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help=_("到这一天止"))
@click.option("--who", metavar="USER", help=_("只列这个用户的"))
@click.option("--about", metavar="ID", help=_("只列与它有关的：工号、窗口、月份、编号、文件名"))
@on_site
def command(site: Path, as_json: bool, first: Day | None, last: Day | None, who: str | None, about: str | None) -> int:
    """Lines of the log, oldest first; status 1 where some can't be read."""
    from punchsync.access import FOLDER, read
    from punchsync.core.moment import show_day
    from punchsync.settings import load

    load(site)
    in_order(first, last)
    found = read(site / FOLDER, show_day(first) if first else "", show_day(last) if last else "~")
    lines = [
        line
        for line in found.lines
        if (who is None or line.who == who) and (about is None or line.concerns(frozenset([about])))
    ]
    if as_json:
        say_json({"lines": [line._asdict() for line in lines], "unreadable": found.unreadable})
    else:
        head = [_("时间"), _("用户"), _("由来"), _("命令"), _("关于"), _("退出码")]
        rows = [[x.at, x.who, means(x.by), x.what, said(x.about), str(x.status)] for x in lines]
        click.echo("\n".join(table(head, rows)))
    if found.unreadable:
        complain(
            [
                _("有 {n} 行读不懂：断过电、磁盘满过，或有人改过 {folder}").format(
                    n=found.unreadable, folder=site / FOLDER
                )
            ]
        )
        return ATTENTION
    return DONE


def means(code: str) -> str:
    """How it is known who somebody was."""
    return {"session": _("登录"), "sudo": "sudo", "user": _("系统用户")}.get(code, code)


def said(about: Mapping[str, Any]) -> str:
    """A line's subject in one cell."""
    return " ".join(f"{k}={','.join(map(str, v)) if isinstance(v, list) else v}" for k, v in about.items())
