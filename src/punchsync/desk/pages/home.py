"""Where a user begins: the page of his role's day."""

from __future__ import annotations

from fastapi import Response

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.menu import menu
from punchsync.desk.room import Room

room = Room()


@room.get("/", Right.SIGNED_IN)
def home(ask: Ask) -> Response:
    """On to the first page of the menu; those who may see today's hall see that."""
    first = next(iter(menu(ask).values()))
    return ask.to(next(e.path for e in first))


@room.get("/waiting", Right.SIGNED_IN, by_itself=True)
def waiting(ask: Ask) -> Response:
    """Whether something is still being settled, for the line on top of each page."""
    return ask.page("parts/waiting.html")
