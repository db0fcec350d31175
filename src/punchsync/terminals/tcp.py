"""A TCP connection to a terminal: packets out, frames in, all within one deadline."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

from punchsync.terminals.frames import Frame, FrameError, FrameReader, wrap
from punchsync.terminals.link import Deadline, named, opened
from punchsync.terminals.trouble import Trouble

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_PIECE: Final = 1 << 17


class TcpLink:
    """A connection that is open when made, until it is closed. A `Link`."""

    source = "tcp"
    largest = 65_472
    repeated = 0

    def __init__(self, host: str, port: int, deadline: Deadline) -> None:
        self.received = 0
        self._deadline = deadline
        self._reader = FrameReader()
        self._socket = opened(host, port, socket.SOCK_STREAM, deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the connection at once; may be called twice."""
        self._socket.close()

    def ask(self, packet: bytes) -> None:
        """Send a request; raises Trouble."""
        with named("broken"):
            self._socket.settimeout(self._deadline.wait())
            self._socket.sendall(wrap(packet))

    tell = ask

    def receive(self, within: float | None = None) -> Frame:
        """The next frame; raises Trouble when it does not come whole before the deadline, or falls silent."""
        try:
            while (frame := self._reader.take()) is None:
                self._fill(within)
        except FrameError as error:
            raise Trouble("broken", str(error)) from None
        # Frames that arrived together must not outlast the deadline either.
        self._deadline.left()
        return frame

    def hasten(self, seconds: float) -> None:
        """Wait no more than so many seconds from now on, for all that is still to come."""
        self._deadline = self._deadline.within(seconds)

    def _fill(self, within: float | None) -> None:
        wait = self._deadline.wait()
        with named("broken"):
            self._socket.settimeout(wait if within is None else min(wait, within))
            data = self._socket.recv(_PIECE)
        if not data:
            raise Trouble("broken", f"closed=peer pending={self._reader.held}")
        self.received += len(data)
        self._reader.feed(data)
