"""`punchsync settle`: judge and score."""

from __future__ import annotations

from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.common import DAY, early, in_order, on_site, open_site, progress, say_json, timed
from punchsync.cli.ending import ATTENTION, complain
from punchsync.cli.show import plan_lines, settled_json, settled_lines
from punchsync.core.moment import Day, Moment
from punchsync.round_words import unpublished_line
from punchsync.texts import _


@click.command("settle", help=verbs()["settle"])
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help=_("从这一天所在的月起（默认：全部）"))
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help=_("到这一天所在的月止（默认：到 as-of 当天）"))
@click.option("--dry-run", is_flag=True, help=_("只列出会记的账，不写入"))
@timed
@on_site
def command(site: Path, as_json: bool, as_of: Moment | None, first: Day | None, last: Day | None, dry_run: bool) -> int:
    """Judges every month, or a range of months, and books what that changes."""
    from punchsync.operations.settle import TooEarly, settle

    in_order(first, last)
    with open_site(site, as_of) as opened, progress(_("核算")) as advance:
        try:
            settled = settle(opened.hall, opened.clock.now(), first=first, last=last, dry_run=dry_run, progress=advance)
        except TooEarly as error:
            raise early(error.settled) from None
    if as_json:
        say_json(settled_json(settled))
    else:
        for line in [*settled_lines(settled), *plan_lines(settled)]:
            click.echo(line)
    if settled.unpublished:
        complain([unpublished_line(settled.unpublished)])
        return ATTENTION
    return 0
