"""How the demonstration speaks: numbered steps, each what happened, what was done, what to look at, and a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import click

from punchsync.cli.common import table, width
from punchsync.cli.demo_hall import BY_NAME, PEOPLE
from punchsync.cli.demo_stage import Stage
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, show_day, to_date
from punchsync.core.points import number
from punchsync.texts import _
from punchsync.words import account, checkpoint, occurrence, verdict

NAMES = {p.id: p.name for p in PEOPLE}
Place = tuple[str, int, str]
"""A checkpoint: a person's name, the session, `in` or `out`."""


class Teller:
    """Counts the steps and says them."""

    def __init__(self) -> None:
        self._steps = 0

    def step(self, title: str, happened: str, did: str, look: str = "") -> None:
        """Begin a step."""
        self._steps += 1
        heads = (_("发生"), _("处理"), _("请看"))
        indent = max(map(width, heads)) + 2
        click.echo("")
        click.echo(f"{self._steps}. {title}")
        for head, text in zip(heads, (happened, did, look), strict=True):
            for n, line in enumerate(text.splitlines()):
                begin = head if n == 0 else ""
                click.echo("   " + begin + " " * (indent - width(begin)) + line)

    def show(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table under a step."""
        click.echo("")
        for line in table(head, rows):
            click.echo("   " + line)

    def say(self, text: str) -> None:
        """A line under a step, after its table."""
        click.echo("")
        for line in text.splitlines():
            click.echo(("   " + line).rstrip())


def opening(stage: Stage, days: Sequence[Day]) -> None:
    """What this is, before the first step."""
    hall = stage.site.hall
    click.echo(
        _("punchsync 演示：{hall}，{n} 个工作日（{first} 至 {last}），规则包 {pack}").format(
            hall=hall.name, n=len(days), first=show_day(days[0]), last=show_day(days[-1]), pack=hall.pack.name
        )
    )
    click.echo(_("人名都是编的，考勤机是模拟的，时间由演示拨动；读机、核算、记账、通报都是真的。"))


def short(day: Day) -> str:
    """A day as people say it: month, day, weekday."""
    date = to_date(day)
    names = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return _("{month} 月 {day} 日{weekday}").format(month=date.month, day=date.day, weekday=names[date.weekday()])


def place_name(session: int, side: str) -> str:
    """A checkpoint in words."""
    half = _("上午") if session == 1 else _("下午")
    return half + checkpoint(side)


def show_places(tell: Teller, stage: Stage, day: Day, places: Iterable[Place]) -> None:
    """Checkpoints with what came of each: due, punch, seconds, verdict, and what that half-day was charged."""
    found = {(v["person_id"], v["session"], v["checkpoint"]): v for v in stage.rows("verdicts", day, day)}
    rows = []
    for name, session, side in places:
        v = found[BY_NAME[name].id, str(session), side]
        rows.append(
            [
                name, place_name(session, side), v["due"][11:] or "—", v["punch"][11:] or "—", v["seconds"],
                verdict(v["verdict"]), charged(stage, day, name, str(session)),
            ]
        )  # fmt: skip
    head = [_("姓名"), _("考勤点"), _("应到"), _("打卡"), _("差（秒）"), _("判定"), _("该半天记为（个人扣分）")]
    tell.show(head, rows)


def charged(stage: Stage, day: Day, name: str, session: str) -> str:
    """A person's violations of a session with the points booked to the person for each; a dash for none."""
    mine = BY_NAME[name].id
    entries = stage.rows("ledger", day, day)
    said = []
    for v in stage.rows("violations", day, day):
        if (v["person_id"], v["session"]) == (mine, session):
            own = [Decimal(e["points"]) for e in entries if e["cause"].startswith(f"{v['id']}@person:")]
            said.append(occurrence(v["kind"], v["source"]) + (f" {number(sum(own, Decimal(0)))}" if own else ""))
    return "、".join(said) or "—"


def show_entries(tell: Teller, entries: Sequence[Entry]) -> None:
    """Entries as a table: what is taken back with what it reverses, what is posted with its article."""
    back = any(e.reverses for e in entries)
    rows = [
        [
            e.entry_id, show_day(e.value_date), account(e.account_type), NAMES.get(e.account_id, e.account_id),
            number(e.points), e.rule, e.reverses if back else e.article,
        ]
        for e in entries
    ]  # fmt: skip
    last = _("冲回哪一笔") if back else _("条款")
    tell.show([_("编号"), _("日期"), _("账户"), _("名称"), _("分值"), _("规则"), last], rows)


def count(stage: Stage, state: str, first: Day, last: Day) -> int:
    """How many checkpoints of a stretch of days have a verdict."""
    return sum(v["verdict"] == state for v in stage.rows("verdicts", first, last))
