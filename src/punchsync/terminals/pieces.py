"""A chunk put together from datagrams, whatever was lost, doubled or overtaken on the way. Pure.

Source: TERMINALS.md, "Reading the log": the session field of each DATA frame holds its index in the chunk. Where it
does not, nothing tells a doubled frame from two equal ones, so only a chunk that came in one frame is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchsync.terminals.answers import chunk_size
from punchsync.terminals.frames import ACK_OK, DATA, PREPARE_DATA
from punchsync.terminals.trouble import OtherLength, Refusal, Trouble

if TYPE_CHECKING:
    from punchsync.terminals.frames import Frame


class Pieces:
    """What has come of the chunk of `size` bytes from `start` on.

    `longest` is the longest piece so far, `orderly` false once two pieces claim one place; `ended` says that the
    terminal has sent all, `announced` that it will say so.
    """

    def __init__(self, start: int, size: int) -> None:
        self.longest = 0
        self.orderly = True
        self.ended = False
        self.announced = False
        self._start = start
        self._size = size
        self._held = 0
        self._parts: dict[int, bytes] = {}

    def take(self, frame: Frame) -> None:
        """Take one frame of the answer; raises Trouble when it can't belong to this chunk."""
        if frame.command == DATA:
            self._place(frame.session, frame.payload)
        elif frame.command == ACK_OK:
            self.ended = True
        elif frame.command == PREPARE_DATA:
            announced = chunk_size(frame.payload)
            if announced != self._size:
                raise OtherLength(announced, self._size, self._start)
            self.announced = True
        else:
            raise Refusal(frame.command)

    def whole(self) -> bytes | None:
        """The chunk, once every byte of it has come; None before, and for ever where pieces have no order."""
        if self._held != self._size or not self.orderly:
            return None
        if len(self._parts) == 1:
            return next(iter(self._parts.values()))
        if any(index not in self._parts for index in range(len(self._parts))):
            return None
        return b"".join(self._parts[index] for index in range(len(self._parts)))

    def _place(self, index: int, payload: bytes) -> None:
        if index in self._parts:
            self.orderly = self.orderly and self._parts[index] == payload
            return
        self._parts[index] = payload
        self._held += len(payload)
        self.longest = max(self.longest, len(payload))
        if self._held <= self._size:
            return
        if len(self._parts) == 1:
            raise OtherLength(len(payload), self._size, self._start)
        raise Trouble("broken", f"chunk_bytes={self._held} expected={self._size} start={self._start}")
