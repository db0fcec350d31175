"""One read of one terminal: connection by connection, and what they teach about the plans that it honours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from punchsync.core.reading import SLOTTED, Memory, ReadFailure, Reading
from punchsync.terminals.fetch import FULL, Errand, HallClock, fetch
from punchsync.terminals.link import Deadline
from punchsync.terminals.reading import clock_offset, conclude
from punchsync.terminals.session import Session
from punchsync.terminals.take import CLOCKS, Again
from punchsync.terminals.tcp import TcpLink
from punchsync.terminals.trouble import Trouble, Unhonoured
from punchsync.terminals.udp import PATIENCE, UdpLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from punchsync.core.moment import Moment
    from punchsync.terminals.plan import Plan
    from punchsync.terminals.take import Take

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """How a terminal is reached and read.

    `deadline` is for a whole read, in seconds, all attempts included; `transport` is tcp or udp; `plan` auto, full,
    tail or range; `layout` the hall's word on the records' layout, empty for none; `set_clock` the difference in
    seconds above which the terminal's clock is set (None: never).
    """

    host: str
    port: int = 4370
    comm_key: int = field(default=0, repr=False)
    deadline: float = 60.0
    checks: bool = True
    transport: str = "tcp"
    plan: str = "auto"
    layout: str = ""
    set_clock: int | None = None

    @property
    def name(self) -> str:
        """Host and port, as a reading names where it came from."""
        return f"{self.host}:{self.port}"


class Visit:
    """A read under way. `plan` is the one of the next attempt, `opened` whether the last one came to a session.

    `heard` is told how many records of how many came so far.
    """

    def __init__(
        self,
        terminal: str,
        address: Address,
        memory: Memory,
        plan: Plan,
        clock: HallClock,
        latest: Callable[[], Moment],
        replaced: bool,
        heard: Callable[[int, int], None] = lambda had, records: None,
    ) -> None:
        self.plan = plan
        self.deadline = Deadline(address.deadline)
        self.opened = False
        self._terminal = terminal
        self._address = address
        self._memory = memory
        self._clock = clock
        self._latest = latest
        self._replaced = replaced
        self._heard = heard
        self._patience = PATIENCE
        self._refused: set[str] = set()
        self._doubted: Take | None = None

    def attempt(self) -> Reading | ReadFailure | Again:
        """Connect, read by the plan and decide. After an Again the plan is a full read, for which there is none."""
        doing = 0
        self.opened = False
        try:
            with self._link() as link:
                session = self._session(link)
                try:
                    take, refused = fetch(session, link, self._clock, self._errand())
                except BaseException:
                    session.abandon()
                    raise
                finally:
                    doing, self.opened = session.doing, session.is_connect
        except Unhonoured as trouble:
            return self._again(trouble.detail, trouble.plan)
        except Trouble as trouble:
            words = [f"command={doing}"] if doing else []
            return ReadFailure(self._terminal, trouble.code, " ".join([*words, *filter(None, [trouble.detail])]))
        finally:
            # A terminal that is slow to answer is asked less hastily the next time.
            self._patience *= 2
        self._refused |= {refused} - {""}
        return self._concluded(take)

    def _link(self) -> TcpLink | UdpLink:
        there = self._address
        if there.transport == "udp":
            return UdpLink(there.host, there.port, self.deadline, there.checks, self._patience)
        return TcpLink(there.host, there.port, self.deadline)

    def _session(self, link: TcpLink | UdpLink) -> Session:
        return Session(link, self._address.comm_key, self._address.checks, self._address.set_clock is not None)

    def _errand(self) -> Errand:
        slotted = (self._address.layout or self._memory.layout) in SLOTTED
        serial = "" if self._replaced else self._memory.serial
        return Errand(self.plan, slotted, self._address.set_clock, serial, self._heard)

    def _concluded(self, take: Take) -> Reading | ReadFailure | Again:
        if len(take.samples) > CLOCKS:
            log.info("terminal_clock_set", terminal=self._terminal, offset=clock_offset(take.samples[:CLOCKS]))
        there = self._address
        found = conclude(self._terminal, there.name, take, self._memory, self._latest(), self._replaced, there.layout)
        if isinstance(found, Again):
            self._doubted = take
            return self._again(found.reason, found.refused)
        if isinstance(found, Reading):
            if self._ignored(take):
                self._refused.add("tail")
            return replace(found, refused=found.refused | self._refused)
        return found

    def _again(self, reason: str, refused: str) -> Again:
        log.info("terminal_read_again_in_full", terminal=self._terminal, plan=self.plan.name, reason=reason)
        self._refused |= {refused} - {""}
        self.plan = FULL
        return Again(reason, refused)

    def _ignored(self, full: Take) -> bool:
        """Whether the log did go on as known, and the terminal gave other bytes of it than were asked for."""
        tail, known = self._doubted, self._memory.tail
        if tail is None or tail.plan != "tail" or full.plan != "full":
            return False
        place = full.blob[tail.start : tail.start + len(tail.blob)]
        return place.startswith(known) and place != tail.blob
