"""The months themselves: whatever is kept of one, it was settled; and which wait for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from punchsync.core.checkpoint import open_months
from punchsync.core.difference import Difference
from punchsync.core.moment import day_of
from punchsync.core.period import period_of, span_of
from punchsync.core.score import posted, posted_months
from punchsync.core.stored import ChainedEntry, MonthState
from punchsync.operations.hall import Hall, records
from punchsync.operations.ports import Work


def check(work: Work, states: Mapping[str, MonthState], chained: Sequence[ChainedEntry]) -> Iterator[Difference]:
    """The months that results or entries are of, and that say nothing of themselves: one that is not there is not
    replayed, whatever is changed in it."""
    told: set[str] = set()
    for month, what in lost(work, chained):
        if month not in states and month not in told:
            told.add(month)
            yield Difference("months", f"hall_month {month}", "", what)


def lost(work: Work, chained: Sequence[ChainedEntry]) -> Iterator[tuple[str, str]]:
    """Every month with something that is of it."""
    yield from work.months.held()
    for c in chained:
        yield period_of(c.entry.value_date, "month"), f"ledger_entry {c.entry.entry_id}"


def waiting(hall: Hall, work: Work, states: Mapping[str, MonthState]) -> list[str]:
    """The months that can't be replayed before a settle: marked since their last one, or begun by then and left out."""
    postings = records(hall, work, ("staff",)).postings
    as_of = work.runs.settled_as_of()
    begun = posted_months(postings, day_of(hall.clock.now() if as_of is None else as_of))
    begun = open_months(begun, work.checkpoints.horizon())
    never = {m for m in begun if m not in states and any(posted(postings, *span_of(m)))}
    return sorted(never | {s.month for s in states.values() if s.waits})
