"""How a terminal hands over a blob: the packets of one chunk, in the three ways real devices do it.

Source: TERMINALS.md, "Reading the log"; in the recorded frames the ACK_OK that closes a chunk of many frames
holds the last index in its session field too.
"""

from struct import pack
from typing import NamedTuple
from zlib import crc32

from punchsync.emulator.device import ChunkWay
from punchsync.emulator.wire import Answer, Command

WHOLE_FRAME = 65_536


class Reply(NamedTuple):
    """One packet of an answer; `session` is what its session field holds if not the session."""

    code: int
    payload: bytes = b""
    session: int | None = None


def prepared(blob: bytes) -> Reply:
    """Give the answer to DATA_WRRQ that announces a buffer: a zero byte, its size twice, four more bytes."""
    return Reply(Answer.ACK_OK, pack("<BIII", 0, len(blob), len(blob), crc32(blob)))


def chunk(part: bytes, way: ChunkWay, frame_bytes: int) -> list[Reply]:
    """Give the packets that carry `part`; at least one DATA, even when it is empty."""
    if way == "data":
        return [Reply(Command.DATA, part)]
    if way == "prepare":
        return [
            Reply(Command.PREPARE_DATA, pack("<II", len(part), WHOLE_FRAME)),
            Reply(Command.DATA, part),
            Reply(Answer.ACK_OK),
        ]
    pieces = [part[at : at + frame_bytes] for at in range(0, len(part), frame_bytes)] or [b""]
    return [
        Reply(Command.PREPARE_DATA, pack("<II", len(part), frame_bytes)),
        *(Reply(Command.DATA, piece, index & 0xFFFF) for index, piece in enumerate(pieces)),
        Reply(Answer.ACK_OK, session=(len(pieces) - 1) & 0xFFFF),
    ]
