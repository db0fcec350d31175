"""The reader over UDP: datagrams lost, doubled, late, out of order; exactly the punches, or a failure with a name."""

import random
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from terminalkit import (
    FORBIDDEN,
    NOON,
    Change,
    ScriptedUdp,
    code,
    datagrams,
    device_with,
    expected,
    good,
    read,
    rows_at,
)

from punchsync.core.reading import ReadFailure, Reading
from punchsync.emulator import Device, EmulatedTerminal, Traits, faults, wire
from punchsync.emulator.faults import Fault
from punchsync.emulator.wire import Answer, Command, Packet
from punchsync.terminals import udp
from punchsync.terminals.frames import Frame
from punchsync.terminals.pieces import Pieces
from punchsync.terminals.trouble import Trouble

EVENT = wire.pack(Packet(Command.REG_EVENT, 1, 0, bytes(32)))
Datagrams = Callable[[Packet], Sequence[bytes]]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on loopback is slow: what is not there soon is lost."""
    monkeypatch.setattr("punchsync.terminals.visit.PATIENCE", 0.05)
    monkeypatch.setattr("punchsync.terminals.session._PAUSE", 0.05)
    monkeypatch.setattr("punchsync.terminals.session._GRACE", 0.05)


def scripted(script: Datagrams, **options: object) -> Reading | ReadFailure:
    with ScriptedUdp(script) as peer:
        result = read(peer.address, transport="udp", **{"deadline": 5.0, **options})  # type: ignore[arg-type]
    assert not FORBIDDEN & set(peer.commands)
    return result


def faulty(device: Device, fault: Fault, **options: object) -> Reading | ReadFailure:
    with EmulatedTerminal(device, faults=fault, transport="udp") as terminal:
        result = read(terminal.address, transport="udp", **options)  # type: ignore[arg-type]
    assert not FORBIDDEN & set(device.received)
    return result


def sent(device: Device, change: Callable[[Packet, list[bytes]], Sequence[bytes]]) -> Datagrams:
    """The device's datagrams, after `change` had its say about those of each answer."""
    script = datagrams(device)
    return lambda packet: change(packet, list(script(packet)))


# A sound network


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize("count", [0, 1, 25, 26, 409, 410, 1000])
def test_a_log_of_any_size_is_read_whole(count: int, indexed: bool) -> None:
    reading = good(faulty(device_with(count, indexed_frames=indexed), faults.clean))
    assert (reading.rows, reading.source, reading.defects) == (expected(rows_at(count)), "udp", ())


def test_a_log_in_numbered_frames_is_read_in_large_chunks_and_another_in_single_datagrams() -> None:
    numbered, plain = device_with(1000), device_with(1000, indexed_frames=False)
    good(faulty(numbered, faults.clean))
    good(faulty(plain, faults.clean))
    assert [d.received[Command.READ_BUFFER] for d in (numbered, plain)] == [4, 1 + 41 + 1]


@pytest.mark.parametrize("key", [1, 1234, 2**32 - 1])
def test_the_right_comm_key_opens_a_terminal(key: int) -> None:
    assert good(faulty(device_with(2, comm_key=key), faults.clean, comm_key=key)).count_before == 2


def test_a_wrong_comm_key_is_named_and_tried_once() -> None:
    device = device_with(2, comm_key=1234)
    assert faulty(device, faults.clean, comm_key=1) == ReadFailure("t1", "wrong_key", "command=1102 answer=2005")
    assert device.received[Command.AUTH] == 1


def test_a_port_where_nobody_listens_refuses() -> None:
    with EmulatedTerminal(device_with(3), transport="udp") as terminal:
        terminal.unplug()
        away = read(terminal.address, transport="udp")
        terminal.plug()
        back = read(terminal.address, transport="udp")
    assert (code(away), code(back)) == ("refused", "read")


def test_a_terminal_that_tells_that_somebody_else_has_it_is_busy() -> None:
    with (
        EmulatedTerminal(device_with(3), transport="udp", second="refuse") as terminal,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as first,
    ):
        first.connect(terminal.address)
        first.send(wire.pack(Packet(Command.CONNECT, 0, 0)))
        first.recv(64)
        assert read(terminal.address, transport="udp") == ReadFailure("t1", "busy", "command=1000 answer=2003")


def test_a_read_that_failed_leaves_the_terminal_to_the_next_one() -> None:
    device = device_with(3, buffer_refusal=Answer.ACK_ERROR)
    with EmulatedTerminal(device, transport="udp", second="wait", idle=None) as terminal:
        assert code(read(terminal.address, transport="udp")) == "broken"
    assert device.received[Command.FREE_SIZES] == 3


def test_a_peer_that_says_nothing_is_asked_again_and_given_up() -> None:
    asked: list[Packet] = []

    def silent(packet: Packet) -> Sequence[bytes]:
        asked.append(packet)
        return ()

    result = scripted(silent, deadline=0.6, pauses=())
    assert result == ReadFailure("t1", "timeout", "command=1000")
    assert len(asked) > 1 and set(asked) == {asked[0]}


