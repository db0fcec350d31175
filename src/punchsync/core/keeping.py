"""Which backups are kept and which go: some by day, some by week, some by month. Pure.

What counts are days, weeks and months that have a backup, not those of the calendar: a service that stood still for a
year finds its backups where they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from punchsync.core.moment import Day, Moment, day_of, parse_moment, show_moment, to_date, weekday

ENDING: Final = ".tar.gz"
SEALED: Final = ".age"
ODD: Final = "-differs"
"""Before the ending of a backup in which something was found that is not as it must be."""


class Keep(NamedTuple):
    """Of how many days, weeks and months the last backup is kept; of the latest day all are."""

    days: int
    weeks: int
    months: int


class Backup(NamedTuple):
    """A backup by its file's name: when it was made and whether all was well with it."""

    name: str
    at: Moment
    good: bool


def name_of(hall: str, at: Moment, *, good: bool = True, sealed: bool = False) -> str:
    """The name of a hall's backup: `punchsync-<hall>-20261109-231000.tar.gz`."""
    stamp = re.sub(r"[-:]", "", show_moment(at)).replace(" ", "-")
    return f"punchsync-{hall}-{stamp}{'' if good else ODD}{ENDING}{SEALED if sealed else ''}"


def backups(hall: str, names: Iterable[str]) -> list[Backup]:
    """Those of a folder's files that are this hall's backups, by their names, the latest first."""
    form = re.compile(
        rf"punchsync-{re.escape(hall)}-(\d{{4}})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)({ODD})?{re.escape(ENDING)}(?:\.age)?"
    )
    found: list[Backup] = []
    for name in names:
        match = form.fullmatch(name)
        if match is None:
            continue
        year, month, day, hour, minute, second, odd = match.groups()
        try:
            at = parse_moment(f"{year}-{month}-{day} {hour}:{minute}:{second}")
        except ValueError:
            continue
        found.append(Backup(name, at, odd is None))
    return sorted(found, key=lambda b: (b.at, b.name), reverse=True)


def outlived(there: Iterable[Backup], keep: Keep) -> list[Backup]:
    """The backups that go. Those with something odd are counted for themselves: they push no good one out."""
    all_ = list(there)
    kept: set[Backup] = set()
    for good in (True, False):
        own = sorted((b for b in all_ if b.good is good), key=lambda b: (b.at, b.name), reverse=True)
        # Who makes one before he changes something has it tomorrow, too.
        kept |= {b for b in own if day_of(b.at) == day_of(own[0].at)}
        for count, period in ((keep.days, _day), (keep.weeks, _week), (keep.months, _month)):
            kept |= _last(own, count, period)
    return [b for b in all_ if b not in kept]


def _last(own: Iterable[Backup], count: int, period: Callable[[Day], object]) -> set[Backup]:
    """The last backup of each of the last so many periods that have one; the latest come first."""
    firsts: dict[object, Backup] = {}
    for backup in own:
        firsts.setdefault(period(day_of(backup.at)), backup)
    return set(list(firsts.values())[:count])


def _day(day: Day) -> Day:
    return day


def _week(day: Day) -> Day:
    return day - weekday(day)


def _month(day: Day) -> tuple[int, int]:
    return to_date(day).year, to_date(day).month
