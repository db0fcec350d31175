"""Deliver the ledger to a scoring store, exactly once in effect, whatever fails; and compare what is there.

No transaction on our store is open while the scoring store is spoken to. A batch is written down before it is sent, and
what came of it afterwards: killed between the two, it is sent again under the same key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, NamedTuple

from punchsync.core.moment import Moment
from punchsync.core.outbox import (
    AGAIN,
    DELIVERED,
    PARKED,
    Answer,
    Batch,
    Delivery,
    Flaw,
    flaws,
    key_of,
    latest,
    next_range,
    pause,
    ranges,
)
from punchsync.core.readback import Difference, Row, by_id, differences, texts
from punchsync.operations.hall import Hall
from punchsync.operations.hold import not_held
from punchsync.operations.ports import ScoringStore, Work

Turn = Callable[[], AbstractContextManager[bool]]
"""Yields whether nobody else sends now, and that nobody does until it is left."""

BUSY: Final = Answer("again", "busy")
SPARE: Final = 10_000
"""Entries beyond twice the ledger that a scoring store may hold before it is not read on."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What of the ledger is not at a scoring store: entries that wait, since when (None for none), refused batches."""

    waiting: int
    since: Moment | None
    parked: tuple[Delivery, ...]
    tried: Delivery | None  # the batch that holds back the others, if it was tried

    @property
    def refused(self) -> int:
        """How many entries the parked batches hold."""
        return sum(d.batch.last - d.batch.first + 1 for d in self.parked)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: entries and batches delivered, batches parked in it, the last answer if that was no good."""

    entries: int
    batches: int
    parked: int
    failed: Answer | None
    owed: Owed


class Compared(NamedTuple):
    """A scoring store read back: its entries, and every difference; `owed` may be there or not."""

    read: int
    entries: int
    differences: tuple[Difference, ...]
    owed: Owed
    missing: tuple[int, ...]  # heights


def push(
    hall: Hall,
    store: ScoringStore,
    size: int,
    *,
    patience: float = 0.0,
    turn: Turn = lambda: nullcontext(True),
    stopping: Callable[[], bool] = lambda: False,
    rest: Callable[[float], object] = time.sleep,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pushed:
    """Deliver what waits, batch after batch in order; one that is refused is parked, any other failure holds back.

    After a failure tries again until `patience` seconds have passed without a batch delivered.
    """
    entries = batches = parked = failures = 0
    failed: Answer | None = None
    since = time.monotonic()
    total = standing(hall, store.name).waiting
    while not stopping():
        with turn() as mine:
            batch, rows = prepare(hall, store.name, size) if mine else (None, [])
            if mine and batch is None:
                failed = None
                break
            answer = BUSY if batch is None else store.deliver(batch, rows)
            if answer.meaning == AGAIN and stopping():
                failed = answer  # broken off by us, which says nothing of the store
                break
            if batch is not None:
                note(hall, store.name, batch, answer)
        if answer.meaning == AGAIN:
            failed, failures = answer, failures + 1
            wait = pause(failures, answer.after)
            if time.monotonic() + wait > since + patience:
                break
            rest(wait)
            continue
        failed, failures, since = None, 0, time.monotonic()
        if answer.meaning == DELIVERED:
            entries, batches = entries + len(rows), batches + 1
        else:
            parked += 1
        progress(entries, max(total, entries))
    return Pushed(entries, batches, parked, failed, standing(hall, store.name))


def prepare(hall: Hall, store: str, size: int) -> tuple[Batch | None, list[Row]]:
    """The batch to be sent next with its rows, written down before it is handed out; None where nothing waits.

    Raises Unreconciled.
    """
    with hall.store.reading() as work:
        not_held(hall, work)
        found = peek(work, store)
        if found is None and next_range(work.deliveries.cut(store), work.deliveries.head()[0], size) is None:
            return None, []
        if found is not None:
            return found, rows_of(work, found)
    with hall.store.writing() as work:
        batch = peek(work, store) or append(hall, work, store, size)
        return batch, rows_of(work, batch) if batch else []


def peek(work: Work, store: str) -> Batch | None:
    """The first batch that waits."""
    return work.deliveries.first_waiting(store)


def append(hall: Hall, work: Work, store: str, size: int) -> Batch | None:
    """Make the next batch of what no batch holds yet."""
    cut = work.deliveries.cut(store)
    stretch = next_range(cut, work.deliveries.head()[0], size)
    return None if stretch is None else make(hall, work, store, cut.number + 1, *stretch)


def make(hall: Hall, work: Work, store: str, number: int, first: int, last: int) -> Batch:
    """Write down a batch that waits."""
    times = work.deliveries.times(store, first, last)
    batch = Batch(number, first, last, key_of(hall.id, first, last, work.deliveries.head(last)[1], times))
    work.deliveries.add(store, [batch], hall.clock.now())
    return batch


def rows_of(work: Work, batch: Batch) -> list[Row]:
    """A batch's entries as scoring stores get them."""
    return [texts(chained.entry) for chained in work.deliveries.entries(batch.first, batch.last)]


