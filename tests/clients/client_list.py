"""The public clients: what each is asked, what of a terminal it gives back, and what its own source can't do.

Every limit is the client's own, read in its source; none says anything of terminals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

from client_rows import (
    OfRecord,
    OfUser,
    in_full,
    low_word,
    number,
    numbered,
    of_slot,
    parsed,
    slot,
    user_number,
    user_text,
    when_and_who,
)

from punchsync.emulator import Traits, User

MANY = 3_000
"""Rows of a long log: more than one chunk of 65,472 bytes, and nothing any client reads in one piece."""

EVENT = "an event, then users"
Tells = Literal["counts", "time", "serial", "version"]
ALL: tuple[Tells, ...] = ("counts", "time", "serial", "version")


@dataclass(frozen=True, slots=True)
class Case:
    """A log of so many rows, in a terminal with these traits, and what the client makes of a record."""

    rows: int
    gives: OfRecord
    traits: Traits = field(default_factory=Traits)

    @property
    def name(self) -> str:
        """Say what this is a log of."""
        plain = Traits()
        said = [f"log of {self.rows}"]
        said += [f"rows of {self.traits.layout}"] if self.traits.layout != plain.layout else []
        said += [f"chunks as {self.traits.chunks}"] if self.traits.chunks != plain.chunks else []
        said += ["in one piece"] if self.traits.inline_limit != plain.inline_limit else []
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Client:
    """A client over one transport. `pace` is the pause after each frame it needs; `limits` say, by what would be
    asked, why it is not; `sound` is False for one whose own checksums are wrong."""

    name: str
    version: str
    transport: Literal["tcp", "udp"]
    cases: tuple[Case, ...]
    tells: tuple[Tells, ...]
    user: OfUser
    traits: Traits = field(default_factory=Traits)
    pace: float = 0.0
    key: bool = False
    sound: bool = True
    why: str = ""
    limits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def python(self) -> bool:
        """Say whether it is a Python module; else it is a package of npm."""
        return self.name in ("zk", "pyzk2")


def logs(gives: OfRecord, *rows: int, **traits: Any) -> tuple[Case, ...]:
    """Give a case for each number of rows."""
    return tuple(Case(count, gives, Traits(**traits)) for count in rows)


USERS = (User(1, "1001", "Anna"), User(2, "0042", "Bert"), User(3, "A17", "Cora"), User(4, "123456789", "Dora"))
ROWS = (0, 1, 50, MANY)
looked_up = partial(of_slot, {user.uid: str(number(user.user_id)) for user in USERS})
old = partial(logs, user_bytes=28)

ONE_BY_ONE = "handles one frame at each 'data' event, so that frames must arrive apart"
EVENT_FIRST = "after a log in chunks its listener stays, and events get none: asked of a fresh connection"
NO_KEY = "knows no AUTH"

PYZK = logs(in_full, *ROWS) + logs(in_full, MANY, chunks="data")
CLIENTS: tuple[Client, ...] = (
    Client(
        "zk",
        "0.9",
        "tcp",
        PYZK + old(numbered, 50, MANY, layout="16") + old(looked_up, 50, MANY, layout="8"),
        ALL,
        user_text,
        key=True,
        why="pyzk as it is",
    ),
    Client(
        "zk",
        "0.9",
        "udp",
        logs(in_full, *ROWS) + old(numbered, *ROWS, layout="16") + old(looked_up, *ROWS, layout="8"),
        ALL,
        user_number,
        Traits(user_bytes=28, event_bytes=12),
        key=True,
        why="pyzk as it is; a datagram longer than 1,032 bytes (1,024 for a whole log in one) it cuts",
    ),
    Client(
        "pyzk2",
        "0.2",
        "tcp",
        PYZK
        + logs(in_full, 50, MANY, layout="49")
        + logs(in_full, 50, MANY, layout="40p")
        + logs(in_full, MANY, layout="49p"),
        ALL,
        user_text,
        key=True,
        why="pyzk's later code: rows of 49 bytes and the prefix",
    ),
    Client(
        "pyzk2",
        "0.2",
        "udp",
        logs(in_full, *ROWS) + logs(in_full, 50, MANY, layout="49"),
        ALL,
        user_text,
        Traits(event_bytes=10),
        key=True,
        why="pyzk's later code: events of 10 bytes",
    ),
    Client(
        "node-zklib",
        "1.3.0",
        "tcp",
        logs(when_and_who, *ROWS) + logs(when_and_who, MANY, chunks="frames"),
        ("counts",),
        user_text,
        pace=0.01,
        why=f"asks for all chunks at once; {ONE_BY_ONE}; {EVENT_FIRST}; {NO_KEY}",
    ),
    Client(
        "node-zklib",
        "1.3.0",
        "udp",
        old(slot, 1, 50, layout="8b") + old(low_word, MANY, layout="16", udp_largest_chunk=65_472),
        ("counts",),
        user_number,
        Traits(user_bytes=28, event_bytes=10),
        pace=0.001,
        why="takes a log in one piece for rows of 8 bytes, a longer one for rows of 16; asks for chunks of 65,472",
        limits=MappingProxyType({"log of 0": "its requestData waits for 13 bytes, an empty log has 12"}),
    ),
    Client(
        "zklib-js",
        "1.3.5",
        "tcp",
        logs(when_and_who, *ROWS) + logs(when_and_who, MANY, chunks="frames"),
        ALL,
        user_text,
        pace=0.01,
        why=f"as node-zklib; {NO_KEY}; zk-jubaer 2.0.5 has the same TCP code",
    ),
    Client(
        "zkteco-js",
        "1.7.2",
        "tcp",
        logs(in_full, *ROWS) + logs(in_full, MANY, chunks="frames"),
        ALL,
        user_text,
        pace=0.01,
        why=f"asks for one chunk after the other; {ONE_BY_ONE}; {NO_KEY}",
    ),
    Client(
        "zkteco-js",
        "1.7.2",
        "udp",
        old(slot, 0, 1, 50, layout="8b"),
        ("counts", "time"),
        user_number,
        Traits(user_bytes=28, event_bytes=10),
        pace=0.001,
        why="its own change to UDP is never reached: an error's code is lost in ZkError",
        limits=MappingProxyType({f"log of {MANY}": "its handleChunkedData gives nothing back"}),
    ),
    Client(
        "zkteco",
        "1.10.21",
        "tcp",
        logs(in_full, 0, 1, 25) + logs(in_full, 50, MANY, inline_limit=1 << 17),
        ("counts", "time", "serial"),
        user_text,
        pace=0.01,
        why="reads a log only where it comes in one piece: it takes the announcement of a buffer for the log; its "
        "outer getAttendances clears the terminal's log after more than 20 records",
        limits=MappingProxyType({EVENT: "its listener calls a function it was never given"}),
    ),
    Client(
        "zklib",
        "0.2.11",
        "tcp",
        logs(parsed, *ROWS) + logs(parsed, MANY, chunks="frames"),
        ("time",),
        user_text,
        pace=0.01,
        sound=False,
        why="9 and 13 without a buffer; always gives 8 as a frame's length, so that no option's name arrives",
        limits=MappingProxyType({EVENT: "it listens for datagrams alone"}),
    ),
    Client(
        "zklib",
        "0.2.11",
        "udp",
        logs(parsed, *ROWS),
        ("time", "serial"),
        user_text,
        pace=0.001,
        sound=False,
        why="9 and 13 without a buffer; no datagram may be lost; registers for events with no checksum",
    ),
)
