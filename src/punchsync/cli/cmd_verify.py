"""`punchsync verify`: every invariant, and a replay from raw punches."""

from __future__ import annotations

from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.common import on_site, open_site, progress, say_json
from punchsync.cli.ending import ATTENTION, DONE, complain
from punchsync.texts import _


@click.command("verify", help=verbs()["verify"])
@on_site
def command(site: Path, as_json: bool) -> int:
    """Checks chain, revisions, sums and every settled month; status 1 on any difference."""
    from punchsync.operations.verify import verify

    with open_site(site) as opened, progress(_("核对")) as advance:
        found = verify(opened.hall, advance)
    if as_json:
        say_json(
            {
                "entries": found.entries,
                "months": found.months,
                "waiting": list(found.waiting),
                "head": found.head,
                "differences": [
                    {"invariant": d.invariant, "place": d.place, "found": d.found, "right": d.right}
                    for d in found.differences
                ],
            }
        )
    else:
        click.echo(
            _("账目 {entries} 笔，已重算 {months} 个月，差异 {n} 处；链头 {head}").format(
                entries=found.entries, months=found.months, n=len(found.differences), head=found.head[:16]
            )
        )
        if found.waiting:
            click.echo(_("尚待核算的月份（不算差异）：{months}").format(months="、".join(found.waiting)))
    complain(
        [
            _("不符〔{invariant}〕{place}：现为 {found}，应为 {right}").format(
                invariant=d.invariant, place=d.place, found=d.found, right=d.right
            )
            for d in found.differences
        ]
    )
    return ATTENTION if found.differences else DONE
