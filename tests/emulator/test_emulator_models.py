"""How models differ: layouts, tables, refusals, answer codes, events; as answers to packets, without a socket."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from struct import pack
from typing import Any

import pytest

from punchsync.emulator import Device, EmulatedTerminal, Record, Traits, User, events, faults, layout, wire
from punchsync.emulator.session import Session, respond
from punchsync.emulator.wire import Answer, Command, Packet

START = datetime(2026, 10, 8, 8, 30, 0)
AT = wire.pack_time(START)
OPEN = Session(7982, authorised=True)
LAYOUTS = ("8", "8b", "16", "40", "49", "40p", "49p")
PREFIX = bytes.fromhex("ff3235350000000000")
ROW_40 = pack("<H24sBIB8s", 2, b"0042", 15, AT, 1, bytes(8))
ROWS = {
    "8": pack("<HBIB", 2, 15, AT, 1),
    "8b": pack("<HBB4s", 2, 15, 1, pack("<I", AT)),
    "16": pack("<I4sBB2sI", 42, pack("<I", AT), 15, 1, b"", 0),
    "40": ROW_40,
    "49": ROW_40 + bytes(9),
    "40p": ROW_40,
    "49p": PREFIX + ROW_40,
}


def terminal(*records: Record, **traits: Any) -> Device:
    device = Device(traits=Traits(**traits), now=lambda: START)
    device.store(records)
    return device


def rows(count: int) -> list[Record]:
    return [Record(1 + i % 2, ("1001", "0042")[i % 2], AT + i, 1, i % 5) for i in range(count)]


def ask(device: Device, command: int, payload: bytes = b"", session: Session = OPEN) -> tuple[Session, list[Packet]]:
    return respond(device, session, Packet(command, session.number, 5, payload))


def prepare(device: Device, what: int = 13, first: int = 0, second: int = 0) -> tuple[Session, Packet]:
    session, (answer,) = ask(device, Command.DATA_WRRQ, pack("<bhii", 1, what, first, second))
    return session, answer


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_row_is_laid_out_as_the_model_does(kind: Any) -> None:
    device = terminal(Record(2, "0042", AT, 15, 1), layout=kind)
    body = (PREFIX if kind == "40p" else b"") + ROWS[kind]
    assert prepare(device)[1].payload == pack("<I", len(body)) + body
    assert layout.row_bytes(kind) == len(ROWS[kind])


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_real_terminals_row_is_given_back_as_it_was(kind: Any) -> None:
    raw = bytes(range(200, 200 + layout.row_bytes(kind)))
    read = layout.read_row(raw, kind)
    assert layout.log_rows([read], kind) == raw
    made = layout.read_row(ROWS[kind], kind)
    assert (made.time, made.verify, made.state) == (AT, 15, 1)
    with pytest.raises(ValueError, match="a row has"):
        layout.read_row(raw + b"!", kind)


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_time_range_is_read_in_every_layout(kind: Any) -> None:
    device = terminal(*rows(10), layout=kind, time_range=True)
    _, answer = prepare(device, 10_004, AT + 3, AT + 5)
    assert answer.payload == layout.log_blob(rows(10)[3:6], kind)


def test_the_length_of_a_row_says_its_layout_too() -> None:
    assert [Traits(record_bytes=size).layout for size in (8, 16, 40, 49)] == ["8", "16", "40", "49"]
    assert replace(Traits(record_bytes=16), layout="8b").layout == "8b"


@pytest.mark.parametrize("kind", LAYOUTS)
def test_a_blob_that_grew_wrapped_was_cleared_or_swapped_is_that_of_its_rows(kind: Any) -> None:
    device = Device(capacity=20, traits=Traits(layout=kind), now=lambda: START)
    for record in rows(50):
        device.store([record])
        assert device.log_blob() == layout.log_blob(device.records, kind)
    device.store(rows(45))
    assert (device.log_blob(), device.lost) == (layout.log_blob(rows(45)[25:], kind), 75)
    device.clear_log()
    assert device.log_blob() == layout.log_blob([], kind)
    device.store(rows(20))
    device.replace("OTHER", [], rows(20)[10:])
    assert (device.log_blob(), device.serial) == (layout.log_blob(rows(20)[10:], kind), "OTHER")


@pytest.mark.parametrize("code", [2001, 4989, 65533, 65535])
def test_a_buffer_or_a_time_range_alone_is_refused(code: int) -> None:
    none = terminal(*rows(1), buffer_refusal=code, time_range=True)
    only_range = terminal(*rows(1), range_refusal=code)
    asked = [prepare(none), prepare(none, 10_004, 0, AT), prepare(only_range), prepare(only_range, 10_004, 0, AT)]
    assert [answer.command for _, answer in asked] == [code, code, 1501, code]


@pytest.mark.parametrize(
    ("way", "code", "start"), [("honoured", 1501, 2000), ("ignored", 1501, 0), ("refused", 2001, None)]
)
def test_a_start_other_than_zero_is_honoured_ignored_or_refused(way: Any, code: int, start: int | None) -> None:
    device = terminal(*rows(100), read_start=way, chunks="data")
    blob = device.log_blob()
    session, _ = prepare(device)
    found = [ask(device, Command.READ_BUFFER, pack("<ii", *part), session)[1][0] for part in ((0, 4), (2000, 64))]
    part = b"" if start is None else blob[start : start + 64]
    assert [(packet.command, packet.payload) for packet in found] == [(1501, blob[:4]), (code, part)]


def test_a_total_may_be_wrong() -> None:
    device = terminal(*rows(2), total_off=40)
    assert prepare(device)[1].payload == pack("<I", 120) + layout.log_rows(rows(2))


def test_old_firmware_gives_what_was_asked_with_another_code() -> None:
    device = terminal(data_answer=2002)
    commands = (Command.FREE_SIZES, Command.VERSION, Command.GET_TIME, Command.ENABLE)
    assert [ask(device, command)[1][0].command for command in commands] == [2002, 2002, 2002, 2000]
    assert ask(device, Command.OPTIONS_RRQ, b"~OS\0")[1] == [Packet(Answer.ACK_DATA, 7982, 5, b"~OS=1\0")]


def test_the_size_table_says_what_else_is_in_a_terminal() -> None:
    device = terminal(*rows(3), sizes={6: 2, 12: 1, 19: 7}, sizes_bytes=92)
    device.enrol("1001")
    found = memoryview(ask(device, Command.FREE_SIZES)[1][0].payload).cast("i").tolist()
    expected = {4: 1, 6: 2, 8: 3, 12: 1, 14: 3000, 15: 3000, 16: 100_000, 17: 2998, 18: 2999, 19: 7}
    assert {at: number for at, number in enumerate(found) if number} == expected


@pytest.mark.parametrize("length", [10, 12, 14, 32, 36, 37, 52])
def test_an_event_has_the_length_of_its_model(length: int) -> None:
    packet = events.of_punch(Record(7, "1001", AT, 15, 1), length)
    who = {10: pack("<H", 1001), 14: pack("<H", 1001), 12: pack("<I", 1001)}.get(length, b"1001".ljust(24, b"\0"))
    assert (packet.command, packet.session, packet.reply) == (500, 1, 0)
    assert packet.payload == (who + bytes([15, 1, 26, 10, 8, 8, 30, 0])).ljust(length, b"\0")


@pytest.mark.parametrize("verify", [0, 1, 2, 3, 4, 5, 15, 16, 25, 101, 104, 255])
def test_every_verify_and_state_value_is_kept(verify: int) -> None:
    device = terminal()
    punched = device.punch("1001", verify=verify, state=255 - verify)
    assert punched is not None
    for kind in LAYOUTS:
        row = layout.log_rows([punched], kind)
        assert (layout.read_row(row, kind).verify, layout.read_row(row, kind).state) == (verify, 255 - verify)


def test_a_slot_is_reused_by_the_next_person() -> None:
    device = Device(users=[User(1, "1001"), User(2, "1002")], now=lambda: START)
    device.punch("1001")
    device.remove("1001")
    assert device.enrol("1003", slot=1) == User(1, "1003")
    device.punch("1003")
    assert [(row.uid, row.user_id) for row in device.records] == [(1, "1001"), (1, "1003")]
    assert [user.user_id for user in device.users] == ["1003", "1002"]


def test_a_dead_battery_sets_the_clock_back_and_keeps_the_log() -> None:
    device = terminal(*rows(2))
    device.lose_battery()
    assert (device.clock, device.record_count) == (datetime(2000, 1, 1), 2)


def test_what_an_administrator_does_meanwhile_shows_in_the_next_answer(
    serve: Callable[..., EmulatedTerminal], dial: Callable
) -> None:
    device = terminal(*rows(10))
    client = dial(serve(device))
    client.connect()
    faults.clear_before(device, Command.DATA_WRRQ)
    faults.clock_before(device, Command.GET_TIME, datetime(2000, 1, 1, 0, 0, 9))
    counted = memoryview(client.ask(Command.FREE_SIZES).payload).cast("i")[8]
    assert (counted, client.prepare_log().payload) == (10, bytes(4))
    assert client.ask(Command.GET_TIME).payload == pack("<I", 9)


def test_a_full_log_loses_its_oldest_row_between_counting_and_reading(
    serve: Callable[..., EmulatedTerminal], dial: Callable
) -> None:
    device = Device(capacity=10, now=lambda: START)
    device.store(rows(10))
    faults.punch_before(device, Command.DATA_WRRQ, "1001")
    client = dial(serve(device))
    client.connect()
    counted = memoryview(client.ask(Command.FREE_SIZES).payload).cast("i")[8]
    blob = client.prepare_log().payload
    assert (counted, blob[:4], blob[4:44]) == (10, pack("<I", 400), layout.log_rows(rows(2)[1:]))
