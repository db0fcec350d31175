"""What each job of the schedule does; each returns what to log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog

from punchsync.core.moment import day_of, show_day
from punchsync.operations.hall import Hall
from punchsync.operations.poll import Round, poll
from punchsync.operations.ports import Work
from punchsync.operations.settle import Settled, settle
from punchsync.service.means import Means
from punchsync.service.note import Doubted, as_of, note, note_in
from punchsync.service.schedule import BACKUP, NIGHTLY, PERIODS, POLL, PURGE, VERIFY, Job

CLOCK: Final = "clock"
"""Reads the terminals while our clock is in doubt; no job of the schedule, and not noted."""

DIFFERS: Final = "differs"
"""The outcome of a backup or a check that found differences."""

NO_COPY: Final = "no_copy"
"""The outcome of a backup that was made, but not copied to its second place."""

UNSCRUBBED: Final = "unscrubbed"
"""The outcome of a purge whose erased bytes may still be in the database's own files."""

SAMPLE: Final = 2
"""Settled months that a nightly check replays beside the current one."""

TOLD: Final = 20

Facts = dict[str, Any]

log = structlog.get_logger("punchsync.service")


def asking(means: Means, job: Job) -> Facts:
    """Read all terminals, to hear what time it is."""
    return _counts(take(means, live(means.hall)))


def reading(means: Means, job: Job) -> Facts:
    """Read all terminals and settle what changed; returns what to log."""
    facts = read(means, live(means.hall))
    note(means, job, outcome(facts["terminals"], len(facts["failed"])))
    return facts


def outcome(terminals: int, failed: int) -> str:
    """What the run table says of a round of reads."""
    if not failed:
        return "ok"
    return "part" if failed < terminals else "none"


def take(means: Means, terminals: Sequence[str]) -> Round:
    """One round of reads, settled where our clock may be believed."""
    if not terminals:
        return Round((), None)
    steady = means.keeper.steady()
    with means.witness.round(terminals):
        return poll(
            means.hall,
            means.hall.clock.now(),
            terminals,
            judging=_beating(means),
            trusted=steady,
            progress=_beating(means),
        )


def read(means: Means, terminals: Sequence[str]) -> Facts:
    """One round of reads; without terminals to read, or with none that answered, settles what is due all the same.

    Raises Doubted where our clock is in doubt after it.
    """
    done = take(means, terminals)
    settled = done.settled or settle(means.hall, as_of(means), due_only=True, progress=_beating(means))
    return {**_counts(done), **booked(settled)}


def nightly(means: Means, job: Job) -> Facts:
    """Try once more what failed, settle, and publish the day; the run is noted with the bulletin or not at all.

    One that is made up for comes after a poll of all terminals: nothing is tried again for it.
    """
    late = day_of(job.due) < day_of(means.hall.clock.now())
    facts = read(means, [] if late else silent(means.hall))
    if means.daily:
        return {**facts, **_published(means, job, "daily")}
    note(means, job, "ok")
    return facts


def period(means: Means, job: Job) -> Facts:
    """Publish the week, month or quarter that a day ends; noted with the bulletin or not at all."""
    return _published(means, job, job.name)


def backup(means: Means, job: Job) -> Facts:
    """Make the day's backup."""
    made = means.back_up(as_of(means))
    if made.differences:
        log.error("backup_differs", file=made.file.name, differences=len(made.differences))
    if made.also:
        log.error("backup_not_copied", why=made.also)
    note(means, job, DIFFERS if made.differences else NO_COPY if made.also else "ok")
    return {"file": made.file.name, "bytes": made.bytes, "removed": len(made.removed)}


def check(means: Means, job: Job) -> Facts:
    """Check the store, and replay the current month and some others: each has its turn."""
    with means.hall.store.reading() as work:
        months = sample(sorted(work.months.states()), len(work.runs.ran([VERIFY], 0, job.due)))
    found = means.verify(months)
    for one in found.differences[:TOLD]:
        # Only where: what was found there may be somebody's name.
        log.error("verify_differs", invariant=one.invariant, place=one.place)
    note(means, job, DIFFERS if found.differences else "ok")
    return {"links": found.links, "months": found.months, "differences": len(found.differences)}


def purge(means: Means, job: Job) -> Facts:
    """Erase what is past its time. What is erased is gone: only a clock that terminals agree with says when."""
    if not means.keeper.confirmed:
        raise Doubted
    done = means.purge(as_of(means))
    note(means, job, "ok" if done.scrubbed in ("", "done") else UNSCRUBBED)
    return {"erased": {what: count for what, count in done.gone.items() if count}, "scrubbed": done.scrubbed}


JOBS: Final[Mapping[str, Callable[[Means, Job], Facts]]] = {
    POLL: reading,
    NIGHTLY: nightly,
    **dict.fromkeys(PERIODS, period),
    BACKUP: backup,
    VERIFY: check,
    PURGE: purge,
    CLOCK: asking,
}


def sample(months: Sequence[str], turn: int, size: int = SAMPLE) -> list[str]:
    """The last of these months, and `size` of the others so that in successive turns each of them comes."""
    others = months[:-1]
    chosen = {others[(turn * size + n) % len(others)] for n in range(min(size, len(others)))}
    return [*sorted(chosen), *months[-1:]]


def live(hall: Hall) -> list[str]:
    """The terminals that are read over the network."""
    return [t.id for t in hall.terminals if t.live]


def silent(hall: Hall) -> list[str]:
    """The terminals whose latest read failed."""
    with hall.store.reading() as work:
        states = work.readings.states()
    return [t.id for t in hall.terminals if t.live and t.id in states and states[t.id].last_failure]


def booked(settled: Settled) -> Facts:
    """What a settle did, as counts."""
    return {
        "months": len(settled.months),
        "posts": len(settled.posts),
        "reversals": len(settled.reversals),
        "pending": settled.pending,
        "unverified": settled.unverified,
        "unpublished": list(settled.unpublished),
    }


def _counts(done: Round) -> Facts:
    return {
        "terminals": len(done.reads),
        "failed": {r.terminal: r.failure.code for r in done.reads if r.failure},
        "records": sum(r.records for r in done.reads),
        "new": sum(r.new for r in done.reads),
        "defects": sum(r.defects for r in done.reads),
        "unknown_ids": sum(len(r.strangers) for r in done.reads),
        "noticed": {r.terminal: [f.code for f in r.noticed] for r in done.reads if r.noticed},
    }


def _published(means: Means, job: Job, kind: str) -> Facts:
    def also(work: Work) -> None:
        note_in(work, means, job, "ok")

    made = means.publish(kind, job.about, also)
    return {"bulletin": show_day(job.about), "number": made.number, "provisional": made.provisional}


def _beating(means: Means) -> Callable[[int, int], None]:
    return lambda done, total: means.beat()
