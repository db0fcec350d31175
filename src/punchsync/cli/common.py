"""What the commands share: options, the site, as-of, progress, tables and JSON."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from punchsync.cli.access import noted
from punchsync.cli.ending import USAGE, Ending
from punchsync.core.moment import Day, Moment, parse_day, parse_moment
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

F = TypeVar("F", bound=Callable[..., Any])
EVERYWHERE = Path("/etc/punchsync")
PERIODS = re.compile(r"(?:19|20|21)[0-9]{2}(?:-(?:0[1-9]|1[0-2])|-Q[1-4])?")


class MomentType(click.ParamType[int]):
    """`YYYY-MM-DD HH:MM[:SS]` in hall time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Moment:
        """A moment, or a usage error with what was found and what is allowed."""
        try:
            return value if isinstance(value, int) else parse_moment(str(value))
        except ValueError:
            self.fail(_('写的是 {value}，应为 "YYYY-MM-DD HH:MM[:SS]"').format(value=repr(value)), param, ctx)


class DayType(click.ParamType[int]):
    """`YYYY-MM-DD`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Day:
        """A day, or a usage error with what was found and what is allowed."""
        try:
            return value if isinstance(value, int) else parse_day(str(value))
        except ValueError:
            self.fail(_("写的是 {value}，应为 YYYY-MM-DD").format(value=repr(value)), param, ctx)


class FormsType(click.ParamType[tuple[str, ...]]):
    """Forms with commas between them."""

    name = "forms"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """The forms, each once, or a usage error with what was found and what is allowed."""
        from punchsync.publish.forms import FORMS

        if isinstance(value, tuple):
            return value
        found = tuple(dict.fromkeys(part.strip().lower() for part in str(value).split(",")))
        if set(found) <= set(FORMS):
            return found
        said = _("写的是 {value}，应为 {allowed}，几种之间用逗号")
        return self.fail(said.format(value=repr(value), allowed=", ".join(FORMS)), param, ctx)


class PeriodType(click.ParamType[str]):
    """A month, a quarter or a year: `2026-10`, `2026-Q4`, `2026`."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """A period's name, or a usage error with what was found and what is allowed."""
        if PERIODS.fullmatch(str(value)):
            return str(value)
        return self.fail(_("写的是 {value}，应如 2026-10、2026-Q4 或 2026").format(value=repr(value)), param, ctx)


MOMENT, DAY, PERIOD = MomentType(), DayType(), PeriodType()


def on_site(function: F) -> F:
    """Adds `--site` (also before the command) and `--json`, and a line in the site's access log where one is due."""
    function = noted(function)
    return click.option(
        "--site", metavar="DIR", help=_("大厅的文件夹"), callback=_site, expose_value=True, is_eager=False
    )(in_json(function))


def in_json(function: F) -> F:
    """Adds `--json`."""
    return click.option("--json", "as_json", is_flag=True, help=_("以一个 JSON 对象输出"))(function)


def timed(function: F) -> F:
    """Adds `--as-of`."""
    return click.option("--as-of", type=MOMENT, metavar='"YYYY-MM-DD HH:MM:SS"', help=_("以这一大厅时间代替现在"))(
        function
    )


def _site(ctx: click.Context, param: click.Parameter, value: str | None) -> Path:
    chosen = value or ctx.find_root().obj or os.environ.get("PUNCHSYNC_SITE")
    if chosen:
        return Path(chosen)
    return Path.cwd() if Path("punchsync.toml").is_file() else EVERYWHERE


def open_site(folder: Path, as_of: Moment | None = None) -> AbstractContextManager[Site]:
    """The site of a folder, opened for work."""
    from punchsync.bootstrap import opened
    from punchsync.logs import configure

    configure(quiet=True)
    return opened(folder, as_of)


def at_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def in_order(first: Day | None, last: Day | None) -> None:
    """The end of a command that is asked for days up to one before the first of them."""
    if first is not None and last is not None and last < first:
        raise Ending(USAGE, [_("--to 早于 --from；应不早于它")])


def nobody(person: object) -> Ending:
    """The end of a command about somebody whom the hall does not know."""
    return Ending(USAGE, [_("没有工号 {id} 的人员").format(id=person)])


def one_line(option: str, text: str) -> str:
    """What an option says, on one line; the end of the command if that is nothing."""
    said = " ".join(text.split())
    if not said:
        raise Ending(USAGE, [_("{option} 是空的；应写明").format(option=option)])
    return said


def name_of(file: Path) -> str:
    """A file's name as text: UTF-8, else GB18030 (names out of old archives), else with the odd bytes spelled out."""
    raw = os.fsencode(file.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


def early(settled: Moment) -> Ending:
    """The end of a command that is asked for a moment, or by a clock that shows one, before the last one settled."""
    from punchsync.core.moment import show_moment

    said = _("这一时刻早于上次核算的 {settled}；应不早于它：改 --as-of，或校准服务器的时钟")
    return Ending(USAGE, [said.format(settled=show_moment(settled))])


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr where that is a terminal, and silence in a pipe."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def say_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def width(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows under heads, aligned, as lines."""
    widths = [max(width(r[n]) for r in (head, *rows)) for n in range(len(head))]
    return [
        "  ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
