"""How far back a change reaches: a timetable's change alters the length, and so the validity, of what spans it."""

from __future__ import annotations

from collections.abc import Iterable

from punchsync.core.moment import Day, day_of
from punchsync.core.records import Leave, Outing, still


def reach_back(first: Day, last: Day, spans: Iterable[Leave | Outing]) -> Day:
    """The first day that a change on `first` to `last` may alter: back to the start of any span that touches it."""
    out = first
    for span in spans:
        begins = day_of(span.start.moment)
        ends = day_of(still(span.end.moment if span.end else None))
        if begins <= last and ends >= first:
            out = min(out, begins)
    return out
