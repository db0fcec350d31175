"""The daemon's life: catches up, waits for the hour, does one job after the other, and stops when told to."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from punchsync.core.moment import day_of, show_moment
from punchsync.logs import trouble
from punchsync.problems import Refused
from punchsync.service import systemd
from punchsync.service.keeper import Boot, running
from punchsync.service.lock import alone
from punchsync.service.pulse import Pulse
from punchsync.service.reload import Make, address_of, reasons, renewed
from punchsync.service.rests import Pauses, pause
from punchsync.service.running import Companions, Running
from punchsync.service.schedule import Job, Planner, schedule_of

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

LOOK: Final = 600.0
"""Seconds between two looks at the run table: finds a new day, and what another process did."""
LOOK_AGAIN: Final = 60.0
"""Seconds until a look that failed is taken again."""
TICK: Final = 10.0
"""Seconds between two glances at the clock and at the signs of life."""
STALL: Final = 900.0
"""Seconds without a sign of progress after which a job counts as stuck."""
GRACE: Final = 6.0
"""Seconds that a job under way has to end in."""
TAKEN_OVER: Final = "taken_over"
"""Why a service ends whose hall another one serves now."""

WAKE, RELOAD = "", "reload"
"""Messages that don't end the service: there may be something to do; read the settings anew."""
Inbox = SimpleQueue[str]
log = structlog.get_logger("punchsync.service")


class Manager(Protocol):
    """Who started the service and watches over it."""

    def ready(self) -> None: ...
    def reloading(self) -> None: ...
    def stopping(self) -> None: ...
    def watchdog(self) -> None: ...
    def interval(self) -> float | None: ...


def serve(
    site: Site,
    *,
    plan: Planner | None = None,
    inbox: Inbox | None = None,
    announce: Callable[[Sequence[Job]], None] = lambda jobs: None,
    leave: Callable[[int], object] = os._exit,
    look: float = LOOK,
    grace: float = GRACE,
    companions: Companions = (),
    again: Make | None = None,
    manager: Manager = systemd,
    boot: Boot = running,
    pauses: Pauses = pause,
    pulse: Pulse | None = None,
) -> int:
    """Serve a site until a message in `inbox` ends it; returns 0, or 1 where another service took the hall over.

    Raises Taken where another process serves the site, and Served where one elsewhere serves its hall. `announce` is
    told today's jobs; `companions` make, for a site, what runs beside the jobs; `again` reads the site anew. A job that
    doesn't end within `grace` is left to the store, which keeps a transaction whole or not at all: then `leave` ends
    the process, for a thread can't be ended.
    """
    with alone(site.folder) as release, site.store.alone() as ours:
        service = Service(
            site, plan, Inbox() if inbox is None else inbox, companions, again, manager, boot, pauses, pulse or Pulse()
        )
        try:
            announce(service.today())
            log.info("serving", pid=os.getpid(), today=[_told(job) for job in service.today()])
            reason = service.live(look, ours)
        finally:
            manager.stopping()
            doing = service.doing
            ended = service.end(grace)
        log.info("stopped", reason=reason, in_the_middle_of=None if ended else doing)
        if not ended:
            release()
            leave(0)
    return int(reason == TAKEN_OVER)


