"""What is so now, as Prometheus gauges: made from facts at every scrape, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from punchsync.core.attention import CODES
from punchsync.core.moment import DAY, Moment, day_of, to_date
from punchsync.service.facts import UNKNOWN, Facts
from punchsync.service.health import Limits, Seen, judge
from punchsync.service.schedule import POLL

if TYPE_CHECKING:
    from prometheus_client.core import Metric

Values = dict[tuple[str, ...], float]
"""What is shown, by the labels' values."""


class About(NamedTuple):
    """What does not change while a service runs."""

    version: str
    schema: str
    hall: str
    pack: str


class Gauges:
    """A collector for a Prometheus registry; a store that does not answer leaves its own gauges out."""

    def __init__(self, seen: Callable[[], Seen], limits: Limits, about: About, zone: ZoneInfo) -> None:
        self._seen, self._limits, self._about, self._zone = seen, limits, about, zone

    def describe(self) -> Iterator[Metric]:
        """Nothing: a registry would look at the store to learn the names."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Every gauge, by the latest look."""
        seen = self._seen()
        yield _family(
            "punchsync_info",
            "Version, schema, hall and pack of this service.",
            {tuple(self._about): 1.0},
            *About._fields,
        )
        health = judge(seen, self._limits)
        checks: Values = {(check.name,): float(check.ok) for check in health.checks}
        yield _family("punchsync_check_ok", "Whether a check of /readyz is well.", checks, "check")
        yield _one("punchsync_ready", "Whether all checks of /readyz are well.", health.ok)
        yield _one("punchsync_loop_age_seconds", "Seconds since the main loop went round.", seen.state.looked)
        yield _one("punchsync_job_quiet_seconds", "Seconds without progress in the job under way.", seen.state.quiet)
        if seen.free is not None:
            yield _one("punchsync_disk_free_bytes", "Room for the site's data.", seen.free)
        if isinstance(seen.facts, Facts):
            yield from of_facts(seen.facts, self._zone)


def of_facts(facts: Facts, zone: ZoneInfo) -> Iterator[Metric]:
    """The gauges that the store tells."""
    yield from terminals(facts)
    yield from jobs(facts, zone)
    unknown: Values = {(kind,): float(facts.unknown.get(kind, 0)) for kind in UNKNOWN}
    yield _family("punchsync_checkpoints", "Checkpoints not judged yet, as of the last settle.", unknown, "verdict")
    yield _one("punchsync_months_dirty", "Months whose records changed since they were settled.", facts.dirty)
    if facts.outbox is not None:
        kept: Values = {("waiting",): float(facts.outbox.waiting), ("refused",): float(facts.outbox.refused)}
        yield _family("punchsync_outbox_entries", "Entries that are not at the scoring store.", kept, "state")
        age = 0 if facts.outbox.since is None else max(facts.now - facts.outbox.since, 0)
        yield _one("punchsync_outbox_age_seconds", "Seconds since the oldest waiting entry was booked.", age)
    opened: Values = {(code,): float(facts.attention.get(code, 0)) for code in CODES}
    yield _family("punchsync_attention_open", "States that need somebody.", opened, "code")
    yield _one("punchsync_ledger_height", "Entries of the ledger.", facts.height)
    yield _one("punchsync_chain_height", "Links of the hall's chain.", facts.chain)


def terminals(facts: Facts) -> Iterator[Metric]:
    """What is known of each terminal; what is not known of one is left out."""
    every = facts.terminals.items()
    told: list[tuple[str, str, Mapping[str, float | None]]] = [
        (
            "punchsync_coverage_age_seconds",
            "Seconds since the moment up to which a terminal is read.",
            {id: None if t.through is None else max(facts.now - t.through, 0) for id, t in every},
        ),
        (
            "punchsync_read_age_seconds",
            "Seconds since a terminal was last read.",
            {id: None if t.read is None else max(facts.now - t.read, 0) for id, t in every},
        ),
        ("punchsync_clock_offset_seconds", "A terminal's clock minus ours.", {id: t.offset for id, t in every}),
        ("punchsync_log_fill_ratio", "Share of a terminal's log that is used.", {id: t.fill for id, t in every}),
        ("punchsync_defects", "Records of a terminal that are odd or unreadable.", {id: t.defects for id, t in every}),
    ]
    for name, words, values in told:
        known: Values = {(id,): float(value) for id, value in values.items() if value is not None}
        yield _family(name, words, known, "terminal")


def jobs(facts: Facts, zone: ZoneInfo) -> Iterator[Metric]:
    """How the jobs stand, the polls of a day as one."""
    last: Values = {}
    coming: Values = {}
    late: Values = {}
    failing: Values = {}
    for job in facts.jobs:
        kind = (kind_of(job.name),)
        done = facts.succeeded.get(job.name)
        if done is not None:
            last[kind] = max(stamp(done, zone), last.get(kind, 0.0))
        if job.next_due is not None:
            coming[kind] = min(stamp(job.next_due, zone), coming.get(kind, float("inf")))
        behind = 0 if job.owed is None else max(facts.now - job.owed, 0)
        late[kind] = max(float(behind), late.get(kind, 0.0))
        failing[kind] = failing.get(kind, 0.0) + job.trouble_times
    yield _family("punchsync_job_last_success_timestamp_seconds", "When a job was last done well.", last, "job")
    yield _family("punchsync_job_next_due_timestamp_seconds", "When a job is due next.", coming, "job")
    yield _family("punchsync_job_overdue_seconds", "For how long a job has been owed.", late, "job")
    yield _family("punchsync_job_failing", "Tries in a row that failed.", failing, "job")


def stamp(moment: Moment, zone: ZoneInfo) -> float:
    """A moment of the hall as seconds since 1970."""
    hall_midnight = datetime.combine(to_date(day_of(moment)), time(), zone)
    return (hall_midnight + timedelta(seconds=moment % DAY)).timestamp()


def kind_of(job: str) -> str:
    """A job's name without the number of a poll."""
    return POLL.rstrip("-") if job.startswith(POLL) else job


def _family(name: str, words: str, values: Values, *labels: str) -> Metric:
    from prometheus_client.core import GaugeMetricFamily

    family = GaugeMetricFamily(name, words, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family


def _one(name: str, words: str, value: float) -> Metric:
    return _family(name, words, {(): float(value)})
