"""Reading only the end of a log, and what is done where a terminal, or the log, does not go along."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from struct import pack
from typing import Any

import pytest
from terminalkit import (
    FORBIDDEN,
    NOON,
    Change,
    Scripted,
    StandingClock,
    code,
    device_with,
    expected,
    good,
    read,
    remembered,
    rows_at,
    stream,
)

from punchsync.core.moment import to_moment
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.emulator import Device, EmulatedTerminal, Record, faults, wire
from punchsync.emulator.faults import Fault
from punchsync.emulator.traits import Transport
from punchsync.emulator.wire import Command, Packet
from punchsync.terminals import Address, NetworkReader, asks

TRANSPORTS: tuple[Transport, ...] = ("tcp", "udp")
BOTH = pytest.mark.parametrize("transport", TRANSPORTS)


def new_rows(count: int) -> list[Record]:
    ten = wire.pack_time(NOON.replace(hour=10))
    return [Record(1 + i % 2, ("1001", "0042")[i % 2], ten + i) for i in range(count)]


class Hall:
    """A terminal that was read once, and then took more punches."""

    def __init__(self, known: int = 1000, new: int = 7, transport: Transport = "tcp", **traits: Any) -> None:
        self.device = device_with(known, **traits)
        self.transport = transport
        self.terminal = EmulatedTerminal(self.device, transport=transport)
        with self.terminal:
            self.first = good(self.read(Memory()))
        self.memory = remembered(self.first)
        self.device.store(new_rows(new))
        self.asked = len(self.device.received_order)

    def read(self, memory: Memory | None = None, **options: Any) -> Reading | ReadFailure:
        return read(self.terminal.address, memory or self.memory, transport=self.transport, **options)

    def again(self, fault: Fault = faults.clean, memory: Memory | None = None, **options: Any) -> Reading | ReadFailure:
        self.terminal.faults = fault
        with self.terminal:
            result = self.read(memory, **options)
        assert not FORBIDDEN & set(self.device.received)
        return result

    @property
    def order(self) -> tuple[int, ...]:
        """What was asked after the first read."""
        return self.device.received_order[self.asked :]

    def all(self) -> tuple[Any, ...]:
        return expected(self.device.records)


@BOTH
@pytest.mark.parametrize("plan", ["tail", "range"])
@pytest.mark.parametrize("new", [0, 1, 7, 500])
def test_the_end_of_a_log_is_all_that_is_read(new: int, plan: str, transport: Transport) -> None:
    hall = Hall(new=new, transport=transport, time_range=True)
    reading = good(hall.again(plan=plan))
    assert (reading.plan, reading.continues, reading.held, reading.refused) == (plan, 1, 1000 + new, frozenset())
    assert reading.rows == hall.all()[1000:]
    assert reading.source == transport


def test_a_poll_with_nothing_new_moves_little_and_asks_this() -> None:
    hall = Hall(known=20_000, new=0)
    reading = good(hall.again())
    assert reading.plan == "tail" and reading.bytes_moved < 4096
    assert hall.order == (1000, 201, 50, 1503, 1504, 1504, 1502, 50, 201, 11, 1001)


@BOTH
@pytest.mark.parametrize("layout", ["8", "8b", "16", "40", "49", "40p", "49p"])
def test_the_end_of_a_log_is_read_in_every_layout(layout: str, transport: Transport) -> None:
    hall = Hall(new=0, transport=transport, layout=layout)
    hall.device.enrol("1001", "甲一")
    hall.device.enrol("0042", "乙二")
    memory = remembered(good(hall.again()))
    hall.device.store(new_rows(5))
    reading = good(hall.again(memory=memory))
    ids = ["1001", "42" if layout == "16" else "0042"]
    assert (reading.plan, reading.layout, reading.held) == ("tail", layout, 1005)
    assert [row.device_user_id for row in reading.rows] == [*ids, *ids, ids[0]]


@pytest.mark.parametrize("options", [{"full": True}, {"replaced": True}, {"plan": "full"}])
def test_a_full_read_is_had_for_the_asking(options: Mapping[str, Any]) -> None:
    hall = Hall()
    reading = good(hall.again(**options))
    assert (reading.plan, reading.rows) == ("full", hall.all())


def test_a_terminal_that_hands_over_its_whole_log_at_once_gives_a_full_read() -> None:
    hall = Hall(known=10, new=5)
    reading = good(hall.again())
    assert (reading.plan, reading.rows, reading.refused) == ("full", hall.all(), frozenset())


# Plans that are not honoured


@BOTH
@pytest.mark.parametrize("start", ["ignored", "refused"])
def test_a_terminal_that_gives_no_tail_is_read_in_full_and_known_for_it(start: Any, transport: Transport) -> None:
    hall = Hall(known=300, transport=transport, read_start=start)
    reading = good(hall.again())
    assert (reading.plan, reading.rows, reading.refused) == ("full", hall.all(), frozenset({"tail"}))


@BOTH
@pytest.mark.parametrize("answer", [2001, 65535, 65533, 4989])
def test_a_terminal_that_knows_no_range_is_read_in_full_in_the_same_session(answer: int, transport: Transport) -> None:
    hall = Hall(transport=transport, range_refusal=answer)
    reading = good(hall.again(plan="range"))
    assert (reading.plan, reading.rows, reading.refused) == ("full", hall.all(), frozenset({"range"}))
    assert hall.order.count(Command.CONNECT) == 1


@BOTH
def test_a_log_too_long_for_a_terminal_that_gives_only_its_beginning_is_never_misread(transport: Transport) -> None:
    device = device_with(9000, layout="8", read_start="ignored")
    device.enrol("1001")
    device.enrol("0042")
    with EmulatedTerminal(device, transport=transport) as terminal:
        assert code(read(terminal.address, transport=transport)) == "broken"


def test_a_plan_refused_before_is_not_asked_for_and_stays_known() -> None:
    hall = Hall(time_range=True)
    reading = good(hall.again(memory=replace(hall.memory, refused=frozenset({"tail"}))))
    assert (reading.plan, reading.rows, reading.refused) == ("range", hall.all()[1000:], frozenset({"tail"}))


def changed(change: Change, hall: Hall) -> Reading:
    with Scripted(stream(hall.device, change)) as server:
        reading = good(read(server.address, hall.memory))
    assert not FORBIDDEN & set(server.commands)
    return reading


def to_tail(change: Callable[[Packet], Packet]) -> Change:
    """Change what answers a 1504 from another place than the beginning."""

    def changing(asked: Packet, answers: list[Packet]) -> Sequence[Packet]:
        away = asked.command == Command.READ_BUFFER and asked.payload[:4] != bytes(4)
        return [change(a) for a in answers] if away else answers

    return changing


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (lambda p: replace(p, payload=pack("<I", 9)) if p.command == 1500 else p, {"tail"}),
        (lambda p: replace(p, command=2001) if p.command == 1500 else p, {"tail"}),
        (lambda p: replace(p, payload=bytes(len(p.payload))) if p.command == 1501 else p, {"tail"}),
    ],
)
def test_a_tail_that_is_none_is_followed_by_a_full_read(change: Callable[[Packet], Packet], refused: set[str]) -> None:
    hall = Hall()
    reading = changed(to_tail(change), hall)
    assert (reading.plan, reading.rows, reading.refused) == ("full", hall.all(), refused)


@pytest.mark.parametrize("chunks", ["data", "prepare", "frames"])
def test_a_tail_that_breaks_off_is_read_again_and_the_third_time_in_full(chunks: str) -> None:
    hall = Hall(chunks=chunks)
    once = good(hall.again(faults.only(faults.corrupt_checksum(), Command.DATA, times=1)))
    twice = good(hall.again(faults.only(faults.corrupt_checksum(), Command.DATA, times=2)))
    assert [(r.plan, r.refused) for r in (once, twice)] == [("tail", frozenset()), ("full", frozenset())]
    assert (once.rows, twice.rows) == (hall.all()[1000:], hall.all())


# Logs that are not what they were


@BOTH
@pytest.mark.parametrize("plan", ["tail", "range"])
def test_a_log_that_lost_its_oldest_records_is_read_in_full_and_nothing_is_held_against_the_terminal(
    plan: str, transport: Transport
) -> None:
    hall = Hall(transport=transport, time_range=True)
    hall.device.clear_log()
    hall.device.store([*rows_at(1000)[500:], *new_rows(700)])
    reading = good(hall.again(plan=plan))
    assert (reading.plan, reading.rows, reading.refused) == ("full", hall.all(), frozenset())


@BOTH
@pytest.mark.parametrize("left", [0, 3])
def test_a_cleared_log_is_named_or_read_in_full(left: int, transport: Transport) -> None:
    hall = Hall(transport=transport)
    hall.device.clear_log()
    hall.device.store(new_rows(left))
    result = hall.again()
    assert code(result) == ("read" if left else "emptied")
    if isinstance(result, Reading):
        assert (result.plan, result.rows) == ("full", hall.all())


@BOTH
@pytest.mark.parametrize("command", [Command.DATA_WRRQ, Command.READ_BUFFER])
def test_a_punch_during_the_reading_of_a_tail_is_in_it_or_in_the_next(command: int, transport: Transport) -> None:
    hall = Hall(transport=transport)
    faults.punch_before(hall.device, command, "1001", NOON)
    reading = good(hall.again())
    assert (reading.plan, reading.refused) == ("tail", frozenset())
    assert reading.rows == hall.all()[1000 : 1008 if command == Command.DATA_WRRQ else 1007]


def test_another_device_is_named_and_its_clock_left_alone() -> None:
    hall = Hall()
    hall.device.serial = "ELSE"
    hall.device.set_clock(NOON + timedelta(hours=1))
    assert code(hall.again(set_clock=60)) == "other_device"
    assert Command.SET_TIME not in hall.order


# Clocks


@BOTH
@pytest.mark.parametrize(("offset", "corrected"), [(61, True), (60, False), (-61, True), (-60, False)])
def test_a_clock_is_set_above_the_threshold_and_read_back(offset: int, corrected: bool, transport: Transport) -> None:
    device = Device(now=lambda: NOON, clock_offset=timedelta(seconds=offset))
    with EmulatedTerminal(device, transport=transport) as terminal:
        reading = good(read(terminal.address, set_clock=60, transport=transport))
    assert [s.offset for s in reading.samples] == ([offset, offset, 0] if corrected else [offset, offset])
    assert device.received[Command.SET_TIME] == int(corrected)


def test_a_clock_is_never_set_unless_that_is_wanted() -> None:
    device = Device(now=lambda: NOON, clock_offset=timedelta(days=400))
    with EmulatedTerminal(device) as terminal:
        good(read(terminal.address))
    assert Command.SET_TIME not in device.received


@pytest.mark.parametrize(
    "fault", [lambda: faults.stall(30), lambda: lambda data: [faults.Cut()], lambda: faults.corrupt_checksum()]
)
def test_a_clock_that_can_not_be_set_spoils_no_reading(
    fault: Callable[[], Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("punchsync.terminals.fetch._FAREWELL", 0.2)
    device = Device(now=lambda: NOON, clock_offset=timedelta(hours=1))
    device.store(rows_at(30))
    with EmulatedTerminal(device) as terminal:
        device.before(Command.SET_TIME, lambda: setattr(terminal, "faults", fault()))
        reading = good(read(terminal.address, set_clock=60))
    assert (reading.rows, [s.offset for s in reading.samples]) == (expected(rows_at(30)), [3600, 3600])


# Waiting


def test_a_terminal_that_comes_back_between_attempts_is_read() -> None:
    with EmulatedTerminal(device_with(30)) as terminal:
        terminal.reboot(0.2)
        reading = good(read(terminal.address, pauses=(0.05, 0.5)))
    assert reading.rows == expected(rows_at(30))


def test_the_most_telling_failure_is_kept() -> None:
    device = device_with(30)
    with EmulatedTerminal(device) as terminal:
        device.before(Command.DATA_WRRQ, lambda: terminal.unplug())
        assert code(read(terminal.address)) == "broken"


def test_nothing_is_tried_again_where_the_deadline_leaves_no_time() -> None:
    with EmulatedTerminal(device_with(3)) as terminal:
        terminal.unplug()
        there = Address(*terminal.address, deadline=2.0)
        reader = NetworkReader({"t1": there}, StandingClock(), lambda _: Memory(), pauses=(3.0,))
        assert reader.read("t1") == ReadFailure("t1", "refused")


# What may be asked


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        (9, b""),
        (13, b""),
        (14, b""),
        (15, b""),
        (1003, b""),
        (1002, b""),
        (500, pack("<I", 1)),
        (202, bytes(4)),
        (1503, pack("<bhii", 1, 7, 2, 0)),
        (1503, pack("<bhii", 1, 9, 0, 0)),
        (1503, pack("<bhii", 1, 9, 5, 1)),
        (1503, pack("<bhii", 1, 13, 1, 0)),
        (1503, asks.USERS + b"\0"),
        (1503, b""),
    ],
)
def test_what_is_not_for_reading_is_not_permitted(command: int, payload: bytes) -> None:
    assert not asks.permitted(command, payload)


def test_users_come_without_templates_and_a_clock_is_set_only_with_permission() -> None:
    assert asks.permitted(1503, asks.USERS) and pack("<bhii", 1, 9, 5, 0) == asks.USERS
    assert asks.permitted(202, bytes(4), set_clock=True) and not asks.permitted(202, bytes(5), set_clock=True)


def test_a_moment_is_packed_as_terminals_do() -> None:
    assert asks.shown(to_moment(NOON)) == pack("<I", wire.pack_time(NOON))
    assert wire.unpack_time(asks.LATEST) is not None
