"""What the store says of a hall's state, for probes and metrics: in short views, costly parts only if they changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from punchsync.core.coverage import cover_all
from punchsync.core.moment import DAY, Moment, day_of
from punchsync.core.period import days_of_month
from punchsync.core.records import Terminal
from punchsync.core.stored import MonthState
from punchsync.operations.deliver import owed
from punchsync.operations.hall import Hall, known_reads
from punchsync.operations.ports import Work
from punchsync.service.duties import DIFFERS
from punchsync.service.schedule import BEGAN, KEPT_PERIODS, Planner
from punchsync.service.timeline import JobState, job_states

UNKNOWN: Final = ("pending", "unverified")
"""Verdicts that wait for something."""
NONE: Final = "none"
"""The outcome of a poll that no terminal answered."""


class Gauges(NamedTuple):
    """A terminal as its kept reads show it; `through` its coverage, `fill` the share of its log that is used.

    None: never read, showed no time, told no capacity. `live`: read over the network.
    """

    through: Moment | None
    read: Moment | None
    offset: int | None
    fill: float | None
    defects: int
    live: bool


class Outbox(NamedTuple):
    """Entries that wait for the scoring store, since when (None: none), and those in refused batches."""

    waiting: int
    since: Moment | None
    refused: int


class Facts(NamedTuple):
    """A hall's state at `now`; `began` is when it was first served (None: never), `unknown` counts by verdict.

    `succeeded` is when each job was last done well, by name, as far back as any job is owed.
    """

    now: Moment
    began: Moment | None
    terminals: Mapping[str, Gauges]
    unknown: Mapping[str, int]
    dirty: int
    outbox: Outbox | None
    attention: Mapping[str, int]
    jobs: tuple[JobState, ...]
    succeeded: Mapping[str, Moment]
    height: int
    chain: int


class Gatherer:
    """Gathers facts of one hall again and again; used by one thread at a time."""

    def __init__(self, hall: Hall, scoring: str | None) -> None:
        self._hall, self._scoring = hall, scoring
        self._terminals: tuple[object, Mapping[str, Gauges]] = None, {}
        self._unknown: tuple[object, Mapping[str, int]] = None, {}

    def gather(self, plan: Planner) -> Facts:
        """The facts now, with how the jobs of a schedule stand."""
        hall, now = self._hall, self._hall.clock.now()
        jobs = tuple(job_states(hall, plan, now))
        with hall.store.reading() as work:
            states = work.months.states()
            # Whatever changes a terminal's reads, or what they mean, is a link of the chain.
            chain = work.links.head().height
            if self._terminals[0] != (chain, day_of(now)):
                self._terminals = (chain, day_of(now)), terminals(hall, work, now)
            unsure = tuple(s for s in states.values() if s.unknown)
            if self._unknown[0] != unsure:
                self._unknown = unsure, unknown(work, unsure)
            return Facts(
                now,
                work.runs.last(BEGAN),
                self._terminals[1],
                self._unknown[1],
                sum(1 for s in states.values() if s.stale(hall.pack.digest)),
                outbox(work, self._scoring),
                opened(work),
                jobs,
                succeeded(work, [job.name for job in jobs], now),
                work.deliveries.head()[0],
                chain,
            )


def succeeded(work: Work, jobs: Iterable[str], now: Moment) -> dict[str, Moment]:
    """When each of these jobs was last done, and brought what it is for."""
    runs = work.runs.ran(jobs, now - KEPT_PERIODS * DAY, now)
    return {run.job: run.at for run in runs if run.outcome not in (NONE, DIFFERS)}


def terminals(hall: Hall, work: Work, now: Moment) -> dict[str, Gauges]:
    """Every terminal of the settings whose life is not over."""
    here = alive(hall.terminals, now)
    covers = cover_all(here, known_reads(hall, work, now))
    states, shown = work.readings.states(), work.attention.gauges()
    found: dict[str, Gauges] = {}
    for terminal in here:
        state, gauge = states.get(terminal.id), shown.get(terminal.id)
        found[terminal.id] = Gauges(
            covers[terminal.id].through,
            state.last_read if state else None,
            gauge.offset if gauge else None,
            gauge.held / gauge.capacity if gauge and gauge.capacity and gauge.held is not None else None,
            state.defects if state else 0,
            terminal.live,
        )
    return found


def alive(terminals: Iterable[Terminal], now: Moment) -> list[Terminal]:
    """The terminals of today."""
    return [t for t in terminals if t.first <= day_of(now) <= t.last]


def unknown(work: Work, months: Iterable[MonthState]) -> dict[str, int]:
    """How many checkpoints of these months wait, by verdict."""
    counts = dict.fromkeys(UNKNOWN, 0)
    for state in months:
        days = days_of_month(state.month)
        for verdict in work.months.verdicts(days[0], days[-1]):
            if verdict.verdict in counts:
                counts[verdict.verdict] += 1
    return counts


def outbox(work: Work, scoring: str | None) -> Outbox | None:
    """What waits for a scoring store, None without one."""
    if scoring is None:
        return None
    found = owed(work, scoring)
    return Outbox(found.waiting, found.since, found.refused)


def opened(work: Work) -> dict[str, int]:
    """How many states of each code need somebody."""
    counts: dict[str, int] = {}
    for state in work.attention.open():
        counts[state.code] = counts.get(state.code, 0) + 1
    return counts
