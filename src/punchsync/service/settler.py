"""Settles what was changed by hand, on a thread of its own: at once when told to, as of the last settle.

It moves no moment on: what a later moment makes due is the schedule's business, which knows whether the clock is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from punchsync.logs import trouble
from punchsync.operations.appeals import settled_since
from punchsync.operations.hold import Unreconciled
from punchsync.operations.settle import AmendsClosed, Restless
from punchsync.service.errand import Errand

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

LOOK: Final = 3600.0
"""Seconds between two looks at what another process may have left."""
AGAIN: Final = 60.0
"""Seconds until a settle that failed is tried again."""

log = structlog.get_logger("punchsync.service")


class Settler(Errand):
    """Settles when told that something may be due."""

    def __init__(self, site: Site) -> None:
        self._hall = site.hall
        super().__init__("settling", self._go)
        self.start()

    def _go(self) -> float:
        try:
            with self._hall.store.reading() as work:
                settled = work.runs.settled_as_of()
                waits = any(state.waits for state in work.months.states().values())
            if settled is not None and waits:
                settled_since(self._hall, settled, lambda done, total: None)
        except (AmendsClosed, Unreconciled, Restless) as error:
            log.warning("not_settled", error=type(error).__name__)
            return AGAIN
        except Exception as error:
            log.error("settling_failed", **trouble(error))
            return AGAIN
        return LOOK
