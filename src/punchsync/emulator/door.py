"""What the two transports have in common: a door clients come in by, one at a time, and the client inside."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from punchsync.emulator.loop import Loop
from punchsync.emulator.session import Session
from punchsync.emulator.wire import Packet

Second = Literal["wait", "refuse", "replace"]
"""What a second client meets while there is one: nothing until the first has gone; an RST (TCP) or ACK_RETRY
(UDP); or it takes the first one's place."""


class GoneError(Exception):
    """The client being answered is no longer there."""


class Client(ABC):
    """One client with its session; `events` are packets to be sent to it when nothing is being answered."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: deque[Packet] = deque()
        self.gone = False

    def require(self) -> None:
        """Raise GoneError when the client has gone."""
        if self.gone:
            raise GoneError

    @abstractmethod
    def send(self, data: bytes) -> int:
        """Send as much of a piece as goes now, give how much; a piece is a framed packet or bytes that are none."""

    def writable(self, ready: Callable[[], None]) -> None:
        """Run `ready` once when more can be sent: at once for who always takes everything."""
        ready()


@dataclass(frozen=True, slots=True)
class Calls:
    """What a door tells: that its inbox has something, and that a client has gone."""

    came: Callable[[], None]
    parted: Callable[[Client], None]


class Door(ABC):
    """A transport's side of a terminal. `inbox` holds the packets that came in, with who sent them."""

    def __init__(self, loop: Loop, host: str, second: Second, calls: Calls) -> None:
        self.inbox: deque[tuple[Client, Packet]] = deque()
        self.client: Client | None = None
        self.connections = 0
        self.opened = False
        self._loop = loop
        self._host = host
        self._port = 0
        self._second = second
        self._calls = calls

    @abstractmethod
    def bind(self, port: int) -> int:
        """Take the port without answering on it; 0 lets the system choose. Gives it; OSError when taken."""

    @abstractmethod
    def open(self) -> None:
        """Let clients in; nothing when open or closed for good."""

    @abstractmethod
    def shut(self) -> None:
        """Refuse clients and keep the port; nothing when shut."""

    @abstractmethod
    def close(self) -> None:
        """Give up the port."""

    @abstractmethod
    def part(self, client: Client | None, reset: bool = False) -> None:
        """Let this client go, by RST when `reset`; nothing when it has gone."""

    @abstractmethod
    def answered(self, client: Client, packet: Packet) -> None:
        """Know that this packet has been answered."""
