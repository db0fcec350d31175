"""What the use cases ask of the outside: protocols of the store, of terminals, scoring stores and the clock."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from punchsync.operations.ports.accounts import Accounts, Sessions, Tokens
from punchsync.operations.ports.attention import Attention, Channel, Notices
from punchsync.operations.ports.checkpoints import Checkpoints
from punchsync.operations.ports.concluded import Concluded
from punchsync.operations.ports.contacts import Contacts
from punchsync.operations.ports.judged import Ledger, Months, Runs
from punchsync.operations.ports.linked import Links
from punchsync.operations.ports.outside import Clock, TerminalReader
from punchsync.operations.ports.own import Own
from punchsync.operations.ports.papers import Appeals, Closings, Decisions, Papers, Printing
from punchsync.operations.ports.sent import Deliveries, ScoringStore
from punchsync.operations.ports.taken import Body, Defects, Memories, Punches, Readings, Records, Stored

__all__ = [
    "Accounts",
    "Appeals",
    "Attention",
    "Body",
    "Channel",
    "Checkpoints",
    "Clock",
    "Closings",
    "Concluded",
    "Contacts",
    "Decisions",
    "Defects",
    "Deliveries",
    "Ledger",
    "Links",
    "Memories",
    "Months",
    "Notices",
    "Own",
    "Papers",
    "Printing",
    "Punches",
    "Readings",
    "Records",
    "Runs",
    "ScoringStore",
    "Sessions",
    "Store",
    "Stored",
    "TerminalReader",
    "Tokens",
    "Work",
]


class Work(Protocol):
    """One transaction on a hall's store."""

    @property
    def records(self) -> Records: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def memories(self) -> Memories: ...
    @property
    def defects(self) -> Defects: ...
    @property
    def punches(self) -> Punches: ...
    @property
    def months(self) -> Months: ...
    @property
    def concluded(self) -> Concluded: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def own(self) -> Own: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def papers(self) -> Papers: ...
    @property
    def printing(self) -> Printing: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def closings(self) -> Closings: ...
    @property
    def appeals(self) -> Appeals: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def links(self) -> Links: ...
    @property
    def stored(self) -> Stored: ...
    @property
    def checkpoints(self) -> Checkpoints: ...
    @property
    def attention(self) -> Attention: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def contacts(self) -> Contacts: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def tokens(self) -> Tokens: ...


class Store(Protocol):
    """A hall's store: reading and writing in transactions that are wholly there or not at all."""

    def reading(self) -> AbstractContextManager[Work]:
        """A consistent view."""
        ...

    def writing(self) -> AbstractContextManager[Work]:
        """A transaction that excludes other writers; committed at the end, undone on any exception."""
        ...

    def scrub(self) -> str:
        """Take what was erased out of the database's own files: `done`, `busy`, `full`, or `by_hand` where we can't."""
        ...
