"""Delivers the ledger to the scoring store on a thread of its own: after every job, and again while anything waits.

A scoring store that is slow, away or wrong never keeps the hall from reading its terminals.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, Protocol

import structlog

from punchsync.core.outbox import pause
from punchsync.logs import trouble
from punchsync.operations.deliver import Pushed, push
from punchsync.operations.hall import Hall
from punchsync.operations.ports import ScoringStore
from punchsync.problems import Refused
from punchsync.service.errand import Errand

LOOK: Final = 600.0
"""Seconds between two looks at what another process may have booked."""
SPREAD: Final = 0.2
"""Share of a pause that is left to chance, so that many halls don't come back at one moment."""

log = structlog.get_logger("punchsync.service")


class Source(Protocol):
    """What a site gives for delivering: its hall, its scoring store, and when it is our turn to send."""

    @property
    def hall(self) -> Hall: ...
    def scoring(self) -> ScoringStore | None: ...
    def turn(self) -> AbstractContextManager[bool]: ...


class Deliverer(Errand):
    """Delivers when told that something may be owed, and until nothing is."""

    def __init__(self, site: Source, size: int, look: float = LOOK, pauses: Callable[[int, float], float] = pause):
        self._site, self._size, self._look, self._pauses = site, size, look, pauses
        self._failures = 0
        self._store: ScoringStore | None = None
        super().__init__("delivery", self._go, self._close)
        self.start()

    def end(self) -> None:
        """Send nothing more; what is on its way is broken off, and sent again by whoever comes next."""
        super().end()
        store = self._store
        if store is not None:
            store.interrupt()

    def _go(self) -> float:
        asked = self._once()
        if asked is None:
            self._failures = 0
            return self._look
        self._failures += 1
        return self._pauses(self._failures, asked) * (1 - SPREAD * random.random())

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()

    def _once(self) -> float | None:
        """Deliver what waits; None if nothing is left to try, else the seconds that the store asks us to wait."""
        started = time.monotonic()
        try:
            if self._store is None:
                self._store = self._site.scoring()
            if self._store is None:
                return None
            if self.stopping():
                self._store.interrupt()
            done = push(self._site.hall, self._store, self._size, turn=self._site.turn, stopping=self.stopping)
        except Refused as refused:
            log.error("push_failed", error="Refused", keys=[c.key for c in refused.complaints], ms=_since(started))
            return 0.0
        except Exception as error:
            log.error("push_failed", **trouble(error), ms=_since(started))
            return 0.0
        _tell(self._store.name, done, _since(started))
        return None if done.failed is None else done.failed.after


def _tell(store: str, done: Pushed, ms: int) -> None:
    """One event for a push that did anything, as bad as its worst."""
    if not (done.batches or done.parked or done.failed):
        return
    say = log.error if done.parked else log.warning if done.failed else log.info
    say(
        "pushed",
        store=store,
        entries=done.entries,
        batches=done.batches,
        waiting=done.owed.waiting,
        refused=done.parked,
        parked=done.owed.refused,
        failed=None if done.failed is None else done.failed.code,
        ms=ms,
    )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
