"""`punchsync statement`: an account of a month, quarter or year, entry by entry."""

from __future__ import annotations

from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.common import PERIOD, nobody, on_site, open_site
from punchsync.cli.ending import USAGE, Ending
from punchsync.cli.paper import paged, say
from punchsync.texts import _


@click.command("statement", help=verbs()["statement"])
@click.argument("subject_type", type=click.Choice(["person", "window"]))
@click.argument("subject_id", metavar=_("工号或窗口名"))
@click.option("--month", type=PERIOD, metavar="YYYY-MM", help=_("哪个月"))
@click.option("--period", type=PERIOD, metavar="PERIOD", help=_("哪个月、季或年，如 2026-10、2026-Q4、2026"))
@paged
@on_site
def command(
    site: Path,
    as_json: bool,
    subject_type: str,
    subject_id: str,
    month: str | None,
    period: str | None,
    page: Path | None,
) -> None:
    """What a person's or window's points come to, as of the last settle."""
    from punchsync.operations.statement import Nobody, statement
    from punchsync.publish.statement import of, to_json

    asked = chosen(month, period)
    with open_site(site) as opened:
        try:
            found = statement(opened.hall, subject_type, subject_id, asked)
        except Nobody as error:
            if subject_type == "person":
                raise nobody(error) from None
            raise Ending(USAGE, [_("没有叫 {id} 的窗口").format(id=error)]) from None
    say(of(found), to_json(found), as_json, page)


def chosen(month: str | None, period: str | None) -> str:
    """The one period asked for; raises Ending where there is none, or two."""
    if month is not None and len(month) == 7 and "Q" not in month and period is None:
        return month
    if month is None and period is not None:
        return period
    if month is not None and period is None:
        raise Ending(USAGE, [_("--month 写的是 {value}，应如 2026-10").format(value=month)])
    raise Ending(USAGE, [_("应写 --month 或 --period 之一，如 --month 2026-10 或 --period 2026-Q4")])
