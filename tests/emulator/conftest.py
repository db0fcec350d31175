"""A raw client for the emulator's tests: a socket and frames or datagrams, nothing that forgives."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest

from punchsync.emulator import Device, EmulatedTerminal, wire
from punchsync.emulator.wire import Command, Packet

NOON = datetime(2026, 10, 8, 12, 0, 0)


class RawClient:
    """Sends packets, gives the packets that come back one by one; `pieces` are the bytes of each recv."""

    def __init__(self, terminal: EmulatedTerminal) -> None:
        self._udp = terminal.transport == "udp"
        if self._udp:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.connect(terminal.address)
            self.socket.settimeout(5)
        else:
            self.socket = socket.create_connection(terminal.address, timeout=5)
        self.pieces: list[bytes] = []
        self._reader = wire.FrameReader()
        self._ready: list[Packet] = []
        self._reply = 0
        self.session = 0

    def close(self) -> None:
        self.socket.close()

    def send(self, command: int, payload: bytes = b"") -> int:
        self._reply += 1
        packet = Packet(command, self.session, self._reply, payload)
        self.socket.sendall(wire.pack(packet) if self._udp else wire.frame(packet))
        return self._reply

    def receive(self) -> Packet:
        while not self._ready:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError
            self.pieces.append(data)
            if self._udp:
                return wire.unpack(data)
            self._ready += self._reader.feed(data)
        return self._ready.pop(0)

    def ask(self, command: int, payload: bytes = b"") -> Packet:
        self.send(command, payload)
        return self.receive()

    def connect(self) -> Packet:
        answer = self.ask(Command.CONNECT)
        self.session = answer.session
        return answer

    def silent(self) -> bool:
        """Say whether nothing more comes, by asking for the time and having its answer come first."""
        asked = self.send(Command.GET_TIME)
        return self.receive().reply == asked

    def prepare_log(self) -> Packet:
        return self.ask(Command.DATA_WRRQ, struct.pack("<bhii", 1, 13, 0, 0))

    def read(self, start: int, size: int) -> list[Packet]:
        """Ask for a part of the buffer, give the packets up to the end of the answer."""
        first = self.ask(Command.READ_BUFFER, struct.pack("<ii", start, size))
        packets = [first]
        if first.command == Command.PREPARE_DATA:
            while packets[-1].command != wire.Answer.ACK_OK:
                packets.append(self.receive())
        return packets


@pytest.fixture
def serve() -> Iterator[Callable[..., EmulatedTerminal]]:
    with ExitStack() as stack:
        yield lambda device, **options: stack.enter_context(EmulatedTerminal(device, **options))


@pytest.fixture
def dial() -> Iterator[Callable[[EmulatedTerminal], RawClient]]:
    with ExitStack() as stack:

        def dialled(terminal: EmulatedTerminal) -> RawClient:
            client = RawClient(terminal)
            stack.callback(client.close)
            return client

        yield dialled


@pytest.fixture
def device_with() -> Callable[..., Device]:
    def made(rows: int, **options: object) -> Device:
        device = Device(now=lambda: NOON, **options)  # type: ignore[arg-type] # each test names its own
        device.enrol("1001", "甲一")
        device.enrol("0042", "丁四")
        for index in range(rows):
            minute, second = divmod(index, 60)
            at = NOON.replace(hour=minute // 60, minute=minute % 60, second=second)
            device.punch(("1001", "0042")[index % 2], at)
        return device

    return made
