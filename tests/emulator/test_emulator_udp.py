"""The UDP side as it stands on the wire, read with a raw socket: one packet a datagram."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from struct import pack

import pytest

from punchsync.emulator import Device, EmulatedTerminal, Traits, faults, wire
from punchsync.emulator.wire import Command, Packet

Serve = Callable[..., EmulatedTerminal]
Made = Callable[..., Device]

REFUSED = 2001


@pytest.fixture
def udp(serve: Serve) -> Serve:
    return lambda device, **options: serve(device, transport="udp", **options)


def payloads(packets: list[Packet]) -> bytes:
    return b"".join(packet.payload for packet in packets if packet.command == Command.DATA)


def test_a_datagram_holds_one_packet_and_no_prefix(udp: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(udp(device_with(0)))
    client.connect()
    assert client.pieces == [wire.pack(Packet(2000, 7982, 1))]


@pytest.mark.parametrize(("indexed", "sessions"), [(True, [7982, 0, 1, 2, 3, 3]), (False, [7982] * 6)])
def test_a_chunk_comes_in_datagrams_of_1024_bytes(
    udp: Serve, dial: Callable, device_with: Made, indexed: bool, sessions: list[int]
) -> None:
    client = dial(udp(device_with(100, traits=Traits(indexed_frames=indexed))))
    client.connect()
    client.prepare_log()
    packets = client.read(0, 4004)
    assert [packet.command for packet in packets] == [1500, 1501, 1501, 1501, 1501, 2000]
    assert [len(packet.payload) for packet in packets] == [8, 1024, 1024, 1024, 932, 0]
    assert [packet.session for packet in packets] == sessions
    assert packets[0].payload == pack("<II", 4004, 1024)


@pytest.mark.parametrize("command", [Command.ATTLOG_RRQ, Command.USERTEMP_RRQ])
def test_what_is_asked_for_directly_comes_in_datagrams_too(
    udp: Serve, dial: Callable, device_with: Made, command: int
) -> None:
    device = device_with(100)
    client = dial(udp(device))
    client.connect()
    packets = [client.ask(command)]
    while packets[-1].command != 2000:
        packets.append(client.receive())
    total = int.from_bytes(payloads(packets)[:4], "little")
    assert (packets[0].command, total) == (1500, {13: 4000, 9: 144}[command])


def test_at_most_16384_bytes_are_read_at_once(udp: Serve, dial: Callable, device_with: Made) -> None:
    device = device_with(1000)
    client = dial(udp(device))
    client.connect()
    client.prepare_log()
    assert [packet.command for packet in client.read(0, 16_385)] == [REFUSED]
    parts = [payloads(client.read(at, 16_384)) for at in range(0, 40_004, 16_384)]
    assert b"".join(parts) == device.log_blob()


def test_a_new_client_takes_the_place_of_the_one_before(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(0))
    first, second = dial(terminal), dial(terminal)
    answers = [first.connect(), second.connect(), first.ask(Command.GET_TIME), second.ask(Command.GET_TIME)]
    assert [answer.command for answer in answers] == [2000, 2000, 2005, 2000]
    assert (second.session, terminal.connections) == (7983, 2)


def test_a_second_client_is_told_to_try_again_where_the_model_does_so(
    udp: Serve, dial: Callable, device_with: Made
) -> None:
    terminal = udp(device_with(0), second="refuse")
    first, second = dial(terminal), dial(terminal)
    first.connect()
    refused = second.ask(Command.CONNECT)
    assert (refused.command, first.ask(Command.GET_TIME).command) == (2003, 2000)
    first.ask(Command.EXIT)
    assert second.connect().command == 2000


def test_a_second_client_hears_nothing_until_the_first_has_gone(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(0), second="wait")
    first, second = dial(terminal), dial(terminal)
    first.connect()
    second.send(Command.CONNECT)
    assert first.ask(Command.EXIT).command == 2000
    again = second.send(Command.CONNECT)
    assert second.receive().reply == again


def test_a_client_that_is_silent_too_long_is_gone(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(0), second="refuse", idle=0.0)
    first, second = dial(terminal), dial(terminal)
    assert (first.connect().command, second.connect().command) == (2000, 2000)


def test_a_client_that_connects_again_gets_a_new_session(udp: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(udp(device_with(0), second="refuse"))
    assert [client.connect().session, client.connect().session] == [7982, 7983]


def test_a_dropped_client_is_outside_its_session(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(0))
    client = dial(terminal)
    client.connect()
    terminal.drop()
    assert client.ask(Command.GET_TIME).command == 2005
    assert client.connect().command == 2000


def test_an_unplugged_terminal_is_refused_and_keeps_its_port(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(0))
    for _ in range(2):
        client = dial(terminal)
        client.connect()
        terminal.unplug()
        client.send(Command.GET_TIME)
        with pytest.raises(ConnectionRefusedError):
            client.receive()
        with pytest.raises(OSError, match="in use"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(terminal.address)
        terminal.plug()
    assert client.connect().command == 2000


def test_a_taken_port_is_an_error_at_the_start(udp: Serve, device_with: Made) -> None:
    terminal = udp(device_with(0))
    with pytest.raises(OSError, match="in use"):
        EmulatedTerminal(device_with(0), port=terminal.port, transport="udp").start()


def test_a_datagram_that_is_no_packet_is_not_answered(udp: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(udp(device_with(0)))
    client.connect()
    client.socket.send(b"short")
    assert client.silent()


def test_a_punch_reaches_a_listening_client(udp: Serve, dial: Callable, device_with: Made) -> None:
    device = device_with(0)
    client = dial(udp(device))
    client.connect()
    client.ask(Command.REG_EVENT, pack("<I", 1))
    device.punch("0042")
    found = client.receive()
    assert (found.command, found.session, found.reply, found.payload[:4]) == (500, 1, 0, b"0042")


def test_a_stalled_terminal_answers_the_next_client(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(0), faults=faults.delay(3600))
    stuck = dial(terminal)
    stuck.send(Command.CONNECT)
    while not terminal.device.received[Command.CONNECT]:
        time.sleep(0.001)
    terminal.faults = faults.clean
    assert dial(terminal).connect().command == 2000


# Faults


@pytest.mark.parametrize(
    ("fault", "sessions"),
    [
        (lambda: faults.only(faults.lose(), Command.DATA, skip=1, times=1), [7982, 0, 2, 3, 3]),
        (lambda: faults.only(faults.lose(0, 2), Command.DATA), [7982, 1, 3, 3]),
        (lambda: faults.only(faults.duplicate(), Command.DATA, times=1), [7982, 0, 0, 1, 2, 3, 3]),
        (lambda: faults.late(Command.DATA, frames=2), [7982, 1, 2, 0, 3, 3]),
        (lambda: faults.reorder(times=1), [7982, 1, 0, 2, 3, 3]),
    ],
    ids=["lost", "two-lost", "doubled", "late", "reordered"],
)
def test_datagrams_go_their_own_ways(
    udp: Serve, dial: Callable, device_with: Made, fault: Callable[[], faults.Fault], sessions: list[int]
) -> None:
    terminal = udp(device_with(100))
    client = dial(terminal)
    client.connect()
    client.prepare_log()
    terminal.faults = fault()
    assert [packet.session for packet in client.read(0, 4004)] == sessions


def test_a_late_answer_comes_after_the_next_one(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(0))
    client = dial(terminal)
    client.connect()
    terminal.faults = faults.late(answers=1)
    sent = [client.send(Command.GET_TIME), client.send(Command.GET_TIME)]
    assert [client.receive().reply, client.receive().reply] == sent[::-1]


def test_garbage_comes_as_a_datagram_of_its_own(udp: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(udp(device_with(0), faults=faults.garbage(b"noise")))
    client.send(Command.CONNECT)
    assert client.socket.recv(100) == b"noise"
    assert client.receive().command == 2000


def test_a_truncated_datagram_is_short(udp: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(udp(device_with(0), faults=faults.truncate(3)))
    client.send(Command.CONNECT)
    assert client.socket.recv(100) == wire.pack(Packet(2000, 7982, 1))[:-3]


def test_a_reboot_in_mid_transfer_ends_the_session(udp: Serve, dial: Callable, device_with: Made) -> None:
    terminal = udp(device_with(100))
    client = dial(terminal)
    client.connect()
    client.prepare_log()
    terminal.faults = faults.reboot_mid_transfer(3600)
    client.send(Command.READ_BUFFER, pack("<ii", 0, 4004))
    assert (client.receive().command, len(client.socket.recv(2000))) == (1500, 512)
    while terminal.plugged:
        time.sleep(0.001)
    # A datagram that comes just before the port is closed is lost without a word.
    client.socket.settimeout(0.1)
    with pytest.raises(ConnectionRefusedError):
        for _ in range(50):
            with suppress(TimeoutError):
                client.send(Command.GET_TIME)
                client.receive()
    client.socket.settimeout(5)
    terminal.plug()
    assert client.ask(Command.GET_TIME).command == 2005
