"""The fault run: everything that can happen to a service, and a year of it; in shares that run side by side."""

from __future__ import annotations

import logging
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import fault_images
import fault_nest
import fault_outside
import fault_power
import fault_space
import fault_store
import fault_year
import structlog
from fault_kills import Month, Result, undisturbed
from fault_world import Plan

SAID = 5
"""Faults of a row that its line quotes."""


class Sizes(NamedTuple):
    """How much of each: kills in a month, images of a store, power cuts, full disks, rounds of other troubles, days
    of the year."""

    kills: int = 200
    images: int = 100
    cuts: int = 300
    fills: int = 40
    rounds: int = 3
    days: int = 365


Share = Callable[[Path, random.Random, float, Sizes], Iterator[Result]]


def killed(folder: Path, chance: random.Random, until: float, sizes: Sizes) -> Iterator[Result]:
    """A month of kills."""
    plan = Plan(days=30)
    yield Month(folder / "month", plan, undisturbed(folder / "twin", plan), sizes.kills, chance).run(until, say)


def stored(folder: Path, chance: random.Random, until: float, sizes: Sizes) -> Iterator[Result]:
    """What happens to the store's files."""
    few = Plan(days=8, people=4, terminals=2)
    yield fault_images.prove(folder / "images", few._replace(people=8), sizes.images, chance, until, say)
    yield from fault_power.prove(folder / "power", few._replace(days=5), sizes.cuts, chance, until, say)
    yield from fault_space.prove(folder / "space", few, sizes.fills, chance, until, say)
    yield from fault_store.prove(folder / "store", few._replace(days=2), sizes.rounds, chance, until)


def outside(folder: Path, chance: random.Random, until: float, sizes: Sizes) -> Iterator[Result]:
    """What happens around the service."""
    yield from fault_outside.prove(folder, 6, sizes.rounds, chance, until)


def year(folder: Path, chance: random.Random, until: float, sizes: Sizes) -> Iterator[Result]:
    """A year."""
    plan = Plan(first=date(2026, 1, 1), days=sizes.days, people=4, terminals=1, seed=chance.randrange(2**32))
    yield from fault_year.prove(folder, plan, until, say)


def say(line: object) -> None:
    """A line as soon as there is something to say."""
    print(line, flush=True)


def carry_out(share: Share, seed: int, limit: float, sizes: Sizes) -> list[Result]:
    """A share in a process of its own; one that breaks down has failed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    found: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="punchsync-faults-") as name:
        try:
            chance = random.Random(f"{seed}/{share.__name__}")
            for result in share(Path(name) / share.__name__, chance, time.monotonic() + limit, sizes):
                found.append(result)
                say(f"  {result.what}: {result.runs} runs, {len(result.faults)} faults")
        except Exception as error:
            found.append(Result(share.__name__, 0, "", [f"broke down: {type(error).__name__}: {error}"[:1500]]))
        finally:
            fault_nest.end()
    return found


def prove(shares: Sequence[Share], seed: int, limit: float, sizes: Sizes) -> list[tuple[str, int, str, bool]]:
    """Rows of the table: what, how many runs, how they ended, and whether that is good."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(carry_out, share, seed, limit, sizes) for share in shares]
        results = [result for job in jobs for result in job.result()]
    for result in results:
        for fault in result.faults:
            say(f"  {result.what}: {fault}")
    return [(r.what, r.runs, ending(r), not r.faults) for r in results]


def ending(result: Result) -> str:
    """How it ended, in a line."""
    if not result.faults:
        return result.said
    return f"{len(result.faults)} faults: {'; '.join(result.faults[:SAID])}"[:400]
