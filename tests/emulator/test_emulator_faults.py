"""Faults: first as functions from bytes to steps, then on a socket."""

from collections.abc import Callable
from struct import pack

import pytest

from punchsync.emulator import Device, EmulatedTerminal, Traits, faults, wire
from punchsync.emulator.faults import Cut, Pause, Step
from punchsync.emulator.wire import Command, Packet

Serve = Callable[..., EmulatedTerminal]
Made = Callable[..., Device]

OK = wire.frame(Packet(2000, 7982, 1))
DATA = wire.frame(Packet(Command.DATA, 7982, 1, bytes(range(100))))


def steps(fault: faults.Fault, *frames: bytes) -> list[Step]:
    """Give what a fault does with one answer made of these frames."""
    return [step for frame in (*frames, b"") for step in fault(frame)]


def test_a_clean_stream_is_left_alone() -> None:
    assert steps(faults.clean, OK, DATA) == [OK, DATA]


def test_frames_are_split_where_asked_and_nowhere_else() -> None:
    assert steps(faults.split_at(3, 9, 999), OK) == [OK[:3], OK[3:9], OK[9:]]


def test_frames_dribble_byte_by_byte_with_pauses() -> None:
    assert steps(faults.dribble(8, 0.5), OK) == [OK[:8], Pause(0.5), OK[8:], Pause(0.5)]


def test_a_slow_terminal_waits_after_each_frame() -> None:
    assert steps(faults.pace(0.5), OK, DATA) == [OK, Pause(0.5), DATA, Pause(0.5)]


def test_an_answers_frames_are_coalesced_into_one_piece() -> None:
    fault = faults.coalesce()
    assert (steps(fault, OK, DATA), steps(fault, OK), steps(fault)) == ([OK + DATA], [OK], [])


def test_a_stall_waits_inside_the_frame() -> None:
    assert steps(faults.stall(9), OK) == [OK[:8], Pause(9), OK[8:]]


def test_a_connection_is_cut_once_after_so_many_bytes() -> None:
    fault = faults.cut_after(20, reset=True)
    assert (steps(fault, OK, OK), steps(fault, OK)) == ([OK, OK[:4], Cut(reset=True)], [OK])


def test_only_data_frames_are_dropped_and_only_so_often() -> None:
    fault = faults.drop_mid_transfer(times=1)
    assert steps(fault, OK, DATA, DATA) == [OK, DATA[:58], Cut(), DATA]


def test_faults_apply_to_the_chosen_frames_alone() -> None:
    fault = faults.only(faults.split_at(1), Command.DATA, skip=1, times=1)
    assert steps(fault, DATA, OK, DATA, DATA) == [DATA, OK, DATA[:1], DATA[1:], DATA]


def test_chained_faults_apply_one_after_the_other() -> None:
    fault = faults.chain(faults.long_chunk(b"!"), faults.coalesce(), faults.split_at(4))
    whole = OK + wire.frame(Packet(Command.DATA, 7982, 1, bytes(range(100)) + b"!"))
    assert steps(fault, OK, DATA) == [whole[:4], whole[4:]]


def test_a_corrupt_checksum_touches_nothing_else() -> None:
    (data,) = steps(faults.corrupt_checksum(), DATA)
    assert isinstance(data, bytes)
    (packet,) = wire.FrameReader().feed(data)
    assert (packet, packet.sound) == (Packet(Command.DATA, 7982, 1, bytes(range(100))), False)


def test_short_chunks_are_well_formed_frames_with_less_in_them() -> None:
    short = wire.frame(Packet(Command.DATA, 7982, 1, bytes(range(60))))
    assert steps(faults.short_chunk(40), OK, DATA) == [OK, short]


def test_a_busy_terminal_answers_with_one_code_and_then_works() -> None:
    fault = faults.busy(times=1)
    retry = wire.frame(Packet(2003, 7982, 1))
    assert (steps(fault, OK, DATA), steps(fault, OK, DATA)) == ([retry], [OK, DATA])


def test_an_event_is_interjected_before_the_second_data_frame() -> None:
    event = Packet(Command.REG_EVENT, 1, 0, bytes(32))
    fault = faults.interject(event, skip=1)
    assert steps(fault, OK, DATA, DATA, DATA) == [OK, DATA, wire.frame(event), DATA, DATA]


