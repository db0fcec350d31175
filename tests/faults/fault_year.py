"""A simulated year of a real service in one process: no job missed or doubled, and memory, files and threads flat."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from fault_kills import Result, ended, happen, moments
from fault_service import Service
from fault_world import Plan, World

FLAT = 0.10
"""By how much a month's memory may differ from the middle of all months from the second on."""
LEAVE = "leave_id,person_id,kind,start,end,daily_from,daily_to,registered_at,certificate,approvals,returned_at\n"


class Use(NamedTuple):
    """What a process uses: resident memory in KiB, open files, threads."""

    memory: int
    files: int
    threads: int


def use_of(pid: int) -> Use:
    """What a process uses now."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return Use(int(status["VmRSS"].split()[0]), len([*Path(f"/proc/{pid}/fd").iterdir()]), int(status["Threads"]))


def prove(folder: Path, plan: Plan, until: float, say: Callable[[str], object]) -> list[Result]:
    """A year, or as many days as the plan has."""
    chance = random.Random(plan.seed)
    with World(folder / "world", plan) as world:
        service = Service(world, world.site("site"), states=False)
        service.start()
        months: dict[str, list[Use]] = {}
        faults: list[str] = []
        began = time.monotonic()
        try:
            for moment in moments(world):
                if time.monotonic() > until:
                    faults.append(f"out of time, on {plan.hall(world.now):%Y-%m-%d}")
                    break
                happen(world, moment)
                day = plan.hall(moment.at)
                if f"{day:%H:%M}" == plan.polls[0]:
                    if day.day in (1, 15):
                        world.bring(service.site, "leave", leaves(plan, day.date(), chance))
                service.work()
                if f"{day:%H:%M}" == plan.nightly:
                    months.setdefault(f"{day:%Y-%m}", []).append(use_of(service.pid))
                    if (day + timedelta(1)).day == 1:
                        say(f"  {told(f'{day:%Y-%m}', months[f'{day:%Y-%m}'])}, {time.monotonic() - began:.0f} s")
        finally:
            status = service.stop()
        faults += [*ended(service), *([f"serve ended with {status}"] if status else [])]
        runs = Counter(job for job, _due, _outcome in service.said().runs if job != "serve")
    jobs = ", ".join(f"{n} {job}" for job, n in sorted(runs.items()))
    return [
        Result("year: jobs", sum(runs.values()), jobs, faults),
        *flat(months),
    ]


def leaves(plan: Plan, day: date, chance: random.Random) -> str:
    """Leave for some people in the days that follow, registered beforehand."""
    rows = []
    for n, person in enumerate(plan.persons()):
        if chance.random() < 0.5:
            when = day + timedelta(chance.randint(2, 12))
            half = chance.choice(("am", "pm"))
            rows.append(
                f"L{day:%m%d}-{n},{person},personal,{when} {half},{when} {half},,,{day} 08:00:00,no,"
                "window_lead;inspection;unit_leader;centre_leader;centre,\n"
            )
    return LEAVE + "".join(rows)


def told(month: str, uses: list[Use]) -> str:
    """A month's use in words."""
    memory = statistics.median(use.memory for use in uses)
    return f"{month}: {memory / 1024:.1f} MiB, {uses[-1].files} files, {uses[-1].threads} threads"


def flat(months: dict[str, list[Use]]) -> list[Result]:
    """Whether what a process used stayed the same from the second month on."""
    if len(months) < 3:
        return [Result("year: memory", len(months), "too short to tell", [])]
    median = {month: statistics.median(use.memory for use in uses) for month, uses in months.items()}
    names = list(median)[1:]
    base = statistics.median(median[name] for name in names)
    apart = [name for name in names if abs(median[name] / base - 1) > FLAT]
    least, most = min(median[name] for name in names), max(median[name] for name in names)
    said = f"{median[names[0]] / 1024:.1f} MiB in the second month, {median[names[-1]] / 1024:.1f} in the last"
    said += f" ({least / base - 1:+.1%} to {most / base - 1:+.1%} of the middle)"
    faults = [f"not flat in {', '.join(apart)}"] if apart else []
    rows = [Result("year: memory", len(months), said, faults)]
    for what in ("files", "threads"):
        counts = {month: max(getattr(use, what) for use in uses) for month, uses in months.items()}
        first, last = counts[names[0]], counts[names[-1]]
        said = f"{first} in the second month, {last} in the last"
        rows.append(Result(f"year: {what}", len(months), said, [f"{what} leak"] if last > first + 1 else []))
    return rows
