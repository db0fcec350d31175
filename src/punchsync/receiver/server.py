"""The receiver on a socket: HTTP/1.1 of the standard library, a thread for each connection."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock
from typing import Any

from punchsync.receiver.answer import MOST_BYTES, PATH, Answer, Receiver, Request, problem
from punchsync.texts import _

SILENCE = 30.0
"""Seconds without a byte after which a connection is given up."""
DRAINED = 4 * MOST_BYTES
"""Bytes of a body too large that are read and thrown away, so that the sender gets to read why."""

Tell = Callable[[str, Answer], None]
"""Is told of every answer, with the request's method."""


class ReceiverServer(ThreadingMixIn, TCPServer):
    """Serves a receiver on an address until `shutdown`; raises OSError where the address can't be had.

    `server_close` ends idle connections at once and lets those finish that are being answered.
    """

    allow_reuse_address = True
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], receiver: Receiver, tell: Tell) -> None:
        self.receiver, self.tell = receiver, tell
        self._open: set[socket.socket] = set()
        self._guard = Lock()
        self.address_family = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0][0]
        super().__init__(address, Handler)

    @property
    def url(self) -> str:
        """Where to deliver to."""
        host, port = self.server_address[:2]
        shown = f"[{host!s}]" if self.address_family == socket.AF_INET6 else str(host)
        return f"http://{shown}:{port}{PATH}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Let a connection go."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Give up the port; returns when the last answer is out."""
        with self._guard:
            for connection in self._open:
                # Whoever waits for a request reads its end here; whoever answers one can still write.
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RD)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away in the middle is everyday: it comes again."""


class Handler(BaseHTTPRequestHandler):
    """One connection: requests in, answers out."""

    server: ReceiverServer
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"
    """Also what can't be read is answered with a status and headers."""
    timeout = SILENCE
    wbufsize = -1
    """Head and body of an answer go out together."""

    def handle_request(self) -> None:
        """Read a request's body and answer it; one that is cut short gets no answer, and nothing of it is kept."""
        body = self.body()
        if isinstance(body, Answer):
            self.close_connection = True
            self.send(body)
        elif body is None:
            self.close_connection = True
        else:
            headers = {name.lower(): value for name, value in reversed(self.headers.items())}
            self.send(self.server.receiver.answer(Request(self.command, self.path, headers, body)))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = handle_request

    def body(self) -> bytes | Answer | None:
        """The body whole, an answer where it can't be had, or None where the client went away."""
        lengths = set(self.headers.get_all("Content-Length", []))
        if "Transfer-Encoding" in self.headers or (not lengths and self.command == "POST"):
            return problem(411, "no-length", _("要有 Content-Length；不收分块传送"))
        text = lengths.pop() if lengths else "0"
        if lengths or not (text.isascii() and text.isdigit()) or len(text) > 15:
            return problem(400, "bad-length", _("Content-Length 不是一个数"))
        length = int(text)
        if length <= MOST_BYTES:
            read = self.rfile.read(length)
            return read if len(read) == length else None
        left = min(length, DRAINED)
        while left and (piece := self.rfile.read(min(left, 65_536))):
            left -= len(piece)
        return problem(413, "too-large", _("一次最多 {most} 字节；把每批的笔数改小").format(most=MOST_BYTES))

    def send(self, answer: Answer) -> None:
        """Write an answer; of a HEAD all but its body."""
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()
        self.server.tell(self.command or "", answer)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What isn't HTTP is answered in our form, too."""
        self.close_connection = True
        self.send(problem(code, "not-http", message or _("不是合乎 HTTP 的请求")))

    def version_string(self) -> str:
        """What the Server header says."""
        return "punchsync-receiver"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is said here: `tell` is told of every answer."""
