"""Polling a terminal from connect to committed, polling it again, and a round of two hundred terminals.

Each beside the plainest thing that could do the same, in the same run: a bare socket that moves the same bytes, and one
executemany of the same rows into the same table.
"""

from __future__ import annotations

import gc
import resource
import socket
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from zk import ZK

from benchmarks.terminals import NOON, PEOPLE, TEN, terminals
from punchsync.cli import COLLECTING
from punchsync.core.moment import Moment, parse_day, to_moment
from punchsync.core.reading import Memory, Reading
from punchsync.core.records import Case, Posting, Terminal
from punchsync.core.stored import StoredPunch
from punchsync.intake.notices import published
from punchsync.operations import poll as polling
from punchsync.operations.hall import Hall
from punchsync.packs.load import load
from punchsync.packs.shelf import shipped
from punchsync.store import SqlStore
from punchsync.terminals import Address, NetworkReader

RECORDS = 100_000
TERMINALS, NEW, LATENCY = 200, 500, 0.05
STAFF = Case(
    tuple(Posting(f"P{n}", "", "", "W", "staff", str(n), (), parse_day("2026-01-01")) for n in range(1, PEOPLE + 1))
)
EMPTY = {f"T{n}": Memory() for n in range(1, TERMINALS + 1)}


class Clock:
    """Noon, for ever."""

    def now(self) -> Moment:
        return to_moment(NOON)


class Reader:
    """Terminals on loopback, with the time that each read took."""

    def __init__(self, ports: list[int]) -> None:
        self.addresses = {f"T{n}": Address("127.0.0.1", port, deadline=120.0) for n, port in enumerate(ports, 1)}
        self.seconds: dict[str, float] = {}

    def read(self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False):  # type: ignore[no-untyped-def]
        begin = perf_counter()
        found = NetworkReader(self.addresses, Clock(), lambda _id: memory).read(terminal, full=full, replaced=replaced)
        self.seconds[terminal] = perf_counter() - begin
        return found


class Line(NamedTuple):
    """A measured thing: what, seconds, and its ratio to what it is compared with; the bound it should keep."""

    what: str
    seconds: float
    ratio: float | None = None
    bound: float | None = None


@contextmanager
def hall(reader: Reader, folder: Path) -> Iterator[Hall]:
    """A hall whose terminals are these, in a store of its own."""
    store = SqlStore(f"sqlite:///{folder}/punchsync.db", "bench")
    loaded = load(shipped()["yihuang"])
    ids = tuple(Terminal(id) for id in reader.addresses)
    try:
        yield Hall(
            "bench", "bench", store, loaded.pack, loaded.text, ids, reader, Clock(), published, lambda _bodies: STAFF
        )
    finally:
        store.close()


def ask(connection: socket.socket, packet: bytes) -> bytes:
    """Send a packet and take whole frames until one that ends an answer; returns what DATA frames carried."""
    connection.sendall(struct.pack("<4sI", b"\x50\x50\x82\x7d", len(packet)) + packet)
    got = bytearray()
    while True:
        head = exactly(connection, 16)
        length, command = struct.unpack_from("<I", head, 4)[0], struct.unpack_from("<H", head, 8)[0]
        payload = exactly(connection, length - 8)
        if command == 1501:
            got += payload
        elif command != 1500:
            return bytes(got) or payload


def exactly(connection: socket.socket, size: int) -> bytes:
    """So many bytes."""
    data = bytearray(size)
    view = memoryview(data)
    while view:
        view = view[connection.recv_into(view) :]
    return bytes(data)


def bare_read(port: int) -> tuple[float, int]:
    """Seconds to move a whole log by 1503 and 1504 with a bare socket, nothing verified; and its bytes."""
    begin = perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session, reply = 0, 0

        def packet(command: int, payload: bytes = b"") -> bytes:
            nonlocal reply
            reply += 1
            raw = struct.pack("<4H", command, 0, session, reply) + payload
            words = raw + b"\0" * (len(raw) % 2)
            total = sum(struct.unpack(f"<{len(words) // 2}H", words))
            return raw[:2] + struct.pack("<H", ~(total % 0xFFFF) & 0xFFFF) + raw[4:]

        connection.sendall(struct.pack("<4sI", b"\x50\x50\x82\x7d", 8) + packet(1000))
        session = struct.unpack_from("<H", exactly(connection, 16), 12)[0]
        size = struct.unpack_from("<I", ask(connection, packet(1503, struct.pack("<bhii", 1, 13, 0, 0))), 1)[0]
        moved = 0
        while moved < size:
            moved += len(ask(connection, packet(1504, struct.pack("<ii", moved, min(65_472, size - moved)))))
    return perf_counter() - begin, moved


def bare_insert(parts: list[list[tuple[object, ...]]], folder: Path) -> float:
    """Seconds to insert rows into the punch table as it was kept, each part in a transaction of its own."""
    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA synchronous = FULL")
    begin = perf_counter()
    marks = ", ".join("?" for _ in parts[0][0])
    for rows in parts:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(f"INSERT INTO punch VALUES ({marks})", rows)
        database.execute("COMMIT")
    seconds = perf_counter() - begin
    database.close()
    return seconds


def keep(folder: Path) -> None:
    """A copy of the store as it is, to insert the same rows into."""
    source, copy = sqlite3.connect(folder / "punchsync.db"), sqlite3.connect(folder / "bare.db")
    source.backup(copy)
    source.close()
    copy.close()


