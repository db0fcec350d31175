"""A hall of the matrix: it reads its terminal and stores what came as the daemon does, at a time that stands."""

from __future__ import annotations

import socket
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from punchsync.core.moment import FOREVER, Moment, to_moment
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.core.records import Case
from punchsync.core.records import Terminal as Place
from punchsync.operations import poll
from punchsync.operations.hall import Hall
from punchsync.operations.poll import Polled
from punchsync.store import SqlStore
from punchsync.terminals import Address, NetworkReader, tcp, udp

TERMINALS = (Place("t1"), Place("t2"))
PAUSES = (0.05, 0.3)
LIMIT = 2.0
"""Seconds after a read's deadline at which it must have ended, on a machine that does other things too."""

Alter = Callable[[Reading], Any]
_OPENED: dict[int, list[socket.socket]] = {}


def _watched(opened: Callable[..., socket.socket]) -> Callable[..., socket.socket]:
    def watching(host: str, port: int, *rest: Any) -> socket.socket:
        found = opened(host, port, *rest)
        if port in _OPENED:
            _OPENED[port].append(found)
        return found

    return watching


# Nothing else shows whether each socket was closed by its owner, or only by the garbage collector.
tcp.opened = _watched(tcp.opened)
udp.opened = _watched(udp.opened)


class Clock:
    """Hall time that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> Moment:
        """Hall time as the reader asks for it."""
        return to_moment(self.at)


class Stored(NamedTuple):
    """What a hall holds of a terminal: punches as (user id, moment, verify, state, bytes), defects as (bytes, reason);
    and the punches whose ordinals are not 0, 1, 2 and so on."""

    punches: Counter[tuple[str, Moment, str, str, bytes]]
    defects: Counter[tuple[bytes, str]]
    gaps: tuple[tuple[str, Moment], ...] = ()


class Reader:
    """A hall with a store of its own and one terminal; `alter` changes what is read before it is stored."""

    def __init__(self, folder: Path, name: str, clock: Clock, address: Address) -> None:
        self.clock, self.address = clock, address
        self.full = self.replaced = False
        self.alter: Alter | None = None
        self._store = SqlStore(f"sqlite:///{folder}/matrix.db", name)
        self._hall = Hall(
            name, "", self._store, None, "", TERMINALS, self, clock, None, lambda bodies: Case(),  # type: ignore[arg-type]
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the store."""
        _OPENED.pop(self.address.port, None)
        self._store.close()

    def watch(self) -> None:
        """Know of every socket that is opened to the terminal from now on."""
        _OPENED[self.address.port] = []

    @property
    def sockets(self) -> list[socket.socket]:
        """The sockets that were opened to the terminal."""
        return _OPENED[self.address.port]

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        """What the hall's reader does."""
        address = self.address if kept else replace(self.address, set_clock=None)
        reader = NetworkReader({terminal: address}, self.clock, lambda _: memory, pauses=PAUSES)
        found = reader.read(terminal, full=full, replaced=replaced)
        return self.alter(found) if self.alter and isinstance(found, Reading) else found

    def poll(self, terminal: str = "t1") -> Polled | str:
        """Read and store as the daemon does; or what went wrong with that."""
        found: list[Polled | str] = []

        def work() -> None:
            try:
                with self._store.reading() as unit:
                    memories = {terminal: unit.memories.of(terminal)}
                told = lambda done, total: None  # noqa: E731
                read = poll.read(self._hall, memories, full=self.full, replaced=self.replaced, progress=told)
                found.append(read[terminal])
            except BaseException as error:
                found.append(f"raised {type(error).__name__}: {error}")

        thread = Thread(target=work, name="poll", daemon=True)
        thread.start()
        thread.join(self.address.deadline + LIMIT)
        return found[0] if found else "hangs"

    def stored(self) -> Stored:
        """What is stored of the terminal."""
        ordinals = defaultdict(list)
        with self._store.reading() as work:
            punches = [p for p in work.punches.stored(0, FOREVER) if p.terminal == "t1"]
            defects = Counter((bytes(d.raw), d.reason) for terminal, d in work.defects.all() if terminal == "t1")
        for p in punches:
            ordinals[p.device_user_id, p.at].append(p.ordinal)
        gaps = tuple(who for who, found in ordinals.items() if sorted(found) != list(range(len(found))))
        counted = Counter((p.device_user_id, p.at, p.verify, p.state, bytes(p.raw)) for p in punches)
        return Stored(counted, defects, gaps)
