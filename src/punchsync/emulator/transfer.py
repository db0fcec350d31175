"""How a terminal hands over a blob: the packets of one chunk, in the ways real devices do it.

Source: TERMINALS.md, "Reading the log"; in the recorded frames the ACK_OK that closes a chunk of many frames
holds the last index in its session field too.
"""

from struct import pack
from typing import NamedTuple
from zlib import crc32

from punchsync.emulator.traits import Traits, Transport
from punchsync.emulator.wire import Answer, Command

WHOLE_FRAME = 65_536


class Reply(NamedTuple):
    """One packet of an answer; `session` is what its session field holds if not the session."""

    code: int
    payload: bytes = b""
    session: int | None = None


def prepared(blob: bytes, tail: bytes | None = None) -> Reply:
    """Give the answer to DATA_WRRQ that announces a buffer: a zero byte, its size twice, four more bytes."""
    last = pack("<I", crc32(blob)) if tail is None else tail
    return Reply(Answer.ACK_OK, pack("<BII", 0, len(blob), len(blob)) + last)


def chunk(part: bytes, traits: Traits, transport: Transport) -> list[Reply]:
    """Give the packets that carry `part`; at least one DATA, even when it is empty."""
    if transport == "udp":
        return _frames(part, traits.udp_frame_bytes, traits.indexed_frames)
    if traits.chunks == "frames":
        return _frames(part, traits.frame_bytes, traits.indexed_frames)
    if traits.chunks == "data":
        return [Reply(Command.DATA, part)]
    return [
        Reply(Command.PREPARE_DATA, pack("<II", len(part), WHOLE_FRAME)),
        Reply(Command.DATA, part),
        Reply(Answer.ACK_OK),
    ]


def _frames(part: bytes, frame_bytes: int, indexed: bool) -> list[Reply]:
    pieces = [part[at : at + frame_bytes] for at in range(0, len(part), frame_bytes)] or [b""]
    numbers: list[int | None] = [index & 0xFFFF if indexed else None for index in range(len(pieces))]
    return [
        Reply(Command.PREPARE_DATA, pack("<II", len(part), frame_bytes)),
        *(Reply(Command.DATA, piece, number) for piece, number in zip(pieces, numbers, strict=True)),
        Reply(Answer.ACK_OK, session=numbers[-1]),
    ]
