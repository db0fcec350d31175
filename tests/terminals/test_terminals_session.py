"""Sessions with peers that no emulated terminal is: scripted answers, damaged streams, recorded real devices."""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from terminalkit import (
    FORBIDDEN,
    NOON,
    Change,
    MemoryLink,
    Scripted,
    StandingClock,
    blob_of,
    code,
    device_with,
    expected,
    read,
    record_bytes,
    rows_at,
    stream,
)
from zk import ZK

from punchsync.core.moment import show_moment, to_moment
from punchsync.core.reading import FAILURES, Memory, ReadFailure, Reading
from punchsync.emulator import wire
from punchsync.emulator.wire import Command, Packet
from punchsync.terminals.answers import record_count
from punchsync.terminals.decode import records
from punchsync.terminals.fetch import fetch
from punchsync.terminals.frames import FrameReader
from punchsync.terminals.packed import moment_of
from punchsync.terminals.reading import conclude
from punchsync.terminals.session import Session
from punchsync.terminals.take import Again
from punchsync.terminals.trouble import Trouble
from punchsync.terminals.zk import Talk, scrambled

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
EVENT = wire.frame(Packet(500, 1, 0, bytes(32)))


def at(command: int, change: Callable[[Packet], Packet | bytes]) -> Change:
    """Change every packet of the answers to a command."""
    return lambda asked, answers: [change(a) for a in answers] if asked.command == command else answers


def scripted(change: Change, chunks: str = "prepare", checks: bool = True) -> Reading | ReadFailure:
    with Scripted(stream(device_with(120, chunks=chunks), change)) as server:
        result = read(server.address, deadline=2.0, checks=checks)
    assert not FORBIDDEN & set(server.commands)
    return result


# Answers that lie


