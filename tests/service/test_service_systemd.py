"""What the service tells systemd arrives on a real socket, and nothing is told where nobody listens."""

from __future__ import annotations

import os
import secrets
import socket
import time

import pytest

from punchsync.service import systemd


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path, monkeypatch):
    name = f"punchsync-{secrets.token_hex(8)}"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if request.param == "path":
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    else:
        listening.bind("\0" + name)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name)
    listening.settimeout(5)
    with listening:
        yield listening


def test_the_manager_hears_that_the_service_is_up_stops_and_lives(manager):
    systemd.ready()
    systemd.watchdog()
    systemd.stopping()

    assert [manager.recv(4096) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_status_is_one_line_in_any_language(manager):
    systemd.status("正在读考勤机\nT1；READY=1")

    assert manager.recv(4096).decode() == "STATUS=正在读考勤机 T1；READY=1"


def test_a_reload_carries_the_monotonic_time_at_which_it_began(manager):
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    systemd.reloading()
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000

    first, second = manager.recv(4096).decode().split("\n")
    key, value = second.split("=")
    assert (first, key) == ("RELOADING=1", "MONOTONIC_USEC")
    assert before <= int(value) <= after


@pytest.mark.parametrize("address", [None, "", "somewhere", "/nowhere/notify", "@" + "x" * 300])
def test_where_nobody_listens_nothing_happens(monkeypatch, address):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    if address is not None:
        monkeypatch.setenv("NOTIFY_SOCKET", address)

    for tell in (systemd.ready, systemd.reloading, systemd.stopping, systemd.watchdog):
        tell()
    systemd.status("在")


@pytest.mark.parametrize(
    ("usec", "pid", "expected"),
    [
        (None, None, None),
        ("60000000", None, 30.0),
        ("60000000", "own", 30.0),
        ("60000000", "1", None),
        ("0", None, None),
        ("soon", None, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_asked_and_only_by_whom_is_watched(monkeypatch, usec, pid, expected):
    for name, value in (("WATCHDOG_USEC", usec), ("WATCHDOG_PID", str(os.getpid()) if pid == "own" else pid)):
        monkeypatch.delenv(name, raising=False)
        if value is not None:
            monkeypatch.setenv(name, value)

    assert systemd.interval() == expected
