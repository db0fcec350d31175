"""The listener: what is answered at which path, what is not told, and that nobody can keep it from ending."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import pytest
from healthkit import ask

from punchsync.desk import bounded
from punchsync.desk.app import app
from punchsync.desk.listen import AT_ONCE, Listener
from punchsync.desk.place import Occupied, Place, place_of
from punchsync.problems import Refused


class Seen(NamedTuple):
    name: str
    ok: bool
    value: object
    reason: str = ""


class Found(NamedTuple):
    checks: tuple[Seen, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


WELL = Found((Seen("loop", True, 1.5),))
ILL = Found((Seen("loop", True, 1.5), Seen("disk", False, 7, "low")))


def listener(listen: str = "127.0.0.1:0", ready: Found = WELL) -> Listener:
    made = Listener(app(lambda: WELL, lambda: ready, lambda accept: (b"a 1\n", "text/plain")), listen)
    made.start()
    return made


@pytest.fixture
def here() -> Iterator[str]:
    made = listener(ready=ILL)
    yield made.address
    made.end()
    assert made.ended(5)


def test_a_probe_that_is_well_gets_200_and_one_that_is_not_503_with_the_reason(here: str) -> None:
    well, ill = ask(here, "/healthz"), ask(here, "/readyz")
    assert (well.status, json.loads(well.body)) == (
        200,
        {"status": "ok", "checks": [{"name": "loop", "ok": True, "value": 1.5}]},
    )
    assert (ill.status, json.loads(ill.body)) == (
        503,
        {
            "status": "fail",
            "checks": [
                {"name": "loop", "ok": True, "value": 1.5},
                {"name": "disk", "ok": False, "value": 7, "reason": "low"},
            ],
        },
    )


def test_head_has_the_status_and_no_body(here: str) -> None:
    assert [(a.status, a.body) for p in ("/healthz", "/readyz", "/metrics") for a in [ask(here, p, "HEAD")]] == [
        (200, ""),
        (503, ""),
        (200, ""),
    ]


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/openapi.json", "/healthz/", "/METRICS", "/%2e%2e/etc"])
def test_there_is_nothing_at_any_other_path(here: str, path: str) -> None:
    assert ask(here, path).status == 404


def test_only_get_and_head_are_answered(here: str) -> None:
    assert {ask(here, "/metrics", method).status for method in ("POST", "PUT", "DELETE", "OPTIONS")} == {405}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nothing"])
def test_every_answer_is_guarded_and_names_no_server(here: str, path: str) -> None:
    headers = ask(here, path).headers
    assert "server" not in headers
    assert (headers["x-content-type-options"], headers["cache-control"], headers["x-frame-options"]) == (
        "nosniff",
        "no-store",
        "DENY",
    )
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_head_without_end_is_refused(here: str) -> None:
    host, port = here.split(":")
    with closing(socket.create_connection((host, int(port)), timeout=10)) as endless:
        endless.sendall(b"GET /healthz HTTP/1.1\r\nX: " + b"y" * 20_000)
        assert endless.recv(12) == b"HTTP/1.1 400"


def test_it_ends_at_once_though_somebody_sends_slowly_or_stays_connected() -> None:
    made = listener()
    host, port = made.address.split(":")
    with closing(socket.create_connection((host, int(port)))) as slow, closing(socket.socket()) as idle:
        slow.sendall(b"GET /healthz HT")
        idle.connect((host, int(port)))
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
        began = time.monotonic()
        made.end()
        assert made.ended(10)
        assert time.monotonic() - began < 5
    with pytest.raises(OSError):
        socket.create_connection((host, int(port)), timeout=1).close()


def test_it_ends_though_an_answer_never_comes() -> None:
    free, asked = threading.Event(), threading.Event()

    def stuck() -> Found:
        asked.set()
        free.wait(20)
        return WELL

    made = Listener(app(lambda: WELL, stuck, lambda accept: (b"", "")), "127.0.0.1:0")
    made.start()
    host, port = made.address.split(":")
    with closing(socket.create_connection((host, int(port)))) as waiting:
        waiting.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert asked.wait(10)
        assert ask(made.address, "/healthz").status == 200
        made.end()
        free.set()
        assert made.ended(10)


def test_a_connection_that_asks_for_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "ASKING", 0.1)
    made = listener()
    host, port = made.address.split(":")
    silent = [socket.create_connection((host, int(port)), timeout=10) for _ in range(3)]
    try:
        silent[1].sendall(b"GET /healthz HTTP/1.1\r\nX: ")
        silent[2].sendall(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        assert silent[2].recv(12) == b"HTTP/1.1 405"
        silent[2].sendall(b"12")
        for each in silent:
            with pytest.raises(ConnectionResetError):
                while each.recv(4096):
                    pass
                raise ConnectionResetError  # closed in peace is as good
    finally:
        for each in silent:
            each.close()
        made.end()
        assert made.ended(5)


def test_more_connections_than_it_takes_get_503_and_go() -> None:
    made = listener()
    host, port = made.address.split(":")
    others = [socket.create_connection((host, int(port)), timeout=10) for _ in range(AT_ONCE)]
    try:
        assert ask(made.address, "/healthz").status == 503
    finally:
        for each in others:
            each.close()
        made.end()
        assert made.ended(5)


def test_ipv6_works_and_the_address_is_written_as_one() -> None:
    made = listener("[::1]:0")
    assert made.address.startswith("[::1]:")
    assert ask(made.address, "/healthz").status == 200
    made.end()
    assert made.ended(5)


def test_a_taken_port_is_said_in_words_and_leaves_nothing_behind() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(Occupied, match=address):
            listener(address)
    again = listener(address)
    again.end()
    assert again.ended(5)


@pytest.mark.parametrize("listen", ["198.51.100.7:8080", "nowhere.invalid:80", "127.0.0.1:65536", "[::1:80", ":80"])
def test_an_address_that_is_none_of_ours_is_refused_as_a_setting(listen: str) -> None:
    with pytest.raises(Refused) as refused:
        listener(listen)
    (complaint,) = refused.value.complaints
    assert (complaint.file, complaint.key, listen in complaint.found) == ("punchsync.toml", "desk.listen", True)


def test_how_far_an_address_reaches() -> None:
    reach = {text: place_of(text).outside for text in ("127.0.0.1:1", "[::1]:1", "localhost:1", "0.0.0.0:1", "[::]:1")}
    assert reach == {"127.0.0.1:1": False, "[::1]:1": False, "localhost:1": False, "0.0.0.0:1": True, "[::]:1": True}
    assert place_of("hall.example:8080") == Place("hall.example", 8080)
    assert place_of("hall.example:8080").outside


def test_a_listener_that_never_began_has_ended() -> None:
    made = Listener(app(lambda: WELL, lambda: WELL, lambda accept: (b"", "")), "127.0.0.1:0")
    made.end()
    assert made.ended(0)


def test_a_service_that_does_not_listen_loads_nothing_of_it() -> None:
    heavy = ("fastapi", "uvicorn", "prometheus_client", "apprise", "alembic")
    code = (
        "import sys, punchsync.cli.cmd_serve, punchsync.cli.answering, punchsync.service.daemon, punchsync.bootstrap\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
