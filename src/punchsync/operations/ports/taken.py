"""What is taken in and kept: imported records, readings, memories, defects, punches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from punchsync.core.clock import Look
from punchsync.core.difference import Difference
from punchsync.core.moment import Moment
from punchsync.core.reading import Defect, Memory, ReadFailure, Reading
from punchsync.core.records import Doubt, Punch, Read
from punchsync.core.stored import Added, IdDay, ReadingNote, ReadRow, StoredPunch, Taken, TerminalState, Version

Body = Mapping[str, str]


class Records(Protocol):
    """Imported records, kind by kind: every version is kept, the latest of a key counts."""

    def put(self, kind: str, rows: Sequence[tuple[str, Body]], at: Moment) -> int:
        """Store new versions of those that differ from what is there; returns how many did."""
        ...

    def all(self, kind: str) -> dict[str, dict[str, str]]:
        """The latest body of every key, withdrawn ones included."""
        ...

    def unlike(self, kind: str, rows: Sequence[tuple[str, Body]]) -> list[tuple[str, Body]]:
        """Those that differ from the latest version of their key."""
        ...

    def versions(self, kind: str) -> Iterator[Version]:
        """Every version of a kind, by key and version."""
        ...

    def history(self, kind: str, keys: Collection[str]) -> list[Version]:
        """Every version of some records, by key and version."""
        ...

    def misnamed(self) -> Iterator[Difference]:
        """Names that are not those that were written down."""
        ...

    def firsts(self, kind: str, column: str) -> dict[str, str]:
        """What a column said in the first version of every key whose versions differ in it."""
        ...

    def newest(self) -> int:
        """The number of the latest batch of any kind; it grows with every record that is stored."""
        ...


class Readings(Protocol):
    """Reads and files of terminals, and the punches they brought."""

    def add(self, reading: Reading, at: Moment) -> Added:
        """Store a reading with its new punches and its defects, in this transaction."""
        ...

    def failed(self, failure: ReadFailure, at: Moment) -> None:
        """Note that a terminal could not be read."""
        ...

    def reads(self, latest: Moment) -> list[Read]:
        """Every reading as coverage asks; records before 2020 or after `latest` are not plausible."""
        ...

    def looks(self) -> Mapping[str, Sequence[Look]]:
        """How the clock stood at each live read of every terminal whose clock was ever off."""
        ...

    def notes(self, numbers: Iterable[int]) -> dict[int, ReadingNote]:
        """What is kept of these readings, by number."""
        ...

    def states(self) -> dict[str, TerminalState]:
        """What is known of each terminal that was ever read or tried."""
        ...

    def listed(self, terminal: str, skip: int, most: int) -> tuple[int, list[ReadRow]]:
        """How many readings there are of a terminal, and some of them, the latest first."""
        ...

    def offsets(self, terminal: str, since: Moment) -> list[tuple[Moment, int]]:
        """When a terminal was read live since a moment, and how far its clock was off then, in order."""
        ...


class Memories(Protocol):
    """What is remembered of each terminal between its reads."""

    def of(self, terminal: str) -> Memory:
        """All that is known of a terminal when it is read; an empty memory before its first read."""
        ...

    def set_aside(self) -> Mapping[str, tuple[Moment, str, bytes]]:
        """The logs put aside because they were not understood: when, what was found, the bytes, by terminal."""
        ...


class Defects(Protocol):
    """Records of terminals that could not be read as a punch, or are odd."""

    def all(self) -> list[tuple[str, Defect]]:
        """All defects, with their terminals."""
        ...

    def count(self) -> int:
        """How many defects there are."""
        ...

    def latest(self, skip: int, most: int) -> list[tuple[str, Defect]]:
        """Some of them, with their terminals, those that came last first."""
        ...

    def doubts(self) -> list[Doubt]:
        """Whom the defects may be of, and when they were made."""
        ...


class Punches(Protocol):
    """Punches as taken."""

    def between(self, first: Moment, last: Moment, but: Collection[str] = ()) -> list[Punch]:
        """The punches of a stretch, both ends included, every occurrence, but those of some terminals."""
        ...

    def numbered(self, terminal: str, first: Moment, last: Moment) -> list[tuple[str, Moment, int]]:
        """A terminal's punches of a stretch as written by its clock: device user id, time, number."""
        ...

    def counted(self, terminal: str, first: int, last: int) -> list[tuple[str, Moment, int]]:
        """A terminal's punches by their numbers, both ends included: device user id, time, number."""
        ...

    def of_users(
        self, terminal: str, users: Collection[str], first: Moment, last: Moment
    ) -> list[tuple[str, Moment, int]]:
        """What some users punched at a terminal in a stretch as its clock wrote it: device user id, time, number."""
        ...

    def stored(self, first: Moment, last: Moment) -> Iterator[StoredPunch]:
        """The same with all that is kept of them, by time."""
        ...

    def taken(self, first: Moment, last: Moment) -> list[Taken]:
        """The punches of a stretch as written by the clocks, both ends included, by terminal and time."""
        ...

    def days_of(self, terminal: str, ids: Collection[str]) -> list[IdDay]:
        """On which days these device user ids punched at a terminal, by its clock."""
        ...

    def strange(self, terminal: str | None = None) -> list[tuple[str, str]]:
        """Every (terminal, device user id) that ever punched."""
        ...


class Stored(Protocol):
    """Any table's rows as they are stored."""

    def rows(
        self, table: str, column: str = "", values: Collection[str] = (), **same: object
    ) -> Iterator[dict[str, Any]]:
        """A table's rows by their key, without the hall; of some values in a column, and of the `same`."""
        ...
