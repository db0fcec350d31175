"""One sender at a time: the daemon and a command that somebody typed take turns, batch by batch.

Two at once would do no harm to the entries, for both send the same under the same key; but a receiver that answers 409
to the one while the other's is not settled yet would be believed too soon.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FILE: Final = "push.lock"
NOTICES: Final = "notices.lock"
"""Of who sends notices: what another process has under way would look like a try that was killed."""
LOOK: Final = 0.02


@contextmanager
def turn(folder: Path, patience: float = 2.0, name: str = FILE) -> Iterator[bool]:
    """Whether it is our turn to send from a site, waiting for it a while; the system ends it with the process."""
    file = folder / "data" / name
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        yield _lock(handle, time.monotonic() + patience)
    finally:
        os.close(handle)


def _lock(handle: int, give_up: float) -> bool:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                return False
            time.sleep(LOOK)
        else:
            return True
