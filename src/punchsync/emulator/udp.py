"""A terminal's UDP side: one socket, one packet a datagram, one client known by its address.

A client is gone when it said EXIT or was silent for `idle` seconds; any packet of somebody who is not the
client is answered as outside a session (ACK_UNAUTH), but for CONNECT.
"""

import socket
import time

from punchsync.emulator import wire
from punchsync.emulator.door import Calls, Client, Door, Second
from punchsync.emulator.loop import Loop
from punchsync.emulator.session import Session
from punchsync.emulator.wire import Answer, Command, Packet

_LONGEST_DATAGRAM = 65_535
_SEND_BUFFER = 1 << 21


class UdpClient(Client):
    """Somebody at an address."""

    def __init__(self, door: "UdpDoor", address: tuple[str, int]) -> None:
        super().__init__(Session(transport="udp"))
        self.address = address
        self.heard = time.monotonic()
        self._door = door

    def send(self, data: bytes) -> int:
        """Send one datagram: a framed packet without its frame, anything else as it is."""
        self._door.send(wire.unframed(data), self.address)
        return len(data)


class UdpDoor(Door):
    """Receives datagrams and sorts them: the client's own, a new client's, a stranger's."""

    def __init__(self, loop: Loop, host: str, second: Second, calls: Calls, idle: float | None) -> None:
        super().__init__(loop, host, second, calls)
        self._idle = idle
        self._socket: socket.socket | None = None
        self._refusing = False

    def bind(self, port: int) -> int:
        """Take the port."""
        self._socket = sock = self._bound(port)
        self._port = int(sock.getsockname()[1])
        return self._port

    def open(self) -> None:
        """Hear everybody."""
        if self.opened or self._socket is None:
            return
        self.opened = True
        if self._refusing:
            self._rebind()
        self._loop.watch(self._socket, self._receive)

    def shut(self) -> None:
        """Be there for nobody: whoever sends is told so by ICMP; the port stays reserved."""
        if not self.opened:
            return
        self.opened = False
        sock = self._rebind()
        # Connected to itself it is found by nobody else, and the port is still taken.
        sock.connect(sock.getsockname())
        self._refusing = True

    def _bound(self, port: int, beside: socket.socket | None = None) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        sock.setblocking(False)
        for end in [sock, beside] if beside is not None else []:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((self._host, port))
        except OSError:
            sock.close()
            raise
        return sock

    def _rebind(self) -> socket.socket:
        # The new socket is bound beside the old one, so that nobody else gets the port in between; then alone.
        old = self._socket
        self._socket = sock = self._bound(self._port, old)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        self._refusing = False
        if old is not None:
            self._loop.unwatch(old)
            old.close()
        return sock

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._loop.unwatch(self._socket)
            self._socket.close()
        self._socket = None
        self.opened = False

    def part(self, client: Client | None, reset: bool = False) -> None:
        """Forget a client's session."""
        if client is None or client.gone:
            return
        client.gone = True
        if self.client is client:
            self.client = None
            self._calls.parted(client)

    def answered(self, client: Client, packet: Packet) -> None:
        """A client that said EXIT is gone."""
        if packet.command == Command.EXIT and packet.session == client.session.number:
            self.part(client)

    def send(self, datagram: bytes, address: tuple[str, int]) -> None:
        """Send a datagram; one that can't be sent is lost, as on any network."""
        if self._socket is None:
            return
        try:
            self._socket.sendto(datagram, address)
        except OSError:
            return

    def _receive(self) -> None:
        while self._socket is not None:
            try:
                data, address = self._socket.recvfrom(_LONGEST_DATAGRAM)
            except BlockingIOError:
                break
            except OSError:
                continue
            packet = _read(data)
            client = self._whose(address, packet) if packet is not None else None
            if packet is not None and client is not None:
                self.inbox.append((client, packet))
        self._calls.came()

    def _whose(self, address: tuple[str, int], packet: Packet) -> Client | None:
        """Give the client a packet is from; None when it is not answered, or was here."""
        client = self.client if isinstance(self.client, UdpClient) else None
        if client is not None and self._idle is not None and time.monotonic() - client.heard > self._idle:
            self.part(client)
            client = None
        if client is not None and client.address == address:
            client.heard = time.monotonic()
            self.connections += packet.command == Command.CONNECT
            return client
        stranger = UdpClient(self, address)
        if packet.command != Command.CONNECT:
            return stranger
        if client is not None and self._second != "replace":
            if self._second == "refuse":
                stranger.send(wire.frame(Packet(Answer.ACK_RETRY, 0, packet.reply)))
            return None
        self.part(client)
        self.client = stranger
        self.connections += 1
        return stranger


def _read(datagram: bytes) -> Packet | None:
    try:
        return wire.unpack(datagram)
    except ValueError:
        return None
