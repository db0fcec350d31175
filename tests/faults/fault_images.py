"""Images of a store as a crash would leave its files: the service is stopped at any moment, copied, and let go on."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from fault_check import Checker, image, said
from fault_kills import Result, ended, happen, moments
from fault_service import Service
from fault_world import Plan, World

from punchsync.core.moment import parse_moment


def prove(
    folder: Path, plan: Plan, images: int, chance: random.Random, until: float, say: Callable[[str], object]
) -> Result:
    """So many images in the course of a plan's days; none is begun after `until`, by time.monotonic()."""
    folder.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    done = unfinished = 0
    with World(folder / "world", plan) as world:
        service = Service(world, world.site("site"))
        checker = Checker(shutil.copytree(service.site, folder / "base"))
        service.start()
        try:
            every = moments(world)
            for n, moment in enumerate(every):
                happen(world, moment)
                left = images * (n + 1) // len(every) - done
                for _ in range(left if time.monotonic() < until else 0):
                    time.sleep(chance.uniform(0, 0.1))
                    with service.still():
                        store = image(service.site, folder / "image", shm=chance.random() < 0.5)
                        marks, events = service.said(), service.events()
                    done += 1
                    unfinished += len(marks.states) - 1 > marks.done
                    wrong = [*checker.faults(store, marks), *unreported(store, events)]
                    for fault in wrong:
                        say(f"  image {done}, at {plan.hall(world.now)}: {fault}")
                    faults += wrong
                    shutil.rmtree(store.parent)
                service.work()
        finally:
            status = service.stop()
            checker.close()
        faults += [*ended(service), *([f"serve ended with {status}"] if status else [])]
    if done < images:
        faults.append(f"out of time: {images} images wanted")
    return Result("crash images", done, f"{unfinished} inside a transaction", faults)


def unreported(store: Path, events: list[dict[str, object]]) -> Iterator[str]:
    """What the log said was done, and an image has not."""
    with closing(sqlite3.connect(store)) as db:
        runs = set(db.execute("SELECT job, due FROM job_run").fetchall())
        (punches,) = db.execute("SELECT count(*) FROM punch").fetchone()
    for event in said(events, "job_done"):
        if "due" in event and (event["job"], parse_moment(str(event["due"]))) not in runs:
            yield f"the log said that {event['job']} of {event['due']} is done"
    reported = sum(int(str(event.get("new", 0))) for event in said(events, "job_done"))
    if reported > punches:
        yield f"the log told of {reported} punches, {punches} are there"
