"""`punchsync bulletin`: publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import DAY, on_site, open_site, say_json, timed
from punchsync.cli.ending import NOTHING, Ending, unwritable
from punchsync.core.moment import Day, Moment, day_of, show_day
from punchsync.core.summary import KINDS
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.operations.hall import Hall
    from punchsync.service.bulletin import Published


@click.command("bulletin", help=verbs()["bulletin"])
@click.argument("kind", type=click.Choice(["daily", *KINDS]))
@click.option(
    "--date",
    "day",
    type=DAY,
    metavar="YYYY-MM-DD",
    help=_("哪一天，或期间里的哪一天（默认：最近核算到的一天）"),
)
@click.option("--format", "form", type=click.Choice(["md"]), default="md", help=_("文件格式"))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("写到哪里（默认：大厅的 bulletins/）"),
)
@timed
@on_site
def command(
    site: Path, as_json: bool, as_of: Moment | None, kind: str, day: Day | None, form: str, out: Path | None
) -> None:
    """Writes a bulletin, numbered and kept as issued; provisional while something of its days is not known."""
    with open_site(site, as_of) as opened:
        if day is None:
            with opened.hall.store.reading() as work:
                settled = work.runs.settled_as_of()
            day = day_of(settled if settled is not None else opened.clock.now())
        file, number, provisional = publish(opened.hall, kind, day, out or opened.folder / "bulletins")
    if as_json:
        say_json({"file": str(file), "number": number, "date": show_day(day), "provisional": provisional})
    else:
        click.echo(_("已写入 {file}（第 {number} 号）").format(file=file, number=number))
        if provisional:
            click.echo(_("还有不清楚的考勤点，或期间未完，本期为暂定"))


def publish(hall: Hall, kind: str, day: Day, folder: Path) -> Published:
    """The bulletin of the day or of its week, month or quarter, issued and written; or why it could not be."""
    from punchsync.service import bulletin

    try:
        if kind == "daily":
            return bulletin.publish_daily(hall, day, folder)
        return bulletin.publish_period(hall, kind, day, folder)
    except bulletin.NotSettled:
        text = _("还没有核算到 {day}，没有可通报的；先运行 punchsync settle").format(day=show_day(day))
        raise Ending(NOTHING, [text]) from None
    except OSError as error:
        raise unwritable(error.filename or folder, error) from None
