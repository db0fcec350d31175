"""A terminal's TCP side: a listener and one accepted connection at a time."""

import contextlib
import os
import socket
import struct
from collections.abc import Callable

from punchsync.emulator import wire
from punchsync.emulator.door import Calls, Client, Door, GoneError, Second
from punchsync.emulator.loop import WRITE, Loop
from punchsync.emulator.session import Session
from punchsync.emulator.wire import Packet

_RECEIVE_BYTES = 65_536
_RESET = struct.pack("ii", 1, 0)


class TcpClient(Client):
    """One accepted connection."""

    def __init__(self, loop: Loop, door: "TcpDoor", connection: socket.socket) -> None:
        super().__init__(Session())
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self._loop = loop
        self._door = door
        self._reader = wire.FrameReader()

    def receive(self) -> None:
        """Put the packets that arrived into the inbox; part when the client has gone."""
        try:
            data = self.socket.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._door.bring(self, self._reader.feed(data))
        else:
            self._door.part(self)

    def send(self, data: bytes) -> int:
        """Send what goes now; GoneError when the connection has ended."""
        try:
            return self.socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._door.part(self)
            raise GoneError from None

    def writable(self, ready: Callable[[], None]) -> None:
        """Run `ready` once when more can be sent; what the client asks meanwhile is left where it is."""

        def again() -> None:
            self._loop.watch(self.socket, self.receive)
            ready()

        self._loop.watch(self.socket, again, WRITE)


class TcpDoor(Door):
    """Listens; serves one connection and leaves the next waiting, resets it, or lets it replace the first."""

    def __init__(self, loop: Loop, host: str, second: Second, calls: Calls) -> None:
        super().__init__(loop, host, second, calls)
        self._listener: socket.socket | None = None

    def bind(self, port: int) -> int:
        """Take the port; a bound socket that does not listen refuses clients."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, port))
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self._listener = listener
        self._port = listener.getsockname()[1]
        return self._port

    def open(self) -> None:
        """Listen."""
        if self._listener is not None and not self.opened:
            self._listener.listen(8)
            self.opened = True
            self._watch()

    def shut(self) -> None:
        """Refuse clients from now on; the port stays reserved."""
        if self.opened:
            self.close()
            self.bind(self._port)

    def close(self) -> None:
        """Close the listener."""
        if self._listener is not None:
            self._loop.unwatch(self._listener)
            self._listener.close()
        self._listener = None
        self.opened = False

    def part(self, client: Client | None, reset: bool = False) -> None:
        """End a connection by FIN or RST."""
        if not isinstance(client, TcpClient) or client.gone:
            return
        client.gone = True
        self._loop.unwatch(client.socket)
        with contextlib.suppress(OSError):
            if reset:
                client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            else:
                client.socket.shutdown(socket.SHUT_WR)
                # Unread requests would turn the FIN into an RST.
                while client.socket.recv(_RECEIVE_BYTES):
                    pass
        client.socket.close()
        if self.client is client:
            self.client = None
        self._watch()
        self._calls.parted(client)

    def bring(self, client: TcpClient, packets: list[Packet]) -> None:
        """Put a client's packets into the inbox."""
        self.inbox.extend((client, packet) for packet in packets)
        self._calls.came()

    def answered(self, client: Client, packet: Packet) -> None:
        """A connection lasts until one side ends it."""

    def _watch(self) -> None:
        if self._listener is None or not self.opened:
            return
        if self.client is None or self._second != "wait":
            self._loop.watch(self._listener, self._accept)
        else:
            self._loop.unwatch(self._listener)

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        if self.client is not None and self._second == "refuse":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            connection.close()
            return
        self.part(self.client, reset=True)
        self.connections += 1
        self.client = client = TcpClient(self._loop, self, connection)
        self._loop.watch(client.socket, client.receive)
        self._watch()
