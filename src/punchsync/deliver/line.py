"""A line to a server that can be hung up from another thread: at a deadline, or when the service stops.

A server that sends a byte now and then keeps every single read in time; only a limit on the whole ends it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any, Final

OPENED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class Line:
    """The connection of one HTTP client that is used by one thread at a time."""

    def __init__(self) -> None:
        self._stream: Any = None
        self.expired = False
        self.over = False

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[dict[str, Any]]:
        """Hang up after so many seconds; gives the extensions to hand to the client with a request."""
        self.expired = False
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield {"trace": self._trace}
        finally:
            timer.cancel()
            timer.join()

    def hang_up(self) -> None:
        """End what is under way; for good."""
        self.over = True
        self._shut()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event in OPENED:
            self._stream = info["return_value"]
            if self.over or self.expired:
                self._shut()

    def _expire(self) -> None:
        self.expired = True
        self._shut()

    def _shut(self) -> None:
        found = self._stream.get_extra_info("socket") if self._stream is not None else None
        if isinstance(found, socket.socket):
            with contextlib.suppress(OSError):
                # Past the TLS layer, whose state belongs to the thread that reads.
                socket.socket.shutdown(found, socket.SHUT_RDWR)
