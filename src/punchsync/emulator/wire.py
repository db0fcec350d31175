"""Frames, packets, checksum, key scramble and time packing of the ZK protocol (port 4370).

Sans-io: bytes in, packets out. Source: TERMINALS.md, "Frames".
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from struct import Struct

MAGIC = b"\x50\x50\x82\x7d"
LONGEST_PACKET = 1 << 20

_PREFIX = Struct("<4sI")
_HEAD = Struct("<4H")


class Command(IntEnum):
    """What a client asks; and the three transfer codes, which also appear in answers."""

    USERTEMP_RRQ = 9
    OPTIONS_RRQ = 11
    ATTLOG_RRQ = 13
    CLEAR_ATTLOG = 15
    FREE_SIZES = 50
    START_VERIFY = 60
    CANCEL_CAPTURE = 62
    GET_TIME = 201
    SET_TIME = 202
    REG_EVENT = 500
    CONNECT = 1000
    EXIT = 1001
    ENABLE = 1002
    DISABLE = 1003
    VERSION = 1100
    AUTH = 1102
    PREPARE_DATA = 1500
    DATA = 1501
    FREE_DATA = 1502
    DATA_WRRQ = 1503
    READ_BUFFER = 1504


class Answer(IntEnum):
    """What a terminal answers when it does not answer with PREPARE_DATA or DATA."""

    ACK_OK = 2000
    ACK_ERROR = 2001
    ACK_DATA = 2002
    ACK_RETRY = 2003
    ACK_UNAUTH = 2005
    NO_BUFFER = 4989
    ENCRYPTED = 6001
    ERROR_COMMAND = 65533
    UNKNOWN = 65535


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet without its transport; `sound` says whether the checksum it came with was right."""

    command: int
    session: int
    reply: int
    payload: bytes = b""
    sound: bool = field(default=True, compare=False)


def checksum(packet: bytes) -> int:
    """Give the 16-bit one's complement sum over the packet's words, its checksum field taken as zero."""
    # A carry out of the 16th bit comes back in at the first: the sum is the whole number's rest modulo 65535,
    # which is many times faster than word by word; only of nothing but zeros is it 0.
    number = int.from_bytes(packet[:2] + b"\0\0" + packet[4:], "little")
    total = number % 0xFFFF
    return ~(total or (0xFFFF if number else 0)) & 0xFFFF


def pack(packet: Packet) -> bytes:
    """Give the packet's bytes as UDP would carry them, with a right checksum."""
    raw = _HEAD.pack(packet.command, 0, packet.session, packet.reply) + packet.payload
    return raw[:2] + checksum(raw).to_bytes(2, "little") + raw[4:]


def unpack(raw: bytes) -> Packet:
    """Read a packet's bytes (without the TCP prefix); ValueError when shorter than its head."""
    if len(raw) < _HEAD.size:
        raise ValueError(f"a packet has at least {_HEAD.size} bytes, this one {len(raw)}")
    command, given, session, reply = _HEAD.unpack_from(raw)
    return Packet(command, session, reply, raw[_HEAD.size :], sound=checksum(raw) == given)


def frame(packet: Packet) -> bytes:
    """Give the packet's bytes as TCP carries them: prefix, length, packet."""
    raw = pack(packet)
    return _PREFIX.pack(MAGIC, len(raw)) + raw


def unframed(data: bytes) -> bytes:
    """Give the packet of a TCP frame as UDP carries it; bytes that begin with no prefix as they are."""
    return data[_PREFIX.size :] if data.startswith(MAGIC) else data


class FrameReader:
    """Cuts a TCP byte stream into packets, however split or coalesced; skips bytes that are no frame."""

    def __init__(self) -> None:
        self._held = bytearray()
        self.skipped = 0

    def feed(self, data: bytes) -> list[Packet]:
        """Take received bytes, give the packets completed by them, in order."""
        if not self._held and len(data) >= _PREFIX.size + _HEAD.size:
            # Nearly always a piece is one frame.
            magic, length = _PREFIX.unpack_from(data)
            if magic == MAGIC and length == len(data) - _PREFIX.size:
                return [unpack(data[_PREFIX.size :])]
        self._held += data
        packets: list[Packet] = []
        while (raw := self._next()) is not None:
            packets.append(unpack(raw))
        return packets

    def _next(self) -> bytes | None:
        while True:
            self._resync()
            if len(self._held) < _PREFIX.size:
                return None
            length = _PREFIX.unpack_from(self._held)[1]
            if _HEAD.size <= length <= LONGEST_PACKET:
                break
            self._skip(len(MAGIC))
        end = _PREFIX.size + length
        if len(self._held) < end:
            return None
        raw = bytes(self._held[_PREFIX.size : end])
        del self._held[:end]
        return raw

    def _resync(self) -> None:
        at = self._held.find(MAGIC)
        if at < 0:
            # The tail may be the beginning of a prefix whose rest is still under way.
            at = next(
                i for i in range(max(0, len(self._held) - 3), len(self._held) + 1) if MAGIC.startswith(self._held[i:])
            )
        self._skip(at)

    def _skip(self, count: int) -> None:
        self.skipped += count
        del self._held[:count]


def scramble(key: int, session: int, tick: int = 50) -> bytes:
    """Give the four bytes a client sends with AUTH for this comm key in this session."""
    mirrored = int(f"{key & 0xFFFFFFFF:032b}"[::-1], 2)
    mixed = ((mirrored + session) & 0xFFFFFFFF).to_bytes(4, "little")
    _, b, c, d = (byte ^ letter for byte, letter in zip(mixed, b"ZKSO", strict=True))
    return bytes((c ^ tick, d ^ tick, tick, b ^ tick))


def pack_fields(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Give a terminal's u32 time from bare fields; 31 February is as good as any other day."""
    days = ((year - 2000) * 12 + month - 1) * 31 + day - 1
    return (days * 86400 + hour * 3600 + minute * 60 + second) & 0xFFFFFFFF


def pack_time(at: datetime) -> int:
    """Give a terminal's u32 time from a naive, terminal-local datetime; fractions of a second are dropped."""
    return pack_fields(at.year, at.month, at.day, at.hour, at.minute, at.second)


def unpack_fields(packed: int) -> tuple[int, int, int, int, int, int]:
    """Give year, month, day, hour, minute, second of a terminal's u32 time; the day need not exist."""
    days, seconds = divmod(packed, 86400)
    months, day = divmod(days, 31)
    year, month = divmod(months, 12)
    return 2000 + year, month + 1, day + 1, seconds // 3600, seconds // 60 % 60, seconds % 60


def unpack_time(packed: int) -> datetime | None:
    """Give the datetime of a terminal's u32 time, None when there is no such day."""
    try:
        return datetime(*unpack_fields(packed))
    except ValueError:
        return None
