"""Every invariant of a store, one a module: what was written down, what follows from it, and what was printed of it.

Everything is looked at in one view. Of each chain, table and month the first difference is named, not all that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from punchsync.core.anchor import Anchor, anchor, head_of, unheld
from punchsync.core.chain import broken
from punchsync.core.difference import Difference
from punchsync.core.ledger import GENESIS
from punchsync.operations.hall import Hall
from punchsync.operations.verify import conclusions, ledger, outbox, replay, rows
from punchsync.operations.verify.packs import Packs

__all__ = ["Difference", "Verified", "verify"]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked and what differs.

    `waiting` months were not replayed, for they are due to be settled; `unread` ones were judged by a pack that this
    version can't read any more. `concluded`: whether scores, outcomes and rankings could be compared.
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
            self._errors.append(error)
            found.append(Difference(invariant, "", f"{type(error).__name__}: {error}", ""))
        self.differences += found

    def end(self) -> tuple[Difference, ...]:
        """All differences; raises the first error if there is nothing but errors."""
        if self._errors and len(self._errors) == len(self.differences):
            raise self._errors[0]
        return tuple(self.differences)


def verify(
    hall: Hall,
    progress: Callable[[int, int], None] = lambda done, total: None,
    anchors: Sequence[Anchor] = (),
) -> Verified:
    """Check a store against itself, against a fresh computation and against anchors; changes nothing."""
    found = Found()
    with hall.store.reading() as work:
        links = work.links.all()
        found.look("anchor", lambda: unheld(anchors, links))
        found.look("links", lambda: broken(links))
        found.look("rows", lambda: rows.check(work, links, hall.decoded))
        chained = list(work.ledger.entries())
        found.look("chain", lambda: ledger.check(work, chained))
        found.look("outbox", lambda: outbox.check(hall, work, chained))
        states = work.months.states()
        packs = Packs(hall, work)
        ready = [s for s in states.values() if s.marked == s.settled]
        waiting = sorted(states.keys() - {s.month for s in ready})
        readable = [s for s in ready if packs.of(s.pack) is not None]
        found.look("packs", lambda: packs.missing(ready))
        found.look("replay", lambda: replay.check(hall, work, readable, packs, progress))
        concluded = not waiting and conclusions.certain(work, links, packs)
        if concluded:
            found.look("conclusions", lambda: conclusions.check(hall, work, packs))
        else:
            found.look("scores", lambda: ledger.sums(work))
    return Verified(
        len(links),
        len(chained),
        len(readable),
        tuple(waiting),
        tuple(s.month for s in ready if packs.unreadable(s.pack)),
        concluded,
        chained[-1].hash if chained else GENESIS,
        anchor(hall.id, head_of(links)),
        found.end(),
    )
