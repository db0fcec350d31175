"""Every invariant of a store, one a module: what was written down, what follows from it, and what was printed of it.

Everything is looked at in one view. Of each chain, table and month the first difference is named, not all that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from punchsync.core.anchor import Anchor, anchor, head_of, unheld
from punchsync.core.chain import Link, broken
from punchsync.core.checkpoint import Checkpoint, Noted, horizon_of, open_months, trusted
from punchsync.core.difference import Difference
from punchsync.core.ledger import GENESIS
from punchsync.core.stored import ChainedEntry, MonthState
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.operations.verify import conclusions, issued, ledger, months, outbox, replay, rows, sealed
from punchsync.operations.verify.packs import Packs

__all__ = ["Difference", "Verified", "verify"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked and what differs.

    `waiting` months were not replayed, for they are marked since they were settled, or never were; `unread` ones were
    judged by a pack that this version can't read any more. `concluded`: whether scores, outcomes and rankings could
    be compared. `sealed` months can't be replayed, for a purge took their punches or records: they are as it left them.
    `left_out` is how many others nobody asked for.
    """

    links: int
    entries: int
    months: int
    waiting: tuple[str, ...]
    unread: tuple[str, ...]
    concluded: bool
    head: str
    anchor: Anchor
    differences: tuple[Difference, ...]
    checkpoints: tuple[Checkpoint, ...] = ()
    sealed: tuple[str, ...] = ()
    left_out: int = 0


class Found:
    """The differences so far. Where tampered rows made a check break off, that is one too; else it is our own fault."""

    def __init__(self) -> None:
        self.differences: list[Difference] = []
        self._errors: list[Exception] = []

    def look(self, invariant: str, check: Callable[[], Iterable[Difference]]) -> None:
        """Add what a check finds."""
        found: list[Difference] = []
        try:
            found.extend(check())
        except Exception as error:
            found.append(self._broke(invariant, error))
        self.differences += found

    def load(self, invariant: str, load: Callable[[], T], otherwise: T) -> T:
        """What checks need; something else where that can't be read."""
        try:
            return load()
        except Exception as error:
            self.differences.append(self._broke(invariant, error))
            return otherwise

    def end(self, search: Callable[[], Iterable[Difference]]) -> tuple[Difference, ...]:
        """All differences, and after an error what a search for its cause finds; nothing but errors are raised."""
        only = len(self._errors) == len(self.differences)
        if self._errors:
            self.differences += [d for d in search() if d not in self.differences]
            if only and len(self._errors) == len(self.differences):
                raise self._errors[0]
        return tuple(self.differences)

    def _broke(self, invariant: str, error: Exception) -> Difference:
        self._errors.append(error)
        return Difference(invariant, "", f"{type(error).__name__}: {error}", "")


def verify(
    hall: Hall,
    progress: Callable[[int, int], None] = lambda done, total: None,
    anchors: Sequence[Anchor] = (),
    only: Collection[str] | None = None,
) -> Verified:
    """Check a store against itself, against a fresh computation and against anchors; changes nothing.

    Of the months all are computed anew, or `only` some (with those that are priced together with them).
    """
    found = Found()
    with hall.store.reading() as work:
        links: list[Link] = found.load("links", work.links.all, [])
        found.look("anchor", lambda: unheld(anchors, links))
        found.look("links", lambda: broken(links))
        noted: list[Noted] = found.load("checkpoints", work.checkpoints.noted, [])
        checkpoints = tuple(one.checkpoint for one in noted)
        horizon = horizon_of(checkpoints)
        found.look("rows", lambda: rows.check(work, links, hall.decoded, trusted(noted, links)))
        found.look("names", work.records.misnamed)
        found.look("issued", lambda: issued.check(work, links))
        found.look("values", work.months.illegible)
        chained: list[ChainedEntry] = found.load("chain", lambda: list(work.ledger.entries()), [])
        found.look("chain", lambda: ledger.check(work, chained))
        found.look("outbox", lambda: outbox.check(hall, work, chained))
        states: dict[str, MonthState] = found.load("months", work.months.states, {})
        found.look("months", lambda: months.check(work, states, chained))
        found.look("sealed", lambda: sealed.check(work, noted, links, states))
        packs = Packs(hall, work)
        unsealed = {s.month for s in states.values() if open_months([s.month], horizon)}
        ready = [s for s in states.values() if not s.waits]
        waiting: list[str] = found.load("months", lambda: months.waiting(hall, work, states), [])
        readable = [s for s in ready if s.month in unsealed and packs.of(s.pack) is not None]
        chosen = readable if only is None else replay.together(readable, only, packs)
        found.look("packs", lambda: packs.missing(used(work, ready)))
        found.look("replay", lambda: replay.check(hall, work, chosen, packs, progress))
        concluded = len(ready) == len(states) and found.load(
            "conclusions", lambda: conclusions.certain(work, links, packs), False
        )
        if concluded:
            found.look("conclusions", lambda: conclusions.check(hall, work, packs))
        else:
            found.look("scores", lambda: ledger.sums(work))
        differences = found.end(lambda: work.months.illegible(every=True))
    return Verified(
        len(links),
        len(chained),
        len(chosen),
        tuple(waiting),
        tuple(s.month for s in ready if s.month in unsealed and packs.unreadable(s.pack)),
        concluded,
        chained[-1].hash if chained else GENESIS,
        anchor(hall.id, head_of(links)),
        differences,
        checkpoints,
        tuple(sorted(states.keys() - unsealed)),
        len(readable) - len(chosen),
    )


def used(work: Work, ready: Iterable[MonthState]) -> Iterator[tuple[str, str]]:
    """The packs that judged, each with what was judged by it."""
    for state in ready:
        yield state.pack, f"hall_month {state.month}"
    run = work.runs.last_settle()
    if run is not None and run.height:  # without a height: of a version that may not have kept it
        yield run.pack, "settle_run"
