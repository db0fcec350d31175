"""Prints issued bulletins in the forms that the hall wants, on a thread of its own: what a kill left, too.

A form that can't be made is tried a few times, said, and left: the bulletin is issued all the same, and can be printed
from what was kept at any time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import structlog

from punchsync.bootstrap.issuing import FOLDER
from punchsync.core.sought import Owed
from punchsync.logs import trouble
from punchsync.service.errand import Errand

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

LOOK: Final = 30.0
"""Seconds between two looks at what is owed."""
TRIES: Final = 3

log = structlog.get_logger("punchsync.service")


class Printer(Errand):
    """Looks every half minute for bulletins that were issued and not printed yet."""

    def __init__(self, site: Site, look: float = LOOK) -> None:
        self._site, self._look = site, look
        super().__init__("printing", self._go)
        self.start()

    def _go(self) -> float:
        try:
            with self._site.hall.store.reading() as work:
                owed = work.printing.owed()
            for one in owed:
                if self.stopping():
                    break
                self._print(one)
        except Exception as error:
            log.error("printing_failed", **trouble(error))
        return self._look

    def _print(self, owed: Owed) -> None:
        """Print one; it is owed no more once it is printed, gone, or was tried often enough."""
        from punchsync.bootstrap.printing import Gone, print_issued

        site, began = self._site, time.monotonic()
        house = site.house()
        facts = {"bulletin": f"{owed.kind}/{owed.year}/{owed.number}"}
        failed: dict[str, str] = {}
        try:
            forms = [form for form in house.forms if form != "md"]
            done = print_issued(site.hall, house, owed.kind, owed.year, owed.number, forms, site.folder / FOLDER)
            failed = dict(done.failed)
            facts["forms"] = " ".join(done.files)
            facts["undrawn"] = " ".join(done.undrawn)
        except Gone:
            pass
        except Exception as error:
            failed = {"all": type(error).__name__}
            log.warning("bulletin_unprinted", **facts, **trouble(error))
        last = not failed or owed.tries + 1 >= TRIES
        with site.hall.store.writing() as work:
            (work.printing.done if last else work.printing.tried)(owed)
        say = log.info if not failed else log.error if last else log.warning
        say("bulletin_printed", **facts, failed=failed, ms=round((time.monotonic() - began) * 1000))
