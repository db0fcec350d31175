"""A site at work: its jobs and their alarms, the delivery of its ledger, and what else runs beside them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

from punchsync.service.alarms import Alarms
from punchsync.service.attending import Attendant
from punchsync.service.delivery import Deliverer
from punchsync.service.duties import CLOCK, live
from punchsync.service.jobs import DONE, FAILED, HELD, WAITS
from punchsync.service.keeper import Boot, Keeper
from punchsync.service.means import means_of
from punchsync.service.note import begin
from punchsync.service.printer import Printer
from punchsync.service.pulse import Pulse
from punchsync.service.rests import Pauses, Rests
from punchsync.service.schedule import POLL, Job, Planner, catch_up, horizon, waits
from punchsync.service.timeline import table_of
from punchsync.service.worker import Worker

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

ASK: Final = Job(CLOCK, 0, 0)


class Companion(Protocol):
    """What runs beside the jobs on threads of its own."""

    def end(self) -> object:
        """End; does not wait."""
        ...

    def ended(self, grace: float) -> bool:
        """Whether it ended, waiting for it so many seconds."""
        ...


Companions = Sequence[Callable[["Site", Pulse], Companion | None]]


class Running:
    """All that runs for one site; `wake` is called when there may be something new to do."""

    def __init__(
        self,
        site: Site,
        plan: Planner,
        pulse: Pulse,
        *,
        companions: Companions = (),
        boot: Boot,
        pauses: Pauses,
        wake: Callable[[], object],
        before: Running | None = None,
    ) -> None:
        self.site, self.plan = site, plan
        self._wake = wake
        zone = ZoneInfo(site.settings.hall.timezone)
        known: Keeper | None = before.keeper if before else None
        self.keeper: Keeper = Keeper(site.hall.clock, zone, len(live(site.hall)), pulse, boot, known)
        self._rests = Rests(pauses)
        self._steps = 0
        self._doubt = ""
        self._beside: list[Companion] = []
        self._owing: list[Attendant | Deliverer | Printer] = []
        try:
            for companion in companions:
                made = companion(site, pulse)
                self._beside += [] if made is None else [made]
            means = means_of(site, self.keeper, pulse)
            self._owing.append(Attendant(site, pulse))
            self._owing.append(Printer(site))
            if site.settings.scoring.sink != "none":
                self._owing.append(Deliverer(site, site.settings.scoring.batch))
            self._beside += self._owing
            self.worker = Worker(means, plan, pulse, self._after)
            self._alarms = Alarms(zone, self.worker.take)
        except BaseException:
            for each in self._beside:
                each.end()
            raise

    def look(self) -> None:
        """Have what is owed done, in order, but for what rests; set the alarms for what is to come."""
        hall, keeper = self.site.hall, self.keeper
        now = hall.clock.now()
        jobs = horizon(self.plan, now)
        with hall.store.reading() as work:
            table = table_of(work, jobs, now)
            troubles = work.runs.troubles()
        keeper.settled(table.settled)
        self._alarms.set(job for job in jobs if job.due > now)
        trusted = keeper.trusted()
        if self._doubt != keeper.doubt:
            self._doubt = keeper.doubt
            self._owe()
        if not trusted:
            self._ask()
            return
        owed = catch_up(jobs, table, now)
        self._rests.keep({*owed})
        over = troubles.keys() - {job.name for job in owed}
        # Where terminals are read first, they may say that this clock is wrong.
        begins = table.began is None and not any(job.name.startswith(POLL) for job in owed)
        if over or begins:
            with hall.store.writing() as work:
                work.runs.eased(over)
                if begins:
                    begin(work, now)
        for job in owed:
            if self._rests.ready(job) and not waits(job, jobs, table):
                self.worker.take(job)

    def rest(self) -> float | None:
        """Seconds until something that failed may be tried again; None for nothing."""
        return self._rests.wait()

    def dead(self) -> bool:
        """Whether a thread ended that nobody told to."""
        return self.worker.ended(0) or any(each.ended(0) for each in self._beside)

    def end(self, grace: float) -> bool:
        """Begin nothing more; whether all that was under way ended within so many seconds."""
        self._alarms.end()
        self.worker.end()
        for each in self._beside:
            each.end()
        give_up = time.monotonic() + grace
        left = [each for each in (self.worker, *self._beside) if not each.ended(max(give_up - time.monotonic(), 0))]
        return not left

    def _ask(self) -> None:
        """Ask the terminals what time it is: at once when the clock was stepped, then after growing pauses."""
        if self._steps != self.keeper.steps:
            self._steps = self.keeper.steps
            self._rests.done(ASK)
        if live(self.site.hall) and self._rests.ready(ASK):
            self.worker.take(ASK)

    def _after(self, job: Job, became: str) -> None:
        if self.keeper.doubt and became != WAITS:
            self._rests.failed(ASK)
        elif became in (FAILED, HELD):
            self._rests.failed(job)
        elif became == DONE:
            self._rests.done(job)
        self._owe()
        if became != WAITS:
            self._wake()

    def _owe(self) -> None:
        for each in self._owing:
            each.owe()
