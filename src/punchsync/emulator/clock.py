"""Hall time and terminal time: the true clock on the wall, and what a drifting terminal makes of it.

All datetimes are naive and local to the hall, as a terminal's are.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


def wall_time() -> datetime:
    """Give this machine's local time, naive."""
    # A terminal has its own clock; the one that bootstrap hands out is the daemon's.
    return datetime.fromtimestamp(time.time())


@dataclass(frozen=True, slots=True)
class TerminalClock:
    """A terminal's clock: it showed `shown` when the hall had `hall`, and gains `drift_ppm` from there on."""

    hall: datetime
    shown: datetime
    drift_ppm: float = 0.0

    def read(self, hall: datetime) -> datetime:
        """Give what the terminal shows at this hall time."""
        passed = hall - self.hall
        return self.shown + passed + passed * (self.drift_ppm / 1_000_000)


class HallClock:
    """Simulated hall time: begins at `start`, runs `speed` times as fast as real time; 0 stands still."""

    def __init__(self, start: datetime, speed: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._base = start
        self._speed = speed
        self._monotonic = monotonic
        self._since = monotonic()

    def now(self) -> datetime:
        """Give the hall's time."""
        with self._lock:
            return self._read()

    def advance(self, to: datetime) -> None:
        """Jump forward to this time; a time already past is ignored."""
        with self._lock:
            if to > self._read():
                self._base, self._since = to, self._monotonic()

    def seconds_until(self, at: datetime) -> float | None:
        """Give the real seconds until this hall time (0 when past), None when the clock stands still."""
        with self._lock:
            left = (at - self._read()).total_seconds()
        if left <= 0:
            return 0.0
        return left / self._speed if self._speed else None

    def _read(self) -> datetime:
        return self._base + timedelta(seconds=(self._monotonic() - self._since) * self._speed)
