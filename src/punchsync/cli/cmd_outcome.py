"""`punchsync outcome`: what totals and scores lead to, and who decided on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from punchsync.cli import verbs
from punchsync.cli.common import PERIOD, PERIODS, on_site, one_line, open_site, say_json, table
from punchsync.cli.ending import BAD_INPUT, USAGE, Ending
from punchsync.core.moment import show_moment
from punchsync.core.points import number
from punchsync.texts import _
from punchsync.words import outcome as meaning
from punchsync.words import outcome_state

if TYPE_CHECKING:
    from punchsync.operations.outcomes import Stated, Wanted

ID: Final = re.compile(r"o[0-9a-f]{12}")


@click.group("outcome", help=verbs()["outcome"])
def command() -> None:
    """Lists what is proposed; people decide."""


@command.command("list", help=_("列出后果、编号与决定"))
@click.option("--period", type=PERIOD, metavar="PERIOD", help=_("这一时期及其中的月和季，如 2026-10、2026-Q4、2026"))
@click.option("--state", type=click.Choice(["proposed", "confirmed", "dropped"]), help=_("只列这一状态"))
@on_site
def list_outcomes(site: Path, as_json: bool, period: str | None, state: str | None) -> None:
    """Every outcome of the last settle with its state."""
    from punchsync.operations.outcomes import listed

    with open_site(site) as opened:
        rows = listed(opened.hall, period, state)
    if as_json:
        say_json({"outcomes": [to_json(row) for row in rows]})
    elif rows:
        click.echo("\n".join(lines(rows)))
    else:
        click.echo(_("没有这样的后果"))


def deciding(name: str, state: str, help: str) -> None:
    """Adds the command that gives an outcome a state."""

    @command.command(name, help=help)
    @click.argument("what", nargs=-1, required=True, metavar=_("编号 | 时期 person|window 工号或窗口 后果"))
    @click.option("--by", required=True, metavar="NAME", help=_("作决定的人"))
    @click.option("--rule", metavar="TEXT", help=_("规则原文；同一后果出自几条规则时用"))
    @click.option("--note", default="", metavar="TEXT", help=_("附注"))
    @on_site
    def decided(site: Path, as_json: bool, what: tuple[str, ...], by: str, rule: str | None, note: str) -> None:
        from punchsync.bootstrap.telling import of_outcomes
        from punchsync.operations.outcomes import NoSuchOutcome, SeveralRules, decide

        wanted, who = meant(what, rule), one_line("--by", by)
        with open_site(site) as opened:
            try:
                also = of_outcomes(opened.hall, opened.listeners())
                row, new = decide(opened.hall, wanted, state, who, " ".join(note.split()), also)
            except NoSuchOutcome as error:
                raise Ending(BAD_INPUT, missing(wanted, error.there)) from None
            except SeveralRules as error:
                said = _("同一后果出自 {n} 条规则，请用编号或 --rule 指明一条：").format(n=len(error.found))
                raise Ending(USAGE, [said, *lines(error.found)]) from None
        if as_json:
            say_json({"changed": new, "outcome": to_json(row)})
            return
        said = _("{id}：{state}，{by}") if new else _("{id} 本来就是“{state}”，没有写入")
        click.echo(said.format(id=row.id, state=outcome_state(row.state), by=who))


deciding("confirm", "confirmed", _("确认一项后果"))
deciding("drop", "dropped", _("撤下一项后果，不采用"))
deciding("reconsider", "proposed", _("收回决定，恢复待定"))


def meant(what: Sequence[str], rule: str | None) -> Wanted:
    """The outcome that is meant by one word or four; the end of the command for anything else."""
    from punchsync.operations.outcomes import Wanted

    if len(what) == 1 and ID.fullmatch(what[0]):
        return Wanted(id=what[0])
    if len(what) != 4:
        found = " ".join(what)
        raise Ending(
            USAGE,
            [
                _("写的是 {found}；应为 outcome list 给出的编号，或“时期 person|window 工号或窗口 后果”四项").format(
                    found=repr(found)
                )
            ],
        )
    period, kind, subject, outcome = what
    if not PERIODS.fullmatch(period):
        raise Ending(USAGE, [_("时期写的是 {value}，应如 2026-10、2026-Q4 或 2026").format(value=repr(period))])
    if kind not in ("person", "window"):
        raise Ending(USAGE, [_("对象写的是 {value}，应为 person 或 window").format(value=repr(kind))])
    return Wanted("", period, kind, subject, outcome, rule)


def missing(wanted: Wanted, there: Sequence[Stated]) -> list[str]:
    """That there is no such outcome, and what there is instead."""
    if wanted.id:
        return [_("没有编号 {id} 的后果；编号见 punchsync outcome list").format(id=wanted.id)]
    place = {"period": wanted.period, "subject": f"{wanted.subject_type} {wanted.subject_id}"}
    if not there:
        return [_("{period} 的 {subject} 没有任何后果；全部见 punchsync outcome list").format(**place)]
    return [_("{period} 的 {subject} 没有这一后果；有的是：").format(**place), *lines(there)]


def lines(rows: Sequence[Stated]) -> list[str]:
    """Outcomes as a table; the columns after the id are the words that name one."""
    head = [
        _("编号"), _("时期"), _("对象"), _("名称"), _("后果"), _("含义"), _("数"), _("状态"), _("决定人"), _("规则"),
        _("条款"),
    ]  # fmt: skip
    return table(
        head,
        [
            [
                row.id, row.outcome.period, row.outcome.subject_type, row.outcome.subject_id, row.outcome.outcome,
                meaning(row.outcome.outcome), number(row.outcome.counted), outcome_state(row.state),
                row.decision.decided_by if row.decision else "", row.outcome.rule, row.outcome.article,
            ]
            for row in rows
        ],
    )  # fmt: skip


def to_json(row: Stated) -> dict[str, Any]:
    """An outcome as JSON."""
    o, d = row.outcome, row.decision
    return {
        "id": row.id, "period": o.period, "subject_type": o.subject_type, "subject_id": o.subject_id,
        "outcome": o.outcome, "count": number(o.counted), "rule": o.rule, "article": o.article, "state": row.state,
        "decided_by": d.decided_by if d else "", "decided_at": show_moment(d.decided_at) if d else "",
        "note": d.note if d else "",
    }  # fmt: skip
