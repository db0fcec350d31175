"""`punchsync receiver` as a process: its address, its end, and what it holds after it was killed."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from receiverkit import ask, get, post, process, row, signed

from punchsync.cli.cmd_receiver import address_of, read_secrets
from punchsync.cli.ending import NOTHING, USAGE, Ending
from punchsync.receiver import Request


def started(*args: str) -> subprocess.CompletedProcess[str]:
    """The command with arguments that it ends on."""
    argv = [sys.executable, "-m", "punchsync", "receiver", *args]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


def entries(url: str) -> list[dict[str, str]]:
    return list(json.loads(ask(url, get()).body)["entries"])


def test_it_takes_batches_until_sigterm(tmp_path: Path) -> None:
    with process("--db", str(tmp_path / "s.db")) as (running, url):
        assert ask(url, post(1, row(1))).status == 200
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (0, "")
    [event] = [json.loads(line) for line in err.splitlines()]
    assert {k: event[k] for k in ("event", "method", "status", "hall", "accepted", "known")} == {
        "event": "receiver_answered", "method": "POST", "status": 200, "hall": "demo", "accepted": 1, "known": 0,
    }  # fmt: skip
    assert "P1" not in err


def test_killed_after_an_answer_it_holds_what_it_answered(tmp_path: Path) -> None:
    file = str(tmp_path / "s.db")
    for n in (1, 2, 3):
        with process("--db", file) as (running, url):
            assert ask(url, post(n, row(n))).status == 200
            running.kill()
    with process("--db", file) as (_, url):
        assert entries(url) == [row(1), row(2), row(3)]
        assert json.loads(ask(url, post(2, row(2))).body) == {"accepted": 0, "known": 1}


def test_secrets_come_from_a_file_and_a_hall_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("whsec_b25l\n")
    args = ("--db", str(tmp_path / "s.db"), "--secret-file", str(tmp_path / "secret"), "--hall", "demo")
    with process(*args) as (_, url):
        assert ask(url, post(1, row(1))).status == 401
        assert ask(url, post(1, row(1), webhook_id="x")).status == 401
        assert ask(url, now(post(1, row(1)))).status == 200
        assert ask(url, now(post(1, row(1), punchsync_hall="other"))).status == 403


def now(request: Request) -> Request:
    """Signed by the real clock, as the process has it."""
    return signed(request, b"one", int(time.time()))


@pytest.mark.parametrize("listen", ["8090", "127.0.0.1", "127.0.0.1:70000", "a b:1", ":1", "[::1]"])
def test_an_address_of_another_form_is_a_usage_error(listen: str) -> None:
    with pytest.raises(Ending) as ended:
        address_of(listen)
    assert ended.value.status == USAGE
    assert listen in ended.value.lines[0]


def test_addresses_are_hosts_with_ports() -> None:
    found = [address_of(text) for text in ("127.0.0.1:0", "[::1]:8090", "localhost:65535")]
    assert found == [("127.0.0.1", 0), ("::1", 8090), ("localhost", 65535)]


def test_an_address_that_can_not_be_had_is_a_usage_error(tmp_path: Path) -> None:
    ran = started("--db", str(tmp_path / "s.db"), "--listen", "192.0.2.1:0")
    assert (ran.returncode, ran.stdout) == (USAGE, "")
    assert "192.0.2.1:0" in ran.stderr


def test_a_file_of_another_kind_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, but long enough to be looked at as one\n" * 20)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE mine (n)")
    for name, status in (("text.db", NOTHING), ("other.db", USAGE)):
        ran = started("--db", str(tmp_path / name))
        assert (ran.returncode, ran.stdout) == (status, "")
        assert name in ran.stderr


@pytest.mark.parametrize(("name", "text"), [("empty", "\n"), ("bad", "whsec_*"), ("absent", None)])
def test_a_file_without_secrets_is_a_usage_error(tmp_path: Path, name: str, text: str | None) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(Ending) as ended:
        read_secrets(tmp_path / name)
    assert ended.value.status == USAGE
    assert name in ended.value.lines[0]
