"""One emulated terminal on the network: a device behind a TCP or a UDP door, served by a thread."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from punchsync.emulator.device import Device
from punchsync.emulator.door import Calls, Door, Second
from punchsync.emulator.faults import Fault, clean
from punchsync.emulator.loop import Loop
from punchsync.emulator.serving import Serving
from punchsync.emulator.tcp import TcpDoor
from punchsync.emulator.traits import Record, Transport
from punchsync.emulator.udp import UdpDoor


class EmulatedTerminal:
    """A device reachable over TCP or UDP while the context lasts, by default on loopback and a free port.

    `faults` may be replaced at any time and holds for the frames sent from then on. `second` says what a
    second client meets (see `door.Second`); left out, it waits on TCP and replaces the first on UDP, where
    nobody can see that a client died. On UDP a client silent for `idle` seconds is gone; None: never.
    Many terminals in one process cost least with one `loop` for all; whoever gives it starts it before and
    ends it after them. Without it each has a thread of its own. OSError when the port is taken.
    """

    def __init__(
        self,
        device: Device,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Fault = clean,
        *,
        second: Second | None = None,
        transport: Transport = "tcp",
        idle: float | None = 60.0,
        loop: Loop | None = None,
    ) -> None:
        self.device = device
        self.faults = faults
        self.transport: Transport = transport
        self._host = host
        self._port = port
        self._second: Second = second or ("wait" if transport == "tcp" else "replace")
        self._idle = idle
        self._shared = loop
        self._connections = 0
        self._running: tuple[Loop, Serving] | None = None
        self._unlisten: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """Give the address it listens on."""
        return self._host

    @property
    def port(self) -> int:
        """Give the port; the one chosen by the system once started with 0."""
        return self._port

    @property
    def address(self) -> tuple[str, int]:
        """Give host and port."""
        return self._host, self._port

    @property
    def plugged(self) -> bool:
        """Say whether clients can reach it."""
        return self._running is not None and self._running[1].door.opened

    @property
    def connections(self) -> int:
        """Give how many connections (on UDP: CONNECTs of clients let in) were served so far."""
        return self._connections + (self._running[1].door.connections if self._running is not None else 0)

    def start(self) -> None:
        """Bind, listen and start to serve; nothing when already started."""
        if self._running is not None:
            return
        loop = self._shared or Loop(f"terminal-{self.device.serial}", many=False)
        serving = Serving(self.device, loop, lambda calls: self._door(loop, calls), lambda: self.faults)
        if self._shared is None:
            loop.start()
        try:
            self._port = serving.door.bind(self._port)
        except OSError:
            self._end(loop)
            raise
        loop.ask(serving.plug)
        self._running = loop, serving
        self._unlisten = self.device.listen(self._announce)

    def stop(self) -> None:
        """End the client, the socket and the thread; returns when they are gone. May be called twice."""
        if self._running is None:
            return
        loop, serving = self._running
        if self._unlisten is not None:
            self._unlisten()
        loop.ask(serving.last)
        self._running = None
        self._connections += serving.door.connections
        self._end(loop)

    def unplug(self) -> None:
        """Become unreachable: let the client go, refuse new ones; the port stays reserved."""
        self._ask(Serving.unplug)

    def plug(self) -> None:
        """Be reachable again on the same port."""
        self._ask(Serving.plug)

    def reboot(self, seconds: float) -> None:
        """Become unreachable for this many seconds; returns at once."""
        self._ask(lambda serving: serving.reboot(seconds))

    def drop(self, reset: bool = False) -> None:
        """End the present connection by FIN or RST, on UDP forget the session; new ones are served."""
        self._ask(lambda serving: serving.part(reset))

    def _ask(self, action: Callable[[Serving], None]) -> None:
        if self._running is not None:
            loop, serving = self._running
            loop.ask(lambda: action(serving))

    def _announce(self, record: Record) -> None:
        if self._running is not None:
            loop, serving = self._running
            loop.post(lambda: serving.announce(record))

    def _door(self, loop: Loop, calls: Calls) -> Door:
        if self.transport == "udp":
            return UdpDoor(loop, self._host, self._second, calls, self._idle)
        return TcpDoor(loop, self._host, self._second, calls)

    def _end(self, loop: Loop) -> None:
        if self._shared is None:
            loop.end()
