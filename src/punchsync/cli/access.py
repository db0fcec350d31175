"""Which commands read or change personal data, and the line that each leaves in the site's access log.

The line is written when a command ends, with its exit status; one that was refused before it began leaves none. Where
it can't be written the command's own result stands and stderr says so: a full disk must not keep a hall from its work,
and whoever may run commands could read the database past them anyway.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import click

from punchsync.texts import _

F = TypeVar("F", bound=Callable[..., Any])

NOTED: Final[Mapping[str, tuple[str, ...]]] = {
    "poll": ("terminals",),
    "resync": ("terminals", "since"),
    "import": ("kind", "file", "terminal", "dry_run"),
    "settle": ("first", "last", "dry_run"),
    "push": (),
    "bulletin": ("kind", "day", "out"),
    "document attendance": ("month", "window", "out"),
    "document slip": ("leave", "out"),
    "document sign-off": ("month", "window", "out"),
    "document letter": ("outcome", "out"),
    "document month": ("month", "out"),
    "export": ("kind", "first", "last", "out"),
    "explain": ("subject", "date", "page"),
    "statement": ("subject_type", "subject_id", "month", "period", "page"),
    "person": ("person_id", "out"),
    "whatif": ("first", "last"),
    "appeal file": ("what",),
    "appeal decide": ("number", "outcome"),
    "appeal list": ("person", "first", "last"),
    "appeal show": ("number",),
    "outcome list": ("period", "state"),
    "outcome confirm": ("what",),
    "outcome drop": ("what",),
    "outcome reconsider": ("what",),
    "period close": ("period",),
    "period reopen": ("period",),
    "notice list": (),
    "notice resend": ("number",),
    "notice drop": ("number",),
    "contact set": ("person_id",),
    "contact remove": ("person_id",),
    "contact list": (),
    "contact import": ("file",),
    "account add": ("login", "role"),
    "account passwd": ("login",),
    "account disable": ("login",),
    "account enable": ("login",),
    "account list": (),
    "verify": (),
    "access": ("first", "last", "who", "about"),
    "backup": ("file",),
    "restore": ("file", "only"),
    "purge": ("dry_run",),
    "dump": ("terminal", "out"),
}
"""The commands that leave a line, each with those of its parameters that say what it was about: ids and names of files,
never names of people, and nothing that is free text."""

SILENT: Final = frozenset({
    "demo", "init", "check", "serve", "status", "attention", "period list", "rules list", "rules show", "rules lint",
    "rules test", "rules diff", "calendar", "receiver", "emulate",
})  # fmt: skip
"""The others: they show or change nothing that is about a person. What the service does by itself is in its own log."""


class Begun(NamedTuple):
    """A command that was begun on a site."""

    site: Path
    what: str
    about: dict[str, Any]


_begun: list[Begun] = []


def noted(function: F) -> F:
    """Makes a command of a site one that leaves a line when it ends, if it is one of `NOTED`."""

    @wraps(function)
    def begin(*args: Any, **kwargs: Any) -> Any:
        context = click.get_current_context()
        what = path_of(context)
        said = {name: context.params.get(name) for name in NOTED.get(what, ())}
        about = {name: shown(name, value) for name, value in said.items() if value not in (None, (), "", False)}
        _begun[:] = [Begun(kwargs["site"], what, about)] if what in NOTED else []
        return function(*args, **kwargs)

    return begin  # type: ignore[return-value] # the same function, seen from outside


def path_of(context: click.Context) -> str:
    """A command's name after the program's, with its group's before it."""
    names: list[str] = []
    at: click.Context | None = context
    while at is not None and at.parent is not None:
        names.insert(0, at.command.name or "")
        at = at.parent
    return " ".join(names)


def shown(name: str, value: Any) -> Any:
    """A parameter as it stands in the log: of a path the last part, days as dates."""
    if isinstance(value, Path):
        return os.fsencode(value.name).decode(errors="backslashreplace")
    if isinstance(value, tuple):
        return [shown(name, v) for v in value]
    if isinstance(value, int) and name in ("first", "last", "day", "since"):
        from punchsync.core.moment import show_day

        return show_day(value)
    return value


def ended(status: int) -> None:
    """Write the line of the command that has just ended, if it is one to be noted."""
    if not _begun:
        return
    begun = _begun.pop()
    from punchsync.bootstrap.clocks import HallClock
    from punchsync.cli.ending import USAGE, complain
    from punchsync.problems import Refused
    from punchsync.settings import load

    try:
        zone = load(begun.site).hall.timezone
    except Refused:
        return  # no site, so that nothing was done
    from punchsync.access import FOLDER, Access, caller, write

    # What was typed wrongly may be anything, a name too; nothing was shown for it.
    about = {} if status == USAGE else begun.about
    try:
        write(begun.site / FOLDER, Access(HallClock(zone).zoned(), *caller(), begun.what, about, status))
    except OSError as error:
        complain(
            [
                _("查阅记录写不了：{folder}（{error}）；命令的结果不受影响，请检查磁盘与权限").format(
                    folder=begun.site / FOLDER, error=error.strerror
                )
            ]
        )
