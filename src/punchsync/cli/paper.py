"""What `explain` and `statement` share: a page said as text, as JSON, or written to be printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from punchsync.cli.common import say_json
from punchsync.cli.ending import USAGE, Ending, unwritable
from punchsync.texts import _

if TYPE_CHECKING:
    from punchsync.publish.page import Page

F = TypeVar("F", bound=Callable[..., Any])


def paged(function: F) -> F:
    """Adds `--page`."""
    return click.option(
        "--page",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=_("写成可打印的网页（.html，A4）"),
        callback=_html,
    )(function)


def _html(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and value.suffix.lower() not in (".html", ".htm"):
        raise Ending(USAGE, [_("--page 写的是 {file}；应以 .html 结尾").format(file=value)])
    return value


def say(made: Page, body: dict[str, Any], as_json: bool, page: Path | None) -> None:
    """Write the page where one is asked for; say the rest on stdout."""
    from punchsync.publish.page import to_html, to_text

    if page is not None:
        try:
            page.write_text(to_html(made), encoding="utf-8")
        except OSError as error:
            raise unwritable(page, error) from None
    if as_json:
        say_json(body)
    elif page is not None:
        click.echo(_("已写入 {file}").format(file=page))
    else:
        click.echo(to_text(made))
