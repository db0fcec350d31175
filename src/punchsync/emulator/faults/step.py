"""What a fault is: a function from an outgoing frame to the steps to take instead; and how faults compose.

A fault is called with each outgoing frame, whole, and with `b""` when an answer is complete; it gives the
steps: bytes to send as one piece, a `Pause`, a `Cut`, a `Reboot`. A plain function from bytes to a list of
bytes is a fault. It sees and gives frames as TCP carries them on either transport; over UDP each piece is a
datagram, and the frame's prefix is taken off where a piece begins with one.
Faults that count are closures with a state: make a fresh one for each use.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from punchsync.emulator import wire
from punchsync.emulator.wire import Packet

PREFIX_BYTES = 8


@dataclass(frozen=True, slots=True)
class Cut:
    """End the connection: an orderly FIN, or an RST when `reset`."""

    reset: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Send nothing for this many seconds; ends early when the terminal stops or the client goes."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reboot:
    """Be gone in the middle of it and back after this many seconds."""

    seconds: float


Step = bytes | Cut | Pause | Reboot
Fault = Callable[[bytes], Sequence[Step]]
Frames = Callable[[bytes, Packet], Sequence[Step]]


def clean(data: bytes) -> list[Step]:
    """Send every frame as it is, each in a piece of its own."""
    return [data] if data else []


def chain(*faults: Fault) -> Fault:
    """Give the fault that applies these one after the other to what the one before sends.

    Those that look at frames come before those that cut or join bytes.
    """

    def chained(data: bytes) -> list[Step]:
        steps: list[Step] = [data]
        for fault in faults:
            steps = list(_through(fault, steps, ended=not data))
        return steps

    return chained


def _through(fault: Fault, steps: Iterable[Step], ended: bool) -> Iterator[Step]:
    for step in steps:
        if not isinstance(step, bytes):
            yield step
        elif step:
            yield from fault(step)
    if ended:
        yield from fault(b"")


def only(fault: Fault, *commands: int, skip: int = 0, times: int | None = None) -> Fault:
    """Apply a fault to frames with these command numbers: not to the first `skip`, then to `times` of them.

    With no command number, to all frames. `times` None is without end.
    """
    seen = 0

    def limited(data: bytes) -> Sequence[Step]:
        nonlocal seen
        if not data:
            return fault(data)
        packet = packet_in(data)
        if commands and (packet is None or packet.command not in commands):
            return [data]
        seen += 1
        if seen <= skip or (times is not None and seen > skip + times):
            return [data]
        return fault(data)

    return limited


def packet_in(data: bytes) -> Packet | None:
    """Give the packet of a frame, None for bytes too short to be one."""
    return wire.unpack(data[PREFIX_BYTES:]) if len(data) >= 2 * PREFIX_BYTES else None


def framewise(change: Frames) -> Fault:
    """Give the fault that does this with each frame and lets other bytes be."""

    def changed(data: bytes) -> Sequence[Step]:
        packet = packet_in(data)
        return clean(data) if packet is None else change(data, packet)

    return changed
