"""HTTP/1.1 connections that end by themselves: nobody keeps one by sending slowly, not at all, or not reading."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

ASKING: Final = 10.0
"""Seconds that a client has to send a request's head in."""
ANSWERING: Final = 60.0
"""Seconds that an answer may take, until its last byte is on its way."""
HEAD: Final = 16 * 1024
"""Bytes of a request's head."""


class BoundedProtocol(H11Protocol):
    """The server's protocol, with a limit on each half of a request. Between two requests the server's own applies."""

    _ends: asyncio.TimerHandle | None = None
    _answered: Any = None

    def connection_made(self, transport: Any) -> None:
        """A client came."""
        super().connection_made(transport)
        self._end_in(ASKING)

    def data_received(self, data: bytes) -> None:
        """Bytes came; only a whole head gets more time."""
        if self._ends is None:
            self._end_in(ASKING)
        super().data_received(data)
        self._allow()

    def on_response_complete(self) -> None:
        """An answer is on its way; one that is not taken keeps its limit."""
        if not self.transport.get_write_buffer_size():
            self._let()
        super().on_response_complete()
        self._allow()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._let()
        super().connection_lost(exc)

    def _allow(self) -> None:
        """Time for the answer, once for each request."""
        if self.cycle is not None and self.cycle is not self._answered and not self.cycle.response_complete:
            self._answered = self.cycle
            self._end_in(ANSWERING)

    def _end_in(self, seconds: float) -> None:
        self._let()
        # Not `close`, which waits until all that was written is taken.
        self._ends = self.loop.call_later(seconds, self.transport.abort)

    def _let(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None
