"""What the tests of this room share: a clock that stands, devices with rows, scripted servers, a link in memory."""

import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from struct import Struct
from threading import Thread
from types import TracebackType
from typing import Any, Self

from punchsync.core.moment import Moment, day_of, to_moment
from punchsync.core.reading import FAILURES, Memory, ReadFailure, Reading, Row
from punchsync.emulator import Device, Record, Traits, session, wire
from punchsync.emulator.traits import Transport
from punchsync.emulator.wire import Packet
from punchsync.terminals import Address, NetworkReader
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
    memory: Memory | None = None,
    *,
    full: bool = False,
    replaced: bool = False,
    pauses: Sequence[float] = (0.0, 0.0),
    deadline: float = 10.0,
    **options: Any,
) -> Reading | ReadFailure:
    """Read the terminal at an address as `t1`."""
    there = Address(*address, deadline=deadline, **options)
    reader = NetworkReader({"t1": there}, StandingClock(), lambda _: memory or Memory(), pauses=pauses)
    return reader.read("t1", full=full, replaced=replaced)


def good(result: Reading | ReadFailure) -> Reading:
    assert isinstance(result, Reading), result
    return result


def code(result: Reading | ReadFailure) -> str:
    if isinstance(result, ReadFailure):
        assert result.code in FAILURES
        return result.code
    return "read"


def remembered(reading: Reading) -> Memory:
    """What is known of a terminal after this first reading of it."""
    last = reading.rows[-1] if reading.rows else None
    return Memory(
        serial=reading.serial,
        last=(last.at, frozenset({last.device_user_id})) if last else None,
        layout=reading.layout,
        reading=1,
        held=reading.held or 0,
        tail=reading.tail,
        full_on=day_of(to_moment(NOON)),
        refused=reading.refused,
        slots=reading.slots,
        began=reading.began,
    )


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


Datagrams = Callable[[Packet], Sequence[bytes]]


class ScriptedUdp:
    """A UDP peer that answers each datagram with those that the script gives for it, in this order."""

    def __init__(self, script: Datagrams) -> None:
        self.commands: list[int] = []
        self._script = script
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._ended = False
        self._thread = Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._socket.getsockname()
        return host, port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", self.address)
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            data, sender = self._socket.recvfrom(65_536)
            if self._ended:
                return
            packet = wire.unpack(data)
            self.commands.append(packet.command)
            for datagram in self._script(packet):
                self._socket.sendto(datagram, sender)


Change = Callable[[Packet, list[Packet]], Sequence[Packet | bytes] | None]


def datagrams(device: Device, change: Change = lambda _, answers: answers) -> Datagrams:
    """A script that answers as the emulator's device would over UDP, after `change` had its say about each answer."""
    script = emulated(device, change, "udp", wire.pack)
    return lambda packet: script(packet) or ()


def emulated(
    device: Device, change: Change, transport: Transport = "tcp", wrap: Callable[[Packet], bytes] = wire.frame
) -> Callable[[Packet], list[bytes] | None]:
    """What the emulator's device answers to each packet, after `change` had its say; None ends the connection."""
    state = session.Session(transport=transport)

    def script(packet: Packet) -> list[bytes] | None:
        nonlocal state
        if packet.command == wire.Command.CONNECT:
            state = session.Session(transport=transport)
        state, answers = session.respond(device, state, packet)
        changed = change(packet, answers)
        return None if changed is None else [a if isinstance(a, bytes) else wrap(a) for a in changed]

    return script


def stream(device: Device, change: Change = lambda _, answers: answers) -> Script:
    """A script that answers as the emulator's device would over TCP, after `change` had its say about each answer."""
    script = emulated(device, change)

    def joined(packet: Packet) -> bytes | None:
        answers = script(packet)
        return None if answers is None else b"".join(answers)

    return joined


class MemoryLink:
    """A TCP link to a script, without sockets: what the script does not send never comes."""

    source = "tcp"
    largest = 65_472
    repeated = 0

    def __init__(self, script: Script) -> None:
        self.received = 0
        self.sent: list[bytes] = []
        self._script = script
        self._reader = FrameReader()

    def ask(self, packet: bytes) -> None:
        self.sent.append(packet)
        answer = self._script(wire.unpack(packet))
        if answer is None:
            raise Trouble("broken", "closed=peer")
        self.received += len(answer)
        self._reader.feed(answer)

    tell = ask

    def receive(self, within: float | None = None) -> Frame:
        try:
            frame = self._reader.take()
        except FrameError as error:
            raise Trouble("broken", str(error)) from None
        if frame is None:
            raise Trouble("timeout")
        return frame

    def hasten(self, seconds: float) -> None:
        """Nothing is waited for here."""
