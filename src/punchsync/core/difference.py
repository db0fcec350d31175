"""Something of a store that is not as it must be, named so that somebody can look it up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from operator import attrgetter
from typing import Any, Final

from punchsync.core.moment import DAY, Moment, show_moment

MOMENTS: Final = frozenset({"due", "punch", "at"})
DAYS: Final = frozenset({"day", "value_date"})


@dataclass(frozen=True, slots=True)
class Difference:
    """Which invariant does not hold, where (table and key), and what was found against what is right.

    Empty for what is not there, or must not be.
    """

    invariant: str
    place: str
    found: str
    right: str


def first_difference(
    invariant: str, table: str, key: Sequence[str], stored: Iterable[Any], right: Iterable[Any]
) -> Iterator[Difference]:
    """Where rows that are stored first differ from what they must be, in the order of their keys; nothing if nowhere.

    Rows are records of the same kind; `key` names the fields (two or more) that no two rows of a side have the same.
    """
    key_of = attrgetter(*key)
    was, ought = sorted(stored, key=key_of), sorted(right, key=key_of)
    if was == ought:
        return
    for one, other in zip_longest(was, ought):
        if one == other:
            continue
        missing = one is None or (other is not None and key_of(other) < key_of(one))
        odd = not missing and (other is None or key_of(one) < key_of(other))
        row = other if missing else one
        place = " ".join([table, *(_told(name, getattr(row, name)) or "-" for name in key)])
        if missing or odd:
            yield Difference(invariant, place, "" if missing else fields(row, row), "" if odd else fields(row, row))
        else:
            yield Difference(invariant, place, fields(one, other), fields(other, one))
        return


def fields(row: Any, other: Any) -> str:
    """What of a row is not as in another, or all of it if that is the same one, as `name=value` words."""
    names = type(row)._fields
    pairs = [(n, v) for n, v, w in zip(names, row, other, strict=True) if row is other or v != w]
    return " ".join(f"{n}={_told(n, v)}" for n, v in pairs)


def written(moment: Moment) -> str:
    """A moment that may be anything at all, as somebody may have changed it."""
    try:
        return show_moment(moment)
    except (ValueError, OverflowError, TypeError):
        return str(moment)


def _told(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in MOMENTS:
        return written(value)
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return written(value * DAY)[:10] if name in DAYS else str(value)
