import socket
import threading
import time
from collections.abc import Callable

import pytest

from punchsync.emulator import Device, EmulatedTerminal, faults
from punchsync.emulator.loop import Loop
from punchsync.emulator.wire import Command

Serve = Callable[..., EmulatedTerminal]
Made = Callable[..., Device]


def test_an_unplugged_terminal_is_refused_and_comes_back_on_its_port(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    terminal = serve(device_with(3))
    client = dial(terminal)
    client.connect()
    before = terminal.address
    terminal.unplug()
    with pytest.raises((ConnectionResetError, EOFError)):
        client.receive()
    with pytest.raises(ConnectionRefusedError):
        dial(terminal)
    terminal.plug()
    assert (terminal.address, dial(terminal).connect().command) == (before, 2000)


def test_unplugging_and_plugging_twice_is_the_same_as_once(serve: Serve, dial: Callable, device_with: Made) -> None:
    terminal = serve(device_with(0))
    terminal.unplug()
    terminal.unplug()
    assert not terminal.plugged
    terminal.plug()
    terminal.plug()
    assert dial(terminal).connect().session == 7982


def test_a_second_client_is_served_when_the_first_has_gone(serve: Serve, dial: Callable, device_with: Made) -> None:
    terminal = serve(device_with(0))
    first = dial(terminal)
    first.connect()
    second = dial(terminal)
    second.send(Command.CONNECT)
    assert (first.ask(Command.GET_TIME).command, terminal.connections) == (2000, 1)
    first.close()
    assert (second.receive().session, terminal.connections) == (7983, 2)


def test_a_second_client_is_refused_where_the_model_does_so(serve: Serve, dial: Callable, device_with: Made) -> None:
    terminal = serve(device_with(0), second="refuse")
    first = dial(terminal)
    first.connect()
    with pytest.raises((ConnectionResetError, BrokenPipeError, EOFError)):
        dial(terminal).connect()
    assert first.ask(Command.GET_TIME).command == 2000


def test_a_client_that_leaves_a_terminal_disabled_does_not_lock_people_out(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    device = device_with(0)
    terminal = serve(device)
    first = dial(terminal)
    first.connect()
    first.ask(Command.DISABLE)
    assert not device.enabled
    first.close()
    dial(terminal).connect()
    assert device.enabled


def test_dropping_the_present_client_keeps_the_terminal_reachable(
    serve: Serve, dial: Callable, device_with: Made
) -> None:
    terminal = serve(device_with(0))
    client = dial(terminal)
    client.connect()
    terminal.drop()
    with pytest.raises(EOFError):
        client.receive()
    assert dial(terminal).connect().command == 2000


def test_a_stopped_terminal_leaves_no_thread_and_no_port(device_with: Made) -> None:
    before = set(threading.enumerate())
    with EmulatedTerminal(device_with(0)) as terminal:
        socket.create_connection(terminal.address).close()
        [thread] = set(threading.enumerate()) - before
    terminal.stop()
    terminal.unplug()
    assert not thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(terminal.address)


def test_a_stopped_terminal_can_be_started_again_on_its_port(dial: Callable, device_with: Made) -> None:
    terminal = EmulatedTerminal(device_with(0))
    with terminal:
        before = terminal.address
    with terminal:
        assert (terminal.address, dial(terminal).connect().command) == (before, 2000)


def test_a_terminal_whose_client_does_not_read_can_be_stopped(dial: Callable, device_with: Made) -> None:
    with EmulatedTerminal(device_with(20_000)) as terminal:
        client = dial(terminal)
        client.connect()
        for _ in range(30):
            client.send(Command.ATTLOG_RRQ)
        seen = -1
        # Until it is stuck in an answer nobody takes.
        while seen < 1 or seen != terminal.device.received[Command.ATTLOG_RRQ]:
            seen = terminal.device.received[Command.ATTLOG_RRQ]
            time.sleep(0.1)
    assert terminal.device.received[Command.ATTLOG_RRQ] < 30


def test_a_taken_port_is_an_error_at_the_start(serve: Serve, device_with: Made) -> None:
    terminal = serve(device_with(0))
    with pytest.raises(OSError, match="in use"):
        EmulatedTerminal(device_with(0), port=terminal.port).start()


def test_a_second_client_takes_the_first_ones_place_where_told(serve: Serve, dial: Callable, device_with: Made) -> None:
    terminal = serve(device_with(0), second="replace")
    first = dial(terminal)
    first.connect()
    assert dial(terminal).connect().command == 2000
    with pytest.raises((ConnectionResetError, EOFError)):
        first.receive()


def test_many_terminals_in_one_thread_do_not_wait_for_each_other(dial: Callable, device_with: Made) -> None:
    threads = threading.active_count()
    with (
        Loop() as loop,
        EmulatedTerminal(device_with(0), loop=loop) as quick,
        EmulatedTerminal(device_with(0), loop=loop, transport="udp", faults=faults.stall(3600)) as stuck,
        EmulatedTerminal(device_with(0), loop=loop, faults=faults.delay(3600)) as stalled,
        EmulatedTerminal(device_with(20_000), loop=loop) as unread,
    ):
        for terminal in (stuck, stalled):
            dial(terminal).send(Command.CONNECT)
        client = dial(unread)
        client.connect()
        for _ in range(30):
            client.send(Command.ATTLOG_RRQ)
        assert dial(quick).connect().command == 2000
        assert threading.active_count() == threads + 1
    assert threading.active_count() == threads


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_terminal_whose_fault_is_mistaken_leaves_nothing_open(
    dial: Callable, device_with: Made, transport: str
) -> None:
    def mistaken(data: bytes) -> list[faults.Step]:
        raise ZeroDivisionError

    with EmulatedTerminal(device_with(0), faults=mistaken, transport=transport) as terminal:
        dial(terminal).send(Command.CONNECT)
        while not terminal.device.received[Command.CONNECT]:
            time.sleep(0.001)
    with EmulatedTerminal(device_with(0), port=terminal.port, transport=transport) as next_one:
        assert dial(next_one).connect().command == 2000
