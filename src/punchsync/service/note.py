"""How jobs are noted in the run table: by a clock that is to be believed, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from punchsync.core.moment import Moment
from punchsync.operations.ports import Work
from punchsync.service.means import Means
from punchsync.service.schedule import BEGAN, Job


class Doubted(Exception):
    """Our clock is in doubt: what was read is kept, and nothing else is done by it."""


def begin(work: Work, now: Moment) -> None:
    """Note when the service ran for the first time here, unless that is known by a clock that was not ahead."""
    if not work.runs.ran([BEGAN], 0, now):
        work.runs.done(BEGAN, now, now, "began")


def note(means: Means, job: Job, outcome: str) -> None:
    """Note a run; raises Doubted where our clock is in doubt, or before the job's time."""
    with means.hall.store.writing() as work:
        note_in(work, means, job, outcome)


def note_in(work: Work, means: Means, job: Job, outcome: str) -> None:
    """The same in a transaction of the caller's."""
    now = as_of(means)
    if now < job.due:
        raise Doubted
    begin(work, now)
    work.runs.done(job.name, job.due, now, outcome)


def fail(means: Means, job: Job, told: Mapping[str, Any]) -> None:
    """Note that a job failed, as far as the store takes it."""
    # A store that can't take this either is what the next look will find.
    with suppress(Exception), means.hall.store.writing() as work:
        now = means.hall.clock.now()
        begin(work, now)
        work.runs.failed(job.name, job.due, now, told["error"], told["detail"])


def as_of(means: Means) -> Moment:
    """Now, by a clock that was to be believed when it was asked; raises Doubted where it was not."""
    steady = means.keeper.steady()
    now = means.hall.clock.now()
    if not steady():
        raise Doubted
    return now


def sure(means: Means) -> None:
    """Raise Doubted where our clock is in doubt: a run noted by it would keep later ones from being done."""
    if not means.keeper.trusted():
        raise Doubted
