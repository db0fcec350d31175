"""Files put in their places: whole or not at all, as they were to the byte, and for their owner's eyes only.

What a process leaves that is killed is swept by the next one: it is locked for as long as somebody works on it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from punchsync.durable import sync_names

CHUNK: Final = 2**20
WORK: Final = ".backup-"
LOCK: Final = "lock"
PART_END: Final = ".punchsync-part"
PART: Final = re.compile(rf"\..+{re.escape(PART_END)}")


class Damaged(OSError):
    """A file that does not say what was written to it; names it."""


class Sum(NamedTuple):
    """A file's length in bytes and its digest."""

    size: int
    sha256: str


def sum_of(file: Path) -> Sum:
    """The sum of a file as it is on the disk."""
    with file.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256")
        return Sum(data.tell(), digest.hexdigest())


def place(source: Path, target: Path) -> Sum:
    """Copy a file to where another may be, whose place it takes; its folder must be there.

    Raises OSError, and then leaves what was there; Damaged if the disk says otherwise than was written to it.
    """
    part, handle = _part(target)
    try:
        with source.open("rb") as data, os.fdopen(os.dup(handle), "wb") as out:
            shutil.copyfileobj(data, out, CHUNK)
            out.flush()
            os.fsync(handle)
        # Read again from the disk, not from what the system remembers of it.
        with suppress(OSError):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        found = sum_of(part)
        if found != sum_of(source):
            raise Damaged(str(target))
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    sync_names(target.parent)
    return found


@contextmanager
def working(folder: Path) -> Iterator[Path]:
    """A folder of our own in a folder, for the owner's eyes only; gone at the end, and what others left with it."""
    with _turn(folder):
        for left in folder.glob(f"{WORK}*"):
            if _left(left / LOCK):
                shutil.rmtree(left, ignore_errors=True)
            elif not (left / LOCK).exists():
                with suppress(OSError):
                    left.rmdir()  # killed before it could hold anything
        made = Path(tempfile.mkdtemp(prefix=WORK, dir=folder))
        handle = os.open(made / LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
        _hold(handle)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(handle)


def _part(target: Path) -> tuple[Path, int]:
    """A new file beside a target, held; what others left there is gone."""
    folder = target.parent
    with _turn(folder):
        for path in folder.iterdir():
            if PART.fullmatch(path.name) and _left(path):
                path.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=PART_END, dir=folder)
        _hold(handle)
    return Path(name), handle


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Between making a file and holding it nobody else looks for what was left."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _hold(handle: int) -> None:
    # Some network drives know no locks; there nothing that was left can be told from work under way.
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _left(file: Path) -> bool:
    """Whether a file is held by nobody."""
    try:
        handle = os.open(file, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
