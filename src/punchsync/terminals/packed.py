"""A terminal's packed time as a moment. Pure.

Days of months of 31 days, years of 12 such months, from 2000 on, times 86,400, plus seconds of the day: 31 February can
be written. Source: TERMINALS.md, "Frames" (Time).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from punchsync.core.moment import DAY, FOREVER, Moment

FIRST: Final = date(2000, 1, 1).toordinal() * DAY
"""The earliest that can be written."""


class _Added(dict[int, Moment]):
    """What makes a moment of a packed time, by its day (the packed time // 86,400).

    A day that does not exist comes long before `FIRST`. Filled as asked: under 50,000 different days fit in the field.
    """

    def __missing__(self, days: int) -> Moment:
        months, day = divmod(days, 31)
        year, month = divmod(months, 12)
        try:
            start = date(2000 + year, month + 1, day + 1).toordinal() * DAY
        except ValueError:
            start = -FOREVER
        added = self[days] = start - days * DAY
        return added


ADDED: Final = _Added()


def moment_of(packed: int) -> Moment | None:
    """A terminal's packed time as a moment; None for a day that does not exist, such as 31 February."""
    at = packed + ADDED[packed // DAY]
    return at if at >= FIRST else None
