"""Plays a scenario: starts its terminals, lets its events happen in hall time, ends everything."""

import heapq
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType

from punchsync.emulator.actor import Actor, built
from punchsync.emulator.clock import HallClock
from punchsync.emulator.happening import Event
from punchsync.emulator.loop import Loop
from punchsync.emulator.scenario import Scenario
from punchsync.emulator.server import EmulatedTerminal


@contextmanager
def play(scenario: Scenario, host: str = "127.0.0.1") -> Iterator["Stage"]:
    """Run a scenario's terminals while the context lasts; OSError on a taken port, none left running."""
    clock = HallClock(scenario.start, scenario.speed)
    with ExitStack() as stack:
        loop = stack.enter_context(Loop())
        terminals: dict[str, EmulatedTerminal] = {}
        for plan in scenario.terminals:
            terminals[plan.id] = stack.enter_context(built(plan, clock.now, host, loop))
        stage = Stage(scenario, clock, terminals)
        stack.callback(stage.end)
        stage.begin()
        yield stage


class Stage:
    """A scenario being played. With speed 0 hall time stands still and moves by `advance_to` alone."""

    def __init__(self, scenario: Scenario, clock: HallClock, terminals: Mapping[str, EmulatedTerminal]) -> None:
        self._clock = clock
        self._terminals = MappingProxyType(dict(terminals))
        self._actors = {name: Actor(terminal, terminal.faults) for name, terminal in terminals.items()}
        self._numbers = count()
        self._lock = threading.RLock()
        self._changed = threading.Event()
        self._ended = threading.Event()
        self._pending = [(event.at, next(self._numbers), event) for event in scenario.events]
        heapq.heapify(self._pending)
        self._thread = threading.Thread(target=self._run, name="scenario", daemon=True)

    @property
    def now(self) -> datetime:
        """Give the hall's time."""
        return self._clock.now()

    @property
    def terminals(self) -> Mapping[str, EmulatedTerminal]:
        """Give the running terminals by id."""
        return self._terminals

    def addresses(self) -> dict[str, tuple[str, int]]:
        """Give each terminal's host and port by id."""
        return {name: terminal.address for name, terminal in self._terminals.items()}

    def wait(self, seconds: float | None = None) -> None:
        """Block for this many real seconds, or until interrupted when None; returns at once when ended."""
        self._ended.wait(seconds)

    def advance_to(self, at: datetime) -> None:
        """Jump hall time forward, letting the events up to and including `at` happen at their times."""
        with self._lock:
            while self._pending and self._pending[0][0] <= at:
                self._happen()
            self._clock.advance(at)
        self._changed.set()

    def begin(self) -> None:
        """Let what is due at the start happen, then go on in a thread."""
        self.advance_to(self.now)
        self._thread.start()

    def end(self) -> None:
        """Let nothing happen any more; returns when the thread is gone."""
        self._ended.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            with self._lock:
                due = self._clock.seconds_until(self._pending[0][0]) if self._pending else None
                if due == 0:
                    self._happen()
                    continue
            self._changed.wait(due)
            self._changed.clear()

    def _happen(self) -> None:
        at, _, event = heapq.heappop(self._pending)
        self._clock.advance(at)
        self._actors[event.terminal].happen(event)
        if event.do == "reboot":
            back = at + timedelta(seconds=event.seconds)
            plug = Event(back, event.terminal, "plug")
            heapq.heappush(self._pending, (back, next(self._numbers), plug))
