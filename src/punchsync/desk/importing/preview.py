"""What a file would change: its rows beside what is there; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

NEW: Final = "new"
CHANGED: Final = "changed"
WITHDRAWN: Final = "withdrawn"
SAME: Final = "same"

Body = Mapping[str, str]


class Change(NamedTuple):
    """A row of a file: its number there, what becomes of it, its cells, and for a changed one the old cells."""

    row: int
    what: str
    cells: tuple[str, ...]
    before: tuple[str, ...] = ()


def changes(
    rows: Sequence[tuple[str, Body]], places: Mapping[str, int], there: Mapping[str, Body], columns: Sequence[str]
) -> list[Change]:
    """The rows of a file in its order, each against the record with its key."""
    return [one(places.get(key, 0), body, there.get(key), columns) for key, body in rows]


def one(row: int, body: Body, before: Body | None, columns: Sequence[str]) -> Change:
    """One row."""
    cells = tuple(body.get(name, "") for name in columns)
    if before is None:
        return Change(row, NEW, cells)
    old = tuple(before.get(name, "") for name in columns)
    if old == cells:
        return Change(row, SAME, cells)
    return Change(row, WITHDRAWN if body.get("withdrawn") and not before.get("withdrawn") else CHANGED, cells, old)
