from datetime import datetime
from struct import pack

import pytest

from punchsync.emulator import Device, Traits, layout, wire
from punchsync.emulator.session import Session, event, respond
from punchsync.emulator.wire import Answer, Command, Packet

START = datetime(2026, 10, 8, 8, 30, 0)
OPEN = Session(7982, authorised=True)


def terminal(rows: int = 0, comm_key: int = 0, **traits: object) -> Device:
    device = Device(comm_key=comm_key, traits=Traits(**traits), now=lambda: START)  # type: ignore[arg-type] # each test names its own
    device.enrol("1001", "甲一")
    for _ in range(rows):
        device.punch("1001")
    return device


def ask(device: Device, session: Session, command: int, payload: bytes = b"") -> tuple[Session, list[Packet]]:
    return respond(device, session, Packet(command, session.number, 5, payload))


def test_connecting_without_a_key_gives_a_session_at_once() -> None:
    assert ask(terminal(), Session(), Command.CONNECT) == (OPEN, [Packet(2000, 7982, 5)])


def test_a_terminal_with_a_key_asks_for_it_and_takes_the_right_one() -> None:
    device = terminal(comm_key=1234)
    asked, answers = ask(device, Session(), Command.CONNECT)
    assert answers == [Packet(Answer.ACK_UNAUTH, 7982, 5)]
    opened, answers = ask(device, asked, Command.AUTH, bytes.fromhex("41363266"))
    assert (opened.authorised, answers) == (True, [Packet(Answer.ACK_OK, 7982, 5)])


def test_a_wrong_key_is_refused_and_nothing_else_is_answered() -> None:
    device = terminal(comm_key=1234)
    asked, _ = ask(device, Session(), Command.CONNECT)
    refused, answers = ask(device, asked, Command.AUTH, bytes.fromhex("09093266"))
    assert (refused.authorised, answers[0].command) == (False, Answer.ACK_UNAUTH)
    assert ask(device, refused, Command.FREE_SIZES)[1] == [Packet(Answer.ACK_UNAUTH, 7982, 5)]


def test_leaving_ends_the_session_and_enables_the_terminal() -> None:
    device = terminal()
    ask(device, OPEN, Command.DISABLE)
    left, answers = ask(device, OPEN, Command.EXIT)
    assert (answers, device.enabled) == ([Packet(2000, 7982, 5)], True)
    assert ask(device, left, Command.GET_TIME)[1] == [Packet(2005, 7982, 5)]


def test_some_terminals_ask_though_their_key_is_zero() -> None:
    device = terminal(asks_key_zero=True)
    asked, answers = ask(device, Session(), Command.CONNECT)
    opened, granted = ask(device, asked, Command.AUTH, wire.scramble(0, 7982))
    assert [answers[0].command, granted[0].command, opened.authorised] == [2005, 2000, True]


def test_new_firmware_answers_6001_and_opens_no_session() -> None:
    assert ask(terminal(encrypted_only=True), Session(), Command.CONNECT) == (Session(), [Packet(6001, 0, 5)])


@pytest.mark.parametrize("number", [0, 7983])
def test_a_command_outside_the_session_is_unauthorised(number: int) -> None:
    session, answers = respond(terminal(), OPEN, Packet(Command.GET_TIME, number, 5))
    assert (session, answers) == (OPEN, [Packet(Answer.ACK_UNAUTH, 7982, 5)])


def test_an_unknown_command_is_answered_so() -> None:
    assert ask(terminal(), OPEN, 4711)[1] == [Packet(65535, 7982, 5)]


def test_a_clients_acknowledgement_of_an_event_has_no_answer() -> None:
    assert ask(terminal(), OPEN, Answer.ACK_OK) == (OPEN, [])


@pytest.mark.parametrize("length", [80, 92, 112])
def test_the_size_table_has_its_counts_in_their_places(length: int) -> None:
    (answer,) = ask(terminal(rows=3, sizes_bytes=length), OPEN, Command.FREE_SIZES)[1]
    table = memoryview(answer.payload).cast("i").tolist()
    found = {at: value for at, value in enumerate(table) if value}
    expected = {4: 1, 6: 1, 8: 3, 14: 3000, 15: 3000, 16: 100_000, 17: 2999, 18: 2999, 19: 99_997}
    assert (len(answer.payload), found) == (length, expected)


def test_an_option_is_answered_with_its_name_and_a_missing_one_with_an_error() -> None:
    device = terminal()
    known = ask(device, OPEN, Command.OPTIONS_RRQ, b"~SerialNumber\0")[1]
    missing = ask(device, OPEN, Command.OPTIONS_RRQ, b"NoSuch\0")[1]
    assert known == [Packet(2000, 7982, 5, b"~SerialNumber=EMU0000000001\0")]
    assert missing == [Packet(2001, 7982, 5)]


def test_the_clock_is_read_and_set() -> None:
    device = terminal()
    ask(device, OPEN, Command.SET_TIME, pack("<I", wire.pack_fields(2000, 1, 1, 0, 0, 7)))
    (answer,) = ask(device, OPEN, Command.GET_TIME)[1]
    assert (answer.payload, device.clock) == (pack("<I", 7), datetime(2000, 1, 1, 0, 0, 7))


def test_setting_an_impossible_time_is_refused() -> None:
    device = terminal()
    answers = ask(device, OPEN, Command.SET_TIME, pack("<I", wire.pack_fields(2026, 2, 31, 0, 0, 0)))[1]
    assert (answers, device.clock) == ([Packet(2001, 7982, 5)], START)


