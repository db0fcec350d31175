"""What people decide and what is issued: packs and bulletins, decisions, closings, appeals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from punchsync.core.appeal import Appeal, AppealDecision, Evidence
from punchsync.core.closing import Closing
from punchsync.core.decision import Decision, Place
from punchsync.core.moment import Moment
from punchsync.core.sought import Edition, Issued, KeptPack, Owed


class Papers(Protocol):
    """Packs as they judged, and bulletins as they were issued."""

    def keep_pack(self, digest: str, text: str, at: Moment) -> None:
        """Keep a pack's text under its digest."""
        ...

    def pack(self, digest: str) -> str | None:
        """A kept pack's text."""
        ...

    def issue(self, kind: str, period: str, content: str, at: Moment) -> int:
        """Keep a bulletin as issued; the same content for the same period keeps its number. Returns the number."""
        ...

    def issued(self, kind: str, most: int, skip: int = 0) -> list[Issued]:
        """Bulletins as issued, the newest first, of one kind or (empty) of all: at most so many after so many."""
        ...

    def bulletin(self, kind: str, year: str, number: int) -> tuple[Issued, str] | None:
        """One bulletin with its text."""
        ...

    def edition(self, kind: str, year: str, number: int) -> Edition:
        """When a bulletin was issued, and which one of its period it replaces; raises KeyError for none."""
        ...

    def newest(self, kind: str, period: str) -> int | None:
        """The number of a period's newest bulletin; None without one."""
        ...

    def packs(self) -> list[KeptPack]:
        """The packs that are kept, the newest first."""
        ...

    def told(self, kind: str, period: str) -> int | None:
        """The ledger's height when the bulletin of the latest period before this one was first issued; None without."""
        ...


class Printing(Protocol):
    """Which issued bulletins have files that are still to be printed."""

    def owe(self, kind: str, year: str, number: int) -> None:
        """Note that a bulletin is to be printed; noting it twice is noting it once."""
        ...

    def owed(self) -> list[Owed]:
        """The bulletins still to be printed, by kind, year and number."""
        ...

    def tried(self, owed: Owed) -> None:
        """Note a try that failed."""
        ...

    def done(self, owed: Owed) -> None:
        """Nothing is left to be printed of it, or nobody tries any more."""
        ...


class Decisions(Protocol):
    """Decisions on outcomes by named people."""

    def decide(self, place: Place, state: str, by: str, note: str, at: Moment) -> Decision:
        """Add a decision and return it with its number."""
        ...

    def all(self) -> list[Decision]:
        """Every decision in the order they were taken."""
        ...


class Closings(Protocol):
    """Months closed and opened again."""

    def closed(self) -> set[str]:
        """The months that are closed now."""
        ...

    def add(self, month: str, action: str, by: str, reason: str, at: Moment) -> Closing:
        """Note that a month was closed or opened again (`close`, `reopen`)."""
        ...

    def all(self) -> list[Closing]:
        """Every closing and reopening in the order they were done."""
        ...


class Appeals(Protocol):
    """Appeals with their evidence, and the decisions on them."""

    def file(self, filed: Appeal, files: Sequence[Evidence], at: Moment) -> Appeal:
        """Add an appeal with its evidence and return it with its number."""
        ...

    def decide(self, decision: AppealDecision, at: Moment) -> None:
        """Add the decision on an appeal that has none yet."""
        ...

    def all(self) -> list[Appeal]:
        """Every appeal in the order of filing."""
        ...

    def undecided(self) -> list[Appeal]:
        """The appeals without a decision, in the order of filing."""
        ...

    def files(self, number: int) -> list[tuple[int, str, str, int]]:
        """The files of an appeal without their bytes: place, name, SHA-256, size."""
        ...

    def decisions(self) -> list[AppealDecision]:
        """Every decision by the number of its appeal."""
        ...

    def evidence(self, number: int) -> list[Evidence]:
        """The files of an appeal in their order."""
        ...
