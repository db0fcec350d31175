"""A TCP connection to a terminal: packets out, frames in, all within one deadline, every error by its code.

A session knows no more of a transport than `Link` says; one of another kind is another class with those methods.
"""

from __future__ import annotations

import errno
import socket
import time
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Protocol

from punchsync.terminals.frames import Frame, FrameError, FrameReader, wrap
from punchsync.terminals.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE: Final = 65_536
_NO_WAY: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})


class Deadline:
    """A moment of the monotonic clock after which nothing is waited for."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, more than 0; raises Trouble `timeout` when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise Trouble("timeout")
        return left

    def outlasts(self, seconds: float) -> bool:
        """Whether more than this many seconds are left."""
        return self._at - time.monotonic() > seconds

    def within(self, seconds: float) -> Deadline:
        """This deadline, or the one in so many seconds if that comes first."""
        return Deadline(min(seconds, self._at - time.monotonic()))


class Link(Protocol):
    """What a session and a read ask of a transport; `received` counts the bytes that came."""

    received: int

    def send(self, packet: bytes) -> None:
        """Send one packet; raises Trouble."""
        ...

    def receive(self) -> Frame:
        """The next frame; raises Trouble when it does not come whole before the deadline."""
        ...

    def hasten(self, seconds: float) -> None:
        """Wait no more than so many seconds from now on, for all that is still to come."""
        ...


class TcpLink:
    """A connection that is open when made, until it is closed."""

    def __init__(self, host: str, port: int, deadline: Deadline) -> None:
        self.received = 0
        self._deadline = deadline
        self._reader = FrameReader()
        self._socket = _dial(host, port, deadline)

    def close(self) -> None:
        """End the connection at once; may be called twice."""
        self._socket.close()

    def send(self, packet: bytes) -> None:
        """Send one packet; raises Trouble."""
        with _named("broken"):
            self._socket.settimeout(self._deadline.left())
            self._socket.sendall(wrap(packet))

    def receive(self) -> Frame:
        """The next frame; raises Trouble when it does not come whole before the deadline."""
        try:
            while (frame := self._reader.take()) is None:
                self._fill()
        except FrameError as error:
            raise Trouble("broken", str(error)) from None
        # Frames that arrived together must not outlast the deadline either.
        self._deadline.left()
        return frame

    def hasten(self, seconds: float) -> None:
        """Wait no more than so many seconds from now on, for all that is still to come."""
        self._deadline = self._deadline.within(seconds)

    def _fill(self) -> None:
        with _named("broken"):
            self._socket.settimeout(self._deadline.left())
            data = self._socket.recv(_PIECE)
        if not data:
            raise Trouble("broken", f"closed=peer pending={self._reader.held}")
        self.received += len(data)
        self._reader.feed(data)


def _dial(host: str, port: int, deadline: Deadline) -> socket.socket:
    trouble = Trouble("unreachable", "addresses=0")
    for family, kind, protocol, _, (number, _, *scope) in _resolve(host, deadline):
        try:
            with _named("unreachable"):
                return _connected(socket.socket(family, kind, protocol), (number, port, *scope), deadline)
        except Trouble as found:
            trouble = found
    raise trouble


def _connected(connection: socket.socket, address: Any, deadline: Deadline) -> socket.socket:
    try:
        connection.settimeout(deadline.left())
        connection.connect(address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


def _resolve(host: str, deadline: Deadline) -> list[Any]:
    # In a thread, as a resolver keeps its own time and can't be interrupted; without the port, as it would cut one
    # that is too large to 16 bits.
    found: SimpleQueue[list[Any] | Exception] = SimpleQueue()

    def look() -> None:
        try:
            found.put(list(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)))
        except (OSError, ValueError) as error:
            found.put(error)

    Thread(target=look, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=deadline.left())
    except Empty:
        raise Trouble("unreachable", "resolver=silent") from None
    if isinstance(answer, Exception):
        raise Trouble("unreachable", f"resolver={type(answer).__name__}")
    return answer


@contextmanager
def _named(otherwise: str) -> Iterator[None]:
    """Turn what a socket raises into Trouble: by its kind, or `otherwise`."""
    try:
        yield
    except TimeoutError:
        raise Trouble("timeout") from None
    except ConnectionRefusedError:
        raise Trouble("refused") from None
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise Trouble("unreachable" if error.errno in _NO_WAY else otherwise, f"error={name}") from None
    except OverflowError:
        raise Trouble("unreachable", "error=port") from None
