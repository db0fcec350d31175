"""Ways to pages and actions. None can be made without saying which right it asks and whether it is noted.

The authorization matrix, the menu and the audit go by what stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fastapi import Response

from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask

Handler = Callable[[Ask], Response]


class Way(NamedTuple):
    """A method and path, the right that it asks, and its handler, which runs on a thread.

    `noted` names it in the audit; without a name it leaves no line unless it is denied. One that a page asks for
    `by_itself` keeps no login from going idle.
    """

    method: str
    path: str
    right: Right
    handler: Handler
    noted: str
    by_itself: bool = False


class Room:
    """The ways of one noun."""

    def __init__(self) -> None:
        self.ways: list[Way] = []

    def get(self, path: str, right: Right, noted: str = "", by_itself: bool = False) -> Callable[[Handler], Handler]:
        """A page, or a part of one. One that shows a person's record is noted."""
        return self._add("GET", path, right, noted, by_itself)

    def post(self, path: str, right: Right, noted: str) -> Callable[[Handler], Handler]:
        """An action; always noted, and never without the session's token."""
        return self._add("POST", path, right, noted)

    def _add(
        self, method: str, path: str, right: Right, noted: str, by_itself: bool = False
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.ways.append(Way(method, path, right, handler, noted, by_itself))
            return handler

        return add
