"""Months, quarters and years: their names (`2026-10`, `2026-Q4`, `2026`) and their days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from punchsync.core.moment import Day, to_date

KINDS: Final = ("month", "quarter", "year")
"""The kinds of period, the shortest first."""


def longest(kinds: Iterable[str]) -> str:
    """The longest of some kinds of period; of none, the shortest there is."""
    return max(kinds, key=KINDS.index, default=KINDS[0])


def period_of(day: Day, kind: str) -> str:
    """The name of the `month`, `quarter` or `year` a day lies in."""
    d = to_date(day)
    if kind == "month":
        return f"{d.year:04d}-{d.month:02d}"
    if kind == "quarter":
        return f"{d.year:04d}-Q{(d.month - 1) // 3 + 1}"
    return f"{d.year:04d}"


def months_of(period: str) -> list[str]:
    """The months of a period, in order; raises ValueError for anything that is no period's name."""
    year = int(period[:4])
    rest = period[4:]
    if not rest:
        months = range(1, 13)
    elif rest.startswith("-Q") and rest[2:] in ("1", "2", "3", "4"):
        first = 3 * int(rest[2:]) - 2
        months = range(first, first + 3)
    elif len(rest) == 3 and rest[0] == "-" and 1 <= int(rest[1:]) <= 12:
        months = range(int(rest[1:]), int(rest[1:]) + 1)
    else:
        raise ValueError(period)
    return [f"{year:04d}-{m:02d}" for m in months]


def days_of_month(month: str) -> range:
    """The days of a month."""
    year, number = int(month[:4]), int(month[5:7])
    first = date(year, number, 1).toordinal()
    after = date(year + number // 12, number % 12 + 1, 1).toordinal()
    return range(first, after)


def span_of(period: str) -> tuple[Day, Day]:
    """The first and last day of a period, both included."""
    months = months_of(period)
    return days_of_month(months[0])[0], days_of_month(months[-1])[-1]


def months_between(first: Day, last: Day) -> list[str]:
    """The months that the days `first` to `last` touch, in order."""
    out: list[str] = []
    day = first
    while day <= last:
        month = period_of(day, "month")
        out.append(month)
        day = days_of_month(month)[-1] + 1
    return out


def periods_around(months: list[str], kind: str) -> list[str]:
    """The periods of a kind that hold one of these months, in order."""
    return sorted({period_of(days_of_month(m)[0], kind) for m in months})
