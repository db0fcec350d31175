"""A terminal that writes down what it is asked, and what nobody may ask it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from punchsync.emulator import EmulatedTerminal
from punchsync.emulator.wire import Command, Packet

USERS, LOG, BETWEEN = (bytes.fromhex(text) for text in ("0109000500000000000000", "010d000000000000000000", "011427"))
"""What 1503 may prepare: users without templates, the log, the log of a stretch (its two times follow)."""
PLAIN = frozenset({1000, 1001, 1102, 50, 201, 11, 1504, 1502, 2000})


class Asked(deque[Any]):
    """A terminal's inbox that writes down what is asked; `way` says what becomes of each packet on its way in."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[int, bytes]] = []
        self.way: Callable[[Packet], Iterable[Packet]] = lambda packet: [packet]

    def append(self, item: Any) -> None:
        """Take one packet with who sent it."""
        client, packet = item
        self.seen.append((packet.command, packet.payload))
        for each in self.way(packet):
            super().append((client, each))

    def extend(self, items: Iterable[Any]) -> None:
        """Take several."""
        for item in items:
            self.append(item)


class Terminal(EmulatedTerminal):
    """A terminal that writes down what it is asked."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked = Asked()

    def _door(self, *args: Any) -> Any:
        door = super()._door(*args)
        door.inbox = self.asked
        return door


def allowed(command: int, payload: bytes, slotted: bool, set_clock: bool) -> bool:
    """Whether a reader may ask this: users only where records are `slotted`, the clock only where it is to be set."""
    if command == Command.DATA_WRRQ:
        between = payload.startswith(BETWEEN) and len(payload) == len(LOG)
        return payload == LOG or between or (payload == USERS and slotted)
    return command in PLAIN or (command == Command.SET_TIME and set_clock)
