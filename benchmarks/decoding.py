"""Reading and decoding 100,000 records from one emulated terminal: ours beside pyzk's `get_attendance`."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import perf_counter

from zk import ZK

from punchsync.core.moment import Moment, to_moment
from punchsync.core.reading import Reading
from punchsync.emulator import Device, EmulatedTerminal, User
from punchsync.terminals import Address, Known, NetworkReader
from punchsync.terminals.decode import decode

RECORDS = 100_000


class _Clock:
    def now(self) -> Moment:
        return to_moment(datetime(2026, 11, 9, 12))


def device() -> Device:
    """A terminal with 200 users and a full log."""
    terminal = Device("BENCH00000001", users=[User(n, str(n)) for n in range(1, 201)], capacity=RECORDS)
    start = datetime(2026, 1, 1, 8)
    for n in range(RECORDS):
        terminal.punch(str(n % 200 + 1), start + timedelta(seconds=97 * n))
    return terminal


def blob() -> bytes:
    """The same number of records as bytes of the log."""
    packed = [((26 * 12 + 1) * 31 + n % 28) * 86_400 + n % 86_400 for n in range(RECORDS)]
    rows = (
        struct.pack("<H24sB4sB8s", n % 200, b"%d" % (n % 200), 1, struct.pack("<I", at), 0, b"")
        for n, at in enumerate(packed)
    )
    return struct.pack("<I", RECORDS * 40) + b"".join(rows)


def measure() -> Iterator[tuple[str, float]]:
    """Seconds of each way, by name."""
    log = blob()
    begin = perf_counter()
    found = decode(log, RECORDS, RECORDS)
    yield "ours: decode", perf_counter() - begin
    assert len(getattr(found, "rows", ())) == RECORDS
    with EmulatedTerminal(device()) as terminal:
        host, port = terminal.address
        begin = perf_counter()
        peer = ZK(host, port=port, timeout=60, ommit_ping=True).connect()
        rows = peer.get_attendance()
        yield "pyzk: get_attendance over loopback", perf_counter() - begin
        assert len(rows) == RECORDS
        peer.disconnect()
        begin = perf_counter()
        reader = NetworkReader({"T1": Address(host, port)}, _Clock(), lambda _id: Known())
        reading = reader.read("T1")
        yield "ours: whole read over loopback", perf_counter() - begin
        assert isinstance(reading, Reading) and len(reading.rows) == RECORDS
