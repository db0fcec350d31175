"""Purges: what they erased, and what of the chain remains of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from punchsync.core.chain import Kept
from punchsync.core.checkpoint import Checkpoint, Cut, Erased, Gone, Noted
from punchsync.core.moment import Day, Moment


class Checkpoints(Protocol):
    """Checkpoints with their erasures."""

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, by number."""
        ...

    def horizon(self) -> Day | None:
        """The last sealed day; None where there is none."""
        ...

    def reach(self) -> Erased:
        """What was erased by all of them together."""
        ...

    def noted(self) -> list[Noted]:
        """Every checkpoint with its erasures, and the digest of all of these rows as they are now."""
        ...

    def kept(self) -> Iterator[Kept]:
        """What the links of checkpoints stand for; last the erasures that are of none."""
        ...

    def results(self) -> dict[str, str]:
        """Digests of what is sealed, by table; none where nothing is."""
        ...

    def latest(self) -> Moment | None:
        """The latest plausible record of any reading; None before the first."""
        ...

    def read_after(self, day: Day) -> Mapping[str, int]:
        """The number of the first live reading of every terminal that was begun after a day."""
        ...

    def count(self, cut: Cut) -> Gone:
        """How many rows of each table a purge would erase."""
        ...

    def cut(self, cut: Cut, by: str, at: Moment) -> tuple[Checkpoint, Gone]:
        """Erase rows, note what remains, and seal what was judged, in this transaction; returns what went, by table."""
        ...
