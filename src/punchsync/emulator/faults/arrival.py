"""How the bytes arrive: in pieces, slowly, together, not to their end."""

from itertools import pairwise

from punchsync.emulator.faults.step import Cut, Fault, Pause, Reboot, Step, clean, only
from punchsync.emulator.wire import Command


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


def reboot_mid_transfer(seconds: float, keep: float = 0.5, skip: int = 0) -> Fault:
    """Be gone once for this many seconds inside a DATA frame, after the share `keep` of it is sent."""

    def rebooted(data: bytes) -> list[Step]:
        return [*clean(data[: int(len(data) * keep)]), Reboot(seconds)] if data else []

    return only(rebooted, Command.DATA, skip=skip, times=1)


def delay(seconds: float) -> Fault:
    """Wait this long before each answer, as a far or slow terminal does."""
    begun = False

    def delayed(data: bytes) -> list[Step]:
        nonlocal begun
        first, begun = bool(data) and not begun, bool(data)
        return [*([Pause(seconds)] if first else []), *clean(data)]

    return delayed


def garbage(noise: bytes = b"\x00\xff noise") -> Fault:
    """Send these bytes before each frame; over UDP as a datagram of their own."""
    return lambda data: [noise, data] if data else []


def truncate(missing: int) -> Fault:
    """Leave off the last bytes of each frame: the next one stands where they should be, on UDP none does."""
    return lambda data: clean(data[:-missing]) if missing else clean(data)
