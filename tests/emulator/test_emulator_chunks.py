"""Chunk answers as they stand on the wire, read with a raw socket."""

from collections.abc import Callable
from struct import pack

import pytest

from punchsync.emulator import Device, EmulatedTerminal, Traits
from punchsync.emulator.wire import Command

Serve = Callable[..., EmulatedTerminal]
Made = Callable[..., Device]


@pytest.mark.parametrize(
    ("way", "codes", "announced"),
    [
        ("data", [1501], None),
        ("prepare", [1500, 1501, 2000], pack("<II", 4004, 65536)),
        ("frames", [1500, 1501, 1501, 1501, 1501, 2000], pack("<II", 4004, 1008)),
    ],
)
def test_a_chunk_comes_in_the_way_of_its_model(
    serve: Serve, dial: Callable, device_with: Made, way: str, codes: list[int], announced: bytes | None
) -> None:
    client = dial(serve(device_with(100, traits=Traits(chunks=way))))
    client.connect()
    client.prepare_log()
    packets = client.read(0, 4004)
    data = b"".join(packet.payload for packet in packets if packet.command == Command.DATA)
    assert ([packet.command for packet in packets], data[:4], len(data)) == (codes, pack("<I", 4000), 4004)
    assert announced is None or packets[0].payload == announced
    assert {packet.reply for packet in packets} == {3}


def test_many_frames_hold_their_index_where_the_session_stands(serve: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(serve(device_with(100, traits=Traits(chunks="frames"))))
    client.connect()
    client.prepare_log()
    packets = client.read(0, 4004)
    assert [packet.session for packet in packets] == [7982, 0, 1, 2, 3, 3]
    assert [len(packet.payload) for packet in packets] == [8, 1008, 1008, 1008, 980, 0]


@pytest.mark.parametrize("way", ["data", "prepare", "frames"])
def test_any_start_and_size_give_that_part_and_the_end_is_clipped(
    serve: Serve, dial: Callable, device_with: Made, way: str
) -> None:
    client = dial(serve(device_with(2000, traits=Traits(chunks=way))))
    client.connect()
    client.prepare_log()

    def part(start: int, size: int) -> bytes:
        return b"".join(packet.payload for packet in client.read(start, size) if packet.command == 1501)

    whole = part(0, 65_472) + part(65_472, 65_472)
    assert len(whole) == 80_004
    assert part(0, 4) == whole[:4]
    assert part(4 + 1936 * 40, 64 * 40) == whole[4 + 1936 * 40 :]
    assert part(12_345, 6_789) == whole[12_345 : 12_345 + 6_789]
    assert part(80_000, 100) == whole[80_000:]


def test_requests_sent_all_at_once_are_answered_in_turn(serve: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(serve(device_with(100)))
    client.connect()
    client.prepare_log()
    sent = [client.send(Command.READ_BUFFER, pack("<ii", at, 1000)) for at in (0, 1000, 2000)]
    packets = [client.receive() for _ in range(9)]
    assert [packet.reply for packet in packets] == [reply for reply in sent for _ in range(3)]


def test_the_log_grows_while_its_snapshot_is_read(serve: Serve, dial: Callable, device_with: Made) -> None:
    device = device_with(100)
    client = dial(serve(device))
    client.connect()
    client.prepare_log()
    first = client.read(0, 2000)[1].payload
    device.punch("1001")
    second = client.read(2000, 65_472)[1].payload
    client.ask(Command.FREE_DATA)
    client.prepare_log()
    grown = client.read(0, 4)[1].payload
    assert (len(first + second), first[:4], grown) == (4004, pack("<I", 4000), pack("<I", 4040))


def test_the_whole_log_comes_directly_without_a_buffer(serve: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(serve(device_with(100, traits=Traits(chunks="frames"))))
    client.connect()
    client.send(Command.ATTLOG_RRQ)
    packets = [client.receive() for _ in range(6)]
    assert sum(len(packet.payload) for packet in packets[1:]) == 4004


def test_a_punch_reaches_a_listening_client(serve: Serve, dial: Callable, device_with: Made) -> None:
    device = device_with(0)
    client = dial(serve(device))
    client.connect()
    client.ask(Command.REG_EVENT, pack("<I", 1))
    device.punch("0042", verify=15)
    found = client.receive()
    assert (found.command, found.session, found.reply) == (500, 1, 0)
    assert found.payload == pack("<24s8B", b"0042", 15, 0, 26, 10, 8, 12, 0, 0)