@pytest.mark.parametrize(
    "fault",
    [
        faults.split_at(1, 5, 9),
        faults.dribble(7),
        faults.coalesce(),
        faults.chain(faults.coalesce(), faults.split_at(3, 21, 22)),
        faults.stall(0.001),
    ],
)
def test_however_the_bytes_arrive_the_log_is_the_same(
    serve: Serve, dial: Callable, device_with: Made, fault: faults.Fault
) -> None:
    client = dial(serve(device_with(100, traits=Traits(chunks="frames")), faults=fault))
    client.connect()
    client.prepare_log()
    packets = client.read(0, 4004)
    assert (sum(len(packet.payload) for packet in packets[1:]), packets[1].payload[:4]) == (
        4004,
        pack("<I", 4000),
    )


@pytest.mark.parametrize(("reset", "ending"), [(False, EOFError), (True, ConnectionResetError)])
def test_a_drop_mid_transfer_ends_the_connection_and_the_next_one_reads_all(
    serve: Serve, dial: Callable, device_with: Made, reset: bool, ending: type[Exception]
) -> None:
    terminal = serve(device_with(100), faults=faults.drop_mid_transfer(reset=reset))
    dropped = dial(terminal)
    dropped.connect()
    dropped.prepare_log()
    with pytest.raises(ending):
        dropped.read(0, 4004)
    again = dial(terminal)
    again.connect()
    again.prepare_log()
    assert [len(packet.payload) for packet in again.read(0, 4004)] == [8, 4004, 0]
    assert terminal.connections == 2


def test_a_stalled_terminal_stops_at_once(dial: Callable, device_with: Made) -> None:
    with EmulatedTerminal(device_with(0), faults=faults.stall(3600)) as terminal:
        client = dial(terminal)
        client.send(Command.CONNECT)
        assert len(client.socket.recv(100)) == 8


def test_a_stalled_terminal_serves_the_next_client_when_unplugged_and_back(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    terminal = serve(device_with(0), faults=faults.stall(3600))
    stuck = dial(terminal)
    stuck.send(Command.CONNECT)
    stuck.socket.recv(100)
    terminal.faults = faults.clean
    terminal.unplug()
    terminal.plug()
    assert dial(terminal).connect().command == 2000


def test_a_client_that_leaves_a_stalled_terminal_frees_it_for_the_next(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    terminal = serve(device_with(0), faults=faults.stall(3600))
    stuck = dial(terminal)
    stuck.send(Command.CONNECT)
    stuck.socket.recv(100)
    stuck.send(Command.GET_TIME)
    terminal.faults = faults.clean
    stuck.close()
    assert dial(terminal).connect().command == 2000


def test_requests_that_come_during_a_pause_are_answered_after_it(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    client = dial(serve(device_with(0), faults=faults.stall(0.02)))
    client.connect()
    sent = [client.send(Command.GET_TIME) for _ in range(3)]
    assert [client.receive().reply for _ in range(3)] == sent


@pytest.mark.parametrize("delta", [1, -1])
def test_the_count_may_lie(serve: Serve, dial: Callable, device_with: Made, delta: int) -> None:
    client = dial(serve(device_with(10), faults=faults.lie_count(delta)))
    client.connect()
    announced = memoryview(client.ask(Command.FREE_SIZES).payload).cast("i")[8]
    assert (announced, client.prepare_log().payload[:4]) == (10 + delta, pack("<I", 400))


def test_a_punch_arrives_between_counting_and_reading(serve: Serve, dial: Callable, device_with: Made) -> None:
    device = device_with(10)
    faults.punch_before(device, Command.DATA_WRRQ, "1001")
    client = dial(serve(device))
    client.connect()
    counted = memoryview(client.ask(Command.FREE_SIZES).payload).cast("i")[8]
    assert (counted, client.prepare_log().payload[:4]) == (10, pack("<I", 440))


def test_a_punch_during_the_transfer_reaches_a_listener_after_the_answer_it_fell_into(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    device = device_with(100)
    client = dial(serve(device))
    client.connect()
    client.ask(Command.REG_EVENT, pack("<I", 1))
    client.prepare_log()
    faults.punch_before(device, Command.READ_BUFFER, "0042")
    assert [packet.command for packet in client.read(0, 4004)] == [1500, 1501, 2000]
    assert client.receive().command == Command.REG_EVENT


def test_a_busy_terminal_is_asked_again(serve: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(serve(device_with(0), faults=faults.busy(times=2)))
    assert [client.ask(Command.CONNECT).command for _ in range(3)] == [2003, 2003, 2000]
