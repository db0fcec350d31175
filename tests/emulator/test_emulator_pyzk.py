"""A public client, as it is, reads the emulator; a reference only, the emulator shares nothing with it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from punchsync.emulator import Device, EmulatedTerminal, Traits, faults, layout, wire
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
        udp = terminal.transport == "udp"
        client = zk.ZK("127.0.0.1", port=terminal.port, timeout=timeout, password=key, force_udp=udp, ommit_ping=True)
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


@pytest.mark.parametrize("key", [0, 1234])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(("layout_", "second_id"), [("8", "0042"), ("16", "42"), ("40", "0042")])
def test_pyzk_decodes_each_layout_it_knows_over_either_transport(
    serve: Serve, device_with: Made, layout_: Any, second_id: str, transport: str, key: int
) -> None:
    for rows in (0, 1, 2, 3000):
        device = device_with(rows, comm_key=key, traits=Traits(layout=layout_))
        found = in_thread(
            serve(device, transport=transport),
            lambda client: [(a.user_id, a.timestamp, a.status, a.punch) for a in client.get_attendance()],
            key,
        )
        names = {"0042": second_id, "1001": "1001"}
        assert found == [
            (names[row.user_id], datetime(*wire.unpack_fields(row.time)), row.verify, row.state)
            for row in device.records
        ]
        assert device.unsound == 0


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("user_bytes", [28, 72])
def test_pyzk_reads_users_of_either_length(serve: Serve, transport: str, user_bytes: Any) -> None:
    device = Device(traits=Traits(user_bytes=user_bytes))
    for number in range(1001, 1101):
        device.enrol(str(number), f"n{number}", privilege=14 * (number % 2), card=number)
    found = in_thread(
        serve(device, transport=transport),
        lambda client: [(u.uid, u.user_id, u.name, u.privilege, u.card) for u in client.get_users()],
    )
    assert found == [(n - 1000, str(n), f"n{n}", 14 * (n % 2), n) for n in range(1001, 1101)]


def test_pyzk_over_udp_makes_garbage_of_a_lost_datagram(serve: Serve, device_with: Made) -> None:
    """What a client of ours must not do."""
    device = device_with(100)
    terminal = serve(device, transport="udp", faults=faults.only(faults.lose(), Command.DATA, times=1))
    found, _ = in_thread(terminal, lambda client: client.read_with_buffer(13))
    assert len(found) == 4004 - 1024
