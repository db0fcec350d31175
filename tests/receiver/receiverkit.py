"""Entries and requests for the receiver's tests, as short to write as they are to read."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from punchsync.receiver import PATH, Answer, Receiver, ReceiverServer, Request, ScoreTable
from punchsync.receiver.signature import sign

NOW = 1_791_788_400
HALL = {"punchsync-hall": "demo"}
Row = dict[str, str]


def row(n: int, points: str = "-0.5", **more: str) -> Row:
    """A post, the hall's nth entry."""
    made = {
        "booked_on": "2026-10-31", "entry_id": f"E{n:08d}", "cause": f"v{n}@person:P1/考勤", "revision": "1",
        "account_type": "person", "account_id": "P1", "category": "考勤", "period": "2026-10", "points": points,
        "rule": "迟到", "article": "第三条", "value_date": "2026-10-09", "reverses": "",
    }  # fmt: skip
    return made | more


def back(n: int, of: Row) -> Row:
    """The entry that takes another back, the hall's nth."""
    points = of["points"].removeprefix("-") if of["points"].startswith("-") else f"-{of['points']}"
    revision = str(int(of["revision"]) + 1)
    return of | {"entry_id": f"E{n:08d}", "revision": revision, "points": points, "reverses": of["entry_id"]}


def key(n: int) -> str:
    return f"{n:032x}"


def body(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return json.dumps({"entries": list(rows)}, ensure_ascii=False).encode()


def post(batch: int, *rows: Mapping[str, Any], content: bytes | None = None, **headers: str) -> Request:
    """A delivery under the nth key; header names with `_` for `-`."""
    own = {"content-type": "application/json", "idempotency-key": key(batch), **HALL}
    own |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", PATH, own, body(rows) if content is None else content)


def get(query: str = "", **headers: str) -> Request:
    own = HALL | {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("GET", f"{PATH}?{query}" if query else PATH, own)


def signed(request: Request, secret: bytes, at: int = NOW) -> Request:
    """The same with a signature."""
    id = request.headers.get("idempotency-key", "read")
    more = {
        "webhook-id": id,
        "webhook-timestamp": str(at),
        "webhook-signature": sign(secret, id, str(at), request.body),
    }
    return Request(request.method, request.target, {**request.headers, **more}, request.body)


def said(answer: Answer) -> tuple[int, Any]:
    """An answer's status and content."""
    return answer.status, json.loads(answer.body)


def code(answer: Answer) -> tuple[int, str]:
    """An answer that says no: its status, and what it calls that."""
    status, content = said(answer)
    assert dict(answer.headers)["Content-Type"] == "application/problem+json"
    assert content["status"] == status
    assert content["type"] == f"urn:punchsync:receiver:{content['title']}"
    return status, content["title"]


def rows_in(receiver: Receiver, hall: str = "demo") -> list[Row]:
    """Everything that a receiver has of a hall."""
    status, content = said(receiver.answer(get("limit=5000", punchsync_hall=hall)))
    assert status == 200
    return list(content["entries"])


@contextmanager
def receiver_on(file: Path, **more: Any) -> Iterator[Receiver]:
    """A receiver on a file, by a clock that stands."""
    table = ScoreTable(file)
    try:
        yield Receiver(table, lambda: NOW, **more)
    finally:
        table.close()


@contextmanager
def serving(receiver: Receiver) -> Iterator[str]:
    """A receiver on a socket; its URL."""
    with ReceiverServer(("127.0.0.1", 0), receiver, lambda method, answer: None) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


class Heard(NamedTuple):
    """An answer over the network."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(url: str, request: Request) -> Heard:
    """Send a request over a connection of its own."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    try:
        connection.request(request.method, request.target, request.body or None, dict(request.headers))
        answer = connection.getresponse()
        return Heard(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


@contextmanager
def process(*args: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`punchsync receiver` as a process with its URL; killed at the end if it is still there."""
    argv = [sys.executable, "-m", "punchsync", "receiver", "--json", *args]
    running = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    try:
        line = running.stdout.readline()
        assert line, running.communicate()
        yield running, json.loads(line)["url"]
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()
