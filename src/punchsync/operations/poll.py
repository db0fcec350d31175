"""Read terminals now, all of them at once, and store every reading whole or not at all; then settle what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from queue import Empty, SimpleQueue

import structlog

from punchsync.core.coverage import Coverage, cover_all
from punchsync.core.moment import Day, Moment, day_of, start_of
from punchsync.core.reading import Memory, ReadFailure, Reading
from punchsync.core.stored import Added
from punchsync.operations.bring_in import add, strangers
from punchsync.operations.finding import Finding
from punchsync.operations.hall import Hall, known_reads, load_known, month_of, with_stretch
from punchsync.operations.ports import Work
from punchsync.operations.settle import Settled, not_too_early, settle
from punchsync.operations.symptoms import quiet, symptoms

Came = tuple[str, Reading | ReadFailure | BaseException]
AT_ONCE = 256
"""Terminals read side by side: more than any hall has. One that is silent must not take another's turn."""

log = structlog.get_logger(__name__)


class NoSuchTerminal(Exception):
    """Terminals that the settings don't have, or have without an address; carries their ids and those there are."""

    def __init__(self, ids: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(ids)
        self.ids, self.known = tuple(ids), tuple(known)


class Untimely(Exception):
    """Nothing was kept of what was read: our clock is wrong by `off` seconds."""

    def __init__(self, off: int) -> None:
        super().__init__(off)
        self.off = off


@dataclass(frozen=True, slots=True)
class Polled:
    """One terminal's read: what it brought and what was noticed, or why it failed; `records` are all in its log."""

    terminal: str
    records: int
    new: int
    defects: int
    clock_offset: int | None
    strangers: tuple[str, ...]
    failure: ReadFailure | None
    plan: str = ""
    noticed: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """A round of reads, and what settling afterwards changed (None: nothing was read).

    `repaired` is what was known of each terminal before and after, where that changed.
    """

    reads: tuple[Polled, ...]
    settled: Settled | None
    repaired: tuple[tuple[Coverage, Coverage], ...] = ()

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
    full: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    judging: Callable[[int, int], None] = lambda done, total: None,
    trusted: Callable[[], bool] = lambda: True,
) -> Round:
    """Read these terminals (none named: all with an address) side by side, then settle what changed.

    `full` reads all of their logs, and takes a named terminal's new device for its old one's successor; `since` also
    judges anew all months from that day on. While our clock is not `trusted` they are read all the same, and nothing
    is settled. Raises NoSuchTerminal, and TooEarly before anything is read.
    """
    live = [t.id for t in hall.terminals if t.live]
    unknown = [t for t in terminals if t not in live]
    if unknown:
        raise NoSuchTerminal(unknown, live)
    chosen = list(dict.fromkeys(terminals)) or live
    with hall.store.reading() as work:
        if trusted():
            not_too_early(work, as_of)
        memories = {id: work.memories.of(id) for id in chosen}
        before = cover_all(hall.terminals, known_reads(hall, work, as_of))
    done = read(hall, memories, full=full, replaced=full and bool(terminals), progress=progress)
    reads = tuple(done[id] for id in chosen)
    if all(r.failure for r in reads) or not trusted():
        return Round(reads, None)
    if since is not None:
        with hall.store.writing() as work:
            work.months.mark(month_of(since))
    with hall.store.reading() as work:
        case = load_known(hall, work, as_of)
        after = cover_all(hall.terminals, case.reads)
        case = with_stretch(work, case, start_of(day_of(as_of)), as_of)
        answered = [r.terminal for r in reads if r.failure is None]
        noticed = {f.about: f for f in quiet(case, hall.pack, answered, as_of)}
    reads = tuple(replace(r, noticed=(*r.noticed, noticed[r.terminal])) if r.terminal in noticed else r for r in reads)
    repaired = tuple((before[id], after[id]) for id in chosen if before[id] != after[id])
    return Round(reads, settle(hall, as_of, due_only=True, progress=judging), repaired)


