"""A terminal with a history, read once; the hall that reads it; and all that may be done to it before it is read again.

Records are known here as objects: which of them were in a log that was read says what must be stored, and nothing needs
to be inferred from bytes.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from matrix_hall import Clock, Reader, Stored
from matrix_terminal import Terminal, allowed

from punchsync.core.moment import to_moment
from punchsync.emulator import Device, Record, Traits, User, faults, layout, wire
from punchsync.emulator.faults import Fault
from punchsync.emulator.wire import Command, Packet
from punchsync.operations.poll import Polled
from punchsync.terminals import Address

DAY = datetime(2026, 10, 8)
FIRST, AGAIN, LAST, FULL = (DAY + timedelta(hours=12, minutes=n) for n in (0, 180, 185, 190))
"""When the terminal is read first, when after the fault, when once that is mended, and when in full at last."""
SLOTTED = ("8", "8b")
TEXTUAL = ("40", "49", "40p", "49p")
HISTORY = 140
"""Records of the first read: in 8 bytes more than a terminal hands over at once."""
CODES = (0, 1, 2, 3, 4, 5, 15, 16, 25, 101, 104, 255)
WAYS = ("prepare", "frames", "data")


class Scene:
    """One cell's terminal, hall and truth."""

    def __init__(
        self, folder: Path, name: str, layout_: str, plan: str, transport: str, number: int, fault: Any
    ) -> None:
        self.layout, self.plan, self.transport = layout_, plan, transport
        self.clock = Clock(FIRST)
        self.numbers = layout_ in ("16", *SLOTTED)
        self.people = ("1001", "0042", "7", "88" if self.numbers else "A7X", "20260001")
        self.base = Traits(
            layout=layout_,
            chunks=WAYS[number % 3],
            user_bytes=(28, 72)[number % 2] if layout_ in SLOTTED else 72,
            time_range=plan == "range",
            **fault.model,
        )
        size = int(layout_.rstrip("bp"))
        history = (65_472 if transport == "tcp" else 16_384) // size + 300 if fault.long else HISTORY
        self.device = Device(
            "S1",
            comm_key=fault.key,
            users=[User(n, user) for n, user in enumerate(self.people, 1)],
            capacity=history if fault.full else 100_000,
            traits=self.base,
            now=lambda: self.clock.at,
        )
        self.terminal = Terminal(self.device, transport=transport, second=fault.second)
        address = Address("", 0, fault.given_key, 10.0, transport=transport, plan=plan)
        self.hall = Reader(folder, name, self.clock, address)
        self.slotted = layout_ in SLOTTED
        self.awaited = 0
        """Things that are still to happen: a cell in which one never did proves nothing."""
        self.mends: list[Callable[[], object]] = []
        self.doubted: dict[int, str] = {}
        """Why a new record of a slot is nobody's, by slot."""
        self.reasons: dict[int, str] = {}
        """Why a record is no punch, by its object's id."""
        self.odd: set[int] = set()
        self.logs: list[tuple[Record, ...]] = []
        """What the log was from when the read began, changes in the midst of it included."""
        self._truth = Stored(Counter(), Counter())
        self._read: set[int] = set()
        # As another object must not get the id of one that is gone.
        self._kept: list[Record] = []
        start = FIRST - timedelta(minutes=history + 2)
        for n in range(history):
            self.add(self.people[n * n % 5], start + timedelta(minutes=n), CODES[n % 12], CODES[n * 7 % 12])

    @contextmanager
    def open(self) -> Iterator[None]:
        """Let the terminal be there."""
        with self.terminal as there:
            self.hall.address = replace(self.hall.address, host=there.host, port=there.port)
            self.hall.watch()
            try:
                yield
            finally:
                self.hall.close()

    # The device

    def add(
        self, user: str, at: datetime | int, verify: int = 1, state: int = 0, reason: str = "", raw: bytes | None = None
    ) -> Record:
        """Store a record, at a time or a packed one; `reason` says why it is no punch, `odd_code` that it is one."""
        packed = at if isinstance(at, int) else wire.pack_time(at)
        record = Record(self.device.uid_of(user), user, packed, verify, state, packed.to_bytes(8, "big"), raw)
        self.keep(record, reason)
        self.device.store([record])
        return record

    def keep(self, record: Record, reason: str) -> None:
        """Remember why a record is no punch."""
        self._kept.append(record)
        if reason == "odd_code":
            self.odd.add(id(record))
        elif reason:
            self.reasons[id(record)] = reason

    def punch(self, *minutes: int) -> None:
        """Let people punch so many minutes after noon, one after another."""
        for minute in minutes:
            self.add(self.people[minute % 5], FIRST + timedelta(minutes=minute), CODES[minute % 12])

    def since(self) -> None:
        """What was punched since the first read: two people in one second, one person twice, one out of order."""
        a, b, c, *_ = self.people
        self.punch(4, 9, 14)
        self.add(a, FIRST + timedelta(minutes=20), 1)
        self.add(b, FIRST + timedelta(minutes=20), 1)
        self.add(c, FIRST + timedelta(minutes=33), 1, 0)
        self.add(c, FIRST + timedelta(minutes=33), 15, 1)
        self.punch(60, 50, 51, 90)

    def change(self, **traits: object) -> None:
        """Let the model answer otherwise until it is mended."""
        self.device.traits = replace(self.device.traits, **traits)  # type: ignore[arg-type]

    def during(self, command: int, action: Callable[[], object], skip: int = 0) -> None:
        """Do something just before the next such command is answered, or the one after so many."""

        self.awaited += 1

        def acted() -> None:
            self.awaited -= 1
            action()
            self.logs.append(self.device.records)

        for _ in range(skip):
            self.device.before(command, lambda: None)
        self.device.before(command, acted)

    def suffers(self, fault: Fault) -> None:
        """Let answers go wrong from now on."""
        self.terminal.faults = fault

    def suffers_at(self, command: int, fault: Fault, skip: int = 0, once: bool = False) -> None:
        """Let answers go wrong from the answer to the next such command on, or in that answer alone."""

        def limited(data: bytes) -> Any:
            if not data:
                self.terminal.faults = faults.clean
            return fault(data)

        self.during(command, lambda: self.suffers(limited if once else fault), skip)

    def meets(self, way: Callable[[Packet], Iterable[Packet]]) -> None:
        """Let this become of requests on their way in."""
        self.terminal.asked.way = way

    def log(self, records: Iterable[Record]) -> None:
        """Put these records in the log's place."""
        self.device.clear_log()
        self.device.store(records)

    def another_client(self) -> None:
        """Let somebody else be inside until it is mended."""
        kind = socket.SOCK_DGRAM if self.transport == "udp" else socket.SOCK_STREAM
        other = socket.socket(socket.AF_INET, kind)
        self.mends += [other.close, self.terminal.drop]
        other.settimeout(5)
        other.connect(self.terminal.address)
        packet = Packet(Command.CONNECT, 0, 0)
        other.send(wire.pack(packet) if self.transport == "udp" else wire.frame(packet))
        other.recv(100)

    def mend(self) -> None:
        """Let all be well again."""
        self.meets(lambda packet: [packet])
        self.terminal.faults = faults.clean
        self.device.traits = replace(self.base, layout=self.device.traits.layout)
        for mend in self.mends:
            mend()
        self.terminal.plug()

    def poll(self, terminal: str = "t1") -> Polled | str:
        """Read and store as the daemon does; or what went wrong with that."""
        self.logs = [self.device.records]
        polled = self.hall.poll(terminal)
        self.logs.append(self.device.records)
        return polled

    # The truth

    @property
    def truth(self) -> Stored:
        """What must be stored by now."""
        return self._truth

    def grown(self, log: Iterable[Record]) -> Stored:
        """What must be stored once this log was read too."""
        punches, defects = self._truth.punches.copy(), self._truth.defects.copy()
        for record in log:
            if id(record) in self._read:
                continue
            raw = layout.log_rows([record], self.device.traits.layout)
            slot = self.doubted.get(record.uid, "") if self.layout in SLOTTED else ""
            reason = self.reasons.get(id(record), slot)
            if reason:
                defects[raw, reason] += 1
                continue
            at = to_moment(datetime(*wire.unpack_fields(record.time)))
            punches[self.shown(record.user_id), at, str(record.verify), str(record.state), raw] += 1
            if id(record) in self.odd:
                defects[raw, "odd_code"] += 1
        return Stored(punches, defects)

    def was_read(self, log: Iterable[Record]) -> None:
        """Know that this log was read."""
        log = list(log)
        self._truth = self.grown(log)
        self._read |= {id(record) for record in log}
        self._kept += log

    def shown(self, user: str) -> str:
        """A user id as a reader gives it: where it is a number at the terminal, leading zeros are lost."""
        number = self.layout == "16" or (self.layout in SLOTTED and self.base.user_bytes == 28)
        return str(int(user)) if number else user

    @property
    def problems(self) -> list[str]:
        """What the reader did that it never may: commands, sockets left open."""
        may = partial(allowed, slotted=self.slotted, set_clock=self.hall.address.set_clock is not None)
        found = [f"command {c} {p.hex()}" for c, p in self.terminal.asked.seen if not may(c, p)]
        if any(each.fileno() != -1 for each in self.hall.sockets):
            found.append("a socket is left open")
        return sorted(set(found))