def one() -> Iterator[Line]:
    """A terminal of 100,000 records: polled, polled again, and by the others."""
    with (
        terminals(1, RECORDS) as served,
        tempfile.TemporaryDirectory() as name,
    ):
        reader = Reader(served.ports)
        socket_seconds, moved = bare_read(served.ports[0])
        begin = perf_counter()
        peer = ZK("127.0.0.1", port=served.ports[0], timeout=120, ommit_ping=True).connect()
        count = len(peer.get_attendance())
        peer_seconds = perf_counter() - begin
        peer.disconnect()
        with hall(reader, Path(name)) as at:
            keep(Path(name))
            begin = perf_counter()
            first = reader.read("T1", Memory())
            read_seconds = perf_counter() - begin
            ([polled], _errors) = polling.store(at, [first], {"T1": Memory()})
            ours = perf_counter() - begin
            assert isinstance(first, Reading) and polled.new == count == RECORDS
            with at.store.reading() as work:
                memory = work.memories.of("T1")
            begin = perf_counter()
            again = reader.read("T1", memory)
            polling.store(at, [again], {"T1": memory})
            again_seconds = perf_counter() - begin
            assert isinstance(again, Reading) and (again.plan, again.rows) == ("tail", ())
        rows = [
            ("bench", "T1", n, r.device_user_id, r.at, 0, r.verify, r.state, r.raw, 1, r.position)
            for n, r in enumerate(first.rows, 1)
        ]
        insert_seconds = bare_insert([rows], Path(name))
    bare = socket_seconds + insert_seconds
    yield Line(f"bare socket, {moved:,} bytes", socket_seconds)
    yield Line("bare executemany of the rows", insert_seconds)
    yield Line("ours: poll, connect to committed", ours, ours / bare, 1.5)
    yield Line("pyzk: get_attendance", peer_seconds, peer_seconds / ours)
    yield Line("ours: read alone, of pyzk", read_seconds, read_seconds / peer_seconds, 0.1)
    yield Line(f"ours: again, nothing new, {again.bytes_moved:,} bytes", again_seconds, again_seconds / ours, 0.1)


def round_of_many(known: bool) -> Iterator[Line]:
    """Two hundred terminals with 500 new records each and 50 ms before every answer, read in one round.

    Either all of them `known` from a read before, or read for the first time.
    """
    with terminals(TERMINALS, NEW if known else 0, LATENCY) as served, tempfile.TemporaryDirectory() as name:
        reader = Reader(served.ports)
        with hall(reader, Path(name)) as at:
            if known:
                with ThreadPoolExecutor(TERMINALS) as pool:
                    polling.store(at, list(pool.map(lambda id: reader.read(id, Memory()), reader.addresses)), EMPTY)
            with at.store.reading() as work:
                memories = {id: work.memories.of(id) for id in reader.addresses}
            served.punch(NEW)
            alone = Reader(served.ports)
            alone.read("T1", memories["T1"])
            reader.seconds.clear()
            keep(Path(name))
            commits = 0
            writing = at.store.writing

            def counted():  # type: ignore[no-untyped-def]
                nonlocal commits
                commits += 1
                return writing()

            at.store.writing = counted  # type: ignore[method-assign]
            begin = perf_counter()
            done = polling.read(at, memories, full=False, replaced=False, progress=lambda _done, _all: None)
            ours = perf_counter() - begin
            assert sum(p.new for p in done.values()) == TERMINALS * NEW, done
            rows = [
                ("bench", p.terminal, p.number, p.device_user_id, p.at, 0, p.verify, p.state, p.raw, 1, p.position)
                for p in stored(at)
            ]
        share = -(-len(rows) // commits)
        bare_commits = bare_insert([rows[n : n + share] for n in range(0, len(rows), share)], Path(name))
    slowest = max(reader.seconds.values())
    of = "known terminals" if known else "terminals never read"
    yield Line(f"{TERMINALS} {of}: one read alone", alone.seconds["T1"])
    yield Line("the slowest of the round", slowest)
    yield Line(f"bare commits of the same rows, {commits}", bare_commits)
    yield Line("ours: the round", ours, ours / (slowest + bare_commits), 1.5)
    yield Line("ours: the round, of one alone and the commits", ours, ours / (alone.seconds["T1"] + bare_commits))
    yield Line("ours: the round, of the slowest alone", ours, ours / slowest)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Line("ours: memory, MB (of 300)", peak, peak / 300, 1.0)


def stored(at: Hall) -> list[StoredPunch]:
    """The last 500 punches of each terminal."""
    with at.store.reading() as work:
        return sorted(work.punches.stored(to_moment(TEN), to_moment(NOON)), key=lambda p: (p.terminal, p.number))


def measure() -> Iterator[Line]:
    """Everything, under the same garbage collection as the commands."""
    gc.set_threshold(*COLLECTING)
    yield from one()
    yield from round_of_many(True)
    yield from round_of_many(False)


def main() -> None:
    """Print everything."""
    for line in measure():
        said = "" if line.ratio is None else f"   {line.ratio:7.3f}"
        wanted = "" if line.bound is None else f"   at most {line.bound}"
        print(f"  {line.what:<56} {line.seconds:8.3f}{said}{wanted}")


if __name__ == "__main__":
    main()
