"""What stands between a sender and a receiver, and does to their requests and answers what networks do at their worst.

It never invents a yes: whatever it answers by itself is no 2xx and no 409, unless the receiver has said so of that
request. One exception, which is the sender's to see through: an answer that was given already may come once more on
the same connection, when the next request has gone out.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import NamedTuple

HANG = 30.0
"""Seconds after which a hanging answer is given up, should the sender never do so."""
DROP = 0.04
"""Seconds between two bytes of an answer that never ends."""
GARBAGE = (
    b"\x00\xff\xfe\r\n\r\n",
    b"HTTP/1.1\r\n\r\n",
    b"HTTP/1.1 abc def\r\n\r\n",
    b"HTTP/1.1 20\r\n\r\n",
    b"200 OK\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 199 Soon\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 301 Moved\r\nLocation: /entries\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\n\r\n",
    b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 -200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200",
    b"<html>200 OK</html>",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"X" * 200_000,
)

BEFORE = ("cut", "hang", "500", "503", "garbage", "refused")
"""What may happen to a request that the receiver never gets to see."""
AFTER = ("hang", "cut", "half", "reset", "500", "503", "garbage", "late")
"""What may happen to the answer of a request that the receiver took."""
KINDS = (
    *(f"{name} before" for name in BEFORE),
    *(f"{name} after" for name in AFTER),
    "trickle", "drip", "twice", "again", "replay", "conflict", "stale",
)  # fmt: skip


class Asked(NamedTuple):
    """A request as it came: method, key, all its bytes."""

    method: str
    key: str
    whole: bytes


class Answered(NamedTuple):
    """What the receiver said."""

    status: int
    whole: bytes
    known: bool


class Proxy:
    """Listens on loopback and passes on to `upstream()`; while it is hostile, with a fault for a share of requests."""

    def __init__(self, chance: Random, kinds: tuple[str, ...] = KINDS) -> None:
        self.chance, self.kinds = chance, kinds
        self.upstream: Callable[[], tuple[str, int]] = lambda: ("127.0.0.1", 1)
        self.share = 0.6
        self.hostile = False
        self.done: Counter[str] = Counter()
        self.seen: list[bytes] = []  # every POST that came whole, for a second coming
        self.struck: Callable[[], None] | None = None  # what else may happen while a request is under way
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._lines: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.port = int(self._listener.getsockname()[1])
        self._main = threading.Thread(target=self._listen, name="proxy")
        self._main.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/entries"

    def close(self) -> None:
        """End every connection and thread."""
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._main.join()
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def calm(self) -> None:
        """From here on pass everything on as it is; what hangs is cut."""
        self.hostile = False
        with self._lock:
            lines = list(self._lines)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            line.settimeout(HANG)
            with self._lock:
                self._lines.add(line)
            thread = threading.Thread(target=self._serve, args=(line,), name="proxied")
            self._threads = [t for t in self._threads if t.is_alive()] + [thread]
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        stale = b""
        try:
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError), line.makefile("rb") as reader:
                while (asked := read_request(reader)) is not None:
                    stale = self._pass(line, asked, stale)
        except Cut as cut:
            if cut.reset:
                with contextlib.suppress(OSError):
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        finally:
            with self._lock:
                self._lines.discard(line)
            line.close()

    def _choose(self, asked: Asked) -> str:
        with self._lock:
            if asked.method == "POST":
                self.seen.append(asked.whole)
            if not self.hostile or self.chance.random() > self.share:
                return ""
            kind = self.chance.choice(self.kinds)
            self.done[kind] += 1
            return kind

    def _pass(self, line: socket.socket, asked: Asked, stale: bytes) -> bytes:
        """Deal with one request; returns the answer that is to come again with the next one."""
        if stale:
            line.sendall(stale)
        kind = self._choose(asked)
        what, _space, when = kind.partition(" ")
        if when == "before":
            self._answer(line, what, b"")
            return b""
        if kind == "replay":
            for _ in range(self.chance.randint(1, 3)):
                self._forward(self.chance.choice(self.seen or [asked.whole]))
        if self.struck is not None and self.hostile:
            self.struck()
        answered = self._forward(asked.whole)
        if answered is None:
            raise Cut
        if kind == "again":
            answered = self._forward(asked.whole) or answered
        if when == "after":
            self._answer(line, what, answered.whole)
        elif kind == "trickle":
            for n in range(0, len(answered.whole), 7):
                line.sendall(answered.whole[n : n + 7])
                time.sleep(0.001)
        elif kind == "drip":
            self._drip(line, answered.whole)
        elif kind == "conflict" and answered.known:
            line.sendall(b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n")
        elif kind == "twice":
            line.sendall(answered.whole * 2)
        else:
            line.sendall(answered.whole)
        return answered.whole if kind == "stale" else b""

    def _answer(self, line: socket.socket, what: str, whole: bytes) -> None:
        """What the sender gets instead of an answer, or of the answer to what was taken."""
        if what in ("500", "503"):
            status = b"500 Broken" if what == "500" else b"503 Busy"
            line.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
        elif what == "refused":
            line.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            raise Cut
        elif what == "garbage":
            line.sendall(self.chance.choice(GARBAGE))
            raise Cut
        elif what == "half":
            line.sendall(whole[: self.chance.randrange(len(whole))])
            raise Cut
        elif what == "hang":
            self._hang(line)
        elif what == "late":
            self._over.wait(self.chance.uniform(0, 0.05))
            line.sendall(whole)
        else:
            raise Cut(reset=what == "reset" or self.chance.random() < 0.5)

    def _hang(self, line: socket.socket) -> None:
        """Say nothing until the sender has enough."""
        with contextlib.suppress(OSError):
            line.recv(1)
        raise Cut

    def _drip(self, line: socket.socket, whole: bytes) -> None:
        """An answer whose every byte comes in time, and which never comes to its end."""
        busy = b"HTTP/1.1 503 Busy\r\nContent-Length: 1000000\r\n\r\n"
        line.sendall(busy if self.chance.random() < 0.5 else whole[:9])
        until = time.monotonic() + HANG
        while time.monotonic() < until and not self._over.wait(DROP):
            line.sendall(b"X")
        raise Cut

    def _forward(self, whole: bytes) -> Answered | None:
        """Have the receiver answer these bytes; None where it is not there, or goes away meanwhile."""
        try:
            with socket.create_connection(self.upstream(), timeout=HANG) as line:
                line.sendall(whole)
                line.shutdown(socket.SHUT_WR)
                found = b"".join(iter(lambda: line.recv(65_536), b""))
        except OSError:
            return None
        head, split, body = found.partition(b"\r\n\r\n")
        if not split:
            return None
        status = int(head.split(b" ", 2)[1])
        return Answered(status, found, status == 200 and b'"accepted": 0,' in body)


class Cut(Exception):
    """The end of a connection, with a reset or without."""

    def __init__(self, reset: bool = False) -> None:
        super().__init__()
        self.reset = reset


def read_request(reader: object) -> Asked | None:
    """One request, whole; None at the end of a connection. Raises ValueError for what is cut short."""
    lines = []
    while (line := reader.readline()) not in (b"\r\n", b""):
        lines.append(line)
    if not lines:
        return None
    if line == b"":
        raise ValueError(lines)
    fields = dict(item.decode("latin-1").strip().lower().split(": ", 1) for item in lines[1:])
    length = int(fields.get("content-length", "0"))
    body = reader.read(length)
    if len(body) < length:
        raise ValueError(length)
    return Asked(lines[0].split()[0].decode(), fields.get("idempotency-key", ""), b"".join(lines) + b"\r\n" + body)
