"""`punchsync poll`: read terminals now, and settle what changed."""

from __future__ import annotations

from pathlib import Path

import click

from punchsync.cli import verbs
from punchsync.cli.common import early, on_site, open_site, progress, say_json, timed
from punchsync.cli.ending import ATTENTION, DONE, NOTHING, USAGE, Ending, complain
from punchsync.cli.show import (
    SHOWN,
    plan_lines,
    round_json,
    round_lines,
    settled_lines,
)
from punchsync.core.moment import Day, Moment
from punchsync.round_words import against_line, attention, noticed_lines, repaired_lines
from punchsync.texts import _


@click.command("poll", help=verbs()["poll"])
@click.argument("terminals", nargs=-1, metavar=_("[考勤机…]"))
@timed
@on_site
def command(site: Path, as_json: bool, as_of: Moment | None, terminals: tuple[str, ...]) -> int:
    """Reads these terminals, or all that have an address."""
    return read_round(site, as_json, as_of, terminals)


def read_round(
    site: Path,
    as_json: bool,
    as_of: Moment | None,
    terminals: tuple[str, ...],
    *,
    since: Day | None = None,
    resync: bool = False,
) -> int:
    """A round of reads, said as lines or JSON; returns the exit status.

    A `resync` reads whole logs, says what is known now that was not, and lists every entry.
    """
    from punchsync.logs import configure
    from punchsync.operations.poll import NoSuchTerminal, Untimely
    from punchsync.operations.settle import TooEarly
    from punchsync.service.typed import poll

    configure(quiet=True)
    with open_site(site, as_of) as opened, progress(_("读考勤机")) as advance:
        if not any(t.live for t in opened.hall.terminals):
            raise Ending(NOTHING, [_("设置里没有写了 host 的考勤机，无可读取；文件用 punchsync import punches 导入")])
        try:
            done, off = poll(opened, terminals, since=since, full=resync, progress=advance)
        except NoSuchTerminal as error:
            ids, known = "、".join(error.ids), "、".join(error.known)
            raise Ending(USAGE, [_("没有可读的考勤机 {ids}；可读的有：{known}").format(ids=ids, known=known)]) from None
        except TooEarly as error:
            raise early(error.settled) from None
        except Untimely as error:
            raise Ending(NOTHING, [against_line(error.off)]) from None
    pressing = [*attention(done), *([against_line(off)] if off else [])]
    if as_json:
        say_json({**round_json(done), "server_clock_off_seconds": off})
    else:
        lines = [*round_lines(done), *noticed_lines(done)]
        if resync:
            lines += repaired_lines(done)
        if done.settled:
            lines += settled_lines(done.settled) + plan_lines(done.settled, None if resync else SHOWN)
        for line in lines:
            click.echo(line)
    complain(pressing)
    if len(done.failed) == len(done.reads):
        return NOTHING
    return ATTENTION if pressing else DONE
