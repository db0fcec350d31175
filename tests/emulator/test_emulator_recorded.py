"""Frames recorded from real devices, and the emulator's own, byte for byte. The recordings are not ours to copy:
they are read where they lie and the test is skipped where they do not."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from struct import unpack_from
from typing import Any

import pytest

from punchsync.emulator import Device, Record, Traits, User, events, layout, wire
from punchsync.emulator.session import Session, respond
from punchsync.emulator.wire import Command, Packet

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
VECTORS = CASES / "pyzk_test_vectors" / "pyzk_test_vectors.json"
DUMPS = CASES / "zk_protocol_doc" / "hexdumps.json"

pytestmark = pytest.mark.skipif(not (VECTORS.exists() and DUMPS.exists()), reason="no recorded frames beside the tree")

PREPARE_USERS = bytes.fromhex("0109000500000000000000")


@cache
def received() -> dict[int, bytes]:
    """Give the recorded blobs by the line they have in their source."""
    tests = json.loads(VECTORS.read_text(encoding="utf-8"))["tests"]
    return {item["line"]: bytes.fromhex(item["hex"]) for test in tests for item in test["recv"]}


@cache
def dumped(file: str, line: int) -> bytes:
    vectors = json.loads(DUMPS.read_text(encoding="utf-8"))["vectors"]
    return next(bytes.fromhex(v["hex"]) for v in vectors if (v["file"], v["line"]) == (f"sections/{file}.md", line))


def recorded(line: int, *rest: int) -> bytes:
    return b"".join(received()[number] for number in (line, *rest))


def packet_of(frame: bytes) -> Packet:
    return wire.unpack(frame[8:])


def answered(device: Device, frame: bytes, command: int, payload: bytes = b"", session: Session | None = None) -> Any:
    """Answer a request with the reply number of a recorded answer, in the session of that answer."""
    was = packet_of(frame)
    session = session or Session(was.session, authorised=True)
    after, packets = respond(device, session, Packet(command, session.number, was.reply, payload))
    return after, [wire.frame(packet) for packet in packets]


def connecting(frame: bytes, **options: Any) -> bytes:
    device = Device(**options)
    device._sessions = packet_of(frame).session - 1
    return b"".join(answered(device, frame, Command.CONNECT, session=Session())[1])


def table(frame: bytes) -> dict[int, int]:
    payload = packet_of(frame).payload
    return dict(enumerate(unpack_from(f"<{len(payload) // 4}i", payload)))


@pytest.mark.parametrize(("line", "key"), [(143, 1), (158, 1)])
def test_connecting_to_a_terminal_with_a_key(line: int, key: int) -> None:
    assert connecting(recorded(line), comm_key=key) == recorded(line)


def test_connecting_to_a_terminal_without_a_key() -> None:
    assert connecting(recorded(237)) == recorded(237)


def test_connecting_to_one_that_sends_a_byte_along() -> None:
    extra = packet_of(recorded(274)).payload
    assert len(extra) == 1
    assert connecting(recorded(274), traits=Traits(connect_payload=extra)) == recorded(274)


@pytest.mark.parametrize(("line", "right"), [(144, False), (159, True)])
def test_a_key_is_refused_or_granted(line: int, right: bool) -> None:
    was = packet_of(recorded(line))
    key = wire.scramble(12, was.session) if right else bytes(4)
    _, frames = answered(Device(comm_key=12), recorded(line), Command.AUTH, key, Session(was.session))
    assert frames == [recorded(line)]


@pytest.mark.parametrize(("line", "length"), [(178, 92), (238, 80), (275, 80)])
def test_the_size_table_of_either_length(line: int, length: Any) -> None:
    frame, numbers = recorded(line), table(recorded(line))
    # Of what the emulator does not count itself, the recorded numbers; free places it works out.
    given = {at: numbers[at] for at in (6, 10, 12, 13, 14)}
    device = Device(
        users=[User(uid, str(uid)) for uid in range(1, numbers[4] + 1)],
        capacity=numbers[16],
        user_capacity=numbers[15],
        traits=Traits(sizes_bytes=length, sizes=given),
    )
    device.store([Record(1, "1", 0)] * numbers[8])
    # Of the longer one all but the last six bytes, zeros, were recorded; its checksum holds with them.
    assert answered(device, frame, Command.FREE_SIZES)[1] == [frame.ljust(16 + length, b"\0")]


def users_of(blob: bytes) -> list[User]:
    rows = [blob[at : at + 72] for at in range(4, len(blob), 72)]
    # Their passwords and stray bytes stay with them.
    return [User(number, str(number), raw=row) for number, row in enumerate(rows, start=1)]


@pytest.mark.parametrize("lines", [(204,), (239, 240)])
def test_a_small_table_comes_inline(lines: tuple[int, ...]) -> None:
    frame = recorded(*lines)
    device = Device(users=users_of(packet_of(frame).payload))
    assert answered(device, frame, Command.DATA_WRRQ, PREPARE_USERS)[1] == [frame]


def test_a_table_in_frames_of_1008_bytes_with_their_index_where_the_session_stands() -> None:
    whole = recorded(*(line for line in sorted(received()) if 278 <= line <= 311))
    frames, at = [], 0
    while at < len(whole):
        end = at + 8 + int.from_bytes(whole[at + 4 : at + 8], "little")
        frames.append(whole[at:end])
        at = end
    blob = b"".join(packet_of(frame).payload for frame in frames)
    announced = recorded(276)
    traits = Traits(chunks="frames", prepared_tail=packet_of(announced).payload[9:])
    device = Device(users=users_of(blob), traits=traits)
    session, found = answered(device, announced, Command.DATA_WRRQ, PREPARE_USERS)
    read = bytes.fromhex("00000000") + len(blob).to_bytes(4, "little")
    _, parts = answered(device, recorded(277), Command.READ_BUFFER, read, session)
    # The ACK_OK that ends it was not recorded here; that of another read follows.
    assert (found, parts[:-1]) == ([announced], [recorded(277), *frames])


@pytest.mark.parametrize(("first", "last", "size"), [(411, 420, 1244), (441, 450, 1011)])
def test_the_answer_that_ends_many_frames_holds_the_last_index(first: int, last: int, size: int) -> None:
    was, end = packet_of(recorded(first)), packet_of(recorded(last))
    session = Session(was.session, authorised=True, buffer=bytes(size))
    read = bytes.fromhex("00000000") + size.to_bytes(4, "little")
    _, frames = answered(Device(traits=Traits(chunks="frames")), recorded(first), Command.READ_BUFFER, read, session)
    # The two were recorded in different reads: their reply numbers differ.
    assert frames[0] == recorded(first)
    assert packet_of(frames[-1]) == Packet(end.command, end.session, was.reply)


def test_a_punch_as_it_happens() -> None:
    frame = dumped("realtime", 125)
    payload = packet_of(frame).payload
    user_id, verify, state, *when = unpack_from("<24s8B", payload)
    record = Record(1, user_id.rstrip(b"\0").decode(), wire.pack_fields(2000 + when[0], *when[1:]), verify, state)
    assert wire.frame(events.of_punch(record)) == frame


@pytest.mark.parametrize(("line", "length"), [(475, 12), (503, 32)])
def test_a_punch_of_other_devices(line: int, length: int) -> None:
    # Both stand after the hand-edited head of a frame; the second has the checksum of the first.
    raw = recorded(line)
    packet = wire.unpack(raw[raw.index(b"\xf4\x01") :])
    assert len(packet.payload) == length
    who, verify, state, *when = unpack_from("<I8B" if length == 12 else "<24s8B", packet.payload)
    user_id = str(who) if length == 12 else who.rstrip(b"\0").decode()
    record = Record(1, user_id, wire.pack_fields(2000 + when[0], *when[1:]), verify, state)
    assert events.of_punch(record, length) == packet


def test_a_finger_on_the_reader() -> None:
    vectors = json.loads(DUMPS.read_text(encoding="utf-8"))["vectors"]
    frame = next(bytes.fromhex(v["hex"]) for v in vectors if v["file"] == "protocol.md" and v.get("command") == 500)
    was = packet_of(frame)
    assert wire.frame(events.happened(was.session, was.payload)) == frame


@pytest.mark.parametrize(("asked", "line"), [(236, 241), (247, 252)])
def test_options(asked: int, line: int) -> None:
    name, value = packet_of(dumped("terminal", line)).payload.rstrip(b"\0").decode().split("=")
    device = Device(traits=Traits(options={name: value}))
    request = packet_of(dumped("terminal", asked))
    _, packets = respond(device, Session(request.session, authorised=True), request)
    assert [wire.frame(packet) for packet in packets] == [dumped("terminal", line)]


def test_a_row_of_40_bytes() -> None:
    raw = dumped("data-record", 118)
    read = layout.read_row(raw, "40")
    made = Record(read.uid, read.user_id, read.time, read.verify, read.state, read.reserved)
    assert layout.log_rows([made], "40") == raw
    assert datetime(*wire.unpack_fields(read.time)).year in range(2015, 2020)
