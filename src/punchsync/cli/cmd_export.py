"""`punchsync export`: what was judged and booked, as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.common import DAY, on_site, open_site
from punchsync.cli.ending import USAGE, Ending, unwritable
from punchsync.core.moment import Day
from punchsync.texts import _


@click.command("export", help=verbs()["export"])
@click.argument("kind", metavar=_("种类"))
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help=_("从这一天起"))
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help=_("到这一天止"))
@click.option("--format", "form", type=click.Choice(["csv", "json", "xlsx"]), default="csv", help=_("文件格式"))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_("写入文件（默认：标准输出）")
)
@on_site
def command(
    site: Path, as_json: bool, kind: str, first: Day | None, last: Day | None, form: str, out: Path | None
) -> None:
    """Writes one export, sorted; the state of the last settle."""
    from punchsync.operations.export import COLUMNS, export
    from punchsync.publish.sheet import to_csv, to_json, to_xlsx

    if kind not in COLUMNS:
        known = "、".join(COLUMNS)
        raise Ending(USAGE, [_("没有「{kind}」这一种；可以是：{known}").format(kind=kind, known=known)])
    with open_site(site) as opened:
        table = export(opened.hall, kind, first, last)
    chosen = "json" if as_json else form
    make = {"csv": to_csv, "json": to_json, "xlsx": to_xlsx}[chosen]
    data = make(kind, table.columns, table.rows)
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        try:
            out.write_bytes(data)
        except OSError as error:
            raise unwritable(out, error, USAGE) from None
