"""Looks after what needs a person on a thread of its own: books states and their notices, then sends the notices.

A channel that is slow, away or wrong never keeps the hall from reading its terminals. Killed between sending a notice
and noting it, what needs somebody is sent once more, and all else waits for somebody's word; otherwise every channel
gets each of them once.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Protocol

import structlog

from punchsync.attention_words import message, notice
from punchsync.core.attention import CLOSED, OPENED, Listener, Plan, State
from punchsync.core.quiet import quiet_until
from punchsync.logs import trouble
from punchsync.notice_words import personal
from punchsync.operations.attention import Around, Limits, free, gather, keep, outlook
from punchsync.operations.hall import Hall
from punchsync.operations.notices import Paces, Route, Sent, send, tried, waits
from punchsync.operations.personal import Personal, tell
from punchsync.operations.ports import Channel, Work
from punchsync.service.errand import Errand
from punchsync.service.pulse import Pulse

LOOK: Final = 600.0
"""Seconds between two looks without a job in between."""
AGAIN: Final = 60.0
"""Seconds until a look that could not be booked is taken again."""
SETTLING: Final = 3_600.0
"""Seconds of a service in which it makes up for what is old only because it did not run."""
REFUSED: Final = "store_refused"

log = structlog.get_logger("punchsync.service")


class Source(Protocol):
    """What a site gives for attending: its hall and folder, its channels, and when something needs a person."""

    @property
    def hall(self) -> Hall: ...
    @property
    def folder(self) -> Path: ...
    def listeners(self) -> tuple[Listener, ...]: ...
    def telling(self) -> AbstractContextManager[bool]: ...
    def limits(self) -> Limits: ...
    def scoring_name(self) -> str | None: ...
    def channel(self, name: str) -> Channel: ...
    def route(self, name: str) -> Route | None: ...
    def personal(self) -> Personal | None: ...


class Attendant(Errand):
    """Looks when told that something may have changed, and every ten minutes."""

    def __init__(self, site: Source, pulse: Pulse, look: float = LOOK, again: float = AGAIN) -> None:
        self._site, self._pulse, self._look, self._again = site, pulse, look, again
        self._began = time.monotonic()
        self._alarm = Alarm(site)
        self._paces = Paces(list)
        super().__init__("attention", self._go)
        self.start()

    def _go(self) -> float:
        try:
            return self._once()
        except Exception as error:
            log.error("attention_failed", **trouble(error))
            return self._again

    def _once(self) -> float:
        """Look, book and send; returns after how many seconds to do so again."""
        started = time.monotonic()
        try:
            plan, made = self._book()
        except Exception as error:
            # Nothing is sent either: what can't be noted as sent would be sent again and again.
            log.error("attention_unbooked", **trouble(error), ms=_since(started))
            self._alarm.raise_()
            return self._again
        try:
            done = Sent()
            if waits(self._site.hall):
                with self._site.telling() as mine:
                    if not mine:
                        return self._again
                    done = send(self._site.hall, self._site.route, message, self.stopping, self._paces)
        except Exception as error:
            log.error("notices_failed", **trouble(error), ms=_since(started))
            return self._again
        _tell(plan, made, done, _since(started))
        return self._look if done.wait is None else min(self._look, max(done.wait, 1))

    def _book(self) -> tuple[Plan, int]:
        """Look at everything, and keep what follows with its notices in one transaction."""
        site, state = self._site, self._pulse.state()
        around = Around(
            lambda: free(site.folder), site.scoring_name, state.step, state.refused,
            settled=time.monotonic() - self._began >= SETTLING,
        )  # fmt: skip
        hall, limits = site.hall, site.limits()
        with hall.store.reading() as work:
            sights = gather(hall, work, around, limits)
        for codes, error in sights.errors:
            log.warning("attention_blind", codes=codes, **trouble(error))
        with hall.store.writing() as work:
            now = hall.clock.now()
            plan = outlook(work, sights, site.listeners(), limits, now)
            made = keep(work, plan, lambda *of: notice(hall.name, *of), now)
            made += tell(hall, work, site.personal(), lambda items: personal(hall.name, items), now)
            made += self._alarm.end(work)
        self._alarm.forget()
        return plan, made


class Alarm:
    """Tells of a store that can't be written to: past the store, once for each channel while it lasts."""

    def __init__(self, site: Source) -> None:
        self._site = site
        self._failures = 0
        self._since = 0.0
        self._state: State | None = None
        self._told: set[str] = set()

    def raise_(self) -> None:
        """The store refused; a first time may pass by itself."""
        self._failures += 1
        if self._failures == 1:
            self._since = time.monotonic()
            return
        now = self._site.hall.clock.now()
        self._state = self._state or State(0, REFUSED, "", "", now, now)
        for listener in self._site.listeners():
            after = listener.after.get(REFUSED)
            if after is None or listener.name in self._told or time.monotonic() - self._since < after:
                continue
            if quiet_until(listener.quiet, now) is not None:
                continue
            subject, body = notice(self._site.hall.name, self._state, OPENED, now)
            answer = tried(self._site.channel, listener.name, subject, body)
            log.warning("store_refused_told", channel=listener.name, answer=answer.code)
            if answer.meaning == "delivered":
                self._told.add(listener.name)

    def end(self, work: Work) -> int:
        """The store takes this transaction: those who were told are told so, too."""
        if self._state is None:
            return 0
        now = self._site.hall.clock.now()
        key = f"{REFUSED}/{self._state.opened_at}"
        subject, body = notice(self._site.hall.name, self._state, CLOSED, now)
        return sum(work.notices.add(key, name, REFUSED, subject, body, now) for name in sorted(self._told))

    def forget(self) -> None:
        """It was taken."""
        self._failures, self._state = 0, None
        self._told.clear()


def _tell(plan: Plan, made: int, done: Sent, ms: int) -> None:
    """One event for a look that changed anything, as bad as its worst."""
    if not (plan.open or plan.close or made or done.sent or done.given_up or done.unsure or done.failed):
        return
    facts: dict[str, Any] = {
        "opened": [" ".join(s.key).strip() for s in plan.open],
        "closed": [" ".join(s.key).strip() for s in plan.close],
        "notices": made,
        "sent": done.sent,
        "given_up": done.given_up,
        "unsure": done.unsure,
        "failed": done.failed,
    }
    say = log.error if done.given_up or done.unsure else log.warning if plan.open or done.failed else log.info
    say("attended", **facts, ms=ms)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
