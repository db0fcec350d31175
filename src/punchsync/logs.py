"""Logging: one JSON object a line on stderr, or readable lines where that is a terminal.

One event per unit of work, with its ids, counts and milliseconds. Personal names and comm keys never get here. The
same events are what the metrics count. `PUNCHSYNC_LOG` (`json` or `console`) chooses the form; a command that somebody
typed then writes its events, too.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TextIO

import structlog

from punchsync.problems import Complaint, Refused
from punchsync.texts import _

VARIABLE: Final = "PUNCHSYNC_LOG"
FORMS: Final = ("json", "console")
MUTE: Final = ("apprise",)
"""Libraries whose warnings quote addresses with their keys; what came of their work is told by ours."""

Watch = Callable[[Mapping[str, Any]], None]


FRAMES: Final = 4
"""Places of an error that its event names, the innermost last."""


def configure(
    stream: TextIO | None = None,
    *,
    quiet: bool = False,
    watch: Watch | None = None,
    environ: Mapping[str, str] = os.environ,
) -> None:
    """Send our events, and the warnings of libraries, to a stream (default: stderr).

    `quiet` leaves out what a command says in its own words, as one that somebody typed does: warnings remain. `watch`
    is shown every event. Raises Refused for a form that there is not.
    """
    out: Any = _Patient(sys.stderr if stream is None else stream)
    form = chosen(environ)
    coloured = out.isatty()
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=coloured)
        if form == "console" or (not form and coloured)
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _discreet,
    ]
    structlog.configure(
        processors=[*shared, *([] if watch is None else [_Shown(watch)]), last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet and not form else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    # Below a warning libraries show what they work on, rows and addresses included, whatever level somebody sets them.
    handler.setLevel(logging.WARNING)
    handler.addFilter(lambda record: record.name.partition(".")[0] not in MUTE)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[_plain, last], foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def discreet_threads() -> None:
    """Tell of a thread that breaks down by its name and the error's kind, not by a traceback with its words."""

    def tell(broken: threading.ExceptHookArgs) -> None:
        name = broken.thread.name if broken.thread else ""
        structlog.get_logger("punchsync").error("thread_failed", thread=name, error=broken.exc_type.__name__)

    threading.excepthook = tell


def chosen(environ: Mapping[str, str]) -> str:
    """The form that is asked for, "" for none; raises Refused."""
    form = environ.get(VARIABLE, "")
    if form and form not in FORMS:
        found = _("写的是 {value}").format(value=repr(form))
        raise Refused([Complaint(_("环境变量"), VARIABLE, found, "、".join(FORMS))])
    return form


class _Patient:
    """A stream whose trouble is its own: a disk that is full, or a reader that went away, ends no work."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> None:
        """Write what can be written."""
        with suppress(OSError, ValueError):
            self._out.write(text)

    def flush(self) -> None:
        """Pass on what can be passed on."""
        with suppress(OSError, ValueError):
            self._out.flush()

    def isatty(self) -> bool:
        """Whether somebody sits there."""
        return self._out.isatty()


class _Shown:
    """Shows every event to somebody, who can't spoil it."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def __call__(self, _logger: Any, _name: str, event: Any) -> Any:
        try:
            self._watch(event)
        except Exception as error:
            event["unwatched"] = type(error).__name__
        return event


def _discreet(_logger: Any, _name: str, event: Any) -> Any:
    """An event with an error's kind in the place of its traceback and words, which may hold data."""
    error = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
    elif isinstance(error, tuple) and error[0] is not None:
        event["error"] = error[0].__name__
    elif error and (kind := sys.exc_info()[0]) is not None:
        event["error"] = kind.__name__
    return event


def _plain(_logger: Any, _name: str, event: Any) -> Any:
    """A library's record without structlog's own keys."""
    record = event.pop("_record")
    event.pop("_from_structlog", None)
    return {"logger": record.name, **event}


def trouble(error: Exception) -> dict[str, Any]:
    """An error as a log may have it: its kind and where it came from. Its words may hold data; a system's don't."""
    words = getattr(error, "orig", error if isinstance(error, OSError) else None)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return {
        "error": type(error).__name__,
        "detail": "" if words is None else str(words),
        "where": [f"{Path(f.filename).name}:{f.lineno}" for f in frames],
    }
