"""Files that were looked at and wait to be confirmed: a few minutes each, for the login that brought them, not many."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from punchsync.core.moment import Moment

SHELF: Final = "imports"
WAITS: Final = 600.0
"""Seconds that a file waits."""
MOST: Final = 8
ROOM: Final = 256 * 2**20
"""Bytes of all files together."""


class Waiting(NamedTuple):
    """A file as it came, and as what it is to be imported; `session` is the login that brought it."""

    session: str
    kind: str
    name: str
    data: bytes
    terminal: str = ""
    through: Moment | None = None
    form: str = ""


class ImportShelf:
    """Files that wait, by a random id; a login has one at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._files: OrderedDict[str, tuple[float, Waiting]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, file: Waiting) -> str:
        """Keep a file; the oldest go where there are too many."""
        id = secrets.token_urlsafe(16)
        with self._lock:
            self._tidy(file.session)
            self._files[id] = (self._clock() + WAITS, file)
            while len(self._files) > MOST or sum(len(f.data) for _until, f in self._files.values()) > ROOM:
                self._files.popitem(last=False)
        return id

    def take(self, id: str, session: str) -> Waiting | None:
        """A file that this login brought, once; None if it is gone, or another's."""
        with self._lock:
            self._tidy()
            found = self._files.get(id)
            if found is None or found[1].session != session:
                return None
            del self._files[id]
            return found[1]

    def _tidy(self, session: str = "") -> None:
        now = self._clock()
        for id, (until, file) in list(self._files.items()):
            if until <= now or file.session == session:
                del self._files[id]
