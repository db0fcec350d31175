"""Half-open intervals `[start, end)` of moments, as sorted lists of disjoint pairs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import itemgetter

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same moments as sorted, disjoint, non-touching intervals; empty ones are dropped."""
    out: list[Interval] = []
    for start, end in sorted(i for i in intervals if i[0] < i[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def intersect(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What two disjoint sorted lists have in common."""
    out: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            out.append((start, end))
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return out


def subtract(whole: Interval, holes: Sequence[Interval]) -> list[Interval]:
    """What is left of one interval without the holes (sorted, disjoint)."""
    out: list[Interval] = []
    start, stop = whole
    for lo, hi in holes:
        if hi <= start:
            continue
        if lo >= stop:
            break
        if lo > start:
            out.append((start, lo))
        start = max(start, hi)
    if start < stop:
        out.append((start, stop))
    return out


def around(intervals: Sequence[Interval], start: int, end: int) -> Sequence[Interval]:
    """The intervals, of disjoint sorted ones, that share a moment with `[start, end)`."""
    first = bisect_right(intervals, start, key=itemgetter(1))
    return intervals[first : bisect_left(intervals, end, lo=first, key=itemgetter(0))]


def covers(intervals: Sequence[Interval], moment: int) -> bool:
    """Whether a moment lies in one of the intervals."""
    return any(start <= moment < end for start, end in intervals)


def touches(intervals: Sequence[Interval], start: int, end: int) -> bool:
    """Whether some interval shares at least a moment with `[start, end)`."""
    return any(lo < end and start < hi for lo, hi in intervals)


def measure(intervals: Sequence[Interval]) -> int:
    """Seconds covered by disjoint intervals."""
    return sum(end - start for start, end in intervals)
