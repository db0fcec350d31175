"""Whether a service is alive, and whether it can do its work: facts in, a verdict with each check out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from punchsync.core.moment import HOUR, Moment
from punchsync.service.daemon import STALL
from punchsync.service.facts import Facts
from punchsync.service.pulse import State
from punchsync.service.recent import Late

STUCK: Final = 120.0
"""Seconds without a turn of the main loop, which waits for a writer for half a minute at most, until it is stuck."""
QUIET: Final = STALL
"""Seconds without progress in a job after which it hangs: the watchdog's own."""
LOCKED: Final = 30.0
"""Seconds for which somebody may write to the store at a stretch; longer than any transaction of ours takes."""
OVERDUE: Final = HOUR
"""Seconds after its time at which a job that is not done is overdue; a service that just began has as long."""

Value = str | int | float | bool | None


class Check(NamedTuple):
    """One thing that was looked at; `reason` is a word for programs, "" where all is well."""

    name: str
    ok: bool
    value: Value
    reason: str = ""


class Health(NamedTuple):
    """All that was looked at; well if each of it is."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether all is well."""
        return all(check.ok for check in self.checks)


class Trouble(NamedTuple):
    """What could not be looked at, and why: an error's kind."""

    kind: str


class Seen(NamedTuple):
    """What was found of a service just now.

    `writable` is "" where the store can be written, else why not; `free` is in bytes (None: it can't be told); `served`
    is for how many seconds it has run.
    """

    state: State
    facts: Facts | Trouble | Late
    writable: str | Late
    free: int | None
    served: float


class Limits(NamedTuple):
    """What a hall allows: bytes free at least, seconds since its freshest terminal was read at most."""

    free: int
    coverage: int


def alive(state: State) -> Health:
    """Whether the main loop goes round and the job under way gets on. Looks at nothing but the service itself."""
    loop, job = state.looked <= STUCK, state.quiet <= QUIET
    return Health(
        (
            Check("loop", loop, round(state.looked, 1), "" if loop else "stuck"),
            Check("job", job, state.doing or None, "" if job else "no_progress"),
        )
    )


def judge(seen: Seen, limits: Limits) -> Health:
    """Whether the service can do its work: it has begun, its store answers, nothing is overdue, there is room."""
    return Health((*begun(seen.state), *store(seen), *work(seen, limits)))


def begun(state: State) -> Iterator[Check]:
    """The service itself."""
    lives = all(check.ok for check in alive(state).checks)
    reason = "" if state.ready and lives else "starting" if lives else "stuck"
    yield Check("service", not reason, state.doing or None, reason)


def store(seen: Seen) -> Iterator[Check]:
    """Whether the store can be read and written; a writer that is at work is no fault."""
    facts = seen.facts
    reason = "no_answer" if isinstance(facts, Late) else facts.kind if isinstance(facts, Trouble) else ""
    yield Check("store_read", not reason, round(facts.seconds, 1) if isinstance(facts, Late) else None, reason)
    if isinstance(seen.writable, Late):
        waited = seen.writable.seconds
        yield Check("store_write", waited <= LOCKED, round(waited, 1), "" if waited <= LOCKED else "locked")
    else:
        yield Check("store_write", not seen.writable, None, seen.writable)


def work(seen: Seen, limits: Limits) -> Iterator[Check]:
    """Schedule, disk and the freshest coverage of a terminal that is read over the network."""
    facts = seen.facts if isinstance(seen.facts, Facts) else None
    if facts is None:
        yield Check("schedule", False, None, "unknown")
    else:
        late = overdue(facts, seen.served)
        yield Check("schedule", not late, ",".join(late) or None, "overdue" if late else "")
    if seen.free is None:
        yield Check("disk", False, None, "unknown")
    else:
        yield Check("disk", seen.free >= limits.free, seen.free, "" if seen.free >= limits.free else "low")
    if facts is None:
        yield Check("coverage", False, None, "unknown")
    else:
        age = coverage_age(facts)
        old = age is not None and age > limits.coverage
        yield Check("coverage", not old, age, "old" if old else "")


def overdue(facts: Facts, served: float) -> list[str]:
    """The jobs that a service had time to do, and has not done."""
    if served <= OVERDUE:
        return []
    return [job.name for job in facts.jobs if job.owed is not None and facts.now - job.owed > OVERDUE]


def coverage_age(facts: Facts) -> int | None:
    """Seconds since the freshest coverage of a live terminal; since the service first ran where none was ever read.

    None where no terminal is read over the network.
    """
    live: list[Moment | None] = [gauges.through for gauges in facts.terminals.values() if gauges.live]
    if not live:
        return None
    known = [through for through in live if through is not None] or [facts.began or facts.now]
    return max(facts.now - max(known), 0)
