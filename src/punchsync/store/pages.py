"""SQLite files as a whole: copied, or poured into one another, page by page, by SQLite's own means.

A file is never swapped by its name for one that is in use: whoever has it open would go on with the one that is gone,
and a log that lay beside the old one would be played into the new one. Its pages are replaced in one transaction
instead, which is there wholly or not at all, for whoever has the file open too.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

WAIT_SECONDS: Final = 30
BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite lays beside a file, by the ends of their names."""


def alone(file: Path) -> None:
    """Bring a file that nobody has open into a state in which it needs none beside it."""
    with _open(file) as database:
        database.execute("PRAGMA journal_mode = DELETE")


def keep(file: Path, copy: Path) -> None:
    """Copy a file that others may have open, as it is now; the copy is its owner's alone, and whole once there."""
    # By a name that the next one has, too, which removes what this one leaves if it is killed.
    part = copy.with_name(f".{file.name}.part")
    _unlink(part, *beside(part))
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _open(file) as source, _open(part) as target:
            _pour(source, target)
        alone(part)
        sync(part)
        part.replace(copy)
    except BaseException:
        _unlink(part, *beside(part))
        raise
    sync_names(copy.parent)


def pour(new: Path, file: Path) -> None:
    """Make a file that others may have open hold what another one holds, in one transaction.

    Raises sqlite3.OperationalError if the others don't let go of it within `WAIT_SECONDS`.
    """
    with _open(file) as target:
        size = target.execute("PRAGMA page_size").fetchone()[0]
        with _open(new) as source:
            if source.execute("PRAGMA page_size").fetchone()[0] != size:
                source.execute("PRAGMA journal_mode = DELETE")
                source.execute(f"PRAGMA page_size = {int(size)}")
                source.execute("VACUUM")
            _pour(source, target)


def lay(new: Path, file: Path) -> None:
    """Put a copy of a file where none is, or one that can't be read; what lies beside that goes first."""
    _unlink(*beside(file))
    keep(new, file)


def beside(file: Path) -> Iterator[Path]:
    """Where SQLite lays something beside a file."""
    return (file.with_name(file.name + end) for end in BESIDE)


def sync(file: Path) -> None:
    """What is in a file survives a power cut."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_names(folder: Path) -> None:
    """The names in a folder survive a power cut, too, where folders can be synced."""
    with suppress(OSError):
        sync(folder)


@contextmanager
def _open(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=WAIT_SECONDS, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = FULL")
        yield database


def _pour(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    give_up = time.monotonic() + WAIT_SECONDS

    def still(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > give_up:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, pages=-1, progress=still, sleep=0.02)


def _unlink(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)
