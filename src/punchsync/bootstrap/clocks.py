"""What time it is: the only place that asks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from punchsync.core.moment import Moment, to_moment

if TYPE_CHECKING:
    pass


class HallClock:
    """The hall's clock: this machine's, in the hall's zone."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def now(self) -> Moment:
        """Now, in hall time."""
        return to_moment(datetime.now(self._zone).replace(tzinfo=None))

    def zoned(self) -> str:
        """Now, to the second, with the zone's offset."""
        return datetime.now(self._zone).isoformat(" ", "seconds")


class FixedClock:
    """A clock that stands at one moment, for `--as-of`."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment

    def now(self) -> Moment:
        """The moment it stands at."""
        return self._moment
