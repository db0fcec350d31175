"""`punchsync explain`: why, down to the raw bytes and the article."""

from __future__ import annotations

from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.common import nobody, on_site, open_site
from punchsync.cli.ending import USAGE, Ending
from punchsync.cli.paper import paged, say
from punchsync.core.moment import parse_day
from punchsync.texts import _


@click.command("explain", help=verbs()["explain"])
@click.argument("subject", metavar=_("工号或账目编号"))
@click.argument("date", required=False, metavar="[YYYY-MM-DD]")
@paged
@on_site
def command(site: Path, as_json: bool, subject: str, date: str | None, page: Path | None) -> None:
    """A person's day (PERSON DATE), or one entry (ENTRY)."""
    from punchsync.operations.explain import NothingThere, explain_day, explain_entry
    from punchsync.packs.booklet import references
    from punchsync.publish.explanation import of_day, of_entry
    from punchsync.publish.explanation_json import entry_to_json, to_json

    try:
        day = parse_day(date) if date else None
    except ValueError:
        raise Ending(USAGE, [_("日期写的是 {date}；应为 YYYY-MM-DD").format(date=repr(date))]) from None
    with open_site(site) as opened:
        names = references(opened.loaded.tree)
        try:
            if day is None:
                entry = explain_entry(opened.hall, subject, names)
                made, body = of_entry(entry), entry_to_json(entry)
            else:
                found = explain_day(opened.hall, subject, day, names)
                made, body = of_day(found), to_json(found)
        except NothingThere as error:
            if day is not None:
                raise nobody(error) from None
            raise Ending(USAGE, [_("没有编号 {id} 的账目").format(id=error)]) from None
    say(made, body, as_json, page)
