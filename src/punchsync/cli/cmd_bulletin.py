"""`punchsync bulletin`: publish."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from punchsync.cli import verbs
from punchsync.cli.common import DAY, FormsType, on_site, open_site, say_json, timed
from punchsync.cli.ending import ATTENTION, DONE, NOTHING, USAGE, Ending, complain, unwritable
from punchsync.core.moment import Day, Moment, day_of, show_day
from punchsync.core.summary import KINDS
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site
    from punchsync.bootstrap.printing import Printed
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
@click.option(
    "--format",
    "forms",
    type=FormsType(),
    default="md",
    metavar="md,html,xlsx,docx,pdf,txt",
    help=_("文件格式，可写几种，用逗号隔开（默认 md）"),
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=_("写到哪里（默认：大厅的 bulletins/）"),
)
@click.option("--send", is_flag=True, help=_("通知设置里要通报的各处"))
@timed
@on_site
def command(
    site: Path, as_json: bool, as_of: Moment | None, kind: str, day: Day | None, forms: tuple[str, ...],
    out: Path | None, send: bool,
) -> int:  # fmt: skip
    """Writes a bulletin, numbered and kept as issued; provisional while something of its days is not known."""
    with open_site(site, as_of) as opened:
        if day is None:
            with opened.hall.store.reading() as work:
                settled = work.runs.settled_as_of()
            day = day_of(settled if settled is not None else opened.clock.now())
        folder = out or opened.folder / "bulletins"
        done = publish(opened, kind, day, folder, send=send)
        printed = print_forms(opened, kind, done, [form for form in forms if form != "md"], folder)
        unsent = sent(opened) if send else []
    files = [*([done.file] if "md" in forms else ()), *printed.files.values()]
    if as_json:
        say_json(
            {
                "file": str(files[0] if files else done.file), "files": [str(file) for file in files],
                "number": done.number, "date": show_day(day), "provisional": done.provisional,
                "failed": dict(printed.failed), "unsent": unsent,
            }
        )  # fmt: skip
    else:
        for file in files:
            click.echo(_("已写入 {file}（第 {number} 号）").format(file=file, number=done.number))
        if done.provisional:
            click.echo(_("还有不清楚的考勤点，或期间未完，本期为暂定"))
    complain([_("没有做成 {form}：{reason}").format(form=form, reason=why) for form, why in printed.failed.items()])
    complain(unsent)
    return ATTENTION if printed.failed or unsent else DONE


def publish(site: Site, kind: str, day: Day, folder: Path, *, send: bool) -> Published:
    """The bulletin of the day or of its week, month or quarter, issued and written; or why it could not be."""
    from punchsync.core.attention import takers
    from punchsync.service import bulletin
    from punchsync.service.herald import EVENT

    listeners = site.listeners() if send else ()
    if send and not takers(listeners, EVENT):
        allowed = _("设置里没有要通报的渠道；在 [[notify]] 的 on 里写上 bulletin")
        raise Ending(USAGE, [allowed])
    house = site.house()._replace(forms=())
    try:
        return bulletin.publish_period(site.hall, kind, day, folder, listeners=listeners, house=house)
    except bulletin.NotSettled:
        text = _("还没有核算到 {day}，没有可通报的；先运行 punchsync settle").format(day=show_day(day))
        raise Ending(NOTHING, [text]) from None
    except OSError as error:
        raise unwritable(error.filename or folder, error) from None


def print_forms(site: Site, kind: str, done: Published, forms: Sequence[str], folder: Path) -> Printed:
    """The bulletin's other files; what could not be made is said with why."""
    from punchsync.bootstrap.pressing import PressFailed
    from punchsync.bootstrap.printing import Printed, print_issued

    if not forms:
        return Printed({}, {})
    try:
        return print_issued(site.hall, site.house(), kind, done.period[:4], done.number, forms, folder)
    except PressFailed as error:
        return Printed({}, dict.fromkeys(forms, str(error)))
    except OSError as error:
        raise unwritable(error.filename or folder, error) from None


def sent(site: Site) -> list[str]:
    """Send what waits for channels now; says of which it did not arrive. The service sends it where that is at it."""
    from punchsync.attention_words import message
    from punchsync.notice_words import answer
    from punchsync.operations.notices import send

    with site.telling() as mine:
        if not mine:
            return []
        done = send(site.hall, site.route, message)
    return [_("没有通知到 {name}：{why}").format(name=name, why=answer(code)) for name, code in done.failed.items()]
