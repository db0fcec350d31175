"""Logs: JSON lines where nobody looks on, readable lines on a terminal, and no data from a library's traceback."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from punchsync import logs


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_an_event_is_one_json_object_a_line() -> None:
    out = io.StringIO()
    logs.configure(out)
    structlog.get_logger("x").info("job_done", job="poll-1", failed={"一号": "timeout"})
    structlog.get_logger("x").debug("not shown")
    (line,) = out.getvalue().splitlines()
    event = json.loads(line)
    assert event.pop("at").endswith("Z")
    assert event == {"event": "job_done", "level": "info", "job": "poll-1", "failed": {"一号": "timeout"}}


def test_a_terminal_shows_readable_lines() -> None:
    out = Screen()
    logs.configure(out)
    structlog.get_logger("x").info("job_done", job="poll-1")
    assert "job_done" in out.getvalue()
    assert not out.getvalue().startswith("{")


def test_a_library_s_warning_comes_without_its_traceback() -> None:
    out = io.StringIO()
    logs.configure(out)
    try:
        raise KeyError("甲一")
    except KeyError:
        logging.getLogger("lib").warning("odd %s", "thing", exc_info=True)
    logging.getLogger("lib").info("not shown")
    (line,) = out.getvalue().splitlines()
    event = json.loads(line)
    assert (event["event"], event["level"], event["logger"], event["error"]) == (
        "odd thing",
        "warning",
        "lib",
        "KeyError",
    )
    assert "甲一" not in line
