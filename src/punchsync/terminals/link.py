"""What a session and a read ask of a transport, and what all transports share: deadlines, addresses, named errors."""

from __future__ import annotations

import errno
import socket
import time
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Protocol

from punchsync.terminals.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punchsync.terminals.frames import Frame

STEP: Final = 15.0
"""The longest silence in the middle of a read, in seconds: a terminal takes some to prepare a large log."""

_SHARE: Final = 4
"""A silence may take this part of the deadline at most, so that there is time for another attempt."""

_NO_WAY: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})


class Deadline:
    """A moment of the monotonic clock after which nothing is waited for; `step` is the longest silence before it."""

    def __init__(self, seconds: float, step: float | None = None) -> None:
        self._at = time.monotonic() + seconds
        self.step = min(STEP, seconds / _SHARE) if step is None else step

    def left(self) -> float:
        """Seconds left, more than 0; raises Trouble `timeout` when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise Trouble("timeout")
        return left

    def wait(self) -> float:
        """Seconds to wait for what comes next; raises Trouble `timeout` when there are none."""
        return min(self.left(), self.step)

    def outlasts(self, seconds: float) -> bool:
        """Whether more than this many seconds are left."""
        return self._at - time.monotonic() > seconds

    def within(self, seconds: float) -> Deadline:
        """This deadline, or the one in so many seconds if that comes first."""
        return Deadline(min(seconds, self._at - time.monotonic()), self.step)


class Link(Protocol):
    """A way to one terminal: packets out, frames in, every error by its code.

    `source` is `tcp` or `udp`, `largest` the most bytes that a terminal gives to one 1504 over it, `received` counts
    the bytes that came. `repeated` counts what was sent or came more than once, as far as it shows: where it is not 0,
    the terminal may have done something twice.
    """

    source: str
    largest: int
    received: int
    repeated: int

    def ask(self, packet: bytes) -> None:
        """Send a request; raises Trouble."""
        ...

    def tell(self, packet: bytes) -> None:
        """Send a packet that has no answer; raises Trouble."""
        ...

    def receive(self, within: float | None = None) -> Frame:
        """The next frame; raises Trouble when it does not come whole before the deadline, or in `within` seconds."""
        ...

    def hasten(self, seconds: float) -> None:
        """Wait no more than so many seconds from now on, for all that is still to come."""
        ...


def opened(host: str, port: int, kind: socket.SocketKind, deadline: Deadline) -> socket.socket:
    """A socket connected to the first address of a host that lets itself be connected; raises Trouble."""
    trouble = Trouble("unreachable", "addresses=0")
    for family, number, scope in _resolved(host, deadline):
        try:
            with named("unreachable"):
                return _connected(socket.socket(family, kind), (number, port, *scope), deadline)
        except Trouble as found:
            trouble = found
    raise trouble


@contextmanager
def named(otherwise: str) -> Iterator[None]:
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


def _connected(connection: socket.socket, address: Any, deadline: Deadline) -> socket.socket:
    try:
        connection.settimeout(deadline.wait())
        connection.connect(address)
        if connection.type is socket.SOCK_STREAM:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except ConnectionResetError:
        # It listens, and sends away who comes: somebody else is inside.
        connection.close()
        raise Trouble("busy", "error=ECONNRESET") from None
    except BaseException:
        connection.close()
        raise
    return connection


def _resolved(host: str, deadline: Deadline) -> list[tuple[socket.AddressFamily, str, list[Any]]]:
    try:
        found = _looked_up(host, socket.AI_NUMERICHOST)
    except (OSError, ValueError):
        found = _looked_up_aside(host, deadline)
    return found


def _looked_up(host: str, flags: int = 0) -> list[tuple[socket.AddressFamily, str, list[Any]]]:
    # Without the port, as a resolver would cut one that is too large to 16 bits; one kind, as each would repeat them.
    entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags)
    return [(family, str(number), scope) for family, _, _, _, (number, _, *scope) in entries]


def _looked_up_aside(host: str, deadline: Deadline) -> list[tuple[socket.AddressFamily, str, list[Any]]]:
    # In a thread, as a resolver keeps its own time and can't be interrupted.
    found: SimpleQueue[list[tuple[socket.AddressFamily, str, list[Any]]] | Exception] = SimpleQueue()

    def look() -> None:
        try:
            found.put(_looked_up(host))
        except (OSError, ValueError) as error:
            found.put(error)

    Thread(target=look, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=deadline.wait())
    except Empty:
        raise Trouble("unreachable", "resolver=silent") from None
    if isinstance(answer, Exception):
        raise Trouble("unreachable", f"resolver={type(answer).__name__}")
    return answer