# Lost, doubled, late


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize("number", range(32))
def test_a_read_that_loses_any_one_datagram_is_whole(number: int, indexed: bool) -> None:
    device = device_with(150, comm_key=7, indexed_frames=indexed)
    assert good(faulty(device, faults.lose(number), comm_key=7)).rows == expected(rows_at(150))


@pytest.mark.parametrize("number", range(14))
def test_a_read_that_loses_any_one_request_is_whole(number: int) -> None:
    script = datagrams(device_with(150, comm_key=7))
    requests = 0

    def losing(packet: Packet) -> Sequence[bytes]:
        nonlocal requests
        requests += 1
        return () if requests == number + 1 else script(packet)

    assert good(scripted(losing, comm_key=7)).rows == expected(rows_at(150))


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize(
    "fault",
    [
        lambda: faults.duplicate(2),
        lambda: faults.duplicate(3),
        lambda: faults.reorder(),
        lambda: faults.reorder(Command.PREPARE_DATA),
        lambda: faults.reorder(Command.PREPARE_DATA, Command.DATA),
        lambda: faults.late(Command.DATA, times=None),
        lambda: faults.late(Command.DATA, frames=2, times=3),
        lambda: faults.late(Command.DATA, answers=1, times=2),
        lambda: faults.late(Answer.ACK_OK, answers=1, times=None),
        lambda: faults.chain(faults.duplicate(2), faults.reorder()),
        lambda: faults.only(faults.duplicate(2), Command.DATA),
        lambda: faults.only(faults.corrupt_checksum(), Command.DATA, times=3),
        lambda: faults.garbage(),
        lambda: faults.only(faults.truncate(1), times=3),
        lambda: faults.interject(Packet(Command.REG_EVENT, 1, 0, bytes(32)), times=9),
    ],
    ids=range(15),
)
def test_datagrams_may_be_doubled_late_or_overtaken(fault: Callable[[], Fault], indexed: bool) -> None:
    device = device_with(150, comm_key=7, indexed_frames=indexed)
    assert good(faulty(device, fault(), comm_key=7)).rows == expected(rows_at(150))


def disorder(seed: int, harm: float) -> Callable[[Packet, list[bytes]], Sequence[bytes]]:
    """A network that loses, doubles, keeps back and damages datagrams, each in this share of all."""
    chance = random.Random(seed)
    held: list[bytes] = []

    def network(packet: Packet, answers: list[bytes]) -> Sequence[bytes]:
        out: list[bytes] = []
        for answer in answers:
            fate = int(chance.random() / harm)
            if fate == 0:
                at = chance.randrange(len(answer))
                out.append(answer[:at] + bytes([answer[at] ^ chance.randint(1, 255)]) + answer[at + 1 :])
            elif fate == 1:
                held.append(answer)
            elif fate != 2:
                out += [answer] * (1 + (fate == 3))
            if held and chance.random() < 0.3:
                out.append(held.pop(chance.randrange(len(held))))
        return out

    return network


@pytest.mark.parametrize("harm", [0.01, 0.04, 0.1])
@pytest.mark.parametrize("seed", range(8))
def test_any_disorder_of_the_network_gives_the_true_rows_or_a_named_failure(seed: int, harm: float) -> None:
    device = device_with(150, comm_key=7, indexed_frames=bool(seed % 2))
    result = scripted(sent(device, disorder(seed, harm)), comm_key=7, deadline=2.0)
    if isinstance(result, Reading):
        assert (result.rows, result.serial) == (expected(rows_at(150)), device.serial)
    else:
        assert code(result) in ("broken", "timeout", "short")


def test_a_terminal_that_answers_late_is_not_taken_to_have_another_key() -> None:
    device = device_with(3, comm_key=7)
    calls = 0

    def twice(packet: Packet, answers: list[bytes]) -> Sequence[bytes]:
        # The network doubled the first CONNECT: the terminal opened a second session, and forgot the first.
        nonlocal calls
        calls += packet.command == Command.CONNECT
        if packet.command == Command.CONNECT and calls == 1:
            return [*answers, *script(packet)]
        return answers

    script = datagrams(device)
    reading = good(scripted(lambda packet: twice(packet, list(script(packet))), comm_key=7))
    assert (len(reading.rows), calls) == (3, 2)


def test_a_log_that_rolled_on_under_a_doubled_request_is_read_again() -> None:
    """A full terminal drops its oldest record for a new one; a late copy of 1503 shows that in mid-transfer."""
    device = Device(capacity=60, traits=Traits(indexed_frames=False), now=lambda: NOON)
    device.store(rows_at(60))
    script = datagrams(device)
    asked: list[Packet] = []

    def rolling(packet: Packet) -> Sequence[bytes]:
        answers = list(script(packet))
        asked.append(packet)
        if [p.command for p in asked].count(Command.READ_BUFFER) == 3 and packet.command == Command.READ_BUFFER:
            device.punch("1001")
            answers += script(next(p for p in asked if p.command == Command.DATA_WRRQ))
        return answers

    reading = good(scripted(rolling))
    assert [p.command for p in asked].count(Command.CONNECT) == 2
    assert [r.time for r in device.records] == [int.from_bytes(row.raw[27:31], "little") for row in reading.rows]