def read(
    hall: Hall,
    memories: Mapping[str, Memory],
    *,
    full: bool,
    replaced: bool,
    progress: Callable[[int, int], None],
) -> dict[str, Polled]:
    """Read every terminal on a thread of its own and store what came, together where several came together."""
    came: SimpleQueue[Came] = SimpleQueue()
    took: dict[str, float] = {}

    def one(id: str) -> None:
        result: Reading | ReadFailure | BaseException
        began = time.monotonic()
        try:
            result = hall.reader.read(id, memories[id], full=full, replaced=replaced, kept=True)
        except BaseException as error:
            result = error
        took[id] = time.monotonic() - began
        came.put((id, result))

    done: dict[str, Polled] = {}
    readings: list[Reading] = []
    errors: list[BaseException] = []
    left = len(memories)
    with ThreadPoolExecutor(max_workers=max(1, min(left, AT_ONCE))) as pool:
        for id in memories:
            pool.submit(one, id)
        while left:
            batch = waiting(came)
            left -= len(batch)
            errors += [r for _id, r in batch if isinstance(r, BaseException)]
            good = [r for _id, r in batch if not isinstance(r, BaseException)]
            stored, wrong = store(hall, good, memories)
            errors += wrong
            readings += [r for r in good if isinstance(r, Reading)]
            done.update((p.terminal, p) for p in stored)
            moved = {r.terminal: r.bytes_moved for r in good if isinstance(r, Reading)}
            for p in stored:
                told(p, moved.get(p.terminal, 0), took[p.terminal])
            progress(len(done), len(memories))
    if errors:
        # Every other terminal's reading is stored already.
        raise errors[0]
    # Only told, never stored: nobody needs to wait for it.
    with hall.store.reading() as work:
        strange = strangers(hall, work, readings)
    for terminal, found in groupby(strange, lambda one: one[0]):
        done[terminal] = replace(done[terminal], strangers=tuple(id for _terminal, id in found))
    return done


def told(read: Polled, moved: int, seconds: float) -> None:
    """One event for the read of a terminal: what is kept of it, or the code of its failure."""
    log.info(
        "read",
        terminal=read.terminal,
        outcome=read.failure.code if read.failure else "ok",
        plan=read.plan,
        records=read.records,
        new=read.new,
        defects=read.defects,
        offset=read.clock_offset,
        bytes=moved,
        ms=round(seconds * 1000),
    )


def waiting(came: SimpleQueue[Came]) -> list[Came]:
    """What came, at least one thing."""
    batch = [came.get()]
    while True:
        try:
            batch.append(came.get_nowait())
        except Empty:
            return batch


def store(
    hall: Hall, results: Sequence[Reading | ReadFailure], memories: Mapping[str, Memory]
) -> tuple[list[Polled], list[Exception]]:
    """Keep readings with their punches, coverage and marks, and note failures, in one transaction.

    Where that fails each gets a transaction of its own, so that one of them can't take the others along; returns what
    is kept, and why the rest is not.
    """
    if not results:
        return [], []
    try:
        with hall.store.writing() as work:
            return kept(hall, work, results, memories), []
    except Exception as error:
        if len(results) == 1:
            return [], [error]
    told: list[Polled] = []
    errors: list[Exception] = []
    for result in results:
        one, wrong = store(hall, [result], memories)
        told += one
        errors += wrong
    return told, errors


def kept(
    hall: Hall, work: Work, results: Sequence[Reading | ReadFailure], memories: Mapping[str, Memory]
) -> list[Polled]:
    """Keep results in this transaction."""
    now, most = hall.clock.now(), {t.id: t.correction for t in hall.terminals}
    for failure in results:
        if isinstance(failure, ReadFailure):
            work.readings.failed(failure, now)
    readings = [r for r in results if isinstance(r, Reading)]
    added = dict(zip((r.terminal for r in readings), add(work, readings, now), strict=True))
    return [polled(r, added.get(r.terminal), memories[r.terminal], now, most[r.terminal]) for r in results]


def polled(result: Reading | ReadFailure, added: Added | None, memory: Memory, now: Moment, most: int) -> Polled:
    """What is told of a result that is stored."""
    if isinstance(result, ReadFailure) or added is None:
        failure = result if isinstance(result, ReadFailure) else None
        return Polled(result.terminal, 0, 0, 0, None, (), failure and replace(failure, blob=b""))
    noticed = tuple(symptoms(result, memory, now, most))
    return Polled(
        result.terminal,
        result.in_log,
        added.new,
        len(result.defects),
        result.clock_offset,
        (),
        None,
        result.plan,
        noticed,
    )
