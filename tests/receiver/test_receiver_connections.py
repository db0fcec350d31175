"""The receiver on a socket: what is cut short, too large or no HTTP, many at once, and its end."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from receiverkit import HALL, Heard, ask, body, get, key, post, row, rows_in, serving

from punchsync.receiver import Receiver, Request
from punchsync.receiver import server as served


def plug(url: str) -> socket.socket:
    place = urlsplit(url)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=20)


def raw(url: str, sent: bytes) -> bytes:
    """Everything that a receiver answers to these bytes, until it hangs up."""
    with plug(url) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65_536), b""))


def head(length: object = None, method: str = "POST", more: str = "") -> bytes:
    own = {"Content-Type": "application/json", "Idempotency-Key": key(1), "Punchsync-Hall": "demo"}
    if length is not None:
        own["Content-Length"] = str(length)
    lines = "".join(f"{name}: {value}\r\n" for name, value in own.items())
    return f"{method} /entries HTTP/1.1\r\n{lines}{more}\r\n".encode()


def content(heard: Heard) -> object:
    return json.loads(heard.body)


def test_a_delivery_and_what_was_delivered_over_the_network(receiver: Receiver) -> None:
    with serving(receiver) as url:
        assert content(ask(url, post(1, row(1)))) == {"accepted": 1, "known": 0}
        given = ask(url, get())
        assert (given.status, content(given)) == (200, {"entries": [row(1)]})
        seen = ask(url, Request("HEAD", "/entries", HALL))
        assert (seen.status, seen.body, seen.headers["content-length"]) == (200, b"", str(len(given.body)))


def test_two_requests_on_one_connection_are_answered_in_their_order(receiver: Receiver) -> None:
    batches = [body([row(1)]), body([row(2)])]
    one, two = (head(len(b)).replace(key(1).encode(), key(n).encode()) + b for n, b in enumerate(batches, 1))
    with serving(receiver) as url:
        answered = raw(url, one + two)
    assert answered.count(b'{"accepted": 1, "known": 0}') == 2
    assert rows_in(receiver) == [row(1), row(2)]


@pytest.mark.parametrize("kept", [0, 1, 100])
def test_of_a_delivery_that_is_cut_short_nothing_is_kept(receiver: Receiver, kept: int) -> None:
    whole = body([row(1)])
    with serving(receiver) as url:
        assert raw(url, head(len(whole)) + whole[:kept]) == b""
    assert rows_in(receiver) == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (head(), b"411"),
        (head(more="Transfer-Encoding: chunked\r\n") + b"0\r\n\r\n", b"411"),
        (head("x"), b"400"),
        (head("-1"), b"400"),
        (head(3, more="Content-Length: 4\r\n") + b"{} ", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"400"),
        (b"POST\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET /entries HTTP/9.9\r\n\r\n", b"505"),
        (b"BREW /entries HTTP/1.1\r\n\r\n", b"501"),
        (head(0, "PUT"), b"405"),
        (head(0, "PATCH"), b"405"),
    ],
)
def test_what_is_no_request_is_answered_in_the_same_form(receiver: Receiver, sent: bytes, status: bytes) -> None:
    with serving(receiver) as url:
        answered = raw(url, sent)
    assert answered.split(b" ", 2)[1] == status
    assert b"application/problem+json" in answered
    assert rows_in(receiver) == []


def test_a_body_too_large_is_refused_and_the_sender_reads_why(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "MOST_BYTES", 1_000)
    with serving(receiver) as url:
        large = ask(url, post(1, content=b" " * 1_001))
        exact = ask(url, post(1, content=b" " * 1_000))
    assert (large.status, large.headers["connection"], exact.status) == (413, "close", 400)


def test_the_same_batch_from_many_at_once_is_taken_once(receiver: Receiver) -> None:
    rows = [row(n) for n in range(1, 51)]
    with serving(receiver) as url, ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda n: content(ask(url, post(n % 3, *rows))), range(24)))
    assert sorted(heard, key=str) == [{"accepted": 0, "known": 50}] * 23 + [{"accepted": 50, "known": 0}]
    assert rows_in(receiver) == rows


def test_a_connection_that_says_nothing_is_given_up(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served.Handler, "timeout", 0.05)
    with serving(receiver) as url, plug(url) as line:
        line.sendall(head(100))
        assert line.recv(1) == b""


def test_the_end_waits_for_an_answer_under_way_and_for_nobody_else(receiver: Receiver) -> None:
    asked, go_on, out = threading.Event(), threading.Event(), []
    answer = receiver.answer

    def slow(request: Request) -> object:
        asked.set()
        go_on.wait(20)
        return answer(request)

    receiver.answer = slow
    with serving(receiver) as url:
        idle = plug(url)
        sender = threading.Thread(target=lambda: out.append(ask(url, post(1, row(1)))))
        sender.start()
        assert asked.wait(20)
        threading.Timer(0.1, go_on.set).start()
    sender.join()
    with idle:
        assert idle.recv(1) == b""
    assert [h.status for h in out] == [200]
    receiver.answer = answer
    assert rows_in(receiver) == [row(1)]
