"""A window's statement of account."""

from __future__ import annotations

from fastapi import Response

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.pages.person_account import shown
from punchsync.desk.room import Room
from punchsync.desk.segment import unsegment

room = Room()


@room.get("/window/{name}/statement", Right.WINDOW_SEE, "window statement")
def window_statement(ask: Ask) -> Response:
    """The page."""
    return shown(ask, "window", ask.window(unsegment(ask.path("name"))))
