"""Frames of the ZK protocol, without a socket: bytes in, verified frames out.

Source: TERMINALS.md, "Frames". A packet is u16 command, checksum, session and reply number, then the payload; all
little-endian. UDP carries it as it is; over TCP the four bytes of `MAGIC` and its length as u32 come before it.
"""

from __future__ import annotations

from struct import Struct
from typing import Final, NamedTuple

REG_EVENT: Final = 500
PREPARE_DATA: Final = 1500
DATA: Final = 1501
ACK_OK: Final = 2000

MAGIC: Final = b"\x50\x50\x82\x7d"
LONGEST: Final = 1 << 20
"""The longest packet taken, in bytes: a chunk has at most 65,480, and a peer must not choose our memory."""

_FOLDED: Final = 4096 * 8
"""The length in bits up to which dividing a number is faster than folding it."""

_PREFIX: Final = Struct("<4sI")
_HEAD: Final = Struct("<4H")


class Frame(NamedTuple):
    """One frame as received; `sound` says whether its checksum is right."""

    command: int
    session: int
    reply: int
    payload: bytes
    sound: bool = True

    @property
    def event(self) -> bool:
        """Whether it is a realtime event: it answers nothing."""
        return self.command == REG_EVENT and self.reply == 0


class FrameError(Exception):
    """The stream is no sequence of frames (any more); the message says what was found, as `key=value` words."""


def wrap(packet: bytes) -> bytes:
    """A packet as TCP carries it."""
    return _PREFIX.pack(MAGIC, len(packet)) + packet


def verifies(packet: bytes | memoryview) -> bool:
    """Whether a packet's checksum field is the one's complement sum of its other words.

    The words and their checksum add up to a multiple of 65,535; as 65,536 leaves 1 there, so does the packet read
    as one long little-endian number, and so do its halves added up. An odd tail byte counts as a low byte by itself.
    """
    number = int.from_bytes(packet, "little")
    while (bits := number.bit_length()) > _FOLDED:
        half = bits // 32 * 16
        number = (number & ((1 << half) - 1)) + (number >> half)
    return number % 0xFFFF == 0


def unwrapped(packet: bytes | memoryview) -> Frame:
    """A packet's bytes as a frame; raises FrameError when they are fewer than a head."""
    if len(packet) < _HEAD.size:
        raise FrameError(f"frame_length={len(packet)}")
    command, _, session, reply = _HEAD.unpack_from(packet)
    return Frame(command, session, reply, bytes(packet[_HEAD.size :]), verifies(packet))


def mismatch(frame: Frame, session: int | None, reply: int | None) -> str:
    """What does not verify in a frame, as words; empty when all does. None is a number that is not checked."""
    if not frame.sound:
        return f"checksum=wrong command={frame.command}"
    if session is not None and frame.session != session:
        return f"session={frame.session} expected={session}"
    if reply is not None and frame.reply != reply:
        return f"reply={frame.reply} expected={reply}"
    return ""


class FrameReader:
    """Cuts a stream into frames however it is split or coalesced; holds at most one frame and what was fed last."""

    def __init__(self) -> None:
        self._held = bytearray()

    @property
    def held(self) -> int:
        """How many bytes are fed and not taken: those of a frame that is not complete yet, or of the next ones."""
        return len(self._held)

    def feed(self, data: bytes) -> None:
        """Take received bytes."""
        self._held += data

    def take(self) -> Frame | None:
        """The next frame, None while it is not complete; raises FrameError, then and ever after, for anything else."""
        start = bytes(self._held[: _PREFIX.size])
        if not MAGIC.startswith(start[:4]):
            raise FrameError(f"garbage={start.hex()}")
        if len(start) < _PREFIX.size:
            return None
        length: int = _PREFIX.unpack(start)[1]
        if not _HEAD.size <= length <= LONGEST:
            raise FrameError(f"frame_length={length}")
        end = _PREFIX.size + length
        if len(self._held) < end:
            return None
        with memoryview(self._held) as held, held[_PREFIX.size : end] as packet:
            frame = unwrapped(packet)
        del self._held[:end]
        return frame
