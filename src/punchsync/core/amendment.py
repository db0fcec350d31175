"""Changes of a hall's rules and the days they touch: none may take effect in a period that is closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from punchsync.core.moment import Day
from punchsync.core.period import days_of_month


class Amendment(NamedTuple):
    """A rule that is not what it was, at its place in the pack, and the days on which that makes a difference."""

    place: str
    first: Day
    last: Day


def in_closed(amendments: Iterable[Amendment], closed: Iterable[str]) -> list[tuple[Amendment, str]]:
    """The amendments that take effect in a closed month, each with the first such month."""
    months = sorted(closed)
    out: list[tuple[Amendment, str]] = []
    for amendment in amendments:
        for month in months:
            days = days_of_month(month)
            if amendment.first <= days[-1] and amendment.last >= days[0]:
                out.append((amendment, month))
                break
    return out
