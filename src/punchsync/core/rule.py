"""What every rule of a pack has: an id, its words, its sources, and the days on which it is in force.

An amendment is a new rule beside the old one; a day is judged by what held that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from punchsync.core.moment import Day
from punchsync.core.records import FIRST_DAY, LAST_DAY

Cites = tuple[tuple[str, str], ...]  # document id, article


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule has: an id, what it says in the pack's words, its sources, the days on which it is in force."""

    id: str
    says: str
    cites: Cites
    first: Day = FIRST_DAY
    last: Day = LAST_DAY

    def on(self, day: Day) -> bool:
        """Whether the rule is in force on a day."""
        return self.first <= day <= self.last


R = TypeVar("R", bound=Rule)


def on(rules: Iterable[R], day: Day) -> R | None:
    """The first of these rules that is in force on a day."""
    return next((r for r in rules if r.first <= day <= r.last), None)
