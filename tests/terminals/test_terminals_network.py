"""The reader against emulated terminals over real sockets: every way they can misbehave on TCP."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event, active_count

import pytest
from terminalkit import FORBIDDEN, NOON, StandingClock, code, device_with, expected, good, read, remembered, rows_at

from punchsync.core.moment import to_moment
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.emulator import Device, EmulatedTerminal, Record, faults, wire
from punchsync.emulator.door import Second
from punchsync.emulator.faults import Fault
from punchsync.emulator.traits import Transport
from punchsync.emulator.wire import Answer, Command, Packet
from punchsync.terminals import Address, NetworkReader

EVENT = Packet(Command.REG_EVENT, 1, 0, bytes(32))
CHUNKS = ("data", "prepare", "frames")


def faulty(device: Device, fault: Fault, **options: float) -> Reading | ReadFailure:
    with EmulatedTerminal(device, faults=fault) as terminal:
        result = read(terminal.address, deadline=options.get("deadline", 10.0), checks=bool(options.get("checks", 1)))
    assert not FORBIDDEN & set(device.received)
    return result


@pytest.mark.parametrize("chunks", CHUNKS)
@pytest.mark.parametrize("count", [0, 1, 25, 26, 3000])
def test_a_log_of_any_size_is_read_whole_in_every_way_of_handing_it_over(count: int, chunks: str) -> None:
    device = device_with(count, chunks=chunks)
    with EmulatedTerminal(device) as terminal:
        reading = good(read(terminal.address))
    assert reading.rows == expected(rows_at(count))
    assert (reading.count_before, reading.count_after, reading.defects) == (count, count, ())
    assert (reading.terminal, reading.serial, reading.source, reading.plan) == ("t1", device.serial, "tcp", "full")
    assert (reading.name, reading.began) == (f"127.0.0.1:{terminal.port}", to_moment(NOON))
    assert reading.bytes_moved > 40 * count


def test_a_read_asks_only_what_it_needs_in_this_order() -> None:
    device = device_with(100, comm_key=1234)
    with EmulatedTerminal(device) as terminal:
        good(read(terminal.address, comm_key=1234))
    assert device.received_order == (1000, 1102, 201, 50, 1503, 1504, 1502, 50, 201, 11, 1001)
    assert (device.unsound, terminal.connections) == (0, 1)


@pytest.mark.parametrize("sizes", [80, 92, 112])
def test_every_size_table_is_understood(sizes: int) -> None:
    with EmulatedTerminal(device_with(30, sizes_bytes=sizes)) as terminal:
        assert good(read(terminal.address)).count_before == 30


@pytest.mark.parametrize("offset", [0, 90, -3600])
def test_the_terminals_clock_is_compared_with_ours(offset: int) -> None:
    device = Device(now=lambda: NOON, clock_offset=timedelta(seconds=offset))
    with EmulatedTerminal(device) as terminal:
        assert good(read(terminal.address)).clock_offset == offset


# Keys


@pytest.mark.parametrize("key", [1, 1234, 999_999, 131_071, 2**32 - 1])
def test_the_right_comm_key_opens_a_terminal(key: int) -> None:
    with EmulatedTerminal(device_with(2, comm_key=key)) as terminal:
        assert good(read(terminal.address, comm_key=key)).count_before == 2


@pytest.mark.parametrize("key", [0, 1235, 131_071])
def test_a_wrong_comm_key_is_named_and_tried_once(key: int) -> None:
    device = device_with(2, comm_key=1234)
    with EmulatedTerminal(device) as terminal:
        result = read(terminal.address, comm_key=key)
    assert result == ReadFailure("t1", "wrong_key", "command=1102 answer=2005")
    assert device.received_order == (1000, 1102)


def test_a_terminal_that_asks_for_key_zero_gets_it() -> None:
    with EmulatedTerminal(device_with(2, asks_key_zero=True)) as terminal:
        assert good(read(terminal.address)).count_before == 2


def test_firmware_that_wants_an_encrypted_handshake_is_named() -> None:
    with EmulatedTerminal(device_with(2, encrypted_only=True)) as terminal:
        assert read(terminal.address) == ReadFailure("t1", "encrypted", "command=1000 answer=6001")


def test_the_comm_key_is_not_shown_with_its_address() -> None:
    assert "4711" not in repr(Address("192.0.2.10", comm_key=4711))


# How the bytes arrive


@pytest.mark.parametrize("chunks", CHUNKS)
@pytest.mark.parametrize(
    "fault",
    [
        lambda: faults.split_at(*range(1, 8)),
        lambda: faults.split_at(8, 12, 16, 40, 1000),
        lambda: faults.dribble(1),
        lambda: faults.dribble(1021),
        faults.coalesce,
        lambda: faults.chain(faults.coalesce(), faults.dribble(500)),
        lambda: faults.only(faults.stall(0.05), Command.DATA, times=2),
        lambda: faults.interject(EVENT, skip=0),
        lambda: faults.chain(faults.interject(EVENT, skip=1), faults.coalesce()),
    ],
    ids=["inside-prefix", "split", "bytewise", "dribble", "coalesce", "coalesce-dribble", "stall", "event", "event2"],
)
def test_bytes_may_arrive_in_any_pieces_and_with_events_between(fault: Callable[[], Fault], chunks: str) -> None:
    assert good(faulty(device_with(120, chunks=chunks), fault())).rows == expected(rows_at(120))


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("chunks", CHUNKS)
def test_a_transfer_that_breaks_off_once_is_tried_again(chunks: str, reset: bool) -> None:
    device = device_with(120, chunks=chunks)
    reading = good(faulty(device, faults.drop_mid_transfer(reset=reset)))
    assert (reading.rows, device.received[Command.CONNECT]) == (expected(rows_at(120)), 2)


@pytest.mark.parametrize("reset", [False, True])
def test_a_transfer_that_breaks_off_every_time_is_broken(reset: bool) -> None:
    device = device_with(120)
    result = faulty(device, faults.drop_mid_transfer(times=9, reset=reset))
    assert (code(result), device.received[Command.CONNECT]) == ("broken", 3)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 15, 16, 17, 60, 100, 300, 1000, 4700])
def test_a_connection_that_ends_anywhere_gives_the_whole_log_or_a_failure(count: int) -> None:
    result = faulty(device_with(120, chunks="frames"), faults.cut_after(count))
    assert good(result).rows == expected(rows_at(120))


def test_a_terminal_that_stalls_is_given_up_at_the_deadline() -> None:
    result = faulty(device_with(120), faults.only(faults.stall(30), Command.DATA), deadline=0.4)
    assert result == ReadFailure("t1", "timeout", "command=1504")


def test_a_terminal_that_dribbles_past_the_deadline_is_given_up() -> None:
    assert code(faulty(device_with(120), faults.dribble(1, 0.02), deadline=0.4)) == "timeout"


def test_a_log_that_is_there_is_not_lost_by_a_terminal_that_stalls_at_the_farewell() -> None:
    device = device_with(5)
    with EmulatedTerminal(device) as terminal:
        device.before(Command.EXIT, lambda: setattr(terminal, "faults", faults.stall(30)))
        assert good(read(terminal.address, deadline=1.0)).rows == expected(rows_at(5))


# What the frames say


@pytest.mark.parametrize("chunks", CHUNKS)
@pytest.mark.parametrize(
    "fault", [lambda: faults.short_chunk(1), lambda: faults.long_chunk(b"\0"), lambda: faults.long_chunk(bytes(40))]
)
def test_short_and_over_long_chunks_are_refused(fault: Callable[[], Fault], chunks: str) -> None:
    assert code(faulty(device_with(120, chunks=chunks), fault())) == "broken"


@pytest.mark.parametrize(("missing", "found"), [(40, "bytes=164 total=200"), (1, "bytes=203 total=200")])
def test_an_inline_log_that_is_shorter_than_its_total_is_short(missing: int, found: str) -> None:
    assert faulty(device_with(5), faults.short_chunk(missing)) == ReadFailure(
        "t1", "short", f"{found} before=5 after=5"
    )


def test_a_wrong_checksum_is_refused_and_read_where_the_checks_are_off() -> None:
    corrupt = faults.only(faults.corrupt_checksum(), Command.DATA)
    assert faulty(device_with(120), corrupt) == ReadFailure("t1", "broken", "command=1504 checksum=wrong command=1501")
    assert good(faulty(device_with(120), corrupt, checks=0)).rows == expected(rows_at(120))


@pytest.mark.parametrize("delta", [1, -1, 20, -21])
def test_a_terminal_that_lies_about_its_count_is_named(delta: int) -> None:
    result = faulty(device_with(120), faults.lie_count(delta))
    assert result == ReadFailure("t1", "short", f"bytes=4804 total=4800 before={120 + delta} after={120 + delta}")


@pytest.mark.parametrize("answer", [Answer.ACK_ERROR, Answer.UNKNOWN, Answer.ERROR_COMMAND])
def test_a_terminal_that_refuses_its_log_is_named_unless_it_has_none(answer: int) -> None:
    result = faulty(device_with(120, buffer_refusal=answer), faults.clean)
    assert result == ReadFailure("t1", "broken", f"command=1503 answer={int(answer)}")
    assert good(faulty(device_with(0, buffer_refusal=answer), faults.clean)).rows == ()


@pytest.mark.parametrize("count", [0, 120])
def test_firmware_that_only_pushes_is_named_even_when_it_counts_no_records(count: int) -> None:
    device = device_with(count, buffer_refusal=Answer.NO_BUFFER)
    assert faulty(device, faults.clean) == ReadFailure("t1", "push_only", "command=1503 answer=4989")
    assert device.received[Command.CONNECT] == 1


@pytest.mark.parametrize(("layout", "ids"), [("8", ("1001", "0042")), ("8b", ("1001", "0042")), ("16", ("1001", "42"))])
def test_users_are_asked_for_where_records_name_slots_and_only_there(layout: str, ids: tuple[str, str]) -> None:
    device = device_with(120, layout=layout)
    device.enrol("1001", "甲一")
    device.enrol("0042", "乙二")
    reading = good(faulty(device, faults.clean))
    assert (reading.layout, [row.device_user_id for row in reading.rows]) == (layout, [*ids] * 60)
    assert device.received[Command.DATA_WRRQ] == (1 if layout == "16" else 2)


@pytest.mark.parametrize("layout", ["40", "49", "40p", "49p"])
def test_every_layout_with_user_ids_is_read(layout: str) -> None:
    reading = good(faulty(device_with(120, layout=layout), faults.clean))
    want = [(r.device_user_id, r.at, r.verify, r.state) for r in expected(rows_at(120))]
    assert (reading.layout, [(r.device_user_id, r.at, r.verify, r.state) for r in reading.rows]) == (layout, want)


# Who has it


def test_a_terminal_that_lets_nobody_in_is_busy_and_asked_again() -> None:
    device = device_with(120)
    assert faulty(device, faults.busy(9)) == ReadFailure("t1", "busy", "command=1000 answer=2003")
    assert device.received[Command.CONNECT] == 3


def test_a_terminal_that_is_busy_for_a_moment_is_read() -> None:
    assert good(faulty(device_with(120), faults.busy(1))).rows == expected(rows_at(120))


@pytest.mark.parametrize("second", ["wait", "refuse"])
def test_a_terminal_that_somebody_else_has_is_busy(second: Second) -> None:
    with (
        EmulatedTerminal(device_with(3), second=second) as terminal,
        socket.create_connection(terminal.address) as first,
    ):
        first.sendall(wire.frame(Packet(Command.CONNECT, 0, 0)))
        first.recv(64)
        assert code(read(terminal.address, deadline=0.6)) == "busy"


# What happens meanwhile


@pytest.mark.parametrize(
    ("command", "rows"), [(Command.DATA_WRRQ, 121), (Command.READ_BUFFER, 120), (Command.FREE_DATA, 120)]
)
def test_a_punch_during_a_read_is_in_it_or_in_the_next_one(command: int, rows: int) -> None:
    device = device_with(120)
    faults.punch_before(device, command, "1001", NOON)
    reading = good(faulty(device, faults.clean))
    assert (len(reading.rows), reading.count_before, reading.count_after) == (rows, 120, 121)


def test_an_impossible_date_in_a_log_keeps_all_other_rows() -> None:
    device = device_with(3)
    device.store([Record(1, "1001", wire.pack_fields(2026, 2, 31, 8, 0, 0))])
    reading = good(faulty(device, faults.clean))
    assert (reading.rows, [(d.position, d.reason) for d in reading.defects]) == (
        expected(rows_at(3)),
        [(3, "impossible_date")],
    )


def test_a_cleared_log_and_a_foreign_serial_number_are_named() -> None:
    device = device_with(3)
    with EmulatedTerminal(device) as terminal:
        reading = good(read(terminal.address))
        known = remembered(reading)
        again = read(terminal.address, known)
        stranger = read(terminal.address, replace(known, serial="ELSE"))
        device.clear_log()
        cleared = read(terminal.address, known)
    assert [code(r) for r in (again, stranger, cleared)] == ["read", "other_device", "emptied"]


# Addresses


def test_an_unplugged_terminal_refuses_and_is_read_when_it_is_back() -> None:
    with EmulatedTerminal(device_with(3)) as terminal:
        terminal.unplug()
        away = read(terminal.address)
        terminal.plug()
        back = read(terminal.address)
    assert (away, code(back)) == (ReadFailure("t1", "refused"), "read")


@pytest.mark.parametrize("host", ["", "x" * 300, "a..b", "nul\0byte", "$(touch here)", "127.0.0.1; touch here"])
def test_a_host_that_is_none_is_unreachable_and_never_comes_near_a_shell(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = read((host, 1), deadline=5.0)
    assert code(result) == "unreachable" and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_is_none_is_unreachable(port: int) -> None:
    assert code(read(("127.0.0.1", port))) == "unreachable"


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_numeric_host_is_dialled_without_a_resolver(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("punchsync.terminals.link.Thread", None)
    with EmulatedTerminal(device_with(3), transport=transport) as terminal:
        assert code(read(terminal.address, transport=transport)) == "read"


def test_a_resolver_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Event()

    def silent(host: str, port: None, *, type: int, flags: int = 0) -> list[object]:
        if not flags:
            ended.wait(10)
        raise socket.gaierror

    monkeypatch.setattr("socket.getaddrinfo", silent)
    result = read(("terminal.example", 4370), deadline=0.2)
    ended.set()
    assert result == ReadFailure("t1", "unreachable", "resolver=silent")


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_read_leaves_no_socket_and_no_thread(transport: Transport) -> None:
    here = Path("/proc/self/fd")
    with EmulatedTerminal(device_with(120), transport=transport) as terminal:
        before = (active_count(), len(list(here.iterdir())))
        for fault in (faults.clean, faults.only(faults.corrupt_checksum(), Command.DATA), faults.busy(9)):
            terminal.faults = fault
            read(terminal.address, transport=transport, deadline=0.4)
        terminal.unplug()
        read(terminal.address, transport=transport)
        terminal.plug()
        after = (active_count(), len(list(here.iterdir())))
    # The terminal's own end of a connection may be closed a little later.
    assert after[0] == before[0] and after[1] <= before[1] + 1


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_many_terminals_are_read_at_once(transport: Transport) -> None:
    with ExitStack() as stack:
        there = [stack.enter_context(EmulatedTerminal(device_with(60), transport=transport)) for _ in range(12)]
        addresses = {str(n): Address(*terminal.address, transport=transport) for n, terminal in enumerate(there)}
        reader = NetworkReader(addresses, StandingClock(), lambda _: Memory())
        with ThreadPoolExecutor(12) as pool:
            results = list(pool.map(reader.read, addresses))
    assert [good(r).rows for r in results] == [expected(rows_at(60))] * 12


def test_a_terminal_without_an_address_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        NetworkReader({}, StandingClock(), lambda _: Memory()).read("t9")
