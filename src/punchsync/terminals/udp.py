"""A terminal over UDP: one packet a datagram, requests sent again until they are answered.

Nothing tells a terminal's answers apart but their reply number: one of another request came late, or twice, and is
dropped. So is what does not verify: it is as good as lost. Without checks, a terminal is held to what its first answer,
to which nothing can be late, does right.
"""

from __future__ import annotations

import math
import socket
import time
from typing import TYPE_CHECKING, Final

from punchsync.terminals.frames import ACK_OK, DATA, PREPARE_DATA, Frame, FrameError, unwrapped
from punchsync.terminals.link import Deadline, named, opened
from punchsync.terminals.trouble import Trouble

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

PATIENCE: Final = 0.5
"""Seconds without any answer after which a request is sent again for the first time; then twice that, and so on."""

_LONGEST_PATIENCE: Final = 4.0
_SENDS: Final = 8
_SENDING: Final = 1.0
"""How long this machine may take to send a datagram, in seconds."""
_DATAGRAM: Final = 65_536
_FRAMES: Final = 4096
"""More than any answer has; a peer must not choose our memory."""


class UdpLink:
    """A socket that hears one terminal only, open when made, until it is closed. A `Link`."""

    source = "udp"
    largest = 16_384

    def __init__(
        self, host: str, port: int, deadline: Deadline, checks: bool = True, patience: float = PATIENCE
    ) -> None:
        self.received = 0
        self.repeated = 0
        self._deadline = deadline
        self._sums = self._numbers = self._judged = checks
        self._patience = patience
        self._request = b""
        self._sends = 0
        self._came: set[bytes] = set()
        self._socket = opened(host, port, socket.SOCK_DGRAM, deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hear nothing any more; may be called twice."""
        self._socket.close()

    def ask(self, packet: bytes) -> None:
        """Send a request, from now on the only one that is answered; raises Trouble."""
        self._request = packet
        self._sends = 1
        self._came = set()
        self._deadline.left()
        self.tell(packet)

    def tell(self, packet: bytes) -> None:
        """Send a packet that has no answer, even after the deadline: a farewell is due; raises Trouble."""
        with named("broken"):
            self._socket.settimeout(_SENDING)
            self._socket.send(packet)

    def receive(self, within: float | None = None) -> Frame:
        """The next frame of the answer, each only once; raises Trouble when it does not come in time."""
        start = time.monotonic()
        silent = start + (self._deadline.step if within is None else min(within, self._deadline.step))
        again = math.inf if self._came else start + self._patience
        while True:
            frame = self._heard(min(again, silent))
            if frame is not None:
                return frame
            now = time.monotonic()
            if now >= silent:
                raise Trouble("timeout")
            if now >= again:
                again = now + self._sent_again()

    def hasten(self, seconds: float) -> None:
        """Wait no more than so many seconds from now on, for all that is still to come."""
        self._deadline = self._deadline.within(seconds)

    def _sent_again(self) -> float:
        """Send the request once more; how long to wait for an answer to it."""
        if self._sends >= _SENDS:
            return math.inf
        self.tell(self._request)
        self.repeated += 1
        self._sends += 1
        return min(_LONGEST_PATIENCE, math.ldexp(self._patience, self._sends - 1))

    def _heard(self, until: float) -> Frame | None:
        """A frame of the answer; None for a datagram that is none, and when nothing came until then."""
        wait = min(self._deadline.left(), until - time.monotonic())
        if wait <= 0:
            return None
        try:
            with named("broken"):
                self._socket.settimeout(wait)
                data = self._socket.recv(_DATAGRAM)
        except Trouble as trouble:
            if trouble.code == "timeout":
                return None
            raise
        self.received += len(data)
        try:
            frame = unwrapped(data)
        except FrameError:
            return None
        return frame if self._belongs(frame, data) else None

    def _belongs(self, frame: Frame, data: bytes) -> bool:
        answers = frame.reply == int.from_bytes(self._request[6:8], "little")
        if not self._judged:
            self._sums, self._numbers, self._judged = frame.sound, answers, True
        if self._sums and not frame.sound:
            return False
        if frame.event:
            return True
        if self._numbers and not answers:
            # What follows a chunk that is whole already came in time; anything else was answered twice.
            self.repeated += not (
                frame.command in (DATA, PREPARE_DATA) or (frame.command == ACK_OK and not frame.payload)
            )
            return False
        if data in self._came:
            return False
        self._came.add(data)
        if len(self._came) > _FRAMES:
            raise Trouble("broken", f"datagrams={len(self._came)}")
        return True
