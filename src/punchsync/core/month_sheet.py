"""What everybody signs before a month is closed: his month in numbers, and what is not known of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from punchsync.core.attendance_grid import Line
from punchsync.core.moment import Moment
from punchsync.core.working_days import Term


class Month(NamedTuple):
    """A month's lines and how far they were judged; `waits`: something changed that is not settled yet."""

    hall: str
    month: str
    as_of: Moment
    waits: bool
    over: bool
    lines: list[Line]

    @property
    def unknown(self) -> list[Line]:
        """The lines of which something is not known."""
        return [line for line in self.lines if line.sums.unknown]


class Sheet(NamedTuple):
    """A month to sign: points by person and category, for how long it is shown, and the days an appeal has."""

    month: Month
    categories: tuple[str, ...]
    points: Mapping[tuple[str, str], Decimal]
    term: Term
    appeal_days: int | None