def note(hall: Hall, store: str, batch: Batch, answer: Answer) -> None:
    """Note what came of a try."""
    detail = ": ".join(part for part in (answer.code, answer.detail) if part)
    with hall.store.writing() as work:
        work.deliveries.note(store, batch.number, answer.meaning, detail, hall.clock.now())


def standing(hall: Hall, store: str) -> Owed:
    """What of the ledger is not delivered yet."""
    with hall.store.reading() as work:
        return owed(work, store)


def owed(work: Work, store: str) -> Owed:
    """The same within a view."""
    unfinished = work.deliveries.unfinished(store)
    waiting = [d for d in unfinished if d.state != PARKED]
    reach, height = work.deliveries.cut(store).height, work.deliveries.head()[0]
    moments = [d.made_at for d in waiting]
    if height > reach and (booked := work.deliveries.booked_at(reach + 1)) is not None:
        moments.append(booked)
    return Owed(
        sum(d.batch.last - d.batch.first + 1 for d in waiting) + max(height - reach, 0),
        min(moments, default=None),
        tuple(d for d in unfinished if d.state == PARKED),
        next((d for d in waiting if d.tries), None),
    )


def unpark(hall: Hall, store: str) -> int:
    """Let the batches that were refused wait again, in their order; returns how many."""
    with hall.store.writing() as work:
        return work.deliveries.unpark(store)


def reconcile(hall: Hall, store: ScoringStore) -> Compared:
    """Read a scoring store back and compare it with the ledger; raises Unreadable.

    What is delivered meanwhile is there and not expected; what is expected was delivered before.
    """
    with hall.store.reading() as work:
        height, _head = work.deliveries.head()
        states = latest(work.deliveries.all(store.name))
    found = store.read_back(2 * height + SPARE)
    with hall.store.reading() as work:
        height = work.deliveries.head()[0]
        entries = work.deliveries.entries(1, height)
        left = owed(work, store.name)
    rows = {c.height: texts(c.entry) for c in entries}
    delivered = by_id(rows[h] for h, state in states.items() if state == DELIVERED and h in rows)
    different = tuple(differences(delivered, by_id(rows.values()), found))
    heights = {c.entry.entry_id: c.height for c in entries}
    missing = tuple(sorted(heights[d.entry_id] for d in different if d.kind == "missing"))
    return Compared(len(found), len(rows), different, left, missing)


def resend(hall: Hall, store: str, heights: tuple[int, ...], size: int) -> int:
    """Make new batches of entries that a scoring store has lost, which wait like any other; returns how many."""
    with hall.store.writing() as work:
        states = latest(work.deliveries.all(store))
        lost = [h for h in heights if states.get(h) == DELIVERED]
        number = work.deliveries.cut(store).number
        for count, (first, last) in enumerate(ranges(lost, size), 1):
            make(hall, work, store, number + count, first, last)
        return len(lost)


def check_outbox(hall: Hall, work: Work, heads: Mapping[int, str]) -> Iterator[Flaw]:
    """What of the outbox does not follow from the ledger, for every scoring store there ever was.

    `heads`: the ledger's chain hashes by height, computed anew by whoever verifies.
    """
    for store in work.deliveries.stores():
        yield from flaws(hall.id, store, work.deliveries.all(store), heads)
