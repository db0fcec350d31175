"""Realtime events as a terminal sends them, unasked, to a client that registered.

Source: TERMINALS.md, "Frames": reply number 0; the session field holds what happened. The lengths are those
public clients tell apart.
"""

from collections.abc import Mapping
from struct import Struct

from punchsync.emulator import wire
from punchsync.emulator.traits import Record
from punchsync.emulator.wire import Command, Packet

ATTENDANCE = 1

_TEXT = 24
_HEADS: Mapping[int, Struct] = {
    10: Struct("<H2B6B"),
    12: Struct("<I2B6B"),
    14: Struct("<H2B6B4x"),
    32: Struct("<24s2B6B"),
    36: Struct("<24s2B6B4x"),
    37: Struct("<24s2B6B5x"),
    52: Struct("<24s2B6B20x"),
}


def of_punch(record: Record, length: int = 32) -> Packet:
    """Give the event of a punch: user id, verify, state, year-2000 to second a byte each."""
    return happened(ATTENDANCE, payload(record, length))


def happened(event: int, data: bytes = b"") -> Packet:
    """Give the event of anything else, such as a finger put on the reader (256)."""
    return Packet(Command.REG_EVENT, event, 0, data)


def payload(record: Record, length: int = 32) -> bytes:
    """Give the bytes of a punch's event: the user id as a text (32 and more) or as a number."""
    year, *rest = wire.unpack_fields(record.time)
    head = _HEADS[length]
    who: bytes | int = record.user_id.encode()[:_TEXT]
    if length < 32:
        who = int(record.user_id) if record.user_id.isdecimal() else 0
        who &= 0xFFFFFFFF if length == 12 else 0xFFFF
    return head.pack(who, record.verify, record.state, (year - 2000) & 0xFF, *rest)
