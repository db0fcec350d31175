"""The files of a site that a purge leaves alone and that may say what it erased: for somebody to delete by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from punchsync.core.moment import to_date

if TYPE_CHECKING:
    from punchsync.operations.retention import Plan

ISSUED: Final = re.compile(r"(?:daily|weekly|monthly|quarterly)-(\d{4})\b.*\.md")
NAMING: Final = ("bulletins", "names")
"""The tables of which a bulletin's file says something."""
COPIES: Final = ("*.before-*", "*.replaced-*")
"""Stores as they were before a migration or a restore."""


def leftovers(folder: Path, store: Path | None, plan: Plan) -> list[Path]:
    """By name: bulletins of the years that a plan erases or earlier ones did, and older copies of the store.

    `store` is the store's own file, None where it is none.
    """
    days = {part.table: max(part.through, part.before) for part in plan.parts}
    if not any(days.values()):
        return []
    places = {folder / "data", *([] if store is None else [store.parent])}
    copies = {file for place in places for pattern in COPIES for file in place.glob(pattern) if file.is_file()}
    return sorted([*_pages(folder / "bulletins", max(days.get(table, 0) for table in NAMING)), *copies])


def _pages(folder: Path, through: int) -> Iterator[Path]:
    for file in folder.glob("*.md") if through else ():
        named = ISSUED.fullmatch(file.name)
        if named is not None and int(named[1]) <= to_date(through).year:
            yield file
