"""How the demonstration ends: the last bulletin, the books against a fresh computation, the files, what to try next."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import click

from punchsync.cli.common import progress, table
from punchsync.cli.demo_hall import BY_NAME, PACK, STRAYED, WINDOWS
from punchsync.cli.demo_scoring import FILE as SCORES
from punchsync.cli.demo_scoring import deliver_all
from punchsync.cli.demo_stage import NIGHTLY, Stage
from punchsync.cli.demo_tell import Teller, short
from punchsync.core.moment import show_day
from punchsync.core.points import number
from punchsync.operations.verify import Verified, verify
from punchsync.settings import FILE
from punchsync.texts import _


def tell_end(tell: Teller, stage: Stage) -> Verified:
    """The last bulletin, the books and their delivery; returns what verifying found."""
    last_bulletin(tell, stage)
    found = books(tell, stage)
    deliver_all(tell, stage)
    return found


def last_bulletin(tell: Teller, stage: Stage) -> None:
    """The last day's bulletin as it was issued."""
    last = stage.done[-1]
    tell.step(
        _("{day}的日报").format(day=short(last.day)),
        _("这是最后一天 {at} 发出的日报，全文如下。").format(at=NIGHTLY),
        _("punchsync bulletin daily --date {day}").format(day=show_day(last.day)),
    )
    tell.say("\n".join(aligned(last.bulletin.read_text(encoding="utf-8"))))


def aligned(markdown: str) -> Iterator[str]:
    """A bulletin's lines, its tables with their columns under one another."""
    for is_table, lines in groupby(markdown.rstrip().splitlines(), key=lambda line: line.startswith("|")):
        if not is_table:
            yield from lines
            continue
        cells = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in lines]
        yield from table(cells[0], cells[2:])


def books(tell: Teller, stage: Stage) -> Verified:
    """Scores and sums, and every invariant checked against a computation from the raw punches."""
    with progress(_("核对")) as advance:
        found = verify(stage.site.hall, advance)
    entries = stage.rows("ledger")
    reversals = [e for e in entries if e["reverses"]]
    tell.step(
        _("账目与核对"),
        _("共记账 {entries} 笔，其中冲回 {reversals} 笔；合计个人 {person} 分、窗口 {window} 分。").format(
            entries=len(entries),
            reversals=len(reversals),
            person=number(sum((Decimal(e["points"]) for e in entries if e["account_type"] == "person"), Decimal(0))),
            window=number(sum((Decimal(e["points"]) for e in entries if e["account_type"] == "window"), Decimal(0))),
        ),
        _("punchsync verify 从原始打卡重算 {months} 个月，逐条核对判定、违规与账目：差异 {n} 处。").format(
            months=found.months, n=len(found.differences)
        ),
        _("各窗口得分（文明服务，满分 45）与账目合计一致，也与 punchsync export 一致："),
    )
    scores = {
        (s["account_id"], s["period"]): s for s in stage.rows("scores") if s["account_type"] == "window"
    }  # fmt: skip
    periods = sorted({period for _name, period in scores})
    head = [_("窗口")]
    for period in periods:
        head += [_("{period} 扣分").format(period=period), _("得分")]
    rows = []
    for w in WINDOWS:
        mine = [scores[w.name, period] for period in periods]
        rows.append([w.name, *(text for s in mine for text in (s["points"], s["score"]))])
    tell.show(head, rows)
    return found


def files(folder: Path) -> None:
    """Where everything is, for a site that stays."""
    click.echo("")
    click.echo(_("文件在 {folder}:").format(folder=folder))
    for name, says in (
        (FILE, _("设置（考勤机是模拟的，演示结束后就不在了）")),
        ("imports/", _("导入过的人员、请假、考勤号对照、督查表，可照此格式填写")),
        ("bulletins/", _("各日日报")),
        ("data/punchsync.db", _("打卡、判定与账目")),
        (SCORES, _("接收端收到的账目")),
    ):
        click.echo(f"  {folder / name}  {says}")


def next_steps(stage: Stage, folder: Path | None) -> None:
    """A few commands to try."""
    click.echo("")
    click.echo(_("接下来可以试："))
    if folder is None:
        commands: tuple[tuple[str, str], ...] = (
            ("punchsync demo --keep ./demo", _("再演示一遍，留下文件")),
            (f"punchsync rules show {PACK}", _("逐条阅读规则包，每条注明出处")),
            (f"punchsync init ./hall --pack {PACK} --terminal T1=192.0.2.21", _("建立自己的大厅")),
        )
    else:
        day = stage.done[min(1, len(stage.done) - 1)].day
        site = f"punchsync --site {shlex.quote(str(folder))}"
        commands = (
            (f"{site} explain {BY_NAME[STRAYED].id} {show_day(day)}", _("甲四那天的来龙去脉")),
            (f"{site} bulletin daily --format docx,html", _("最后一天的日报，印成公文和网页")),
            (f"{site} export ledger --format xlsx --out ledger.xlsx", _("全部账目，存成表格")),
            (f"{site} verify", _("再核对一遍")),
        )
    for command, says in commands:
        click.echo(f"  {command}")
        click.echo(f"      {says}")
