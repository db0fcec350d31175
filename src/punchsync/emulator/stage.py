"""Plays a scenario: starts its terminals, lets its events happen in hall time, ends everything."""

import heapq
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType

from punchsync.emulator.clock import HallClock
from punchsync.emulator.device import Device, Record, Traits
from punchsync.emulator.faults import Fault, chain, clean, drop_mid_transfer, pace
from punchsync.emulator.scenario import Event, LogRow, Scenario, TerminalPlan
from punchsync.emulator.server import EmulatedTerminal


@contextmanager
def play(scenario: Scenario, host: str = "127.0.0.1") -> Iterator["Stage"]:
    """Run a scenario's terminals while the context lasts; OSError on a taken port, none left running."""
    clock = HallClock(scenario.start, scenario.speed)
    with ExitStack() as stack:
        terminals: dict[str, EmulatedTerminal] = {}
        for plan in scenario.terminals:
            terminal = EmulatedTerminal(_device(plan, clock), host, plan.port, _pacing(plan))
            terminals[plan.id] = stack.enter_context(terminal)
        stage = Stage(scenario, clock, terminals)
        stack.callback(stage.end)
        stage.begin()
        yield stage


class Stage:
    """A scenario being played. With speed 0 hall time stands still and moves by `advance_to` alone."""

    def __init__(self, scenario: Scenario, clock: HallClock, terminals: Mapping[str, EmulatedTerminal]) -> None:
        self._clock = clock
        self._terminals = MappingProxyType(dict(terminals))
        self._pacing = {plan.id: _pacing(plan) for plan in scenario.terminals}
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
        terminal = self._terminals[event.terminal]
        device = terminal.device
        match event.do:
            case "punch":
                # By the terminal's own clock at that very moment, however late this thread is.
                device.punch(event.user_id, device.clock_at(at), verify=event.verify, state=event.state)
            case "unplug":
                terminal.unplug()
            case "plug":
                terminal.plug()
            case "clear":
                device.clear_log()
            case "set_clock" if event.to is not None:
                device.set_clock(event.to, at)
            case "reboot":
                terminal.unplug()
                back = at + timedelta(seconds=event.seconds)
                plug = Event(back, event.terminal, "plug")
                heapq.heappush(self._pending, (back, next(self._numbers), plug))
            case "drop":
                terminal.faults = chain(drop_mid_transfer(event.reads), self._pacing[event.terminal])


def _pacing(plan: TerminalPlan) -> Fault:
    return pace(plan.frame_pause_ms / 1000) if plan.frame_pause_ms else clean


def _device(plan: TerminalPlan, clock: HallClock) -> Device:
    device = Device(
        plan.serial,
        comm_key=plan.comm_key,
        users=plan.users,
        capacity=plan.capacity,
        traits=Traits(name=plan.name, firmware=plan.firmware, chunks=plan.chunks),
        now=clock.now,
        clock_offset=plan.clock_offset,
        drift_ppm=plan.drift_ppm,
    )
    device.store(_record(device, row) for row in plan.rows)
    return device


def _record(device: Device, row: LogRow) -> Record:
    return Record(device.uid_of(row.user_id), row.user_id, row.time, row.verify, row.state)
