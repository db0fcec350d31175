"""The outbox against the ledger: batches go on where those before them ended, under the key of what they hold.

And the scoring store itself, where it can be read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from punchsync.core.difference import Difference
from punchsync.core.stored import ChainedEntry
from punchsync.operations.deliver import check_outbox, reconcile
from punchsync.operations.hall import Hall
from punchsync.operations.ports import ScoringStore, Work
from punchsync.operations.verify.ledger import heads


def check(hall: Hall, work: Work, chained: Sequence[ChainedEntry]) -> Iterator[Difference]:
    """The first flaw of every scoring store that there ever was."""
    told: set[str] = set()
    for flaw in check_outbox(hall, work, heads(chained)):
        store = flaw.place.partition(" ")[0]
        if store not in told:
            told.add(store)
            yield Difference("outbox", f"delivery {flaw.place}", flaw.found, flaw.right)


def delivered(hall: Hall, store: ScoringStore) -> Iterator[Difference]:
    """The first difference between a scoring store, read back, and the ledger; raises Unreadable."""
    for found in reconcile(hall, store).differences[:1]:
        place = f"{store.name} {found.entry_id}"
        if found.kind == "different":
            yield Difference("scoring", place, f"{found.column}={found.found}", f"{found.column}={found.right}")
        elif found.kind == "doubled":
            yield Difference("scoring", place, f"rows={found.found}", f"rows={found.right}")
        else:
            there, ours = (found.entry_id, "") if found.kind == "unknown" else ("", found.entry_id)
            yield Difference("scoring", place, there, ours)
