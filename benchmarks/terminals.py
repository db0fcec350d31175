"""Emulated terminals in a process of their own, so that what they cost is not ours: `python -m benchmarks.terminals`.

Prints a line of ports as JSON and serves until its standard input ends.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from punchsync.emulator import Device, EmulatedTerminal, Record, User, wire
from punchsync.emulator import faults as bad
from punchsync.emulator.loop import Loop
from punchsync.emulator.traits import Transport

START = datetime(2026, 1, 5, 8)
TEN, NOON = datetime(2026, 11, 9, 10), datetime(2026, 11, 9, 12)
PEOPLE = 200


def device(number: int, records: int) -> Device:
    """A terminal with 200 users and so many records, the last of them before ten o'clock of the ninth of November."""
    users = [User(n, str(n)) for n in range(1, PEOPLE + 1)]
    terminal = Device(f"BENCH{number:08d}", users=users, capacity=max(records, 1_000) * 2, now=lambda: NOON)
    grow(terminal, START, (TEN - START) / (records + 1), records)
    return terminal


def grow(terminal: Device, begin: datetime, step: timedelta, records: int) -> None:
    """Let people punch one after the other, so many times."""
    terminal.store(
        Record(n % PEOPLE + 1, str(n % PEOPLE + 1), wire.pack_time(begin + step * n)) for n in range(records)
    )


def serve(count: int, records: int, latency: float, transport: Transport) -> None:
    """Serve so many terminals, each with a latency before every answer, until standard input ends.

    A number on standard input is so many new punches at each; `ok` says that they are there.
    """
    devices = [device(n, records) for n in range(count)]
    pause = bad.delay(latency) if latency else bad.clean
    with ExitStack() as stack:
        loop = stack.enter_context(Loop())
        served = [EmulatedTerminal(d, faults=pause, transport=transport, loop=loop) for d in devices]
        print(json.dumps([stack.enter_context(terminal).port for terminal in served]), flush=True)
        for line in sys.stdin:
            for terminal in devices:
                grow(terminal, TEN, (NOON - TEN) / (int(line) + 1), int(line))
            print("ok", flush=True)


class Served:
    """Terminals in another process: their ports, and a way to let people punch."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.ports: list[int] = json.loads(self._line())

    def punch(self, times: int) -> None:
        """So many new punches at each."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{times}\n")
        self._process.stdin.flush()
        self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def terminals(count: int, records: int, latency: float = 0.0, transport: Transport = "tcp") -> Iterator[Served]:
    """So many terminals in another process, which ends with the context."""
    words = [str(count), str(records), str(latency), transport]
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.terminals", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Served(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("records", type=int)
    parser.add_argument("latency", type=float)
    parser.add_argument("transport", choices=["tcp", "udp"])
    options = parser.parse_args()
    serve(options.count, options.records, options.latency, options.transport)
