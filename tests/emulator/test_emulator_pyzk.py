"""A public client, as it is, reads the emulator; a reference only, the emulator shares nothing with it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from punchsync.emulator import Device, EmulatedTerminal, Traits, faults, layout
from punchsync.emulator.wire import Command

zk = pytest.importorskip("zk")

# It leaves sockets open of its own; not ours to mend.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Serve = Callable[..., EmulatedTerminal]
Made = Callable[..., Device]


def in_thread(terminal: EmulatedTerminal, work: Callable[[Any], Any], key: int = 0, timeout: float = 5) -> Any:
    def run() -> Any:
        client = zk.ZK("127.0.0.1", port=terminal.port, timeout=timeout, password=key, ommit_ping=True)
        try:
            connection = client.connect()
            found = work(connection)
            connection.disconnect()
        finally:
            client._ZK__sock.close()
        return found

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=30)


@pytest.mark.parametrize("key", [0, 1234])
def test_pyzk_reads_users_time_serial_and_version(serve: Serve, device_with: Made, key: int) -> None:
    terminal = serve(device_with(0, comm_key=key))
    found = in_thread(
        terminal,
        lambda client: (
            [(user.uid, user.user_id, user.name) for user in client.get_users()],
            client.get_time(),
            client.get_serialnumber(),
            client.get_firmware_version(),
            client.get_device_name(),
        ),
        key,
    )
    assert found == (
        [(1, "1001", "甲一"), (2, "0042", "丁四")],
        datetime(2026, 10, 8, 12, 0, 0),
        "EMU0000000001",
        "Ver 6.60 Apr 28 2017",
        "F18",
    )
    assert terminal.device.unsound == 0


def test_pyzk_with_a_wrong_key_is_refused(serve: Serve, device_with: Made) -> None:
    terminal = serve(device_with(0, comm_key=1234))
    with pytest.raises(zk.exception.ZKErrorResponse, match="Unauthenticated"):
        in_thread(terminal, lambda client: None, key=5678)


@pytest.mark.parametrize("way", ["prepare", "data"])
@pytest.mark.parametrize("rows", [0, 1, 5, 2_000, 5_000])
def test_pyzk_reads_every_record_exactly(serve: Serve, device_with: Made, rows: int, way: str) -> None:
    device = device_with(rows, traits=Traits(chunks=way))
    found, size = in_thread(serve(device), lambda client: client.read_with_buffer(13))
    assert (found, size) == (layout.log_blob(device.records, 40), 4 + 40 * rows)


def test_pyzk_decodes_the_records_it_reads(serve: Serve, device_with: Made) -> None:
    found = in_thread(
        serve(device_with(3)),
        lambda client: [(a.user_id, a.timestamp, a.status, a.punch) for a in client.get_attendance()],
    )
    at = datetime(2026, 10, 8)
    assert found == [
        ("1001", at, 1, 0),
        ("0042", at.replace(second=1), 1, 0),
        ("1001", at.replace(second=2), 1, 0),
    ]


def test_pyzk_reads_many_users_through_the_buffer(serve: Serve) -> None:
    device = Device()
    for number in range(1, 71):
        device.enrol(f"{number:04}")
    found = in_thread(serve(device), lambda client: [user.user_id for user in client.get_users()])
    assert found == [f"{number:04}" for number in range(1, 71)]


def test_pyzk_times_out_on_frames_of_1008_bytes_that_arrive_together(serve: Serve, device_with: Made) -> None:
    """Why "frames" is not the default; a client of ours must read it."""
    terminal = serve(device_with(100, traits=Traits(chunks="frames")), faults=faults.coalesce())
    with pytest.raises((TimeoutError, zk.exception.ZKNetworkError)):
        in_thread(terminal, lambda client: client.read_with_buffer(13), timeout=0.3)


def test_a_client_can_be_shown_never_to_have_cleared_or_disabled(serve: Serve, device_with: Made) -> None:
    device = device_with(5)
    terminal = serve(device)
    in_thread(terminal, lambda client: client.get_attendance())
    assert (device.received[Command.CLEAR_ATTLOG], device.received[Command.DISABLE]) == (0, 0)
    in_thread(terminal, lambda client: (client.disable_device(), client.clear_attendance()))
    assert (device.received[Command.CLEAR_ATTLOG], device.received[Command.DISABLE]) == (1, 1)
    assert device.records == ()
