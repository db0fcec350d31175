"""What the tests of this room share: a clock that stands, devices with rows, a scripted server, a link in memory."""

import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from struct import Struct
from threading import Thread
from types import TracebackType
from typing import Self

from punchsync.core.moment import Moment, to_moment
from punchsync.core.reading import ReadFailure, Reading, Row
from punchsync.emulator import Device, Record, Traits, session, wire
from punchsync.emulator.wire import Packet
from punchsync.terminals import Address, Known, NetworkReader
from punchsync.terminals.frames import Frame, FrameError, FrameReader
from punchsync.terminals.trouble import Trouble

NOON = datetime(2026, 10, 8, 12, 0, 0)
RECORD = Struct("<H24sBIB8s")
FORBIDDEN = {9, 15, 1003}


class StandingClock:
    """Hall time that does not move."""

    def now(self) -> Moment:
        return to_moment(NOON)


def record_bytes(user_id: bytes, packed: int, uid: int = 1, verify: int = 1, state: int = 0) -> bytes:
    return RECORD.pack(uid, user_id, verify, packed, state, bytes(8))


def blob_of(*records: bytes) -> bytes:
    body = b"".join(records)
    return len(body).to_bytes(4, "little") + body


def rows_at(count: int) -> list[Record]:
    """Records of two people, a second apart from eight o'clock on."""
    eight = wire.pack_time(NOON.replace(hour=8))
    return [Record(1 + i % 2, ("1001", "0042")[i % 2], eight + i, verify=1 + i % 3, state=i % 5) for i in range(count)]


def expected(records: Iterable[Record]) -> tuple[Row, ...]:
    """The rows these records must be read as, by way of datetime."""
    rows = []
    for position, record in enumerate(records):
        at = to_moment(datetime(*wire.unpack_fields(record.time)))
        raw = RECORD.pack(record.uid, record.user_id.encode(), record.verify, record.time, record.state, bytes(8))
        rows.append(Row(position, raw, record.user_id, at, str(record.verify), str(record.state)))
    return tuple(rows)


def device_with(count: int, comm_key: int = 0, **traits: object) -> Device:
    device = Device(comm_key=comm_key, traits=Traits(**traits), now=lambda: NOON)  # type: ignore[arg-type]
    device.store(rows_at(count))
    return device


def read(
    address: tuple[str, int],
    known: Known | None = None,
    *,
    comm_key: int = 0,
    deadline: float = 10.0,
    checks: bool = True,
) -> Reading | ReadFailure:
    """Read the terminal at an address as `t1`."""
    there = Address(*address, comm_key=comm_key, deadline=deadline, checks=checks)
    reader = NetworkReader({"t1": there}, StandingClock(), lambda _: known or Known(), pause=0.0)
    return reader.read("t1")


Script = Callable[[Packet], bytes | None]


class Scripted:
    """A server that answers each request with what the script gives for it; None ends the connection."""

    def __init__(self, script: Script) -> None:
        self.commands: list[int] = []
        self.connections = 0
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._thread = Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._listener.getsockname()
        return host, port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for end in (self._listener, *self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._open.append(client)
                self.connections += 1
                with client, suppress(OSError):
                    self._converse(client)

    def _converse(self, client: socket.socket) -> None:
        reader = wire.FrameReader()
        while data := client.recv(65_536):
            for packet in reader.feed(data):
                self.commands.append(packet.command)
                answer = self._script(packet)
                if answer is None:
                    return
                client.sendall(answer)


def emulated(device: Device, change: Callable[[Packet, list[Packet]], Sequence[Packet | bytes] | None]) -> Script:
    """A script that answers as the emulator's device would, after `change` had its say about each answer."""
    state = session.Session()

    def script(packet: Packet) -> bytes | None:
        nonlocal state
        if packet.command == wire.Command.CONNECT:
            state = session.Session()
        state, answers = session.respond(device, state, packet)
        changed = change(packet, answers)
        if changed is None:
            return None
        return b"".join(a if isinstance(a, bytes) else wire.frame(a) for a in changed)

    return script


class MemoryLink:
    """A link to a script, without sockets: what the script does not send never comes."""

    def __init__(self, script: Script) -> None:
        self.received = 0
        self.sent: list[bytes] = []
        self._script = script
        self._reader = FrameReader()

    def send(self, packet: bytes) -> None:
        self.sent.append(packet)
        answer = self._script(wire.unpack(packet))
        if answer is None:
            raise Trouble("broken", "closed=peer")
        self.received += len(answer)
        self._reader.feed(answer)

    def receive(self) -> Frame:
        try:
            frame = self._reader.take()
        except FrameError as error:
            raise Trouble("broken", str(error)) from None
        if frame is None:
            raise Trouble("timeout")
        return frame

    def hasten(self, seconds: float) -> None:
        """Nothing is waited for here."""
