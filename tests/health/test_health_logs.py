"""Logs: the form is chosen, a unit of work is one event, and no name, no key and no row of data is ever in a line."""

from __future__ import annotations

import io
import json
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from healthkit import KEY, NAMES, STAFF, ask, make_site, terminal

from e2e.commandline import punchsync
from punchsync import logs
from punchsync.problems import Refused

PATIENCE = 60.0
LIBRARIES = (
    "uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "apscheduler", "sqlalchemy", "sqlalchemy.engine",
    "sqlalchemy.pool", "apprise", "httpx", "httpcore", "asyncio", "fastapi", "concurrent.futures",
)  # fmt: skip


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("form", "stream", "is_json"),
    [
        ("", io.StringIO, True),
        ("", Screen, False),
        ("json", Screen, True),
        ("console", io.StringIO, False),
    ],
)
def test_the_form_is_what_is_asked_for_else_what_the_stream_is(form: str, stream: Any, is_json: bool) -> None:
    out = stream()
    logs.configure(out, environ={"PUNCHSYNC_LOG": form})
    structlog.get_logger().info("job_done", job="poll-1")
    logging.getLogger("lib").warning("odd")
    assert [line.startswith("{") for line in out.getvalue().splitlines()] == [is_json, is_json]


def test_a_readable_line_in_a_file_has_no_colours() -> None:
    out = io.StringIO()
    logs.configure(out, environ={"PUNCHSYNC_LOG": "console"})
    structlog.get_logger().info("job_done", job="poll-1")
    assert "\x1b" not in out.getvalue()


def test_a_form_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused) as refused:
        logs.configure(io.StringIO(), environ={"PUNCHSYNC_LOG": "xml"})
    (complaint,) = refused.value.complaints
    assert (complaint.key, "'xml'" in complaint.found, complaint.allowed) == ("PUNCHSYNC_LOG", True, "json、console")


def test_a_typed_command_is_quiet_until_a_form_is_asked_for() -> None:
    said = []
    for form in ("", "json"):
        out = io.StringIO()
        logs.configure(out, quiet=True, environ={"PUNCHSYNC_LOG": form})
        structlog.get_logger().info("settled")
        said.append(out.getvalue().count("settled"))
    assert said == [0, 1]


@pytest.mark.parametrize("form", logs.FORMS)
def test_an_error_is_told_by_its_kind_only(form: str) -> None:
    out = io.StringIO()
    logs.configure(out, environ={"PUNCHSYNC_LOG": form})
    log = structlog.get_logger()
    try:
        raise KeyError(NAMES[0])
    except KeyError as error:
        log.error("a", exc_info=True)
        log.exception("b")
        log.error("c", exc_info=error, stack_info=True)
        logging.getLogger("lib").exception("d")
    assert out.getvalue().count("KeyError") == 4
    assert NAMES[0] not in out.getvalue()
    assert "Traceback" not in out.getvalue()


def test_a_thread_that_breaks_down_is_told_by_its_name_and_the_kind_of_its_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.configure(out, environ={})
    logs.discreet_threads()
    broken = threading.Thread(target=lambda: {}[NAMES[0]], name="desk")
    broken.start()
    broken.join()
    (event,) = map(json.loads, out.getvalue().splitlines())
    assert (event["event"], event["thread"], event["error"]) == ("thread_failed", "desk", "KeyError")
    assert NAMES[0] not in out.getvalue()


def test_a_watch_sees_every_event_and_can_spoil_none() -> None:
    out, seen = io.StringIO(), []

    def watch(event: Any) -> None:
        seen.append(event["event"])
        raise ValueError(NAMES[0])

    logs.configure(out, watch=watch, environ={})
    structlog.get_logger().info("read", terminal="T1")
    (line,) = out.getvalue().splitlines()
    assert seen == ["read"]
    assert json.loads(line)["unwatched"] == "ValueError"
    assert NAMES[0] not in line


@pytest.fixture
def at_any_level() -> Iterator[None]:
    before = {name: logging.getLogger(name).level for name in LIBRARIES}
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_libraries_that_were_set_to_tell_all_tell_nothing_below_a_warning(at_any_level: None) -> None:
    out = io.StringIO()
    logs.configure(out, environ={})
    for name in LIBRARIES:
        logging.getLogger(name).debug(NAMES[0])
        logging.getLogger(name).info(NAMES[0])
    logging.getLogger("apprise").error("https://key@example.invalid")
    assert out.getvalue() == ""


def test_no_command_and_no_service_writes_a_name_a_key_or_an_id_of_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(key=int(KEY)) as device:
        site = make_site(tmp_path / "site", 'comm_key = "credential:t1"\n[schedule]\npolls = ["00:00"]\n', at=device)
        (site / "credentials").mkdir(mode=0o700)
        (site / "credentials" / "t1").write_text(KEY)
        staff = tmp_path / "staff.csv"
        staff.write_text(STAFF.replace("公安,staff,1002", "户政,staff,1002"), encoding="utf-8")
        monkeypatch.setenv("PUNCHSYNC_LOG", "json")
        typed = [punchsync(site, *args) for args in (("import", "staff", str(staff)), ("poll",), ("settle",))]
        argv = [sys.executable, "-m", "punchsync", "--site", str(site), "serve"]
        service = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            lines: list[str] = []
            assert service.stderr is not None
            while not any('"job_done"' in line for line in lines):
                lines.append(service.stderr.readline())
                assert lines[-1], lines
            address = next(json.loads(line)["address"] for line in lines if "listening" in line)
            assert ask(address, "/healthz").status == 200
            give_up = time.monotonic() + PATIENCE
            while (ready := ask(address, "/readyz")).status != 200 and time.monotonic() < give_up:
                time.sleep(0.1)
            scraped = ask(address, "/metrics").body
        finally:
            service.send_signal(signal.SIGTERM)
            _out, err = service.communicate(timeout=PATIENCE)
    assert [ran.status for ran in typed] == [0, 0, 0], typed
    said = "".join([*(ran.err for ran in typed), *lines, err])
    assert (service.returncode, ready.status) == (0, 200)
    assert 'punchsync_reads_total{outcome="ok",terminal="T1"} ' in scraped
    events = [json.loads(line) for line in said.splitlines()]
    assert {"imported", "read", "settled", "listening", "serving", "job_done", "stopped"} <= {
        e["event"] for e in events
    }
    assert all(isinstance(e["ms"], int) for e in events if e["event"] in ("imported", "read", "settled", "job_done"))
    telling = (*NAMES, KEY, "1001", "1002", '"A1"', '"A2"')
    assert [word for word in telling if word in said] == []
    assert "Traceback" not in said


def test_a_port_that_is_taken_ends_the_service_with_status_4_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        ran = punchsync(make_site(tmp_path / "site", listen=taken), "serve")
    assert (ran.status, taken in ran.err, "desk.listen" in ran.err) == (4, True, True)
