"""How much of the time that people are due at a window they were there, hour by hour. Pure.

Of what is not known nothing is said: an hour of which more than a little is unknown has no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from punchsync.core.moment import DAY, HOUR
from punchsync.core.staffing import Stay

UNKNOWN_MOST: Final = 10
"""Percent of an hour's due time that may be unknown."""


class Hours(NamedTuple):
    """Windows by name, hours of the day, and percent by both: None where nobody was due; `unknown` are places."""

    windows: tuple[str, ...]
    hours: tuple[int, ...]
    percent: tuple[tuple[int | None, ...], ...]
    unknown: tuple[tuple[int, int], ...]


def hourly(days: Iterable[tuple[str, Iterable[Stay]]]) -> Hours:
    """The presence of windows by hour, from the stays of their people, a row a person and day."""
    seconds: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for window, rows in days:
        for start, end, state in rows:
            while start < end:
                hour = start % DAY // HOUR
                until = min(end, start - start % HOUR + HOUR)
                seconds[window, hour][state] += until - start
                start = until
    due = {place: found for place, found in seconds.items() if sum(found.values()) > found["away"]}
    windows = tuple(sorted({window for window, _hour in due}))
    hours = tuple(sorted({hour for _window, hour in due}))
    percent = tuple(tuple(_percent(due.get((window, hour))) for hour in hours) for window in windows)
    unknown = tuple(
        (i, j)
        for i, window in enumerate(windows)
        for j, hour in enumerate(hours)
        if (window, hour) in due and percent[i][j] is None
    )
    return Hours(windows, hours, percent, unknown)


def _percent(found: Mapping[str, int] | None) -> int | None:
    if found is None:
        return None
    known, unknown = found["in"] + found["out"], found["unknown"]
    if not known or unknown * 100 > UNKNOWN_MOST * (known + unknown):
        return None
    return found["in"] * 100 // known
