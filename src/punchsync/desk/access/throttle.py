"""How often one address, or one account, may ask: limits that forget by themselves.

Kept in memory: a restart forgets them, the lockout of an account (`core.account`) is in the store.
"""

from __future__ import annotations

import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

LOGINS: Final = RateLimitItemPerMinute(20)
"""Tries to log in from one address; a hall's clerks may share one."""
WRITES: Final = RateLimitItemPerMinute(120)
"""Changes by one account."""
READS: Final = RateLimitItemPerMinute(1200)
"""Requests by one account or, without login, from one address."""
API: Final = RateLimitItemPerMinute(600)
"""Requests by one token."""


class Throttle:
    """Counts requests of each limit by whom they are of."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def passes(self, limit: RateLimitItem, who: str) -> bool:
        """Count one more; False for one too many."""
        return self._limiter.hit(limit, who)

    def wait(self, limit: RateLimitItem, who: str) -> int:
        """After how many seconds another one may pass."""
        return max(1, round(self._limiter.get_window_stats(limit, who).reset_time - time.time()))
