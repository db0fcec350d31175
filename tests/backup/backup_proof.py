"""Many kills of backups and restores, for scripts/prove."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from backup_kills import Kills
from backupkit import NOW, copy, make, opened

from punchsync.logs import configure

EACH = 15
LIMIT = 10 * 60.0
"""Seconds after which no further kill is begun."""

Row = tuple[str, int, str, bool]


def prove(seed: int, say: Callable[[str], None]) -> list[Row]:
    """A row for each command that is killed."""
    configure(quiet=True)
    until = time.monotonic() + LIMIT
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="punchsync-backup-") as name:
        folder = Path(name)
        template = make(folder / "template")
        with opened(copy(template, folder / "source")) as source:
            backup = source.back_up(NOW, folder / "backup.tar.gz", proof="sums").file
        for what in ("backup", "restore", "anew"):
            (folder / what).mkdir()
            kills, chance = Kills(template, backup, folder / what), random.Random(f"{seed}/{what}")
            done = bad = 0
            while done < EACH and time.monotonic() < until:
                faults = getattr(kills, what)(chance)
                done, bad = done + 1, bad + bool(faults)
                if faults:
                    say(f"  {what}: {'; '.join(faults)}")
            said = f"{done - bad} whole, {bad} not" + ("" if done == EACH else f"; out of time, {EACH} wanted")
            rows.append((f"kill {'restore, anew' if what == 'anew' else what}", done, said, not bad and done == EACH))
    return rows
