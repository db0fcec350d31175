"""Logging: one JSON object a line on stderr, or readable lines where that is a terminal.

One event per unit of work, with its ids, counts and milliseconds. Personal names and comm keys never get here.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog

SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)


def configure(stream: TextIO | None = None, *, quiet: bool = False) -> None:
    """Send our events, and the warnings of libraries, to a stream (default: stderr).

    `quiet` leaves out what a command says in its own words, as one that somebody typed does: warnings remain.
    """
    out = sys.stderr if stream is None else stream
    last: Any = (
        structlog.dev.ConsoleRenderer()
        if out.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    structlog.configure(
        processors=[*SHARED, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[_plain, last], foreign_pre_chain=SHARED))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def _plain(_logger: Any, _name: str, event: Any) -> Any:
    """A library's record without structlog's own keys and without its traceback, which may hold data."""
    record = event.pop("_record")
    event.pop("_from_structlog", None)
    error = event.pop("exc_info", None)
    if error and error is not True:
        event["error"] = error[0].__name__
    return {"logger": record.name, **event}
