"""Looks after a running service for whoever asks from outside: each look bounded, shared and kept for some seconds."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from punchsync.core.moment import HOUR
from punchsync.operations.hall import Hall
from punchsync.problems import Refused
from punchsync.service.facts import Facts, Gatherer
from punchsync.service.health import Health, Limits, Seen, Trouble, alive, judge
from punchsync.service.pulse import Pulse
from punchsync.service.recent import Late, Recent
from punchsync.service.schedule import Planner, schedule_of

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

MIB: Final = 2**20
PATIENCE: Final = 1.5
"""Seconds that anybody waits for a look."""
FRESH: Final = 5.0
"""Seconds for which what was seen is told again."""
WRITABLE: Final = 30.0
"""The same for a look that asks for the store's lock."""
PAGE: Final = b"\0" * 4096


class Source(Protocol):
    """What a site gives to be looked after."""

    @property
    def hall(self) -> Hall: ...
    @property
    def folder(self) -> Path: ...
    def scoring_name(self) -> str | None: ...


class Watch:
    """Answers whether a service is alive and ready, and what metrics show; from any thread, within `PATIENCE`."""

    def __init__(self, site: Source, pulse: Pulse, plan: Planner, limits: Limits) -> None:
        self.limits = limits
        self._pulse, self._plan = pulse, plan
        self._began = time.monotonic()
        self._gatherer = Gatherer(site.hall, scoring_of(site))
        self._facts: Recent[Facts | Trouble] = Recent(self._gather, FRESH, PATIENCE)
        self._writable: Recent[str] = Recent(lambda: writable(site), WRITABLE, PATIENCE)
        self._free: Recent[int | None] = Recent(lambda: free(site.folder), FRESH, PATIENCE)

    def alive(self) -> Health:
        """Whether the service itself goes on; at once, and without a look at the store."""
        return alive(self._pulse.state())

    def ready(self) -> Health:
        """Whether it can do its work."""
        return judge(self.seen(), self.limits)

    def seen(self) -> Seen:
        """What can be seen of it now."""
        looks = (self._facts, self._writable, self._free)
        for look in looks:
            look.begin()  # side by side, so that the waits don't add up
        room = self._free.get()
        return Seen(
            self._pulse.state(),
            self._facts.get(),
            self._writable.get(),
            None if isinstance(room, Late) else room,
            time.monotonic() - self._began,
        )

    def _gather(self) -> Facts | Trouble:
        try:
            return self._gatherer.gather(self._plan)
        except Exception as error:
            return Trouble(type(error).__name__)


def watch_of(site: Site, pulse: Pulse) -> Watch:
    """The watch of a site, by its settings."""
    part = site.settings.attention
    plan = schedule_of(site.settings, site.hall.pack)
    return Watch(site, pulse, plan, Limits(part.disk * MIB, part.silent * HOUR))


def scoring_of(site: Source) -> str | None:
    """The scoring store's name; None also where its address can't be had, which the deliverer tells of."""
    try:
        return site.scoring_name()
    except Refused:
        return None


def writable(site: Source) -> str:
    """ "" if the store lets a writer in and its folder takes data, else the kind of the error. Changes nothing.

    Waits for whoever writes now, as long as any writer would.
    """
    try:
        # A full disk, and one that turned read-only, let a writer in and fail when it commits.
        with tempfile.TemporaryFile(dir=site.folder / "data", buffering=0) as file:
            file.write(PAGE)
        with site.hall.store.writing():
            return ""
    except Exception as error:
        return type(error).__name__


def free(folder: Path) -> int | None:
    """Bytes free for a site's data; None if it can't be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
