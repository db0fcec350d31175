"""Ways a terminal's outgoing TCP stream goes wrong: small functions that compose.

A fault is called with each outgoing frame, whole, and with `b""` when an answer is complete; it gives the
steps to take instead: bytes to send as one piece, a `Pause`, a `Cut`. A plain function from bytes to a list
of bytes is a fault.
Faults that count are closures with a state: make a fresh one for each use.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from struct import pack_into, unpack_from

from punchsync.emulator import wire
from punchsync.emulator.device import Device
from punchsync.emulator.wire import Answer, Command, Packet

_PREFIX_BYTES = 8
_CHECKSUM_AT = _PREFIX_BYTES + 2
_SIZE_TABLES = (80, 92, 112)
_RECORDS_AT = 8 * 4


@dataclass(frozen=True, slots=True)
class Cut:
    """End the connection: an orderly FIN, or an RST when `reset`."""

    reset: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Send nothing for this many seconds; ends early when the terminal stops or the client goes."""

    seconds: float


Step = bytes | Cut | Pause
Fault = Callable[[bytes], Sequence[Step]]
Frames = Callable[[bytes, Packet], Sequence[Step]]


def clean(data: bytes) -> list[Step]:
    """Send every frame as it is, each in a piece of its own."""
    return [data] if data else []


# Composition


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
        packet = _packet(data)
        if commands and (packet is None or packet.command not in commands):
            return [data]
        seen += 1
        if seen <= skip or (times is not None and seen > skip + times):
            return [data]
        return fault(data)

    return limited


# How the bytes arrive


def split_at(*offsets: int) -> Fault:
    """Send each frame in pieces cut at these byte offsets; 1 to 7 are inside the 8-byte prefix."""

    def split(data: bytes) -> list[Step]:
        edges = [0, *sorted(at for at in set(offsets) if 0 < at < len(data)), len(data)]
        return [data[a:b] for a, b in pairwise(edges) if b > a]

    return split


def dribble(size: int = 1, seconds: float = 0.0) -> Fault:
    """Send each frame in pieces of `size` bytes, with a pause after each piece if `seconds` is not 0."""

    def dribbled(data: bytes) -> list[Step]:
        steps: list[Step] = []
        for at in range(0, len(data), size):
            steps.append(data[at : at + size])
            if seconds:
                steps.append(Pause(seconds))
        return steps

    return dribbled


def pace(seconds: float) -> Fault:
    """Wait this long after each frame, as slow hardware does, so that frames arrive one at a time.

    No fault but its absence: public clients that expect each frame in a segment of its own need it.
    """
    return lambda data: [data, Pause(seconds)] if data else []


def coalesce() -> Fault:
    """Hold the frames of an answer back and send them as one piece."""
    held = bytearray()

    def coalesced(data: bytes) -> list[Step]:
        held.extend(data)
        if data or not held:
            return []
        whole = bytes(held)
        held.clear()
        return [whole]

    return coalesced


def stall(seconds: float) -> Fault:
    """Wait this long in the middle of each frame."""

    def stalled(data: bytes) -> list[Step]:
        middle = len(data) // 2
        return [data[:middle], Pause(seconds), data[middle:]] if data else []

    return stalled


def cut_after(count: int, reset: bool = False) -> Fault:
    """End the connection once, after `count` more bytes."""
    left: int | None = count

    def counted(data: bytes) -> list[Step]:
        nonlocal left
        if left is None or not data or len(data) <= left:
            left = None if left is None else left - len(data)
            return clean(data)
        kept, left = data[:left], None
        return [*clean(kept), Cut(reset)]

    return counted


def drop_mid_transfer(times: int = 1, keep: float = 0.5, reset: bool = False) -> Fault:
    """End the connection inside the next `times` DATA frames, after the share `keep` of the frame is sent."""
    return only(_cut_inside(keep, reset), Command.DATA, times=times)


def _cut_inside(keep: float, reset: bool) -> Fault:
    def cut(data: bytes) -> list[Step]:
        return [*clean(data[: int(len(data) * keep)]), Cut(reset)] if data else []

    return cut


# What the frames say


def corrupt_checksum() -> Fault:
    """Send each frame with a wrong checksum."""

    def corrupted(data: bytes) -> list[Step]:
        if len(data) <= _CHECKSUM_AT:
            return clean(data)
        return [data[:_CHECKSUM_AT] + bytes([data[_CHECKSUM_AT] ^ 0xFF]) + data[_CHECKSUM_AT + 1 :]]

    return corrupted


def short_chunk(missing: int) -> Fault:
    """Send each DATA frame `missing` bytes shorter than announced before, itself well-formed."""
    return _on_data(lambda payload: payload[: max(0, len(payload) - missing)])


def long_chunk(extra: bytes) -> Fault:
    """Send each DATA frame with these bytes more than announced before, itself well-formed."""
    return _on_data(lambda payload: payload + extra)


def lie_count(delta: int) -> Fault:
    """Announce `delta` records more (or fewer) in FREE_SIZES than the log holds."""

    def lied(data: bytes, packet: Packet) -> list[Step]:
        if packet.command != Answer.ACK_OK or len(packet.payload) not in _SIZE_TABLES:
            return [data]
        table = bytearray(packet.payload)
        pack_into("<i", table, _RECORDS_AT, unpack_from("<i", table, _RECORDS_AT)[0] + delta)
        return [wire.frame(replace(packet, payload=bytes(table)))]

    return _framewise(lied)


def busy(times: int = 1, code: int = Answer.ACK_RETRY) -> Fault:
    """Answer the next `times` requests with this code alone; what they asked is done all the same."""
    left = times
    answering = False

    def refused(data: bytes) -> list[Step]:
        nonlocal left, answering
        if not data:
            left, answering = left - answering, False
            return []
        packet = _packet(data)
        if left <= 0 or packet is None or packet.command == Command.REG_EVENT:
            return [data]
        first, answering = not answering, True
        return [wire.frame(Packet(code, packet.session, packet.reply))] if first else []

    return refused


def interject(packet: Packet, skip: int = 0, times: int = 1) -> Fault:
    """Send this packet (a realtime event) just before a DATA frame: the one after the first `skip`."""
    return only(lambda data: [wire.frame(packet), data] if data else [], Command.DATA, skip=skip, times=times)


# What happens at the device meanwhile


def punch_before(
    device: Device, command: int, user_id: str, at: datetime | None = None, verify: int = 1, state: int = 0
) -> None:
    """Let a person punch once, just before the next such command is answered.

    DATA_WRRQ: between counting and reading. READ_BUFFER: during the transfer.
    """
    device.before(command, lambda: device.punch(user_id, at, verify=verify, state=state))


def _packet(data: bytes) -> Packet | None:
    return wire.unpack(data[_PREFIX_BYTES:]) if len(data) >= 2 * _PREFIX_BYTES else None


def _framewise(change: Frames) -> Fault:
    def changed(data: bytes) -> Sequence[Step]:
        packet = _packet(data)
        return clean(data) if packet is None else change(data, packet)

    return changed


def _on_data(change: Callable[[bytes], bytes]) -> Fault:
    def changed(data: bytes, packet: Packet) -> list[Step]:
        if packet.command != Command.DATA:
            return [data]
        return [wire.frame(replace(packet, payload=change(packet.payload)))]

    return _framewise(changed)
