"""Whose records a user sees: all of a hall's, those of his windows, of his unit, or his own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from punchsync.core.account import Account
from punchsync.core.moment import Day
from punchsync.core.records import Posting

WHOLE: Final = frozenset({"clerk", "inspector", "leader"})
"""Roles that see the whole hall."""


class Reach(NamedTuple):
    """The people and windows that a user sees; None: all there are."""

    people: frozenset[str] | None
    windows: frozenset[str] | None

    def person(self, id: str) -> bool:
        """Whether a person is within reach."""
        return self.people is None or id in self.people

    def window(self, name: str) -> bool:
        """Whether a window is."""
        return self.windows is None or name in self.windows


ALL: Final = Reach(None, None)
NOBODY: Final = Reach(frozenset(), frozenset())


def reach_of(account: Account, postings: Iterable[Posting], today: Day) -> Reach:
    """What an account's role reaches, by today's postings; a person always reaches himself.

    Who left a window or unit is out of its reach from the day after on: his record is the hall's business.
    """
    if account.role in WHOLE:
        return ALL
    own = frozenset({account.person} if account.person else ())
    now = [p for p in postings if p.first <= today <= p.last]
    if account.role == "window_lead":
        windows = frozenset(account.windows) or frozenset(p.window for p in now if p.person in own)
        return Reach(own | {p.person for p in now if p.window in windows}, windows)
    if account.role == "unit":
        theirs = [p for p in now if account.unit and p.unit == account.unit]
        return Reach(own | {p.person for p in theirs}, frozenset(p.window for p in theirs))
    return Reach(own, frozenset())
