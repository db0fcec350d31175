"""Metrics for Prometheus: counters fed by the canonical events of the log, gauges looked up at every scrape.

What is counted is what is logged, at one place: a figure here and the lines of the journal can't drift apart. Labels
are terminals, jobs and words of ours; nothing here names a person. Counters begin at 0 with the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics import disable_created_metrics

from punchsync import __version__
from punchsync.core.moment import day_of
from punchsync.service.gauges import About, Gauges, kind_of
from punchsync.service.schedule import schedule_of
from punchsync.service.watch import Watch
from punchsync.store.migrations import REVISIONS

if TYPE_CHECKING:
    from punchsync.bootstrap import Site

WEEK: Final = 7
"""Days in which every job comes that is worth a series from the start."""
SECONDS: Final = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)


def metrics_of(site: Site, watch: Watch) -> Metrics:
    """The metrics of a site that is watched."""
    settings = site.settings
    about = About(__version__, REVISIONS[-1], settings.hall.id, site.hall.pack.id)
    gauges = Gauges(watch.seen, watch.limits, about, ZoneInfo(settings.hall.timezone))
    terminals = [t.id for t in site.hall.terminals if t.live]
    today = day_of(site.hall.clock.now())
    plan = schedule_of(settings, site.hall.pack)
    return Metrics(gauges, terminals, [job.name for day in range(today, today + WEEK) for job in plan(day)])


class Metrics:
    """A registry of its own; `note` is shown every event, `exposition` is what a scrape gets."""

    def __init__(self, gauges: Gauges, terminals: Iterable[str] = (), jobs: Iterable[str] = ()) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a line for each series that nobody asks for
        self._registry = CollectorRegistry()
        self._registry.register(gauges)
        ProcessCollector(registry=self._registry)
        self._reads = self._counter("reads", "Reads of a terminal, by how they ended.", "terminal", "outcome")
        self._read_seconds = self._histogram("read_duration", "How long a read took.")
        self._bytes = self._counter("read_bytes", "Bytes moved by reads.", "terminal")
        self._punches = self._counter("punches_new", "Punches that were not known.", "terminal")
        self._jobs = self._counter("jobs", "Jobs, by how they ended.", "job", "outcome")
        self._job_seconds = self._histogram("job_duration", "How long a job took.", "job")
        self._settle_seconds = self._histogram("settle_duration", "How long a settle took.")
        self._entries = self._counter("ledger_entries", "Entries booked.", "kind")
        self._delivered = self._counter("delivered_entries", "Entries that a scoring store took.")
        self._pushes = self._counter("pushes", "Deliveries, by how they ended.", "outcome")
        self._begin(terminals, jobs)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All of it in the form that is asked for, with its content type."""
        encode, kind = choose_encoder(accept)
        return encode(self._registry), kind

    def note(self, event: Mapping[str, Any]) -> None:
        """Count an event of the log, if it is one that counts."""
        counts = self._counts.get(str(event.get("event")))
        if counts is not None:
            counts(self, event)

    def _read(self, event: Mapping[str, Any]) -> None:
        terminal = event["terminal"]
        self._reads.labels(terminal, event["outcome"]).inc()
        self._read_seconds.observe(event["ms"] / 1000)
        self._bytes.labels(terminal).inc(event["bytes"])
        self._punches.labels(terminal).inc(event["new"])

    def _job(self, event: Mapping[str, Any]) -> None:
        kind = kind_of(event["job"])
        self._jobs.labels(kind, event["event"].removeprefix("job_")).inc()
        self._job_seconds.labels(kind).observe(event["ms"] / 1000)

    def _settled(self, event: Mapping[str, Any]) -> None:
        self._settle_seconds.observe(event["ms"] / 1000)
        self._entries.labels("post").inc(event["posts"])
        self._entries.labels("reversal").inc(event["reversals"])

    def _pushed(self, event: Mapping[str, Any]) -> None:
        self._delivered.inc(event["entries"])
        self._pushes.labels("refused" if event["refused"] else "failed" if event["failed"] else "done").inc()

    def _push_failed(self, event: Mapping[str, Any]) -> None:
        self._pushes.labels("failed").inc()

    _counts: Final[Mapping[str, Callable[[Metrics, Mapping[str, Any]], None]]] = {
        "read": _read,
        "job_done": _job,
        "job_failed": _job,
        "job_held": _job,
        "settled": _settled,
        "pushed": _pushed,
        "push_failed": _push_failed,
    }

    def _begin(self, terminals: Iterable[str], jobs: Iterable[str]) -> None:
        """Series that are there from the start, so that the first event of each is an increase."""
        for terminal in terminals:
            self._reads.labels(terminal, "ok")
            for each in (self._bytes, self._punches):
                each.labels(terminal)
        for job in {kind_of(name) for name in jobs}:
            self._job_seconds.labels(job)
            for outcome in ("done", "failed"):
                self._jobs.labels(job, outcome)
        for outcome in ("done", "failed", "refused"):
            self._pushes.labels(outcome)
        for kind in ("post", "reversal"):
            self._entries.labels(kind)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"punchsync_{name}", words, labels, registry=self._registry)

    def _histogram(self, name: str, words: str, *labels: str) -> Histogram:
        return Histogram(f"punchsync_{name}_seconds", words, labels, registry=self._registry, buckets=SECONDS)
