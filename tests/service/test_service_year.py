"""A year of a service in one go: planner and run table under downtimes, slow and failing jobs, and deaths in between.

2028 has a leap day; one of the zones has summer time, and a poll in the hour that its change leaves out and repeats.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from punchsync.core.moment import DAY, HOUR, MINUTE, day_of, parse_day, show_moment, start_of, to_moment
from punchsync.packs.load import load
from punchsync.packs.shelf import find
from punchsync.service.alarms import at
from punchsync.service.rests import Rests
from punchsync.service.schedule import (
    BACKUP,
    KEPT_DAYS,
    NIGHTLY,
    PERIODS,
    POLL,
    PURGE,
    VERIFY,
    Job,
    Table,
    catch_up,
    horizon,
    kept,
    waits,
)
from punchsync.service.schedule import planner as plan_of

PACK = load(find("yihuang", Path()), {}, {}).pack
FIRST, LAST = parse_day("2028-01-01"), parse_day("2028-12-31")


class Year:
    """A service through a year of a zone: what it did, what it noted, and when it was up."""

    def __init__(self, seed: int, zone: str) -> None:
        self.chance, self.zone = random.Random(seed), ZoneInfo(zone)
        polls = ["02:30", "09:10", "20:40"]
        self.plan = plan_of(PACK, polls, "21:00", bulletins=PERIODS, backup="23:10", verify="23:30", purge=True)
        self.instant = at(start_of(FIRST) + 8 * HOUR, self.zone).timestamp()
        self.end = at(start_of(LAST + 5), self.zone).timestamp()
        self.ran: dict[str, set[int]] = {}
        self.began, self.settled = self.now, None
        self.did: Counter[Job] = Counter()
        self.noted: Counter[Job] = Counter()
        self.order: list[Job] = []
        self.deaths: Counter[Job] = Counter()
        self.ups: list[tuple[float, float]] = []
        self.rests = Rests(clock=lambda: self.instant)

    @property
    def now(self) -> int:
        return to_moment(datetime.fromtimestamp(self.instant, self.zone).replace(tzinfo=None))

    def run(self) -> Year:
        while self.instant < self.end:
            began, until = self.instant, self.instant + self.chance.expovariate(1 / (4 * DAY))
            until = self.end if self.now > start_of(LAST - 1) else until
            while self.instant < min(until, self.end):
                if not self.turn():
                    break
            self.ups.append((began, self.instant))
            self.rests = Rests(clock=lambda: self.instant)
            self.instant += self.chance.choice((MINUTE, 10 * MINUTE, 5 * HOUR, 30 * HOUR, 3 * DAY, 5 * DAY))
        return self

    def turn(self) -> bool:
        """One job, or a sleep until there is one; False where the process died."""
        jobs = horizon(self.plan, self.now)
        now = self.now
        ran = {
            name: {due for due in dues if start_of(day_of(now) - kept(name)) < due <= now}
            for name, dues in self.ran.items()
        }
        table = Table(ran, self.began, self.settled)
        for job in catch_up(jobs, table, self.now):
            if self.rests.ready(job) and not waits(job, jobs, table):
                return self.work(job)
        coming = [at(job.due, self.zone).timestamp() for job in jobs if job.due > self.now]
        self.instant += min(min(c for c in coming if c > self.instant) - self.instant, self.rests.wait() or DAY)
        return True

    def work(self, job: Job) -> bool:
        as_of = self.now
        self.instant += self.chance.choice((1, 5, MINUTE, 10 * MINUTE, HOUR))
        if self.chance.random() < 0.03:
            self.rests.failed(job)
            return True
        self.did[job] += 1
        if job.name == NIGHTLY or job.name.startswith(POLL):
            self.settled = as_of
        if self.chance.random() < 0.03:
            self.deaths[job] += 1
            return False
        self.noted[job] += 1
        self.order.append(job)
        self.ran.setdefault(job.name, set()).add(job.due)
        self.rests.done(job)
        return True

    def had_no_chance(self, job: Job) -> bool:
        """Whether it was never up for half a day while a nightly job was owed."""
        due = at(job.due, self.zone).timestamp()
        stretches = [min(until, due + KEPT_DAYS * DAY) - max(began, due) for began, until in self.ups]
        return job.name == NIGHTLY and max(stretches) < 12 * HOUR

    def up(self, first: float, last: float) -> bool:
        """Whether it was up all the time between two instants."""
        return any(began <= first and last <= until for began, until in self.ups)


@pytest.fixture(scope="module", params=[(1, "Europe/Berlin"), (2, "Asia/Shanghai")])
def year(request: pytest.FixtureRequest) -> Year:
    return Year(*request.param).run()


def planned(year: Year, *names: str) -> list[Job]:
    return [j for day in range(FIRST, LAST + 1) for j in year.plan(day) if j.name in names and j.due >= year.began]


def told(jobs: list[Job]) -> list[str]:
    return [f"{job.name} {show_moment(job.due)}" for job in jobs]


def test_no_job_is_noted_twice_and_none_is_done_again_but_after_a_death(year: Year) -> None:
    assert len(year.noted) > 1_000
    assert set(year.noted.values()) == {1}
    assert {job for job, times in year.did.items() if times > 1 + year.deaths[job]} == set()


def test_every_day_is_closed_and_every_period_published(year: Year) -> None:
    wanted = planned(year, NIGHTLY, *PERIODS)
    missed = [job for job in wanted if job not in year.noted]
    assert told([job for job in missed if not year.had_no_chance(job)]) == []
    assert len(missed) < 8
    assert Counter(job.name for job in wanted) == {NIGHTLY: 366, "weekly": 53, "monthly": 12, "quarterly": 4}


def test_no_period_is_published_before_its_last_day_was_settled(year: Year) -> None:
    place = {job: n for n, job in enumerate(year.order)}
    for job in planned(year, *PERIODS):
        read = [n for other, n in place.items() if other.due >= job.due and other.name not in (*PERIODS, BACKUP)]
        assert min(read) < place[job]


def test_backup_and_check_are_never_older_than_a_day_while_the_service_is_up(year: Year) -> None:
    for name in (BACKUP, VERIFY):
        jobs = planned(year, name)
        for job, following in pairwise(jobs):
            due, end = (at(j.due, year.zone).timestamp() for j in (job, following))
            if year.up(due, end):
                assert job in year.noted, told([job])
    assert len(planned(year, PURGE)) == 12
    purged = {job.about for job in year.noted if job.name == PURGE}
    assert {job.about for job in planned(year, PURGE)} - purged == set()


def test_every_poll_is_done_at_its_hour_while_the_service_is_up(year: Year) -> None:
    polls = [j for day in range(FIRST, LAST) for j in year.plan(day) if j.name.startswith(POLL)]
    late = 0
    for job, following in pairwise(polls):
        due, end = (at(j.due, year.zone).timestamp() for j in (job, following))
        if job.due >= year.began and year.up(due, end):
            assert job in year.noted, told([job])
        late += job not in year.noted
    assert late < len(polls) / 2
    assert day_of(polls[0].due) == FIRST
