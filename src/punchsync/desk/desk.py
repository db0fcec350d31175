"""The desk of one hall: what all of its pages share."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from punchsync.bootstrap.clocks import HallClock
from punchsync.bootstrap.rereading import Rereading, rereading
from punchsync.core.bearing import References
from punchsync.desk.access.throttle import Throttle
from punchsync.desk.known import Knowledge
from punchsync.desk.shown import environment
from punchsync.operations.hall import Hall
from punchsync.packs.booklet import references
from punchsync.settings.parts import DeskPart

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

KEPT: Final = 1000
"""Logins for whom something is kept to be shown once."""


class Desk:
    """A site's desk. `settle` asks for what is due to be settled, and returns at once; `reread` reads a terminal anew,
    and returns when that is done (None: without doubting this machine's clock)."""

    def __init__(
        self, site: Site, settle: Callable[[], object] = lambda: None, reread: Rereading | None = None
    ) -> None:
        self.site = site
        self.hall: Hall = site.hall
        self.settings: DeskPart = site.settings.desk
        self.settle = settle
        self.reread = reread or rereading(site)
        self.zoned = HallClock(site.settings.hall.timezone).zoned
        """This machine's time with its zone, for the audit, whatever moment a demonstration plays."""
        self.knowledge = Knowledge(site.hall)
        self.throttle = Throttle()
        self.shelf: dict[str, Any] = {}
        """What a page keeps between requests (a resync under way), by a name of its own."""
        self._templates = environment()
        self._said: OrderedDict[str, list[str]] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def references(self) -> References:
        """What the parts of the hall's pack refer to."""
        return references(self.site.loaded.tree)

    def render(self, template: str, **words: Any) -> str:
        """A template's text."""
        return self._templates.get_template(template).render(desk=self, **words)

    def say(self, session: str, text: str) -> None:
        """Keep a text for the next page of a login."""
        with self._lock:
            self._said.setdefault(session, []).append(text)
            while len(self._said) > KEPT:
                self._said.popitem(last=False)

    def said(self, session: str) -> list[str]:
        """What was kept for a login; it is forgotten."""
        with self._lock:
            return self._said.pop(session, [])
