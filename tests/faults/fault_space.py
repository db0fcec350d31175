"""A disk that is full: a small file system of its own with the site on it, filled up and emptied again.

Where none may be mounted (only root may), nothing is proved, and that is said.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from fault_check import Checker, image, picture, said, unannounced
from fault_kills import Result, Twin, ended, happen, moments, undisturbed
from fault_service import Service
from fault_world import Plan, World

from pictures import unlike

SIZE = 24
"""MiB of the file system."""
ROOM = 96 * 1024
"""Bytes that are left at most when it is full."""
LEAVE = "leave_id,person_id,kind,start,end,daily_from,daily_to,registered_at,certificate,approvals,returned_at\n"


@contextmanager
def small(folder: Path) -> Iterator[Path | None]:
    """A small file system mounted at a folder; None where that may not be."""
    folder.mkdir()
    argv = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "none", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(argv, capture_output=True).returncode == 0
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a file system up to so many bytes; the file that does it."""
    ballast = disk / "ballast"
    # Whoever writes meanwhile may take the last of the room.
    with suppress(OSError), ballast.open("wb", buffering=0) as out:
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        out.write(bytes(max(free - left, 0)))
    return ballast


def prove(
    folder: Path, plan: Plan, fills: int, chance: random.Random, until: float, say: Callable[[str], object]
) -> list[Result]:
    """The service, and commands, meet a full disk so many times each."""
    folder.mkdir(parents=True, exist_ok=True)
    with small(folder / "disk") as disk:
        if disk is None:
            return [Result("disk full", 0, "NOT RUN: only root may mount a file system", ["nothing proved"])]
        twin = undisturbed(folder / "twin", plan)
        rows = [service_full(folder / "served", disk, plan, twin, fills, chance, until, say)]
        rows += commands_full(folder / "commanded", disk, plan._replace(days=3), -(-fills // 5), chance, until)
        return rows


def service_full(
    folder: Path,
    disk: Path,
    plan: Plan,
    twin: Twin,
    fills: int,
    chance: random.Random,
    until: float,
    say: Callable[[str], object],
) -> Result:
    """The disk is full at so many moments of a service's days."""
    folder.mkdir(parents=True)
    faults: list[str] = []
    done = hit = 0
    with World(folder / "world", plan) as world:
        site = world.site("site", disk)
        service = Service(world, site, log=str(folder / "log"), marks=str(folder / "marks"))
        checker = Checker(shutil.copytree(site, folder / "base"))
        service.start()
        try:
            every = moments(world)
            for n, moment in enumerate(every):
                if time.monotonic() > until or done >= fills * (n + 1) // len(every):
                    happen(world, moment)
                    service.work()
                    continue
                done += 1
                before = len(service.events())
                ballast = fill(disk, chance.randint(0, ROOM))
                happen(world, moment)
                service.until(lambda b=before: service.caught_up() or failures(service, b) or not service.alive())  # type: ignore[misc]
                hit += bool(failures(service, before))
                with service.still() if service.alive() else nullcontext():
                    store, marks = image(site, folder / "image"), service.said()
                wrong = list(checker.faults(store, marks))
                shutil.rmtree(folder / "image")
                ballast.unlink()
                if not service.alive():
                    wrong.append(f"the service ended: {service.tail()[-300:]}")
                    service.stop()
                    service.start()
                service.work()
                for fault in wrong:
                    say(f"  full at {plan.hall(world.now)}: {fault}")
                faults += wrong
        finally:
            status = service.stop()
            checker.close()
        faults += [
            *ended(service),
            *unannounced(site, "disk_low"),
            *unlike(site, twin.right),
            *([f"serve ended with {status}"] if status else []),
        ]
        shutil.rmtree(site)
    if not hit:
        faults.append("no job was ever hit")
    return Result("disk full, the service", done, f"{hit} times a job failed and was done later", faults)


def failures(service: Service, since: int) -> list[dict[str, object]]:
    """What the log has of failed jobs after its first so many events."""
    return said(service.events()[since:], "job_failed")


def commands_full(
    folder: Path, disk: Path, plan: Plan, fills: int, chance: random.Random, until: float
) -> Iterator[Result]:
    """Commands meet a full disk: each says so in words and leaves nothing half; done again, it is done whole."""
    folder.mkdir()
    (folder / "leave.csv").write_text(
        LEAVE
        + "".join(
            f"L{n}{p},{p},personal,{plan.first} am,{plan.first} am,,,{plan.first} 07:00:00,no,window_lead,\n"
            for p in plan.persons()
            for n in range(100)
        )
    )
    with World(folder / "world", plan) as world:
        world.go(world.plan.at(plan.days, "00:00"))
        as_of = ("--as-of", f"{world.plan.hall(world.now)}")
        empty = world.site("empty")
        full = shutil.copytree(empty, folder / "full")
        for args in (("poll", *as_of), ("settle", *as_of)):
            assert command(full, *args).returncode in (0, 1)
        for base, args in (
            (empty, ("poll", *as_of)),
            (full, ("settle", *as_of)),
            (full, ("import", "leave", str(folder / "leave.csv"))),
            (full, ("bulletin", "daily", "--date", f"{plan.first}")),
            (full, ("backup", "{site}/copy.tar.gz")),
        ):
            yield _command_full(disk, folder, base, args, fills, chance, until)


def _command_full(
    disk: Path, folder: Path, base: Path, args: tuple[str, ...], fills: int, chance: random.Random, until: float
) -> Result:
    faults: list[str] = []
    twin = shutil.copytree(base, folder / "twin")
    assert command(twin, *args).returncode in (0, 1), args
    right = picture(twin)
    shutil.rmtree(twin)
    done = hit = 0
    site = disk / "site"
    for _ in range(fills):
        if time.monotonic() > until:
            break
        done += 1
        shutil.copytree(base, site)
        ballast = fill(disk, chance.randint(0, ROOM))
        ran = command(site, *args)
        ballast.unlink()
        if ran.returncode not in (0, 1):
            hit += 1
        if ran.returncode not in (0, 1, 4) or "Traceback" in ran.stderr or "程序出错" in ran.stderr:
            faults.append(f"status {ran.returncode}: {ran.stderr[-300:]}")
        again = command(site, *args)
        if again.returncode not in (0, 1):
            faults.append(f"again: status {again.returncode}: {again.stderr[-300:]}")
        faults += unlike(site, right)
        checker = Checker(site)
        faults += checker.unverified(site / "data" / "punchsync.db")
        checker.close()
        shutil.rmtree(site)
    return Result(f"disk full, {args[0]}", done, f"{hit} ended for want of room", faults)


def command(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own, to its end."""
    own = [arg.replace("{site}", str(site)) for arg in args]
    argv = [sys.executable, "-m", "punchsync", "--site", str(site), *own]
    return subprocess.run(argv, capture_output=True, text=True, timeout=300)
