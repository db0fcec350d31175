"""Logins that are under way at the unified login: kept here for ten minutes, each good for one return."""

from __future__ import annotations

import threading
import time
from typing import Final, NamedTuple

from punchsync.desk.access.sessions import digest_of, same, secret

COOKIE: Final = "punchsync_oidc"
"""The browser's part. Not strict, for the return begins at another site."""
LONGEST: Final = 600
"""Seconds from leaving to coming back."""
MOST: Final = 2000
"""Logins under way; an address may begin only so many a minute."""


class Flow(NamedTuple):
    """A login under way. `back` is where the provider sends the browser to, `to` where it goes on from there."""

    state: str
    nonce: str
    verifier: str
    back: str
    to: str
    begun: float


class Flows:
    """The logins under way, by the digest of what the browser has."""

    def __init__(self) -> None:
        self._kept: dict[str, Flow] = {}
        self._lock = threading.Lock()

    def begin(self, back: str, to: str) -> tuple[str, Flow]:
        """A new one, and the secret for the browser's cookie."""
        made, flow = secret(), Flow(secret(), secret(), secret(), back, to, time.monotonic())
        with self._lock:
            for digest in [d for d, f in self._kept.items() if flow.begun - f.begun > LONGEST]:
                del self._kept[digest]
            while len(self._kept) >= MOST:
                del self._kept[next(iter(self._kept))]
            self._kept[digest_of(made)] = flow
        return made, flow

    def take(self, cookie: str, state: str) -> Flow | None:
        """The one that a browser began, once; None for none, an old one, or another state."""
        with self._lock:
            flow = self._kept.pop(digest_of(cookie), None)
        if flow is None or time.monotonic() - flow.begun > LONGEST:
            return None
        return flow if same(flow.state, state) else None
