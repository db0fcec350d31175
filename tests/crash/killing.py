"""Commands killed in the middle by SIGKILL, run again, and compared with a twin that was never killed."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hall import AS_OF, States, argv, must, punches, punchsync, terminal

import pictures
from pictures import Picture

DRAWS = 20
LATE = 2 / 3


class Scene(NamedTuple):
    """A command that is killed, the state it begins from, and what has to run before sites can be compared."""

    name: str
    state: str
    command: tuple[str, ...]
    then: tuple[tuple[str, ...], ...] = ()


class Kill(NamedTuple):
    """One kill: after how many seconds, whether the store was open then, and what was wrong afterwards."""

    after: float
    store_open: bool
    faults: tuple[str, ...]


SETTLE = ("settle", "--as-of", AS_OF)


def scenes(states: States) -> tuple[Scene, ...]:
    """What is killed: a poll, a first settle, a settle that corrects, and imports of punches and of records."""
    return (
        Scene("poll", "staffed", ("poll", "--as-of", AS_OF)),
        Scene("settle", "punched", SETTLE),
        Scene("settle, corrections", "corrected", SETTLE),
        Scene("import punches", "staffed", states.punches_import(), (SETTLE,)),
        Scene("import leave", "punched", ("import", "leave", str(states.files / "leave.csv")), (SETTLE,)),
    )


@contextmanager
def stage(folder: Path) -> Iterator[States]:
    """The hall's terminal running in this process, and its sites."""
    log = punches()
    with terminal(log) as running:
        yield States(folder, running.port, log)


def picture(site: Path) -> Picture:
    """What a site holds now, what was read of its terminals included."""
    return pictures.picture(site, "coverage")


class Proof:
    """A scene with its twin: how long the command takes when nobody kills it, and what it leaves."""

    def __init__(self, states: States, scene: Scene, folder: Path) -> None:
        self.scene, self._states, self._folder = scene, states, folder
        folder.mkdir(parents=True)
        twin = states.copy(scene.state, folder / "twin")
        began = time.monotonic()
        process = subprocess.Popen(argv(twin, *scene.command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.opened = store_open(twin, process, True) - began
        self.closed = store_open(twin, process, False) - began
        self.status = process.wait(300)
        self.seconds = time.monotonic() - began
        assert self.status in (0, 1), scene
        for command in scene.then:
            must(twin, *command)
        self.right = picture(twin)
        assert self.right.sums, "the twin has no ledger to compare"
        assert not self.right.twice

    def kill(self, chance: random.Random) -> Kill:
        """Kill the command once at a random moment of its run, run it again, and say what is wrong.

        Two times of three, on average, the moment lies between the store's opening and its closing: a short command
        spends most of its run on starting.
        """
        for _ in range(DRAWS):
            site = self._states.copy(self.scene.state, self._folder / "killed")
            late = chance.random() < LATE
            after = chance.uniform(0, self.closed - self.opened if late else self.seconds)
            try:
                if killed(site, self.scene.command, after, late):
                    return Kill(self.opened * late + after, left_open(site), tuple(self.faults(site)))
            finally:
                shutil.rmtree(site)
        raise AssertionError(f"{self.scene.name}: ended before it could be killed, {DRAWS} times over")

    def faults(self, site: Path) -> Iterator[str]:
        """What is not as it should be once the command has been run again."""
        for command in (self.scene.command, *self.scene.then):
            again = punchsync(site, *command)
            if again.returncode not in (0, self.status):
                yield f"{command[0]} again: status {again.returncode}: {again.stderr[-300:]}"
        yield from unlike(site, self.right)


def unlike(site: Path, right: Picture) -> Iterator[str]:
    """How a site differs from what its twin holds, and from itself by `verify`."""
    verified = punchsync(site, "verify")
    if verified.returncode != 0:
        yield f"verify: status {verified.returncode}: {verified.stderr[-300:]}"
    yield from pictures.unlike(site, right)


def killed(site: Path, command: tuple[str, ...], after: float, late: bool) -> bool:
    """Start a process and kill it some seconds later, or later than it opened the store; False where it had ended."""
    process = subprocess.Popen(argv(site, *command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if late:
            store_open(site, process, True)
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def left_open(site: Path) -> bool:
    """Whether somebody has a site's store open, or was killed while having it: SQLite's last one removes its log."""
    return (site / "data" / "punchsync.db-wal").exists()


def store_open(site: Path, process: subprocess.Popen[bytes], wanted: bool) -> float:
    """Wait until a process has opened, or closed, a site's store, or has ended; returns when that was."""
    while left_open(site) is not wanted and process.poll() is None:
        time.sleep(0.001)
    return time.monotonic()
