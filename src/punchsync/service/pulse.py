"""What a running service says of itself, to whoever asks from another thread: health, attention, the watchdog."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple


class State(NamedTuple):
    """One moment of a service.

    `doing` is the job under way ("" for none), `quiet` the seconds since something last made progress in it (0 when
    idle), `looked` the seconds since the main loop last looked at what is due, `step` by how many seconds the server's
    clock was last found stepped (0: never), `refused` what a reload of the settings complained of.
    """

    ready: bool
    doing: str
    quiet: float
    looked: float
    step: int
    refused: tuple[str, ...]


class Pulse:
    """The signs of life of a service; every method may be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ready = False
        self._doing = ""
        self._beat = self._look = clock()
        self._step = 0
        self._refused: tuple[str, ...] = ()

    def beat(self) -> None:
        """Something was done: a terminal read, a month judged, a transaction written."""
        with self._lock:
            self._beat = self._clock()

    def begin(self, job: str) -> None:
        """A job begins."""
        with self._lock:
            self._doing, self._beat = job, self._clock()

    def end(self) -> None:
        """The job under way ended, well or not."""
        with self._lock:
            self._doing = ""

    def looked(self) -> None:
        """The main loop went round."""
        with self._lock:
            self._ready, self._look = True, self._clock()

    def stepped(self, seconds: int) -> None:
        """The server's clock was found stepped by so much; 0 takes that back."""
        with self._lock:
            self._step = seconds

    def refuse(self, complaints: tuple[str, ...]) -> None:
        """What a reload complained of; () after a good one."""
        with self._lock:
            self._refused = complaints

    def state(self) -> State:
        """How it stands now."""
        with self._lock:
            now = self._clock()
            quiet = now - self._beat if self._doing else 0.0
            return State(self._ready, self._doing, quiet, now - self._look, self._step, self._refused)
