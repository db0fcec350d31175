"""`punchsync notice`: notices that did not arrive, or may not have; and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, say_json, table
from punchsync.cli.ending import USAGE, Ending
from punchsync.core.moment import show_moment
from punchsync.notice_words import answer, notice_state
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.core.notice import Notice
    from punchsync.operations.hall import Hall


@click.group("notice", help=verbs()["notice"])
def command() -> None:
    """The service sends; here somebody decides where it must not."""


@command.command("list", help=_("列出没有送到的通知"))
@click.option("--all", "every", is_flag=True, help=_("也列出已经送到的和不再送的"))
@on_site
def list_notices(site: Path, as_json: bool, every: bool) -> None:
    """What waits, what was given up, and of what nobody knows whether it arrived; without what it says."""
    from punchsync.core.notice import GIVEN_UP, STATES, UNSURE, WAITING
    from punchsync.operations.notices import listed

    with open_site(site) as opened:
        rows = listed(opened.hall, STATES if every else (WAITING, UNSURE, GIVEN_UP))
    if as_json:
        say_json({"notices": [as_data(row) for row in rows]})
    elif rows:
        click.echo("\n".join(lines(rows)))
    else:
        click.echo(_("没有通知") if every else _("没有没送到的通知"))


@command.command("resend", help=_("再送一次：不知道送到没有的、已放弃的；已经送到的部分不重复"))
@click.argument("number", type=int, metavar=_("编号"))
@on_site
def resend(site: Path, as_json: bool, number: int) -> None:
    """Have the service send one again."""
    from punchsync.operations.notices import resend

    decide(site, as_json, number, resend, _("第 {number} 条通知（{subject}）会由服务再送一次"))


@command.command("drop", help=_("不再送：已到群里看过确实收到了的，或不必再送的"))
@click.argument("number", type=int, metavar=_("编号"))
@on_site
def drop(site: Path, as_json: bool, number: int) -> None:
    """Have one never sent."""
    from punchsync.operations.notices import drop

    decide(site, as_json, number, drop, _("第 {number} 条通知（{subject}）不再送"))


def decide(site: Path, as_json: bool, number: int, do: Callable[[Hall, int], Notice], said: str) -> None:
    """Do what somebody wants with a notice, and say so."""
    from punchsync.operations.notices import NoSuchNotice

    with open_site(site) as opened:
        try:
            found = do(opened.hall, number)
        except NoSuchNotice as error:
            missing = _("没有第 {number} 条通知；编号见 punchsync notice list")
            stands = _("第 {number} 条通知现在是“{state}”，不能这样做；见 punchsync notice list")
            text = stands if error.state else missing
            raise Ending(USAGE, [text.format(number=number, state=notice_state(error.state))]) from None
    if as_json:
        say_json({"number": number, "channel": found.channel})
    else:
        click.echo(said.format(number=number, subject=found.subject))


def lines(rows: Sequence[Notice]) -> list[str]:
    """Notices as a table."""
    head = [_("编号"), _("时间"), _("渠道"), _("通知"), _("状态"), _("原因")]
    return table(
        head,
        [
            [str(n.number), show_moment(n.made_at)[:16], n.channel, n.subject, notice_state(n.state), answer(n.detail)]
            for n in rows
        ],
    )


def as_data(n: Notice) -> dict[str, Any]:
    """A notice for a program, without what it says."""
    return {
        "number": n.number, "channel": n.channel, "event": n.event, "subject": n.subject, "state": n.state,
        "tries": n.tries, "detail": n.detail, "parts_done": n.done, "made_at": show_moment(n.made_at),
        "tried_at": show_moment(n.tried_at) if n.tried_at else None,
    }  # fmt: skip
