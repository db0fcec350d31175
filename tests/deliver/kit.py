"""A ledger to deliver, and scoring stores to deliver to: one in memory with faults, one behind a small HTTP server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from punchsync.core.ledger import Entry, Plan
from punchsync.core.outbox import Answer, Batch, of_status
from punchsync.core.readback import COLUMNS, Row, texts
from punchsync.deliver.http import HttpStore
from punchsync.store import SqlStore

DAY = 739_900
PATIENCE = 30.0
EXCUSED = {
    "ruling_id": "R1", "person_id": "P1", "window": "", "date": "2026-11-09", "session": "1", "kind": "",
    "effect": "excuse", "as_kind": "", "document": "x", "decided_by": "主任", "decided_at": "2026-11-10 09:00",
}  # fmt: skip


class Killed(BaseException):
    """The process ends here."""


def entry(cause: str, points: str = "-0.5") -> Entry:
    return Entry(
        "", DAY, cause, 1, "person", "P1", "勤", "2026-10", Decimal(points), "迟到、早退", "三1", DAY, "", "d",
    )  # fmt: skip


class Books:
    """A hall with a ledger: what operations ask of a hall to deliver it."""

    def __init__(self, folder: Path, id: str = "demo", file: str = "books") -> None:
        self.id = id
        self.scored = True
        self.store = SqlStore(f"sqlite:///{folder}/{file}.db", id, "厅")
        self.clock = SimpleNamespace(now=lambda: DAY * 86_400)
        self._booked = 0

    def book(self, count: int, points: str = "-0.5") -> None:
        """Book so many entries more."""
        first, self._booked = self._booked, self._booked + count
        with self.store.writing() as work:
            work.ledger.append(Plan((), tuple(entry(f"v{n}", points) for n in range(first, self._booked))), DAY)

    def rows(self) -> list[Row]:
        """The whole ledger as scoring stores get it."""
        with self.store.reading() as work:
            return [texts(c.entry) for c in work.ledger.entries()]

    def batches(self, store: str = "fake") -> list[tuple[int, int, str]]:
        """Every batch: heights and state."""
        with self.store.reading() as work:
            return [(d.batch.first, d.batch.last, d.state) for d in work.deliveries.all(store)]

    def keys(self, store: str = "fake") -> list[str]:
        with self.store.reading() as work:
            return [d.batch.key for d in work.deliveries.all(store)]


class FakeStore:
    """A scoring store that keeps keys and entries, and does with each request what its script says.

    `ok`; `lost`: takes it, the answer is lost; `down`: nothing came of it; `there`: takes it, says it was there;
    `refuse`: 4xx; `killed`: takes it, and we are killed before the answer.
    """

    name = "fake"

    def __init__(self, script: Iterator[str] | Sequence[str] = ()) -> None:
        self._script = iter(script)
        self.asked: list[Batch] = []
        self.applied: list[Row] = []
        self.taken: dict[str, tuple[Row, ...]] = {}

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        self.asked.append(batch)
        does = next(self._script, "ok")
        if does == "down":
            return Answer("again", "unreachable")
        if does == "refuse":
            return of_status(422, "no")
        fresh = batch.key not in self.taken
        assert fresh or self.taken[batch.key] == tuple(rows), "the same key for another content"
        if fresh:
            self.taken[batch.key] = tuple(rows)
            there = set(self.applied)
            self.applied += [row for row in rows if row not in there]
        if does == "killed":
            raise Killed
        if does == "lost":
            return Answer("again", "timeout")
        return of_status(200 if fresh and does != "there" else 409)

    def read_back(self, most: int) -> list[Row]:
        return sorted(self.applied)

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


class Heard:
    """A request as it came: method, path with query, headers in lower case, body."""

    def __init__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
        self.method, self.path, self.body = method, path, body
        self.headers = {k.lower(): v for k, v in headers.items()}

    @property
    def ids(self) -> list[str]:
        return [e["entry_id"] for e in json.loads(self.body)["entries"]]

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)


class Door(BaseHTTPRequestHandler):
    """Hands every request to the server's script, which gives the bytes to answer with."""

    protocol_version = "HTTP/1.1"
    server: Any

    def handle_request(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        heard = Heard(self.command, self.path, dict(self.headers), body)
        self.server.heard.append(heard)
        made = self.server.reply(heard)
        if made is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        pieces = [made] if isinstance(made, bytes) else made
        for piece in pieces:
            if piece == b"":
                self.close_connection = True
                return
            self.wfile.write(piece)
            self.wfile.flush()

    do_GET = do_POST = handle_request

    def log_message(self, format: str, *args: Any) -> None: ...


class Server(ThreadingHTTPServer):
    """A scripted HTTP server; `replies` are used up one after the other, then it answers 200."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.heard: list[Heard] = []
        self.replies: list[Any] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/entries"

    def reply(self, heard: Heard) -> Any:
        next_ = self.replies.pop(0) if self.replies else 200
        if callable(next_):
            next_ = next_(heard)
        return answer(next_) if isinstance(next_, int) else next_

    def handle_error(self, request: Any, client_address: Any) -> None: ...


def answer(status: int, body: bytes = b"{}", **headers: str) -> bytes:
    """A whole answer."""
    more = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in headers.items())
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def page(rows: Sequence[Row]) -> bytes:
    """A page of a store that is read back."""
    entries = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    return answer(200, json.dumps({"entries": entries}).encode())


@contextmanager
def serving() -> Iterator[Server]:
    """A scripted server, running."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def http_store(url: str, **more: Any) -> HttpStore:
    more = {"timeout": 5.0, "stamp": lambda: 1_791_788_400, "name": "http x", "hall": "示范 1", **more}
    return HttpStore(url, **more)


def until(true: Callable[[], object]) -> None:
    """Wait for something; fails the test when it does not come."""
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up, "it did not come"
        time.sleep(0.01)
