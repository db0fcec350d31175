"""One's own record."""

from __future__ import annotations

from fastapi import Response

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.room import Room
from punchsync.desk.segment import segment

room = Room()


@room.get("/me", Right.PERSON_SEE)
def me(ask: Ask) -> Response:
    """On to the user's own page; an account of nobody has none."""
    own = ask.account.person
    if own in ask.known.people:
        return ask.to(f"/person/{segment(own)}")
    return ask.page("person/me.html", person=own)