@pytest.mark.parametrize(
    "change",
    [
        at(Command.FREE_SIZES, lambda p: replace(p, session=p.session ^ 1)),
        at(Command.FREE_SIZES, lambda p: replace(p, reply=p.reply + 1)),
        at(Command.READ_BUFFER, lambda p: replace(p, reply=p.reply - 1)),
        at(Command.CONNECT, lambda p: replace(p, reply=7)),
        at(Command.FREE_SIZES, lambda p: replace(p, payload=p.payload[:40])),
        at(Command.FREE_SIZES, lambda p: replace(p, command=2001)),
        at(Command.CONNECT, lambda p: replace(p, command=65535)),
        at(Command.DATA_WRRQ, lambda p: replace(p, payload=b"\0\1")),
        at(Command.DATA_WRRQ, lambda p: replace(p, payload=pack("<BII", 0, 2**32 - 1, 2**32 - 1))),
        at(Command.DATA_WRRQ, lambda p: replace(p, command=1500)),
        at(Command.READ_BUFFER, lambda p: replace(p, payload=pack("<I", 2**31)) if p.command == 1500 else p),
        at(Command.READ_BUFFER, lambda p: replace(p, payload=b"") if p.command == 1500 else p),
        at(Command.READ_BUFFER, lambda p: replace(p, command=2001) if p.command == 2000 else p),
        at(Command.READ_BUFFER, lambda p: replace(p, command=2000) if p.command == 1501 else p),
        at(Command.READ_BUFFER, lambda p: b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        at(Command.READ_BUFFER, lambda p: b"\x50\x50\x82\x7d\xff\xff\xff\xff"),
        lambda asked, answers: None if asked.command == Command.GET_TIME else answers,
    ],
)
def test_an_answer_that_is_none_breaks_the_read(change: Change) -> None:
    result = scripted(change)
    assert isinstance(result, ReadFailure) and result.code == "broken", result


def test_wrong_session_and_reply_numbers_are_taken_where_the_checks_are_off() -> None:
    def change(asked: Packet, answers: list[Packet]) -> Sequence[Packet]:
        return answers if asked.command == Command.CONNECT else [replace(a, session=9, reply=9) for a in answers]

    result = scripted(change, checks=False)
    assert isinstance(result, Reading) and result.rows == expected(rows_at(120))


@pytest.mark.parametrize("command", [Command.GET_TIME, Command.OPTIONS_RRQ])
@pytest.mark.parametrize("answer", [2003, 2005])
def test_a_session_that_is_lost_is_no_terminal_without_a_clock_or_a_number(command: int, answer: int) -> None:
    result = scripted(at(command, lambda p: Packet(answer, p.session, p.reply)))
    assert result == ReadFailure("t1", "broken", f"command={int(command)} answer={answer}")


@pytest.mark.parametrize(("answer", "found"), [(2001, "read"), (65533, "read"), (2005, "broken"), (2003, "broken")])
def test_a_refused_buffer_is_an_empty_log_and_a_lost_session_is_none(answer: int, found: str) -> None:
    change = at(Command.DATA_WRRQ, lambda p: Packet(answer, p.session, p.reply))
    with Scripted(stream(device_with(0), change)) as server:
        assert code(read(server.address)) == found


def test_a_whole_answer_of_one_record_less_than_announced_is_short() -> None:
    body = blob_of(*(record_bytes(b"1001", wire.pack_time(NOON) - n) for n in range(119)))
    result = scripted(lambda asked, a: [replace(a[0], command=1501, payload=body)] if asked.command == 1503 else a)
    assert result == ReadFailure("t1", "short", "bytes=4764 total=4760 before=120 after=120")


@pytest.mark.parametrize("chunks", ["data", "prepare", "frames"])
def test_events_anywhere_in_a_session_are_acknowledged_and_never_taken_as_data(chunks: str) -> None:
    seen: list[int] = []

    def change(asked: Packet, answers: list[Packet]) -> Sequence[Packet | bytes]:
        seen.append(asked.command)
        mixed: list[Packet | bytes] = []
        for answer in answers:
            mixed += [EVENT, answer]
        return mixed

    result = scripted(change, chunks)
    assert isinstance(result, Reading) and result.rows == expected(rows_at(120))
    assert 2000 in seen


def test_an_endless_stream_of_events_ends_at_the_deadline() -> None:
    with Scripted(lambda packet: EVENT * 2000) as server:
        assert read(server.address, deadline=0.3) == ReadFailure("t1", "timeout", "command=1000")


def test_a_terminal_that_refuses_clock_and_serial_number_is_read_all_the_same() -> None:
    def change(asked: Packet, answers: list[Packet]) -> Sequence[Packet]:
        return [replace(a, command=65535, payload=b"") for a in answers] if asked.command in (11, 201) else answers

    result = scripted(change)
    assert isinstance(result, Reading)
    assert (result.clock_offset, result.serial, len(result.rows)) == (None, "", 120)


def test_a_peer_that_says_nothing_is_given_up() -> None:
    with Scripted(lambda packet: b"") as server:
        assert read(server.address, deadline=0.3) == ReadFailure("t1", "busy", "command=1000 answer=none")


def test_the_numbers_of_a_read_run_on_from_zero() -> None:
    link = MemoryLink(stream(device_with(120), lambda _, answers: answers))
    fetch(Session(link), link, StandingClock())
    assert [wire.unpack(p).reply for p in link.sent] == list(range(10))
    assert all(wire.unpack(p).sound for p in link.sent)


# What can't be sent


@pytest.mark.parametrize(
    "name",
    ["clear_attendance", "clear_data", "disable_device", "get_users", "get_templates", "restart", "poweroff"],
)
def test_inherited_commands_that_change_or_fetch_more_are_not_sent(name: str) -> None:
    device = device_with(3)
    device.enrol("1001", "甲一")
    link = MemoryLink(stream(device, lambda _, answers: answers))
    session = Session(link)
    session.connect()
    with pytest.raises(ValueError, match="is not for reading"):
        getattr(session, name)()
    assert not FORBIDDEN & {wire.unpack(p).command for p in link.sent}


def test_every_replaced_method_is_one_that_pyzk_calls() -> None:
    replaced = [name for name in vars(Talk) if name.startswith("_ZK__")]
    assert replaced and all(inspect.isfunction(getattr(ZK, name, None)) for name in replaced)


@pytest.mark.parametrize(("key", "scramble"), [(1234, "41363266"), (5678, "09093266")])
def test_the_comm_key_is_scrambled_as_published(key: int, scramble: str) -> None:
    assert scrambled(key, 7982).hex() == scramble


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 65535))
def test_any_key_is_scrambled_in_32_bits(key: int, session: int) -> None:
    assert scrambled(key, session) == wire.scramble(key, session)


# Damaged streams


def fetched(script: Callable[[Packet], bytes | None]) -> Reading | ReadFailure:
    link = MemoryLink(script)
    try:
        take = fetch(Session(link), link, StandingClock()).take
    except Trouble as trouble:
        return ReadFailure("t1", trouble.code, trouble.detail)
    concluded = conclude("t1", "", take, Memory(), to_moment(NOON))
    assert not isinstance(concluded, Again)
    return concluded


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["data", "prepare", "frames"]),
    st.integers(0, 9),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(["flip", "drop", "insert", "cut", "repeat"]),
    st.integers(1, 255),
)
def test_a_damaged_answer_gives_the_true_rows_or_a_named_failure(
    chunks: str, which: int, where: float, how: str, value: int
) -> None:
    count = 0
    inner = stream(device_with(40, chunks=chunks), lambda _, answers: answers)

    def script(packet: Packet) -> bytes | None:
        nonlocal count
        answer = inner(packet)
        count += 1
        if answer is None or count - 1 != which:
            return answer
        spot = int(len(answer) * where)
        head, tail = answer[:spot], answer[spot:]
        return {
            "flip": head + bytes([tail[0] ^ value]) + tail[1:],
            "drop": head + tail[value:],
            "insert": head + bytes([value]) * value + tail,
            "cut": head,
            "repeat": head + tail[:value] + tail,
        }[how]

    result = fetched(script)
    if isinstance(result, Reading):
        assert result.rows == expected(rows_at(40))
    else:
        assert result.code in FAILURES


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=12), st.booleans())
def test_random_answers_never_give_a_row(answers: list[bytes], framed: bool) -> None:
    left = list(answers)

    def script(packet: Packet) -> bytes:
        payload = left.pop(0) if left else b""
        return wire.frame(Packet(2000, 1, packet.reply, payload)) if framed else payload

    result = fetched(script)
    assert isinstance(result, ReadFailure) and result.code in FAILURES


