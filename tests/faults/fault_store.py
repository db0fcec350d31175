"""A store that can't be used: locked by another, read-only, gone, exchanged, or full of something else.

Each time the service must say so, go on, do nothing half, and do what it owes once the store is there again.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from fault_check import FILES, Checker, image, unheld
from fault_kills import Result, Twin, ended, happen, moments, undisturbed
from fault_service import Service
from fault_world import Plan, World

from pictures import unlike

WAIT = 1
"""Seconds that the service waits for the store."""


def prove(folder: Path, plan: Plan, rounds: int, chance: random.Random, until: float) -> Iterator[Result]:
    """Every trouble once in each round, at random moments of a service's days."""
    twin = undisturbed(folder / "twin", plan)
    faults: list[str] = []
    done = 0
    for n in range(rounds):
        if time.monotonic() < until:
            done += 1
            faults += run(folder / f"round-{n}", plan, twin, chance)
            faults += (f"read-only: {fault}" for fault in read_only(folder / f"read-only-{n}", plan, twin))
    if done < rounds:
        faults.append(f"out of time: {rounds} rounds wanted")
    yield Result(f"store {', '.join(TROUBLES)}, read-only", done, "said, and made up for", faults)


def run(folder: Path, plan: Plan, twin: Twin, chance: random.Random) -> Iterator[str]:
    """What is wrong after every trouble at some moment of a service's days."""
    with World(folder, plan) as world:
        service = Service(world, world.site("site"), wait=WAIT)
        service.start()
        every = moments(world)
        places = [n for n, moment in enumerate(every) if n and not (moment.plug or moment.unplug)]
        when = dict(zip(chance.sample(places, len(TROUBLES)), TROUBLES, strict=True))
        try:
            for n, moment in enumerate(every):
                if n not in when:
                    happen(world, moment)
                    service.work()
                    continue
                before = len(service.events())
                mend = TROUBLES[when[n]](service, folder / when[n])
                happen(world, moment)
                service.until(lambda since=before: told(service, since))  # type: ignore[misc]
                mend()
                service.work()
            if not service.alive():
                yield f"the service ended: {service.tail()}"
        finally:
            status = service.stop()
        where = [f"{name} at {plan.hall(every[n].at)}" for n, name in when.items()]
        for fault in [*ended(service), *unlike(service.site, twin.right), *([f"status {status}"] if status else [])]:
            yield f"{', '.join(where)}: {fault}"


def told(service: Service, since: int) -> bool:
    """Whether the log names the store's trouble, in an event of some job or look."""
    kinds = ("job_failed", "look_failed", "attention_unbooked")
    return any(e["event"] in kinds and e.get("detail") for e in service.events()[since:])


def locked(service: Service, _aside: Path) -> Callable[[], object]:
    """Another process writes, and does not end."""
    db = sqlite3.connect(service.site / "data" / FILES[0], isolation_level=None, timeout=30)
    db.execute("BEGIN IMMEDIATE")

    def mend() -> None:
        db.execute("ROLLBACK")
        db.close()

    return mend


def gone(service: Service, aside: Path) -> Callable[[], object]:
    """The store's files are moved away, and back again."""
    aside.mkdir()
    data = service.site / "data"
    for name in FILES:
        if (data / name).exists():
            (data / name).rename(aside / name)

    def mend() -> None:
        assert not (data / FILES[0]).exists(), "an empty store was made in the place of the one that is gone"
        for name in FILES:
            if (aside / name).exists():
                (aside / name).rename(data / name)

    return mend


def good_copy(service: Service, aside: Path) -> Path:
    """A copy of the store, in one file."""
    with service.still():
        copy = image(service.site, aside, shm=False)
    with closing(sqlite3.connect(copy)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return copy


def put(copy: Path, data: Path) -> None:
    """Put a copy in the store's place."""
    for name in FILES[1:]:
        (data / name).unlink(missing_ok=True)
    copy.replace(data / FILES[0])


def exchanged(service: Service, aside: Path) -> Callable[[], object]:
    """A copy of the store, as somebody restores it, takes its place."""
    put(good_copy(service, aside), service.site / "data")
    return lambda: None


def overwritten(service: Service, aside: Path) -> Callable[[], object]:
    """Something else is written over the store; a good one takes its place."""
    copy, data = good_copy(service, aside), service.site / "data"
    with (data / FILES[0]).open("r+b") as file:
        file.write(os.urandom(100_000))
    return lambda: put(copy, data)


TROUBLES = {"locked": locked, "gone": gone, "exchanged": exchanged, "overwritten": overwritten}


def read_only(folder: Path, plan: Plan, twin: Twin) -> Iterator[str]:
    """A store that may not be written when the service starts, and later may."""
    with World(folder, plan) as world:
        site = world.site("site")
        service = Service(world, site, wait=WAIT, obedient=True)
        every = moments(world)
        half = len(every) // 2
        for moment in every[:half]:
            happen(world, moment)
        (site / "data" / FILES[0]).chmod(0o400)
        service.start()
        service.until(lambda: "readonly" in service.tail())

        def mended() -> bool:
            # What the library makes beside the store has the store's mode, and may be made at any time.
            for name in FILES:
                with suppress(FileNotFoundError):
                    (site / "data" / name).chmod(0o600)
            return service.caught_up()

        service.until(mended)
        if not service.alive():
            service.stop()
            service.start()
        for moment in every[half:]:
            happen(world, moment)
            service.work()
        status = service.stop()
        if status:
            yield f"serve ended with {status}"
        yield from unheld(site, world.punched)
        checker = Checker(site)
        yield from checker.unverified(site / "data" / FILES[0])
        checker.close()
        yield from unlike(site, twin.right)
