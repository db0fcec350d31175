"""The chain over all that is only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from punchsync.core.chain import Head, Kept, Link
from punchsync.core.raw import Brought


class Links(Protocol):
    """The links of a hall's chain, and what they stand for as it is now."""

    def head(self) -> Head:
        """Where the chain ends."""
        ...

    def before(self, chain: str, number: int) -> Head:
        """Where the chain ended before a link; ValueError if there is no such link."""
        ...

    def all(self) -> list[Link]:
        """Every link, by height."""
        ...

    def rows(self) -> Iterator[tuple[str, Iterable[Kept]]]:
        """Every chain of rows that have numbers, with what is kept for each of its links, by number."""
        ...

    def issued(self) -> Iterator[Kept]:
        """What was issued of every period whose last month is closed now, each table for itself."""
        ...

    def packs(self) -> list[Kept]:
        """Every pack; its link is found by what it says."""
        ...

    def entries(self) -> Iterator[Kept]:
        """Every entry of the ledger, whose digest is the ledger's own hash."""
        ...

    def terminals(self) -> list[str]:
        """Every terminal that has a reading, a punch or a defect."""
        ...

    def readings(self, terminal: str) -> Iterator[tuple[Kept, Brought | None]]:
        """A terminal's readings by number, each with the punches that it brought; last what no reading brought."""
        ...
