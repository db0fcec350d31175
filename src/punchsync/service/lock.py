"""One service a site: an advisory lock on a file that names the process holding it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILE: Final = "serve.lock"
PATIENCE: Final = 0.25
"""Seconds that a lock is asked for: somebody who only looks who has it holds it for a moment."""


class Taken(Exception):
    """Another process serves this site; carries its pid, 0 if it has not said."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


@contextmanager
def alone(folder: Path) -> Iterator[Callable[[], None]]:
    """Hold a site's lock, in its `data/`, to the end or until the given function is called; raises Taken.

    The system lets go of it when the process ends, however it ends. The file goes with the lock.
    """
    file = folder / "data" / FILE
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle = _acquire(file)

    def release() -> None:
        nonlocal handle
        if handle >= 0:
            # While it is still held: whoever opened it meanwhile sees that it is gone, and makes a new one.
            file.unlink(missing_ok=True)
            os.close(handle)
            handle = -1

    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield release
    finally:
        release()


def holder(folder: Path) -> int | None:
    """The process that serves a site, 0 if it has not said which; None where nobody does."""
    try:
        handle = os.open(folder / "data" / FILE, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _said(handle)
    finally:
        os.close(handle)
    return None


def _said(handle: int) -> int:
    text = os.read(handle, 32).decode("ascii", "replace").strip()
    return int(text) if text.isdigit() else 0


def _acquire(file: Path) -> int:
    give_up = time.monotonic() + PATIENCE
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = _said(handle)
            os.close(handle)
            if time.monotonic() < give_up:
                time.sleep(PATIENCE / 10)
                continue
            raise Taken(pid) from None
        except BaseException:
            os.close(handle)
            raise
        try:
            here = os.fstat(handle).st_ino == file.stat().st_ino
        except FileNotFoundError:
            here = False
        if here:
            return handle
        os.close(handle)
