"""Reading terminals by their id: dial, fetch, decide; at most twice, within one deadline."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from punchsync.core.reading import ReadFailure, Reading
from punchsync.terminals.reading import ClockSample, Known, Take, conclude
from punchsync.terminals.tcp import Deadline, TcpLink
from punchsync.terminals.trouble import Refusal, Trouble
from punchsync.terminals.zk import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from punchsync.core.moment import Moment
    from punchsync.terminals.tcp import Link

__all__ = ["Address", "HallClock", "Known", "NetworkReader", "fetch"]

_TRANSIENT: Final = frozenset({"broken", "short"})
"""Failures that another attempt may not meet; a terminal that refuses or is busy is left in peace until it is due."""

_FAREWELL: Final = 2.0
"""How long the answer to EXIT is waited for, in seconds: all that was asked is there already."""

log = structlog.get_logger(__name__)


class HallClock(Protocol):
    """Hall time."""

    def now(self) -> Moment: ...


@dataclass(frozen=True, slots=True)
class Address:
    """How a terminal is reached; `deadline` is for a whole read, in seconds, a second attempt included."""

    host: str
    port: int = 4370
    comm_key: int = field(default=0, repr=False)
    deadline: float = 60.0
    checks: bool = True

    @property
    def name(self) -> str:
        """Host and port, as a reading names where it came from."""
        return f"{self.host}:{self.port}"


class NetworkReader:
    """Reads terminals over TCP; from several threads at once, as long as each terminal is read by one.

    `known` tells what the store knows of a terminal; `pause` is the time between two attempts, in seconds.
    """

    def __init__(
        self,
        addresses: Mapping[str, Address],
        clock: HallClock,
        known: Callable[[str], Known],
        pause: float = 0.5,
    ) -> None:
        self._addresses = addresses
        self._clock = clock
        self._known = known
        self._pause = pause

    def read(self, terminal: str) -> Reading | ReadFailure:
        """All that a terminal holds, or why it could not be had. Never raises for what a terminal does.

        KeyError for a terminal that has no address.
        """
        address = self._addresses[terminal]
        known = self._known(terminal)
        deadline = Deadline(address.deadline)
        first = self._attempt(terminal, address, known, deadline)
        if isinstance(first, Reading) or first.code not in _TRANSIENT or not deadline.outlasts(self._pause):
            return first
        log.info("terminal_retried", terminal=terminal, code=first.code, detail=first.detail)
        time.sleep(self._pause)
        second = self._attempt(terminal, address, known, deadline)
        # A second attempt that only ran out of time says less than the first.
        return first if isinstance(second, ReadFailure) and second.code == "timeout" else second

    def _attempt(self, terminal: str, address: Address, known: Known, deadline: Deadline) -> Reading | ReadFailure:
        doing = 0
        try:
            with closing(TcpLink(address.host, address.port, deadline)) as link:
                session = Session(link, address.comm_key, address.checks)
                try:
                    take = fetch(session, link, self._clock)
                finally:
                    doing = session.doing
        except Trouble as trouble:
            words = [f"command={doing}"] if doing else []
            return ReadFailure(terminal, trouble.code, " ".join([*words, *filter(None, [trouble.detail])]))
        return conclude(terminal, address.name, take, known)


def fetch(session: Session, link: Link, clock: HallClock) -> Take:
    """Read everything once: clocks, counts before and after, the log, the serial number; raises Trouble."""
    session.connect()
    before_all = _sample(session, clock)
    began = clock.now()
    before = session.count()
    try:
        blob = session.log()
    except Refusal:
        # Some terminals have no buffer to prepare for a log of no records.
        if before:
            raise
        blob = b""
    after = session.count()
    after_all = _sample(session, clock)
    serial = session.serial()
    with suppress(Trouble):
        link.hasten(_FAREWELL)
        session.disconnect()
    return Take(blob, began, before, after, (before_all, after_all), serial, link.received)


def _sample(session: Session, clock: HallClock) -> ClockSample:
    asked, start = clock.now(), time.monotonic()
    shown = session.clock()
    return ClockSample(shown, asked, clock.now(), time.monotonic() - start)
