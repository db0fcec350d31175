"""Reading terminals by their id: again where that may help, within one deadline."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import structlog

from punchsync.core.moment import day_of
from punchsync.core.reading import ReadFailure, Reading
from punchsync.terminals.fetch import FULL, HallClock
from punchsync.terminals.plan import plan_of
from punchsync.terminals.take import Again
from punchsync.terminals.visit import Address, Visit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from punchsync.core.moment import Moment
    from punchsync.core.reading import Memory

__all__ = ["Address", "HallClock", "NetworkReader"]

PAUSES: Final = (0.5, 2.0)
"""Seconds between attempts."""
_TELLING: Final = ("timeout", "unreachable", "refused", "busy", "cut", "broken", "short")
"""Failures that another attempt may not meet, those that say most last; `cut` is a timeout in mid-session."""

log = structlog.get_logger(__name__)


class NetworkReader:
    """Reads terminals over the network; from several threads at once, as long as each terminal is read by one.

    `memory` tells what is known of a terminal, `latest` the latest moment that any clock of ours shows (None: what
    `clock` shows); `pauses` are the seconds between attempts; `heard` is told how many records of how many came so far.
    """

    def __init__(
        self,
        addresses: Mapping[str, Address],
        clock: HallClock,
        memory: Callable[[str], Memory],
        latest: Callable[[], Moment] | None = None,
        pauses: Sequence[float] = PAUSES,
        heard: Callable[[int, int], None] = lambda had, records: None,
    ) -> None:
        self._addresses = addresses
        self._clock = clock
        self._memory = memory
        self._latest = latest or clock.now
        self._pauses = pauses
        self._heard = heard

    def read(self, terminal: str, *, full: bool = False, replaced: bool = False) -> Reading | ReadFailure:
        """What a terminal holds that is not known, or why it could not be had. Never raises for what a terminal does.

        `full` reads all of its log; `replaced` allows another device in its place. KeyError for a terminal that has
        no address.
        """
        address, memory = self._addresses[terminal], self._memory(terminal)
        plan = FULL if full or replaced else plan_of(memory, day_of(self._clock.now()), address.plan)
        visit = Visit(terminal, address, memory, plan, self._clock, self._latest, replaced, self._heard)
        failures: list[tuple[int, ReadFailure]] = []
        while True:
            found = visit.attempt()
            if isinstance(found, Again):
                continue
            if isinstance(found, Reading) or found.code not in _TELLING:
                return found
            failures.append((_telling(found, visit.opened), found))
            pause = self._pauses[len(failures) - 1] if len(failures) <= len(self._pauses) else None
            if pause is None or not visit.deadline.outlasts(pause):
                return max(failures, key=lambda f: f[0])[1]
            log.info("terminal_retried", terminal=terminal, code=found.code, detail=found.detail)
            time.sleep(pause)
            if len(failures) > 1:
                # A terminal may break off, or fall silent, over a plan that it does not know.
                visit.plan = FULL


def _telling(failure: ReadFailure, opened: bool) -> int:
    return _TELLING.index("cut" if failure.code == "timeout" and opened else failure.code)
