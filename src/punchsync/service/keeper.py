"""Keeps an eye on our own clock for the whole service; may be asked from any thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from punchsync.core.moment import HOUR, Moment
from punchsync.core.reading import Reading
from punchsync.operations.ports import Clock
from punchsync.service.pulse import Pulse
from punchsync.service.trust import AGREES, Line, Trust, bounded, instants, looked, rounded, strayed, vote

log = structlog.get_logger("punchsync.service")


def running() -> float:
    """Seconds since the machine was started, those that it slept included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


Boot = Callable[[], float]
BLANK: Final = Trust()
EVENTS: Final = {"stepped": "clock_stepped", "terminals": "clock_disputed", "behind": "clock_before_last_settle"}
"""What the log calls a doubt."""


class Keeper:
    """What is known of a clock: looks at it, hears what terminals say of it, and tells when that changes.

    `live` is how many terminals the hall reads; where there are none, nobody can confirm the clock. What is known of
    it is taken over from a keeper `before`, or is `trust`.
    """

    def __init__(
        self,
        clock: Clock,
        zone: ZoneInfo,
        live: int,
        pulse: Pulse,
        boot: Boot = running,
        before: Keeper | None = None,
        trust: Trust = BLANK,
    ) -> None:
        self._clock, self._zone, self._live, self._pulse, self._boot = clock, zone, live, pulse, boot
        self._lock = threading.RLock()
        self._steps = 0
        self._settled: Moment | None = None
        self._trust: Trust = before._trust if before else trust
        self._line: Line = before._line if before else self._here()

    @property
    def doubt(self) -> str:
        """Why the clock is in doubt, as far as known; "" if it is not."""
        return self._trust.doubt

    @property
    def off(self) -> int:
        """By how many seconds the clock is wrong, as far as known."""
        return self._trust.off

    @property
    def steps(self) -> int:
        """A number that grows whenever the clock is found stepped."""
        return self._steps

    @property
    def confirmed(self) -> bool:
        """Whether terminals agreed with the clock, where there are any."""
        return not self.doubt and (self._trust.agreed or not self._live)

    @property
    def may_set(self) -> bool:
        """Whether terminals' clocks may be set by it."""
        return self.trusted() and self._trust.heard

    def settled(self, moment: Moment | None) -> None:
        """Take note of the last moment settled, before which the clock can't be right."""
        with self._lock:
            self._settled = moment

    def trusted(self) -> bool:
        """Look at the clock; whether it may be believed."""
        with self._lock:
            boot, now = self._boot(), self._clock.now()
            away = strayed(self._line, boot, instants(now, self._zone))
            behind = 0 if self._settled is None else max(self._settled - now, 0)
            before, self._trust = self._trust, looked(self._trust, away, behind, boot)
            if before.strayed and not self._trust.strayed:
                self._line = self._here()
            self._steps += before.strayed != self._trust.strayed
            self._tell(before, quiet=0 < behind <= HOUR and len(instants(now, self._zone)) > 1)
            return not self._trust.doubt

    def steady(self) -> Callable[[], bool]:
        """A question to be asked later: whether the clock was to be believed from now on until then."""
        with self._lock:
            began, steps = self.trusted(), self._steps
        return lambda: began and self.trusted() and self._steps == steps

    def heard(self, offsets: list[int], since: int) -> None:
        """What the terminals of a round showed against the clock, begun when `steps` was `since`.

        A round in the middle of which the clock was stepped says nothing.
        """
        with self._lock:
            self.trusted()
            if self._steps != since:
                return
            said = vote(offsets, self._live, self._trust.agreed)
            before, self._trust = self._trust, rounded(self._trust, said)
            if said.kind == AGREES:
                self._line = self._here()
            self._tell(before)

    def reaching(self) -> Callable[[Reading], Reading]:
        """What becomes of a reading that begins now: where the clock was in doubt at any time until it is in, it
        claims to reach no further than the clock then, the clock at its end and the terminal's own allow."""
        with self._lock:
            steady, boot, first = self.steady(), self._boot(), self._earliest()

        def reached(reading: Reading) -> Reading:
            with self._lock:
                if steady():
                    return reading
                own = (reading.began or 0) + (reading.clock_offset or 0)
                return bounded(reading, first, self._earliest() - math.ceil(self._boot() - boot), own)

        return reached

    def _earliest(self) -> Moment:
        """The earliest moment that may be now."""
        return self._clock.now() - self._trust.ahead

    def _here(self) -> Line:
        # Of the two instants of a repeated hour either will do: a clock is compared with both.
        return Line(instants(self._clock.now(), self._zone)[0], self._boot())

    def _tell(self, before: Trust, quiet: bool = False) -> None:
        now = self._trust
        if (now.doubt, now.against, now.strayed) == (before.doubt, before.against, before.strayed):
            return
        if not now.doubt:
            log.info("clock_trusted", after=before.doubt)
            self._pulse.stepped(0)
        elif not quiet:
            log.error(EVENTS[now.doubt], seconds=now.off)
            self._pulse.stepped(now.off)
