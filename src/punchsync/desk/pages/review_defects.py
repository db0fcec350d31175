"""Records of terminals that can't be read as a punch: their bytes, the reason, and whose they may be."""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi import Response

from punchsync.core.moment import day_of
from punchsync.core.owners import Owners
from punchsync.core.reading import Defect
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.pages.review import tabs
from punchsync.desk.review.queue import owners
from punchsync.desk.room import Room

room = Room()
ROWS: Final = 50
BYTES: Final = 64
"""Bytes that are shown; records of terminals have 8 to 52, a broken line of a file may be longer."""


class Line(NamedTuple):
    """A defect as it is shown; no `people`: anybody's who uses the terminal."""

    terminal: str
    defect: Defect
    hex: str
    more: int
    users: tuple[str, ...]
    people: tuple[str, ...]


@room.get("/review/defects", Right.REVIEW_SEE, "defects")
def show(ask: Ask) -> Response:
    """The list, those that came last first."""
    with ask.hall.store.reading() as work:
        total = work.defects.count()
        page, pages = ask.paged(total, ROWS)
        found = work.defects.latest((page - 1) * ROWS, ROWS)
    rows = [line(terminal, defect, owners(ask)) for terminal, defect in found]
    return ask.page("review/defects.html", tabs=tabs(ask), rows=rows, total=total, page=page, pages=pages)


def line(terminal: str, defect: Defect, whose: Owners) -> Line:
    """A defect with whose it may be on the first and the last day on which it may have been made."""
    days = {day_of(m) for m in (defect.first, defect.last) if m is not None}
    people = {whose.of(terminal, user, day) for user in defect.users for day in days} - {None}
    raw = defect.raw
    return Line(
        terminal, defect, raw[:BYTES].hex(" "), max(0, len(raw) - BYTES), defect.users,
        tuple(sorted(p for p in people if p)),
    )  # fmt: skip
