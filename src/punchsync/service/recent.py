"""A look at something slow, kept for a while and shared by all who ask; one that hangs keeps nobody waiting long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Late(NamedTuple):
    """A look that has not ended yet, and for how many seconds it has gone on."""

    seconds: float


class Recent(Generic[T]):
    """The result of a look, at most `keep` seconds old, waited for until it has gone on for `patience` seconds.

    At most one look is under way, on a thread of its own. `look` says itself what went wrong, and never raises.
    """

    def __init__(
        self, look: Callable[[], T], keep: float, patience: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._look, self._keep, self._patience, self._clock = look, keep, patience, clock
        self._lock = threading.Lock()
        self._found: tuple[T, float] | None = None
        self._under_way: tuple[threading.Event, float] | None = None

    def begin(self) -> None:
        """Look, if nobody does and what is known is too old; returns at once."""
        with self._lock:
            known = self._found is not None and self._clock() - self._found[1] < self._keep
            if known or self._under_way is not None:
                return
            done = threading.Event()
            thread = threading.Thread(target=self._run, args=[done], name="look", daemon=True)
            thread.start()
            self._under_way = done, self._clock()

    def get(self) -> T | Late:
        """What was found, or how long it has been looked for in vain."""
        self.begin()
        with self._lock:
            under_way, clock = self._under_way, self._clock
        if under_way is not None:
            done, began = under_way
            if not done.wait(max(self._patience - (clock() - began), 0)):
                return Late(clock() - began)
        with self._lock:
            assert self._found is not None
            return self._found[0]

    def _run(self, done: threading.Event) -> None:
        found = self._look()
        with self._lock:
            self._found, self._under_way = (found, self._clock()), None
        done.set()
