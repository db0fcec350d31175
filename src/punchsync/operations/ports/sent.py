"""What is sent to a scoring store, and the store itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from punchsync.core.moment import Moment
from punchsync.core.outbox import Answer, Batch, Cut, Delivery
from punchsync.core.readback import Row
from punchsync.core.stored import ChainedEntry


class Deliveries(Protocol):
    """The outbox: batches of the ledger for scoring stores, and how each of them fared."""

    def all(self, store: str) -> list[Delivery]:
        """Every batch for a scoring store, by number."""
        ...

    def unfinished(self, store: str) -> list[Delivery]:
        """Its batches that wait or are parked, by number."""
        ...

    def stores(self) -> list[str]:
        """Every scoring store that a batch was ever made for."""
        ...

    def first_waiting(self, store: str) -> Batch | None:
        """The batch that is to be sent next, of those that are made."""
        ...

    def cut(self, store: str) -> Cut:
        """How far a store's batches reach."""
        ...

    def times(self, store: str, first: int, last: int) -> int:
        """How many batches of exactly these heights were made."""
        ...

    def add(self, store: str, batches: Iterable[Batch], at: Moment) -> None:
        """Write down batches that wait to be sent."""
        ...

    def note(self, store: str, number: int, meaning: str, detail: str, at: Moment) -> None:
        """Note what came of a try; what was taken stays taken whatever another try says."""
        ...

    def unpark(self, store: str) -> int:
        """Let the parked batches wait again; returns how many."""
        ...

    def head(self, height: int | None = None) -> tuple[int, str]:
        """A height of the ledger with its chain hash, the last one without an argument; 0 where there is none."""
        ...

    def booked_at(self, height: int) -> Moment | None:
        """When an entry was booked, by our clock."""
        ...

    def entries(self, first: int, last: int) -> list[ChainedEntry]:
        """The ledger's entries from one height to another, both included."""
        ...


class ScoringStore(Protocol):
    """Where the ledger's entries are delivered to."""

    @property
    def name(self) -> str:
        """What the outbox knows it by: kind and address, without secrets."""
        ...

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        """Send a batch, its entries in order; the same batch again is no other. Never raises for what a store does."""
        ...

    def read_back(self, most: int) -> list[Row]:
        """Every entry that is there, by entry id, as often as it is there; raises Unreadable, also beyond `most`."""
        ...

    def interrupt(self) -> None:
        """End what is under way, from another thread; nothing is sent after that."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
