"""The service killed by SIGKILL at random moments of a simulated month, beside a twin that nobody kills."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from fault_check import Checker, image, misissued, picture, said, unheld, world_days
from fault_service import Service, due, planned
from fault_world import Plan, World

from pictures import Picture, unlike

DAY = 86_400
WHOLE = 10
"""Of so many kills one is followed by a whole `verify`."""

AIMED = 0.5
"""Share of the kills that come just when a transaction is about to be committed: few moments of a job are in one."""


class Result(NamedTuple):
    """What was proved, how often, what is said of it, and what was wrong."""

    what: str
    runs: int
    said: str
    faults: list[str]


class Moment(NamedTuple):
    """An instant at which something is due, or happens to a terminal."""

    at: int
    unplug: tuple[str, ...] = ()
    plug: tuple[str, ...] = ()


def moments(world: World) -> list[Moment]:
    """All of a plan's instants, in order; its last terminal is dark for a day and a half in each week."""
    plan = world.plan
    dues = {due(world, job) for n in range(plan.days) for job in planned(world, plan.day(n))}
    last = f"T{plan.terminals}"
    dark = {plan.at(n, "10:00"): Moment(plan.at(n, "10:00"), unplug=(last,)) for n in range(2, plan.days - 2, 7)}
    back = {plan.at(n + 1, "22:00"): Moment(plan.at(n + 1, "22:00"), plug=(last,)) for n in range(2, plan.days - 2, 7)}
    return [dark.get(at) or back.get(at) or Moment(at) for at in sorted({*dues, *dark, *back})]


def happen(world: World, moment: Moment) -> None:
    """Let time pass to a moment, and what happens then happen."""
    world.go(moment.at)
    for id in moment.unplug:
        world.terminals[id].unplug()
    for id in moment.plug:
        world.terminals[id].plug()


class Twin(NamedTuple):
    """What a month leaves that nobody disturbs, and how many seconds a job took."""

    right: Picture
    papers: dict[str, str]
    seconds: float


def undisturbed(folder: Path, plan: Plan) -> Twin:
    """Run a month that nobody disturbs."""
    with World(folder, plan) as world:
        service = Service(world, world.site("twin"))
        service.start()
        try:
            began = time.monotonic()
            all_moments = moments(world)
            for moment in all_moments:
                happen(world, moment)
                service.work()
            seconds = (time.monotonic() - began) / len(all_moments)
        finally:
            status = service.stop()
        assert status == 0
        wrong = list(ended(service))
        assert not wrong, wrong
        return Twin(picture(service.site), papers(service.site), seconds)


def papers(site: Path) -> dict[str, str]:
    """The published files by name, without their anchors: a read that was done again is one more link."""
    files = sorted((site / "bulletins").glob("*"))
    return {f.name: "\n".join(x for x in f.read_text("utf-8").splitlines() if "锚" not in x) for f in files}


def ended(service: Service) -> Iterator[str]:
    """What is wrong with a site whose service has stopped after its month."""
    world = service.world
    yield from unheld(service.site, world.punched)
    yield from misissued(service.site, world_days(world))
    yield from unrun(service)
    checker = Checker(service.site)
    try:
        yield from checker.unverified(service.site / "data" / "punchsync.db")
    finally:
        checker.close()
    for name in ("serve.lock", "punchsync.db-wal"):
        if (service.site / "data" / name).exists():
            yield f"{name} is left"


def unrun(service: Service) -> Iterator[str]:
    """What is missing of the run table, and what was done twice."""
    world, done = service.world, Counter((job, due) for job, due, _ in service.said().runs)
    for n in range(world.plan.days):
        for job in planned(world, world.plan.day(n)):
            late = DAY if job.name == "purge" else 0
            if due(world, job) > world.now - late or done[job.name, job.due]:
                continue
            # A later one brings all that an earlier one would have; nothing makes up for a bulletin.
            kind = job.name.partition("-")[0]
            if kind not in ("poll", "backup", "verify") or not any(d >= job.due for j, d in done if j.startswith(kind)):
                yield f"never done: {job.name} of {world.plan.hall(due(world, job))}"
    told = Counter((e["job"], e["due"]) for e in said(service.events(), "job_done") if "due" in e)
    twice = [key for key, n in told.items() if n > 1]
    if twice:
        yield f"done twice: {twice[:3]}"


class Month:
    """A month of which the service is killed so many times."""

    def __init__(self, folder: Path, plan: Plan, twin: Twin, kills: int, chance: random.Random) -> None:
        self.folder, self.plan, self.twin, self.chance, self.wanted = folder, plan, twin, chance, kills
        self.kills = self.in_job = self.in_transaction = self.down = 0
        self.faults: list[str] = []

    def run(self, until: float, say: Callable[[str], object]) -> Result:
        """The month; no more kills after `until`, by time.monotonic()."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with World(self.folder / "world", self.plan) as world:
            service = Service(world, world.site("killed"))
            base = shutil.copytree(service.site, self.folder / "base")
            checker = Checker(base)
            service.start()
            try:
                every = moments(world)
                places = Counter(self.chance.choices(range(len(every)), k=self.wanted))
                for n, moment in enumerate(every):
                    happen(world, moment)
                    for _ in range(places[n]):
                        if time.monotonic() < until:
                            self._kill(service, checker, say)
                    if not service.alive():
                        # Down for a while: what is due now is made up for later.
                        if n + 1 < len(every) and self.chance.random() < 0.1:
                            self.down += 1
                            continue
                        service.start()
                    service.work()
            finally:
                if not service.alive():
                    service.start()
                status = service.stop()
                checker.close()
            if status:
                self.faults.append(f"serve ended with {status}")
            self.faults += [*ended(service), *unlike(service.site, self.twin.right)]
            own = papers(service.site)
            if not self.down and own != self.twin.papers:
                names = [k for k in {*own, *self.twin.papers} if own.get(k) != self.twin.papers.get(k)]
                self.faults.append(f"papers differ from the twin's: {sorted(names)[:5]}")
        told = (
            f"{self.in_job} with a job under way, {self.in_transaction} inside a transaction, {self.down} hours down; "
            f"{len(world.punched)} punches, {len(service.said().states) - 1} commits"
        )
        if self.kills < self.wanted:
            self.faults.append(f"out of time: {self.wanted} kills wanted")
        return Result("kill -9, a month", self.kills, told, self.faults)

    def _kill(self, service: Service, checker: Checker, say: Callable[[str], object]) -> None:
        """Kill it at a random moment of what it does now, and look at what is left."""
        fresh = not service.alive()
        if fresh:
            service.start()
        longest = self.twin.seconds * (2.5 if fresh else 1.2)
        if self.chance.random() < AIMED and not service.caught_up():
            service.commits(self.chance.randint(1, 3), longest)
            time.sleep(self.chance.choice((0, 0.0005, 0.002)))
        else:
            time.sleep(self.chance.uniform(0, longest))
        assert service.kill(), f"it had ended by itself: {service.tail()}"
        self.kills += 1
        marks = service.said()
        self.in_job += not service.caught_up()
        self.in_transaction += len(marks.states) - 1 > marks.done
        store = image(service.site, self.folder / "image", shm=self.chance.random() < 0.5)
        wrong = list(checker.faults(store, marks, whole=self.kills % WHOLE == 0))
        shutil.rmtree(store.parent)
        self.faults += [f"kill {self.kills}: {fault}" for fault in wrong]
        for fault in wrong:
            say(f"  kill {self.kills}, at {service.world.plan.hall(service.world.now)}: {fault}")
        if self.kills % 50 == 0:
            say(f"  {self.kills} kills")
