"""The power cut at random operations of a working service: what was synced must be enough.

Also two stores that are synced too little: their images must lose or break something, or the proof proves nothing.
"""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from fault_check import LOST, Checker
from fault_cut import SYNC, WRITE, Disk, built, logged
from fault_kills import Result, happen, moments
from fault_service import Marks, Service, state_of
from fault_world import Plan, World

NUMBER = re.compile(r"第 (\d+) 号")


def prove(
    folder: Path,
    plan: Plan,
    cuts: int,
    chance: random.Random,
    until: float,
    say: Callable[[str], object],
    controls: Sequence[str] = ("NORMAL", "OFF"),
    starts: int = 2,
) -> list[Result]:
    """So many cuts of a service as it is, started so many times; a third as many of services that sync too little."""
    folder.mkdir(parents=True, exist_ok=True)
    shim = built(folder)
    if shim is None:
        return [Result("power cuts", 0, "NOT RUN: there is no gcc to build the shim with", ["no gcc"])]
    results = []
    for how, runs in (("FULL", cuts), *((control, -(-cuts // 3)) for control in controls)):
        found, done, said = recorded(folder / how.lower(), plan, shim, how, runs, chance, until, starts)
        lost = sum(LOST in fault for fault in found)
        if how == "FULL":
            for fault in found:
                say(f"  {fault}")
            results.append(Result("power cuts", done, said, found))
            continue
        told = f"{len(found)} of {done} images fail as they should: {lost} lost commits, {len(found) - lost} broken"
        wrong = [] if found else [f"no cut harmed a store with synchronous={how}: this proof sees nothing"]
        results.append(Result(f"power cuts, control: synchronous={how}", done, told, wrong))
    for result in results:
        if result.runs < cuts // 3:
            result.faults.append("out of time")
    return results


def recorded(
    folder: Path, plan: Plan, shim: Path, synchronous: str, cuts: int, chance: random.Random, until: float, starts: int
) -> tuple[list[str], int, str]:
    """Record a service at work, then cut its power: what was wrong with the images, how many, and of what."""
    with World(folder, plan) as world:
        site = world.site("site")
        (site / "marks").touch()
        before = state_of(site / "data" / "punchsync.db")
        base = shutil.copytree(site, folder / "base")
        disk = Disk(site)
        log = folder / "shim.log"
        watched = {"LD_PRELOAD": str(shim), "SHIM_ROOT": str(site), "SHIM_LOG": str(log)}
        service = Service(world, site, marks=str(site / "marks"), synchronous=synchronous)
        every = moments(world)
        for n in range(starts):
            service.start(watched)
            for moment in every[n * len(every) // starts : (n + 1) * len(every) // starts]:
                happen(world, moment)
                service.work()
            assert service.stop() == 0, service.tail()
    operations = list(logged(log))
    kinds = Counter(one.op for one in operations)
    places = sorted(chance.choices([n for n, one in enumerate(operations) if one.op in (WRITE, SYNC)], k=cuts))
    checker = Checker(base)
    found: list[str] = []
    whole: dict[str, set[bytes]] = {}
    done = 0
    try:
        for n, one in enumerate(operations):
            while places and places[0] == n:
                places.pop(0)
                if time.monotonic() > until:
                    continue
                done += 1
                left = put(disk.after_cut(chance), folder / "image")
                marks = Marks(before).read(disk.visible()["marks"])
                wrong = [*checker.faults(left / "data" / "punchsync.db", marks), *unissued(left, whole)]
                if wrong:
                    found.append(f"cut at operation {n}: {'; '.join(wrong)}")
            disk.do(one)
            if one.path and "\0" in one.path:
                name = one.path.split("\0")[1][len(disk.root) + 1 :]
                whole.setdefault(name, set()).add(disk.visible()[name])
    finally:
        checker.close()
    seen = disk.visible()
    real = {str(file.relative_to(site)): file.read_bytes() for file in site.rglob("*") if file.is_file()}
    unseen = sorted(name for name in {*real, *seen} if real.get(name) != seen.get(name))
    assert not unseen, f"the shim did not see all that was written to {unseen}"
    assert kinds[SYNC] > 0 and whole, "the shim saw no sync, or no file put in its place"
    return found, done, f"{kinds[WRITE]} writes, {kinds[SYNC]} syncs, {len(whole)} files put in their places"


def put(files: dict[str, bytes], folder: Path) -> Path:
    """An image's files in a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def unissued(site: Path, whole: dict[str, set[bytes]]) -> Iterator[str]:
    """Bulletins that an image's store has and its folder has not, and files that are half."""
    with closing(sqlite3.connect(site / "data" / "punchsync.db")) as db:
        try:
            issued = db.execute(
                "SELECT period, max(number) FROM bulletin WHERE kind = 'daily' GROUP BY period"
            ).fetchall()
            (kept,) = db.execute("SELECT count(*) FROM job_run WHERE job = 'backup'").fetchone()
        except sqlite3.Error:
            return
    if len(list((site / "backups").glob("*.tar.gz"))) < kept:
        yield f"{kept} backups are noted, and not all of them are there"
    for period, number in issued:
        file = site / "bulletins" / f"daily-{period}.md"
        said = NUMBER.search(file.read_text("utf-8", "replace")) if file.exists() else None
        if said is None or int(said[1]) != number:
            yield f"number {number} of {period} is issued, and its file does not say so"
    for name, contents in whole.items():
        if (site / name).exists() and (site / name).read_bytes() not in contents:
            yield f"{name} is half written"
