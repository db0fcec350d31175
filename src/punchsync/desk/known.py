"""What a hall knows, laid out once and kept for all pages until something of it changes.

A year of a hall's records takes a good part of a second to lay out; whether they are still the same takes one query.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from punchsync.core.bench import Bench
from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.records import Case, Posting
from punchsync.operations.hall import Hall, load_known
from punchsync.operations.ports import Work

FRESH: Final = 600
"""Seconds: a terminal's records that were ahead of the clock become plausible as time goes on."""


class Known:
    """All that is known of a hall but its punches, as of a moment; never changed once it is made.

    `bench` has it laid out; it has no punches, so that no verdict of it means anything.
    """

    def __init__(self, case: Case, bench: Bench, settled: Moment | None, waits: bool) -> None:
        self.case, self.bench, self.settled, self.waits = case, bench, settled, waits

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Everybody's latest name, by person id."""
        return {p.person: p.name for p in sorted(self.case.postings, key=lambda p: p.first)}

    @cached_property
    def windows(self) -> Mapping[str, str]:
        """Every window's latest unit, by name."""
        return {p.window: p.unit for p in sorted(self.case.postings, key=lambda p: p.first)}

    def name(self, person: str) -> str:
        """A person's name; the id where there is none."""
        return self.people.get(person, person)

    def posting(self, person: str, day: Day) -> Posting | None:
        """Where a person is posted on a day, or else was last before it."""
        timetables = self.bench.timetables
        found = timetables.posting(person, day)
        return found or next(reversed(timetables.postings(person, 0, day)), None)


class Knowledge:
    """Keeps what is known until the hall's records, the last settle or the day are others."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._lock = threading.Lock()
        self._key: tuple[object, ...] = ()
        self._known: Known | None = None

    def get(self) -> Known:
        """What is known now; several threads may ask."""
        with self._hall.store.reading() as work:
            return self.of(work)

    def of(self, work: Work) -> Known:
        """What is known in a view that is open already."""
        now = self._hall.clock.now()
        states = work.months.states()
        waits = any(state.waits for state in states.values())
        settled = work.runs.settled_as_of()
        key = (work.months.epoch(), settled, waits, now // FRESH, day_of(now))
        with self._lock:
            if self._known is None or key != self._key:
                case = load_known(self._hall, work, now)
                self._known = Known(case, Bench(case, self._hall.pack, now), settled, waits)
                self._key = key
            return self._known