class Service:
    """A site at work, and the next one that waits to take its place."""

    def __init__(
        self,
        site: Site,
        plan: Planner | None,
        inbox: Inbox,
        companions: Companions,
        again: Make | None,
        manager: Manager,
        boot: Boot,
        pauses: Pauses,
        pulse: Pulse,
    ) -> None:
        self._plan, self._inbox, self._companions, self._manager = plan, inbox, companions, manager
        self._boot, self._pauses, self._pulse = boot, pauses, pulse
        self._address = address_of(site)
        self._make = again or (lambda: type(site)(site.folder))
        self._next: Site | None = None
        self._stuck = False
        self._first = site
        self._now = self._running(site)

    @property
    def doing(self) -> str | None:
        """The job under way."""
        return self._now.worker.doing

    def today(self) -> Sequence[Job]:
        """The jobs of today."""
        return self._now.plan(day_of(self._now.site.hall.clock.now()))

    def live(self, look: float, ours: Callable[[], bool]) -> str:
        """Look at once and then from time to time until a message comes that ends it; returns why it ended."""
        due = time.monotonic()
        steps = self._now.keeper.steps
        ready = False
        while True:
            self._now.keeper.trusted()
            if time.monotonic() >= due or steps != self._now.keeper.steps:
                steps = self._now.keeper.steps
                due = time.monotonic() + self._look(look)
                if not self._still(ours):
                    return TAKEN_OVER
            self._pulse.looked()
            if not ready:
                self._manager.ready()
                ready = True
            self._feed()
            self._take_over()
            message = self._hear(due)
            if message == WAKE:
                due = time.monotonic()
            elif message == RELOAD:
                self._reload()
            elif message is not None:
                return message

    def end(self, grace: float) -> bool:
        """End all; whether that took no longer than so many seconds."""
        if self._next is not None:
            self._next.store.close()
        ended = self._now.end(grace)
        if ended and self._now.site is not self._first:
            self._now.site.store.close()
        return ended

    def _look(self, look: float) -> float:
        """Look at what is owed; returns after how many seconds to look again."""
        try:
            self._now.look()
        except Exception as error:
            # A store that can't be read now may be there at the next look.
            log.error("look_failed", **trouble(error))
            return min(look, LOOK_AGAIN)
        return look

    def _still(self, ours: Callable[[], bool]) -> bool:
        """Whether the hall is still ours to serve, as far as its store can be asked."""
        try:
            return ours()
        except Exception as error:
            log.error("look_failed", **trouble(error))
            return True

    def _hear(self, due: float) -> str | None:
        """The next message, None if none comes before there is something to do."""
        rest, interval = self._now.rest(), self._manager.interval()
        wait = min(seconds for seconds in (due - time.monotonic(), TICK, interval, rest) if seconds is not None)
        try:
            return self._inbox.get(timeout=max(wait, 0.001))
        except Empty:
            return WAKE if wait == rest else None

    def _feed(self) -> None:
        """Tell the watchdog that all is well, if it is."""
        stuck = self._pulse.state().quiet >= STALL or (self._next is None and self._now.dead())
        if stuck and not self._stuck:
            log.error("stuck", doing=self.doing, quiet=round(self._pulse.state().quiet))
        self._stuck = stuck
        if not stuck:
            self._manager.watchdog()

    def _reload(self) -> None:
        """Read the site anew; it takes over when the job under way has ended, or is refused as a whole."""
        self._manager.reloading()
        try:
            found = renewed(self._now.site, self._address, self._make)
        except Exception as error:
            self._refuse(error)
            if self._next is None:
                self._manager.ready()
            return
        if self._next is not None:
            self._next.store.close()
        self._next = found
        self._now.worker.end()

    def _take_over(self) -> None:
        """Put the next site in the place of this one, once that has come to rest; this one again if that fails."""
        new, worker = self._next, self._now.worker
        if new is None or not worker.ended(0 if worker.doing else 1):
            return
        self._next, old = None, self._now
        if not old.end(GRACE):
            log.warning("left_behind")
        try:
            self._now = self._running(new, old)
        except Exception as error:
            new.store.close()
            self._refuse(error)
            self._now = self._running(old.site, old)
        else:
            if old.site is not self._first:
                old.site.store.close()
            self._pulse.refuse(())
            log.info("reloaded", today=[_told(job) for job in self.today()])
        self._manager.ready()
        self._inbox.put(WAKE)

    def _refuse(self, error: Exception) -> None:
        complaints = error.complaints if isinstance(error, Refused) else ()
        keys = tuple(c.key or c.file for c in complaints) or (type(error).__name__,)
        why = {"why": said} if (said := reasons(complaints)) else {}
        log.error("reload_refused", keys=list(keys), **why, **({} if complaints else trouble(error)))
        self._pulse.refuse(keys)

    def _running(self, site: Site, before: Running | None = None) -> Running:
        return Running(
            site,
            self._plan or schedule_of(site.settings, site.hall.pack),
            self._pulse,
            companions=self._companions,
            boot=self._boot,
            pauses=self._pauses,
            wake=lambda: self._inbox.put(WAKE),
            before=before,
        )


@contextmanager
def heeding(inbox: Inbox, reloads: bool = False) -> Iterator[None]:
    """SIGTERM and SIGINT become messages, and SIGHUP one that reloads or ends like them.

    A queue, because its `put` may interrupt its own `get`.
    """

    def hear(number: int, _frame: object) -> None:
        inbox.put(RELOAD if reloads and number == signal.SIGHUP else signal.Signals(number).name)

    heeded = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, hear) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(job: Job) -> str:
    return f"{job.name} {show_moment(job.due)[11:16]}"
