"""Backups and restores killed by SIGKILL at random moments, what is there then, and once they are done again."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from backupkit import DB, NOW, add_record, copy, held, in_site, left, opened

from punchsync.bootstrap.restoring import Restoring
from punchsync.core.manifest import Copied
from punchsync.operations.backup.archive import NoBackup, unpack
from punchsync.operations.backup.restore import restore
from punchsync.operations.verify import verify

DRAWS = 20
SPAN = 0.5
"""Seconds that a command is thought to work."""


def argv(site: Path, *args: object) -> list[str]:
    return [sys.executable, "-m", "punchsync", "--site", str(site), *map(str, args)]


def start(site: Path, *args: object) -> subprocess.Popen[bytes]:
    """A command, at the moment at which it has a working folder or has ended."""
    process = subprocess.Popen(argv(site, *args), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not any((site / "data").glob(".backup-*")) and process.poll() is None:
        time.sleep(0.001)
    return process


class Kills:
    """One hall and its backup, and how long each command seems to work."""

    def __init__(self, template: Path, backup: Path, folder: Path) -> None:
        self._template, self._backup = template, backup
        self._site, self._out, self._into = folder / "site", folder / "out", folder / "into"
        self._right = in_site(copy(template, folder / "right"))
        self._spans: dict[str, float] = {}

    def backup(self, chance: random.Random) -> list[str]:
        """What is wrong after a backup was killed over an older one, and after the next."""

        def begin() -> None:
            copy(self._template, self._site)
            self._out.mkdir()
            shutil.copy(self._backup, self._out / "b")

        self._kill("backup", chance, begin, "backup", self._out / "b", "--quick")
        return list(self._after_backup())

    def restore(self, chance: random.Random) -> list[str]:
        """What is wrong after a restore over a store that had more in it was killed, and after the next."""
        later: list[Copied] = []

        def begin() -> None:
            add_record(copy(self._template, self._site))
            later.append(in_site(self._site))

        self._kill("restore", chance, begin, "restore", self._backup, "--replace")
        faults = [] if in_site(self._site) in (later[-1], self._right) else ["neither the old nor the new store"]
        for kept in (self._site / "data").glob("*.replaced-??????????????*"):
            if kept.suffix.startswith(".replaced") and held(f"sqlite:///{kept}") != later[-1]:
                faults.append(f"half a store kept: {kept.name}")
        restore(self._backup, self._site, Restoring(), over=True)
        return faults + list(self._after_restore())

    def anew(self, chance: random.Random) -> list[str]:
        """What is wrong after a restore in an empty folder was killed, and after the next."""
        site = self._site
        self._kill("anew", chance, lambda: None, "restore", self._backup)
        settings, store = (site / "punchsync.toml").exists(), (site / DB).exists()
        faults = ["settings without a store"] if settings and not store else []
        if store and in_site(site) != self._right:
            faults.append("a store that is not whole")
        (site / "data").mkdir(parents=True, exist_ok=True)
        restore(self._backup, site, Restoring())
        return faults + list(self._after_restore())

    def _kill(self, what: str, chance: random.Random, begin: Callable[[], None], *args: object) -> None:
        """Kill a command at a random moment of its work; where it ends before, that is taken to be shorter."""
        for _ in range(DRAWS):
            for folder in (self._site, self._out, self._into):
                shutil.rmtree(folder, ignore_errors=True)
            begin()
            process = start(self._site, *args)
            span = self._spans.setdefault(what, SPAN)
            try:
                process.wait(chance.uniform(0, span))
            except subprocess.TimeoutExpired:
                process.kill()
            if process.wait() == -signal.SIGKILL:
                self._spans[what] = span * 1.1
                return
            self._spans[what] = span * 0.8
        raise AssertionError(f"{what}: ended before it could be killed, {DRAWS} times over")

    def _after_backup(self) -> Iterator[str]:
        self._into.mkdir()
        try:
            unpack(self._out / "b", self._into)
        except NoBackup as error:
            yield f"half a backup: {error}"
        with opened(self._site) as found:
            done = found.back_up(NOW, self._out / "b", proof="all")
        if done.differences or done.manifest.store != self._right:
            yield f"the next backup differs: {done.differences[:3]}"
        yield from (f"left: {name}" for name in left(self._site))
        yield from (f"left: {p.name}" for p in self._out.iterdir() if p.name != "b")

    def _after_restore(self) -> Iterator[str]:
        if in_site(self._site) != self._right:
            yield "not what was backed up"
        with opened(self._site) as found:
            yield from (f"verify: {d}" for d in verify(found.hall).differences[:3])
        yield from (f"left: {name}" for name in left(self._site))
