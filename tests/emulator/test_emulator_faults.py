"""Faults: first as functions from bytes to steps, then on a socket."""

import time
from collections.abc import Callable
from struct import pack

import pytest

from punchsync.emulator import Device, EmulatedTerminal, Traits, faults, wire
from punchsync.emulator.faults import Cut, Pause, Reboot, Step, named
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


def test_numbers_in_an_answer_may_be_wrong_and_its_checksum_right() -> None:
    other = faults.only(faults.chain(faults.wrong_reply(), faults.wrong_session(-7982)), Command.DATA)
    assert steps(other, OK, DATA) == [OK, wire.frame(Packet(Command.DATA, 0, 2, bytes(range(100))))]


def test_garbage_stands_before_each_frame() -> None:
    assert steps(faults.garbage(b"noise"), OK, DATA) == [b"noise", OK, b"noise", DATA]


def test_a_truncated_frame_lacks_what_its_length_announces() -> None:
    assert steps(faults.truncate(3), OK) == [OK[:-3]]


def test_a_far_terminal_waits_before_each_answer() -> None:
    fault = faults.delay(0.5)
    assert (steps(fault, OK, DATA), steps(fault, OK)) == ([Pause(0.5), OK, DATA], [Pause(0.5), OK])


def test_a_reboot_comes_once_inside_a_data_frame() -> None:
    fault = faults.reboot_mid_transfer(9, skip=1)
    assert steps(fault, OK, DATA, DATA, DATA) == [OK, DATA, DATA[:58], Reboot(9), DATA]


def test_frames_are_lost_by_number_or_all() -> None:
    assert steps(faults.lose(0, 2), OK, DATA, OK) == [DATA]
    assert steps(faults.lose(), OK, DATA, OK) == []


def test_frames_are_doubled() -> None:
    assert steps(faults.only(faults.duplicate(3), 2000), OK, DATA) == [OK, OK, OK, DATA]


def test_a_late_frame_comes_after_those_that_follow_or_after_the_next_answer() -> None:
    assert steps(faults.late(2000), OK, DATA, DATA) == [DATA, OK, DATA]
    assert steps(faults.late(2000, frames=2), OK, DATA, DATA) == [DATA, DATA, OK]
    fault = faults.late(2000, answers=1)
    assert (steps(fault, OK), steps(fault, DATA), steps(fault, OK)) == ([], [DATA, OK], [OK])


def test_a_frame_changes_places_with_the_next_and_the_last_comes_last() -> None:
    other = wire.frame(Packet(Command.DATA, 7982, 1, b"other"))
    assert steps(faults.reorder(), OK, DATA, other, DATA, OK) == [OK, other, DATA, OK, DATA]
    assert steps(faults.reorder(), DATA) == [DATA]


@pytest.mark.parametrize("name", sorted(named.FAULTS))
def test_every_named_fault_can_be_made_with_its_usual_parameters(name: str) -> None:
    values = {key: knob.default for key, knob in named.FAULTS[name].knobs.items()}
    fault = named.make(named.FaultPlan(name, values))
    assert all(isinstance(step, bytes | Cut | Pause | Reboot) for step in steps(fault, OK, DATA, DATA))


def test_named_faults_look_at_frames_before_they_cut_them() -> None:
    plans = [
        named.FaultPlan("split", {"at": (4,)}),
        named.FaultPlan("short", {"bytes": 100, "commands": (1501,), "skip": 0, "times": 0}),
    ]
    short = wire.frame(Packet(Command.DATA, 7982, 1))
    assert steps(named.make(*plans), DATA) == [short[:4], short[4:]]
    assert steps(named.make(), DATA) == [DATA]


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


def test_a_terminal_that_reboots_in_mid_transfer_comes_back_by_itself(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    terminal = serve(device_with(100), faults=faults.reboot_mid_transfer(0.05))
    client = dial(terminal)
    client.connect()
    client.prepare_log()
    with pytest.raises((ConnectionResetError, EOFError)):
        client.read(0, 4004)
    for _ in range(500):
        if terminal.plugged:
            break
        time.sleep(0.01)
    assert dial(terminal).connect().command == 2000


def test_garbage_between_frames_can_be_read_over(serve: Serve, dial: Callable, device_with: Made) -> None:
    client = dial(serve(device_with(100), faults=faults.garbage()))
    client.connect()
    client.prepare_log()
    assert [packet.command for packet in client.read(0, 4004)] == [1500, 1501, 2000]
