"""A session with one terminal: what a read needs of it, one method for each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from punchsync.terminals import answers, asks
from punchsync.terminals.frames import ACK_OK, DATA
from punchsync.terminals.pieces import Pieces
from punchsync.terminals.trouble import OtherLength, Refusal, Trouble, Unhonoured
from punchsync.terminals.zk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from punchsync.core.moment import Moment
    from punchsync.terminals.link import Link

LARGEST_LOG: Final = 64 << 20
"""More than any terminal's log in bytes (1.6 million records); what announces more is not believed."""

_TOTAL: Final = 4
_TELLING: Final = 8
"""Bytes by which a log's beginning, its total and some of a record, is known from any other part of it."""
_TRIES: Final = 6
"""How often in a row a piece is asked for over UDP before it is given up."""
_DATAGRAM: Final = 1000
"""The most bytes that surely come in one datagram."""
_GRACE: Final = 0.2
"""How long the rest of a chunk is waited for over UDP after its end was announced, in seconds."""
_PAUSE: Final = 0.5
"""How long the next datagram of a chunk is waited for, in seconds."""


class Session(Talk):
    """A session over a link; every method raises Trouble when the terminal does not answer as it must."""

    def __init__(self, link: Link, comm_key: int = 0, checks: bool = True, set_clock: bool = False) -> None:
        super().__init__(link, comm_key, checks, set_clock)
        self._datagrams = link.source == "udp"
        # Without reply numbers a late frame may be of any chunk: there, each chunk must fit in one.
        self._piece = link.largest if checks or not self._datagrams else _DATAGRAM
        self._accepted: set[bytes] = set()
        self.moved: Callable[[int, int], None] = lambda had, size: None
        """Told of each chunk that came: the bytes there are of how many."""

    def sizes(self) -> answers.Sizes:
        """How many users and records the terminal says it holds, and how many it can."""
        return answers.sizes(self._granted(asks.FREE_SIZES))

    def clock(self) -> Moment | None:
        """The time the terminal shows; None when it shows none that exists, or refuses to tell."""
        try:
            return answers.shown_time(self._granted(asks.GET_TIME))
        except Refusal as refusal:
            if refusal.passing:
                raise
            return None

    def set_clock(self, moment: Moment) -> None:
        """Set the terminal's clock; ValueError in a session without permission."""
        self._granted(asks.SET_TIME, asks.shown(moment))

    def serial(self) -> str:
        """The serial number; empty when the terminal refuses to tell."""
        try:
            return answers.option_value(self._granted(asks.OPTIONS, asks.SERIAL))
        except Refusal as refusal:
            if refusal.passing:
                raise
            return ""

    def log(self) -> bytes:
        """The whole attendance log as the terminal keeps it, from its u32 total on; Refusal when it gives none."""
        return self._whole(asks.WHOLE_LOG)

    def tail(self, start: int) -> tuple[str, int, bytes]:
        """The log from an offset on: the plan that was carried out, the log's total, and the bytes.

        The plan is `full`, and the bytes the whole log, where it came at once or has become shorter than the offset.
        Unhonoured when the terminal gives no part of a log.
        """
        prepared = self._prepared(asks.WHOLE_LOG)
        if isinstance(prepared, bytes) or prepared < max(start, _TOTAL):
            blob = prepared if isinstance(prepared, bytes) else self._freed(0, prepared)
            return "full", int.from_bytes(blob[:_TOTAL], "little"), blob
        total = int.from_bytes(self._stretch(0, _TOTAL), "little")
        try:
            return "tail", total, self._freed(start, prepared)
        except (Refusal, OtherLength) as found:
            if isinstance(found, Refusal) and not found.final:
                raise
            raise Unhonoured("tail", found) from None

    def between(self, begin: int, end: int = asks.LATEST) -> bytes:
        """The records of a stretch of packed times, after their u32 total; Unhonoured when the terminal gives none."""
        try:
            return self._whole(asks.between(begin, end))
        except (Refusal, OtherLength) as found:
            if isinstance(found, Refusal) and not found.final:
                raise
            raise Unhonoured("range", found) from None

    def user_list(self) -> bytes:
        """The users without fingerprints, after their u32 total; Refusal when the terminal gives none."""
        return self._whole(asks.USERS)

    # Prepared buffers

    def _whole(self, what: bytes) -> bytes:
        prepared = self._prepared(what)
        return prepared if isinstance(prepared, bytes) else self._freed(0, prepared)

    def _prepared(self, what: bytes) -> bytes | int:
        """What was asked for, if it came at once; else the size of the buffer from which it can be read."""
        answer = self._ask(asks.PREPARE_BUFFER, what)
        if answer.command == DATA:
            return answer.payload
        if answer.command != ACK_OK:
            raise Refusal(answer.command)
        size = answers.buffer_size(answer.payload)
        if size > LARGEST_LOG:
            raise Trouble("broken", f"log_bytes={size} limit={LARGEST_LOG}")
        return size

    def _freed(self, start: int, end: int) -> bytes:
        """The prepared buffer's bytes from start to end; the terminal may forget it then."""
        data = self._stretch(start, end)
        if self._datagrams and self._checks and data:
            # A late copy of the request may have prepared a newer buffer in the middle of the transfer.
            size = min(len(data), _DATAGRAM)
            if self._stretch(start, start + size) != data[:size]:
                raise Trouble("broken", f"buffer=changed start={start}")
        self._ask(asks.FREE_BUFFER)
        return data

    def _stretch(self, start: int, end: int) -> bytes:
        data = bytearray()
        while (at := start + len(data)) < end:
            chunk = self._chunk(at, min(self._piece, end - at))
            if at and not start and len(chunk) >= _TELLING and data.startswith(chunk):
                raise Trouble("broken", f"start={at} found=0")
            data += chunk
            self.moved(len(data), end - start)
        return bytes(data)

    def _chunk(self, start: int, size: int) -> bytes:
        chunk: bytes = self._insisted(start, size) if self._datagrams else self._ZK__read_chunk(start, size)
        return chunk

    def _insisted(self, start: int, size: int) -> bytes:
        """A chunk over UDP, or the beginning of it: what can't be had whole is asked for in smaller pieces."""
        for tries in range(_TRIES):
            pieces = self._gathered(start, size)
            chunk = pieces.whole()
            if chunk is not None:
                if not self._checks:
                    self._accepted.add(chunk)
                return chunk
            if tries or not pieces.orderly:
                self._piece = min(self._piece, pieces.longest or self._piece, _DATAGRAM)
                size = min(size, self._piece)
        raise Trouble("broken", f"start={start} size={size} tries={_TRIES}")

    def _gathered(self, start: int, size: int) -> Pieces:
        """What comes of a chunk in datagrams, until it is whole, or nothing more comes."""
        pieces = Pieces(start, size)
        within: float | None = None
        self._send(asks.READ_BUFFER, asks.part(start, size))
        while pieces.orderly and not self._complete(pieces):
            try:
                frame = self._answer(any_session=True, within=within)
            except Trouble as trouble:
                if trouble.code != "timeout" or within is None:
                    raise
                break
            within = _GRACE if pieces.ended else _PAUSE
            # Where no reply number tells, what came before is taken for a copy of that.
            if frame.payload not in self._accepted:
                pieces.take(frame)
        return pieces

    def _complete(self, pieces: Pieces) -> bool:
        if pieces.whole() is None:
            return False
        # Where no reply number tells, the end of this answer would be taken for the next one.
        return self._checks or pieces.ended or not pieces.announced
