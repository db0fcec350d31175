"""What a network does to datagrams: loses them, doubles them, brings them late or in another order.

Over TCP these hold for frames all the same, as no network would do it.
"""

from dataclasses import dataclass

from punchsync.emulator.faults.step import Fault, Step, packet_in
from punchsync.emulator.wire import Command


def lose(*numbers: int) -> Fault:
    """Lose the frames with these numbers, counted from 0; all of them when none is given."""
    seen = -1

    def lost(data: bytes) -> list[Step]:
        nonlocal seen
        seen += bool(data)
        return [] if not data or not numbers or seen in numbers else [data]

    return lost


def duplicate(copies: int = 2) -> Fault:
    """Send each frame so many times."""
    return lambda data: [data] * copies if data else []


@dataclass(slots=True)
class _Held:
    data: bytes
    frames: int
    answers: int


def late(*commands: int, frames: int = 1, answers: int = 0, skip: int = 0, times: int | None = 1) -> Fault:
    """Hold frames with these command numbers back until `frames` more have gone or `answers` more are complete.

    With `answers` 1 a frame comes after the answer to the next request; `frames` is then not looked at. Not
    the first `skip`, then `times` of them; None: all.
    """
    held: list[_Held] = []
    seen = 0

    def delayed(data: bytes) -> list[Step]:
        nonlocal seen
        steps: list[Step] = []
        if data and _is_one(data, commands):
            seen += 1
            if seen > skip and (times is None or seen <= skip + times):
                held.append(_Held(data, frames, answers + 1))
                return steps
        if data:
            steps.append(data)
        for item in list(held):
            item.frames -= bool(data)
            item.answers -= not data
            if (item.answers if answers else item.frames) == 0:
                held.remove(item)
                steps.append(item.data)
        return steps

    return delayed


def reorder(*commands: int, skip: int = 0, times: int | None = None) -> Fault:
    """Let frames with these command numbers (DATA when none is given) change places with the one after them.

    Not the first `skip`, then `times` of them; None: every other one. One that ends an answer comes last.
    """
    chosen = commands or (int(Command.DATA),)
    held: bytes | None = None
    seen = 0

    def swapped(data: bytes) -> list[Step]:
        nonlocal held, seen
        if held is not None:
            both: list[Step] = [data, held] if data else [held]
            held = None
            return both
        if data and _is_one(data, chosen):
            seen += 1
            if seen > skip and (times is None or seen <= skip + times):
                held = data
                return []
        return [data] if data else []

    return swapped


def _is_one(data: bytes, commands: tuple[int, ...]) -> bool:
    packet = packet_in(data)
    return packet is not None and (not commands or packet.command in commands)
