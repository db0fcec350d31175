"""What the last settle concluded, period by period, for readers of one of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from punchsync.core.decision import Decision
from punchsync.core.outcome import Outcome, Rank
from punchsync.core.sought import Total


class Concluded(Protocol):
    """Scores, rankings and outcomes of some periods; all of them are `Months`'."""

    def ranked(self) -> list[str]:
        """The periods that have a ranking."""
        ...

    def ranks(self, period: str) -> list[Rank]:
        """A period's rankings, by subject type, rank, subject and rule."""
        ...

    def followed(self) -> list[str]:
        """The periods that have an outcome."""
        ...

    def outcomes(self, periods: Collection[str]) -> list[tuple[Outcome, Decision | None]]:
        """The outcomes of these periods in order, each with the latest decision on it."""
        ...

    def totals(
        self, periods: Collection[str], account_type: str = "", account_id: str = "", category: str = ""
    ) -> list[Total]:
        """What the accounts lost in these periods, by period, kind of account and category; without scores that others
        gave. Empty texts: all there are."""
        ...
