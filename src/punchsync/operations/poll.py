"""Read terminals now, each on its own, and store every reading whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from punchsync.core.moment import Day, Moment
from punchsync.core.reading import ReadFailure, Reading
from punchsync.operations.bring_in import add, strangers
from punchsync.operations.hall import Hall, month_of
from punchsync.operations.settle import Settled, not_too_early, settle

AT_ONCE = 16


class NoSuchTerminal(Exception):
    """Terminals that the settings don't have, or have without an address; carries their ids and those there are."""

    def __init__(self, ids: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(ids)
        self.ids, self.known = tuple(ids), tuple(known)


@dataclass(frozen=True, slots=True)
class Polled:
    """One terminal's read: what it brought, or why it failed."""

    terminal: str
    records: int
    new: int
    defects: int
    clock_offset: int | None
    strangers: tuple[str, ...]
    failure: ReadFailure | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round of reads, and what settling afterwards changed (None: nothing was read)."""

    reads: tuple[Polled, ...]
    settled: Settled | None

    @property
    def failed(self) -> tuple[Polled, ...]:
        """The terminals that were not read."""
        return tuple(r for r in self.reads if r.failure is not None)


def poll(
    hall: Hall,
    as_of: Moment,
    terminals: Sequence[str] = (),
    *,
    since: Day | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Round:
    """Read these terminals (none named: all with an address) side by side, then settle what changed.

    `since` also judges anew all months from that day on. Raises NoSuchTerminal, and TooEarly before anything is read.
    """
    live = [t.id for t in hall.terminals if t.live]
    unknown = [t for t in terminals if t not in live]
    if unknown:
        raise NoSuchTerminal(unknown, live)
    with hall.store.reading() as work:
        not_too_early(work, as_of)
    chosen = list(dict.fromkeys(terminals)) or live
    done: dict[str, Polled] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for future in as_completed({pool.submit(hall.reader.read, id): id for id in chosen}):
            result = store(hall, future.result())
            done[result.terminal] = result
            progress(len(done), len(chosen))
    reads = tuple(done[id] for id in chosen)
    if all(r.failure for r in reads):
        return Round(reads, None)
    if since is not None:
        with hall.store.writing() as work:
            work.months.mark(month_of(since))
    return Round(reads, settle(hall, as_of, due_only=True))


def store(hall: Hall, result: Reading | ReadFailure) -> Polled:
    """Keep one reading with its punches, coverage and marks in one transaction; or note its failure."""
    with hall.store.writing() as work:
        now = hall.clock.now()
        if isinstance(result, ReadFailure):
            work.readings.failed(result, now)
            return Polled(result.terminal, 0, 0, 0, None, (), result)
        new = add(work, result, now)
    # Only told, never stored: nobody needs to wait for it.
    with hall.store.reading() as work:
        strange = tuple(id for _terminal, id in strangers(hall, work, [result]))
    return Polled(result.terminal, len(result.rows), new, len(result.defects), result.clock_offset, strange, None)