# Recorded frames of real devices


def recorded(name: str) -> list[dict[str, Any]]:
    path = CASES / "pyzk_test_vectors" / "pyzk_test_vectors.json"
    if not path.exists():
        pytest.skip("the recorded frames are not here")
    tests = json.loads(path.read_text())["tests"]
    received: list[dict[str, Any]] = next(t["recv"] for t in tests if t["name"] == name)
    return received


def replayed(name: str, *answers: range) -> Session:
    """A session with a recorded device: its n-th answer is what the n-th range of lines holds.

    The recordings leave requests out, so reply numbers can't be checked.
    """
    blobs = {blob["line"]: bytes.fromhex(blob["hex"]) for blob in recorded(name)}
    left = [b"".join(blobs.get(line, b"") for line in lines) for lines in answers]
    return Session(MemoryLink(lambda _: left.pop(0) if left else b""), checks=False)


@pytest.mark.parametrize(
    ("name", "line", "count"),
    [
        ("test_tcp_get_size", 178, 605),
        ("test_tcp_get_users_broken_data", 238, 0),
        ("test_tcp_get_users_broken_tcp", 275, 3225),
    ],
)
def test_recorded_size_tables_tell_their_records(name: str, line: int, count: int) -> None:
    frame = next(bytes.fromhex(blob["hex"]) for blob in recorded(name) if blob["line"] == line)
    assert record_count(frame[16:]) == count


@pytest.mark.parametrize(
    ("name", "connected", "data", "size"),
    [
        ("test_tcp_get_users_small_data", range(202, 203), range(204, 205), 508),
        ("test_tcp_get_users_broken_data", range(237, 238), range(239, 241), 148),
    ],
)
def test_recorded_inline_data_is_whole_however_it_was_split(
    name: str, connected: range, data: range, size: int
) -> None:
    session = replayed(name, connected, data)
    session.connect()
    blob = session.log()
    assert (len(blob), int.from_bytes(blob[:4], "little")) == (size, size - 4)


def test_a_recorded_transfer_in_frames_numbered_by_chunk_is_whole() -> None:
    session = replayed(
        "test_tcp_get_users_broken_tcp", range(274, 275), range(276, 277), range(277, 314), range(314, 315)
    )
    session.connect()
    blob = session.log()
    assert (len(blob), int.from_bytes(blob[:4], "little")) == (5044, 5040)


def test_a_recorded_refusal_of_the_key_is_named() -> None:
    session = replayed("test_tcp_unauth", range(143, 144), range(144, 145))
    with pytest.raises(Trouble) as raised:
        session.connect()
    assert raised.value.code == "wrong_key"


def test_recorded_frames_verify_but_for_those_edited_by_hand() -> None:
    path = CASES / "pyzk_test_vectors" / "pyzk_test_vectors.json"
    if not path.exists():
        pytest.skip("the recorded frames are not here")
    verdicts = {}
    for test in json.loads(path.read_text())["tests"]:
        for blob in test["recv"]:
            if blob.get("checksum_ok") is not None:
                reader = FrameReader()
                reader.feed(bytes.fromhex(blob["hex"]))
                frame = reader.take()
                assert frame is not None
                verdicts[blob["line"]] = frame.sound == blob["checksum_ok"]
    assert len(verdicts) > 40 and all(verdicts.values())


def test_the_recorded_record_of_an_f19_is_read() -> None:
    path = CASES / "zk_protocol_doc" / "hexdumps.json"
    if not path.exists():
        pytest.skip("the recorded frames are not here")
    vectors = json.loads(path.read_text())["vectors"]
    raw = bytes.fromhex(next(v["hex"] for v in vectors if v["file"].endswith("data-record.md") and v["line"] == 118))
    (odd,) = records(raw, "40", to_moment(NOON)).defects
    shown = moment_of(int.from_bytes(raw[27:31], "little"))
    assert (odd.reason, odd.users, raw[26], raw[31]) == ("dead_clock", ("999111333",), 1, 0)
    assert shown is not None and show_moment(shown) == "2018-06-25 17:50:35"