def test_a_small_log_comes_inline_in_rows_of_40_bytes() -> None:
    answers = ask(terminal(rows=1), OPEN, Command.DATA_WRRQ, pack("<bhii", 1, 13, 0, 0))[1]
    row = pack("<H24sB4sB8s", 1, b"1001", 1, pack("<I", wire.pack_time(START)), 0, bytes(8))
    assert answers == [Packet(Command.DATA, 7982, 5, pack("<I", 40) + row)]


def test_users_come_with_name_and_number_and_no_password() -> None:
    answers = ask(terminal(), OPEN, Command.DATA_WRRQ, pack("<bhii", 1, 9, 5, 0))[1]
    row = pack("<HB8s24sIx7sx24s", 1, 0, b"", "甲一".encode(), 0, b"1", b"1001")
    assert answers == [Packet(Command.DATA, 7982, 5, pack("<I", 72) + row)]


def test_a_large_log_is_announced_with_its_size_twice() -> None:
    session, (answer,) = ask(terminal(rows=100), OPEN, Command.DATA_WRRQ, pack("<bhii", 1, 13, 0, 0))
    assert (answer.command, answer.payload[:9]) == (2000, pack("<BII", 0, 4004, 4004))
    assert session.buffer is not None and len(session.buffer) == 4004


def test_a_prepared_buffer_is_a_snapshot_until_freed() -> None:
    device = terminal(rows=100)
    session, _ = ask(device, OPEN, Command.DATA_WRRQ, pack("<bhii", 1, 13, 0, 0))
    device.punch("1001")
    answers = ask(device, session, Command.READ_BUFFER, pack("<ii", 0, 4))[1]
    freed, _ = ask(device, session, Command.FREE_DATA)
    again = ask(device, freed, Command.READ_BUFFER, pack("<ii", 0, 4))[1]
    assert (answers[1].payload, device.record_count) == (pack("<I", 4000), 101)
    assert again == [Packet(2001, 7982, 5)]


@pytest.mark.parametrize(("start", "size"), [(-1, 4), (4004, 1), (0, 0), (0, 65_473)])
def test_a_part_that_can_not_be_read_is_an_error(start: int, size: int) -> None:
    session, _ = ask(terminal(rows=100), OPEN, Command.DATA_WRRQ, pack("<bhii", 1, 13, 0, 0))
    assert ask(terminal(), session, Command.READ_BUFFER, pack("<ii", start, size))[1] == [Packet(2001, 7982, 5)]


def test_a_time_range_is_read_only_from_terminals_that_know_it() -> None:
    request = pack("<bhii", 1, 10_004, wire.pack_time(START), wire.pack_time(START))
    able, unable = terminal(rows=2, time_range=True), terminal(rows=2)
    able.punch("1001", datetime(2026, 10, 9))
    assert ask(able, OPEN, Command.DATA_WRRQ, request)[1][0].payload[:4] == pack("<I", 80)
    assert ask(unable, OPEN, Command.DATA_WRRQ, request)[1] == [Packet(2001, 7982, 5)]


def test_a_terminal_without_a_log_buffer_says_so_and_still_gives_its_log_directly() -> None:
    device = terminal(rows=1, buffer_refusal=4989)
    refused = ask(device, OPEN, Command.DATA_WRRQ, pack("<bhii", 1, 13, 0, 0))[1]
    direct = ask(device, OPEN, Command.ATTLOG_RRQ)[1]
    assert refused == [Packet(4989, 7982, 5)]
    assert [packet.command for packet in direct] == [1500, 1501, 2000]
    assert len(ask(device, OPEN, Command.USERTEMP_RRQ)[1][1].payload) == 76


def test_clearing_the_log_really_clears_it_and_is_counted() -> None:
    device = terminal(rows=3)
    ask(device, OPEN, Command.CLEAR_ATTLOG)
    assert (device.records, device.received[Command.CLEAR_ATTLOG]) == ((), 1)


def test_an_event_is_sent_only_to_those_who_asked() -> None:
    device = terminal(rows=1)
    listening, _ = ask(device, OPEN, Command.REG_EVENT, pack("<I", 1))
    payload = pack("<24s8B", b"1001", 1, 0, 26, 10, 8, 8, 30, 0)
    assert event(device.records[0], OPEN) is None
    assert event(device.records[0], listening) == Packet(500, 1, 0, payload)


@pytest.mark.parametrize(
    ("record_bytes", "row"),
    [
        (8, pack("<HBIB", 2, 1, wire.pack_time(START), 0)),
        (16, pack("<IIBB2sI", 42, wire.pack_time(START), 1, 0, b"", 0)),
        (49, pack("<H24sBIB8s9x", 2, b"0042", 1, wire.pack_time(START), 0, b"")),
    ],
)
def test_other_models_lay_their_rows_out_otherwise(record_bytes: int, row: bytes) -> None:
    device = terminal()
    device.punch("0042")
    assert layout.log_blob(device.records, record_bytes) == pack("<I", len(row)) + row


def test_old_models_keep_users_in_28_bytes_and_cut_names_at_a_character() -> None:
    device = terminal()
    device.enrol("1001", "甲乙丙")
    row = pack("<HB5s8sIxBhI", 1, 0, b"", "甲乙".encode(), 0, 1, 0, 1001)
    assert layout.users_blob(device.users, 28, "utf-8") == pack("<I", 28) + row
