"""Takes what a scoring store has beyond a restored ledger back into it, as it was, so that nothing is booked twice.

The next settle reverses what of it no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

from punchsync.core.ledger import Entry, Plan
from punchsync.core.moment import parse_day
from punchsync.core.outbox import DELIVERED, ranges
from punchsync.core.period import period_of
from punchsync.core.readback import COLUMNS, ENTRY_ID, Row, by_id, texts
from punchsync.operations.deliver import SPARE, make
from punchsync.operations.hall import Hall
from punchsync.operations.ports import ScoringStore, Work


class Unfit(ValueError):
    """Entries of a scoring store that don't go on where the ledger ends; carries the first such entry id."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


def take_back(hall: Hall, store: ScoringStore, size: int) -> int:
    """Append what a scoring store has beyond the ledger, note what it has as delivered, and go on; returns how many.

    Raises Unreadable, and Unfit where the store has what can't have been booked after the ledger's last entry.
    """
    with hall.store.reading() as work:
        height = work.deliveries.head()[0]
    found = by_id(store.read_back(2 * height + SPARE))
    now = hall.clock.now()
    with hall.store.writing() as work:
        height = work.deliveries.head()[0]
        known = {c.entry.entry_id for c in work.deliveries.entries(1, height)}
        entries = [entry(found[id], hall.pack.digest) for id in sorted(found.keys() - known)]
        for n, e in enumerate(entries, height + 1):
            if e.entry_id != f"E{n:08d}":
                raise Unfit(e.entry_id)
        booked = work.ledger.append(Plan((), tuple(entries)), now)
        for e in booked:
            if texts(e) != found[e.entry_id]:
                raise Unfit(e.entry_id)
        note_delivered(hall, work, store.name, found.keys(), size)
        if booked:
            work.months.mark(period_of(min(e.value_date for e in booked), "month"))
        work.runs.release()
    return len(booked)


def note_delivered(hall: Hall, work: Work, store: str, there: Iterable[str], size: int) -> None:
    """Make batches of what no batch holds yet, those that a scoring store has apart from those it has not."""
    ids = set(there)
    cut = work.deliveries.cut(store)
    number = cut.number
    waiting = work.deliveries.entries(cut.height + 1, work.deliveries.head()[0])
    for present, some in groupby(waiting, key=lambda c: c.entry.entry_id in ids):
        for first, last in ranges((c.height for c in some), size):
            number += 1
            batch = make(hall, work, store, number, first, last)
            if present:
                work.deliveries.note(store, batch.number, DELIVERED, "", hall.clock.now())


def entry(row: Row, pack: str) -> Entry:
    """An entry as a scoring store gives it; raises Unfit for what is none."""
    said = dict(zip(COLUMNS, row, strict=True))
    try:
        return Entry(
            said["entry_id"], parse_day(said["booked_on"]), said["cause"], int(said["revision"]),
            said["account_type"], said["account_id"], said["category"], said["period"], Decimal(said["points"]),
            said["rule"], said["article"], parse_day(said["value_date"]), said["reverses"], pack,
        )  # fmt: skip
    except (ValueError, ArithmeticError):
        raise Unfit(row[ENTRY_ID]) from None
