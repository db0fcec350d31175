"""`punchsync resync`: a full read after an outage, and what it changed."""

from __future__ import annotations

from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.cmd_poll import read_round
from punchsync.cli.common import DAY, on_site, timed
from punchsync.core.moment import Day, Moment
from punchsync.texts import _


@click.command("resync", help=verbs()["resync"])
@click.argument("terminals", nargs=-1, metavar=_("[考勤机…]"))
@click.option("--since", type=DAY, metavar="YYYY-MM-DD", help=_("从这一天所在的月起全部重新核算"))
@timed
@on_site
def command(site: Path, as_json: bool, as_of: Moment | None, terminals: tuple[str, ...], since: Day | None) -> int:
    """Reads all of the log, repairs coverage, settles what changed and lists every entry reversed or posted."""
    return read_round(site, as_json, as_of, terminals, since=since, resync=True)
