"""Templates, and what they may call: texts, times, points, codes in words. All that is shown is escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from punchsync import __version__, words
from punchsync.core.moment import MINUTE, Moment, show_day, show_moment
from punchsync.core.moment import weekday as number_of_weekday
from punchsync.core.points import number
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.menu import menu
from punchsync.desk.segment import segment
from punchsync.texts import _, language

FOLDER: Final = Path(__file__).parent
STATIC: Final = FOLDER / "static"


@cache
def environment() -> Environment:
    """The templates, compiled once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(_=_, Right=Right, words=words, lang=language, static=static, version=__version__)
    made.filters.update(segment=segment)
    made.globals.update(menu=menu, here=here, token=token)
    made.filters.update(
        day=show_day, moment=show_moment, minute=show_minute, clock=show_time, points=number, weekday=weekday
    )
    return made


def show_minute(moment: Moment | None) -> str:
    """A moment without its seconds; empty for none."""
    return "" if moment is None else show_moment(moment)[:16]


def show_time(moment: Moment | None) -> str:
    """The time of day of a moment, `HH:MM`, or with its seconds where it has any; empty for none."""
    if moment is None:
        return ""
    return show_moment(moment)[11:] if moment % MINUTE else show_moment(moment)[11:16]


def weekday(day: int) -> str:
    """A day's weekday in a word."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[number_of_weekday(day)]


@cache
def static(name: str) -> str:
    """The address of a file of ours; it changes with what is in it, so that it may be kept for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{name}"


@pass_context
def token(context: Context) -> Markup:
    """The hidden field that every form of ours has."""
    session = context["ask"].session
    return Markup('<input type="hidden" name="csrf" value="{}">').format(session.csrf if session else "")


def here(ask: Ask, path: str) -> bool:
    """Whether a line of the menu leads to the page that is shown."""
    shown = ask.request.url.path
    return shown == path or shown.startswith(f"{path}/")