# Checks off


@pytest.mark.parametrize("fault", [faults.clean, faults.duplicate(2), faults.only(faults.wrong_reply(), skip=4)])
def test_without_checks_a_chunk_must_still_have_its_length_and_never_comes_twice(fault: Fault) -> None:
    result = faulty(device_with(150), fault, checks=False, deadline=3.0)
    if isinstance(result, Reading):
        assert result.rows == expected(rows_at(150))


def test_without_checks_numbers_and_checksums_may_be_wrong() -> None:
    def wrong(packet: Packet, answers: list[Packet]) -> Sequence[Packet]:
        return [replace(a, reply=9) for a in answers]

    reading = good(scripted(datagrams(device_with(60), wrong), checks=False))
    assert reading.rows == expected(rows_at(60))


# Hostile peers


@pytest.mark.parametrize(
    "change",
    [
        lambda asked, answers: [replace(a, reply=a.reply ^ 1) for a in answers],
        lambda asked, answers: [replace(a, payload=a.payload[:-1]) if a.command == 1501 else a for a in answers],
        lambda asked, answers: [replace(a, payload=a.payload + b"\0") if a.command == 1501 else a for a in answers],
        lambda asked, answers: [replace(a, payload=pack("<I", 2**31)) if a.command == 1500 else a for a in answers],
        lambda asked, answers: [replace(a, session=0) if a.command == 1501 else a for a in answers][:-2],
        lambda asked, answers: [b"", b"\0" * 7, b"\xff" * 2000],
        lambda asked, answers: [EVENT] * 50,
        lambda asked, answers: [Packet(1501, i, asked.reply, b"") for i in range(5000)],
        lambda asked, answers: [Packet(2000, i, asked.reply, bytes(i % 300)) for i in range(5000)],
    ],
)
def test_answers_that_are_none_end_in_a_failure_within_the_deadline(change: Change) -> None:
    def to_chunks(asked: Packet, answers: list[Packet]) -> Sequence[Packet | bytes] | None:
        return change(asked, answers) if asked.command == Command.READ_BUFFER else answers

    assert code(scripted(datagrams(device_with(60), to_chunks), deadline=1.0)) in ("broken", "timeout", "short")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=12), st.booleans())
def test_random_datagrams_never_give_a_row(payloads: list[bytes], framed: bool) -> None:
    left = list(payloads)

    def script(packet: Packet) -> Sequence[bytes]:
        payload = left.pop(0) if left else b""
        return [wire.pack(Packet(2000, 1, packet.reply, payload)) if framed else payload]

    result = scripted(script, deadline=0.3, pauses=())
    assert not (isinstance(result, Reading) and result.rows)


# Pieces


PARTS = [b"abc", b"abc", b"de"]
ANSWER = [
    Frame(1500, 7, 1, pack("<I", 8)),
    *(Frame(1501, index, 1, part) for index, part in enumerate(PARTS)),
    Frame(2000, 2, 1, b""),
]


def test_pieces_are_whole_in_any_order_and_only_when_all_are_there() -> None:
    for order in permutations(ANSWER):
        pieces = Pieces(0, 8)
        for place, frame in enumerate(order):
            pieces.take(frame)
            there = {f.session for f in order[: place + 1] if f.command == 1501}
            assert pieces.whole() == (b"abcabcde" if there == {0, 1, 2} else None)


@given(st.lists(st.sampled_from(ANSWER), max_size=12))
def test_pieces_lost_and_doubled_are_never_a_wrong_chunk(frames: list[Frame]) -> None:
    pieces = Pieces(0, 8)
    for frame in frames:
        pieces.take(frame)
    assert pieces.whole() in (None, b"abcabcde") and pieces.orderly


@given(st.lists(st.sampled_from(PARTS), max_size=5))
def test_pieces_without_numbers_are_never_put_together(parts: list[bytes]) -> None:
    pieces = Pieces(0, 8)
    for part in parts:
        pieces.take(Frame(1501, 7982, 1, part))
    assert pieces.whole() is None


@pytest.mark.parametrize(
    "frames",
    [
        [Frame(1500, 7, 1, pack("<I", 9))],
        [Frame(1500, 7, 1, b"")],
        [Frame(1501, 0, 1, bytes(9))],
        [Frame(1501, 0, 1, bytes(5)), Frame(1501, 1, 1, bytes(5))],
        [Frame(2001, 7, 1, b"")],
    ],
)
def test_pieces_that_can_not_belong_to_a_chunk_are_refused(frames: list[Frame]) -> None:
    pieces = Pieces(0, 8)
    with pytest.raises(Trouble):
        for frame in frames:
            pieces.take(frame)


def test_the_patience_of_a_hall_is_half_a_second() -> None:
    assert udp.PATIENCE == 0.5
