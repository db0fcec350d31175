"""The files of a site that a purge leaves alone and that may say what it erased: for somebody to delete by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from punchsync.core.moment import to_date

if TYPE_CHECKING:
    from punchsync.operations.retention import Plan

ISSUED: Final = re.compile(
    r"(?:daily|weekly|monthly|quarterly|attendance|sign-off|month|letter)-(\d{4})\b.*\.(?:md|html|xlsx|docx|pdf|txt)"
)
"""Files of bulletins and of records for the file whose names say of which year they are."""
SLIP: Final = re.compile(r"slip-.*\.(?:md|html|xlsx|docx|pdf|txt)")
"""A leave slip's, which says only when it was made."""
NAMING: Final = ("bulletins", "names")
"""The tables of which a bulletin's file says something."""
COPIES: Final = ("*.before-*", "*.replaced-*")
"""Stores as they were before a migration or a restore."""


def leftovers(folder: Path, store: Path | None, plan: Plan) -> list[Path]:
    """By name: bulletins and records for the file of the years that a plan or an earlier one erases, and older stores.

    `store` is the store's own file, None where it is none.
    """
    days = {part.table: max(part.through, part.before) for part in plan.parts}
    if not any(days.values()):
        return []
    places = {folder / "data", *([] if store is None else [store.parent])}
    copies = {file for place in places for pattern in COPIES for file in place.glob(pattern) if file.is_file()}
    through = max(days.get(table, 0) for table in NAMING)
    pages = (page for name in ("bulletins", "documents") for page in _pages(folder / name, through))
    return sorted([*pages, *copies])


def _pages(folder: Path, through: int) -> Iterator[Path]:
    for file in folder.glob("*.*") if through else ():
        named = ISSUED.fullmatch(file.name)
        year = int(named[1]) if named else made_in(file) if SLIP.fullmatch(file.name) else None
        if year is not None and year <= to_date(through).year:
            yield file


def made_in(file: Path) -> int:
    """The year in which a file was last written."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).year
