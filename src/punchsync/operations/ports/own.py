"""What is kept of some people, or of one account, alone: pages ask for no more than they show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

from punchsync.core.fact import Fact
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment
from punchsync.core.outcome import Rank
from punchsync.core.score import Score
from punchsync.core.stored import StoredPunch
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation


class Own(Protocol):
    """Of some people or one account: the same rows that the whole has, in the same order."""

    def verdicts(self, people: Collection[str], first: Day, last: Day) -> Iterator[Verdict]:
        """The verdicts of some people, by date, person, session, checkpoint."""
        ...

    def unknown(
        self, people: Collection[str], first: Day, last: Day, due_by: Moment | None = None
    ) -> list[tuple[Day, str, str]]:
        """The checkpoints of some people (of those due by a moment) that are `pending` or `unverified`.

        Date, person, verdict of each.
        """
        ...

    def violations(self, first: Day, last: Day, person: str = "", window: str = "") -> list[Violation]:
        """The standing violations of a person, or of a window and its people."""
        ...

    def entries(self, first: Day, last: Day, people: Collection[str], windows: Collection[str]) -> list[Entry]:
        """The entries of these people's and windows' accounts by value date, in the order of booking."""
        ...

    def tallies(self, months: Iterable[str], people: Collection[str]) -> list[Tally]:
        """The tallies of some people."""
        ...

    def facts(self, months: Iterable[str], subject_type: str, subject_id: str = "") -> list[Fact]:
        """What some months say of all people or windows, or of one."""
        ...

    def scores(self, account_type: str, account_id: str) -> list[Score]:
        """The score rows of an account."""
        ...

    def points(self, period: str, account_type: str) -> list[Score]:
        """The score rows of all accounts of a kind in a period, without what others gave."""
        ...

    def ranks(self, subject_type: str, subject_id: str, periods: Collection[str]) -> list[tuple[Rank, int]]:
        """The ranks of a person or window in some periods, each with how many were ranked."""
        ...

    def records(self, kind: str, text: str) -> Mapping[str, Mapping[str, str]]:
        """The latest bodies of a kind's records in which a text stands, withdrawn ones included, by key."""
        ...

    def stored(self, users: Mapping[str, Collection[str]], first: Moment, last: Moment) -> list[StoredPunch]:
        """What some users, by terminal, punched in a stretch as its clock wrote it, with all that is kept, by time."""
        ...
