"""All cells of the matrix, in two processes, as a table: what goes wrong by transport and plan.

An entry says how many of the record layouts ended well, and how: `7/7 tail` is seven layouts read by plan tail.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from matrix import TRANSPORTS, Cell, Result, cells, run
from punchsync.core.reading import PLANS

COLUMNS = [(transport, plan) for transport in TRANSPORTS for plan in PLANS]
PROCESSES, THREADS, SHARE = 2, 3, 200
"""Most of a cell is computed, some is waited for; a share is as many cells as one database is used for."""

Row = tuple[str, int, str, bool]


def prove(wanted: Sequence[Cell] = (), say: Callable[[str], object] = print) -> list[Row]:
    """Run these cells, or all; say the table and every cell that failed; give a row for each transport and plan."""
    todo = list(wanted) or cells()
    parts = len(todo) // SHARE + 1
    results: list[Result] = []
    spent = 0.0
    began = time.monotonic()
    # Long and short ones are next to each other in the list, and should not be in one share.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for done, seconds in pool.map(share, [todo[n::parts] for n in range(parts)]):
            results += done
            spent += seconds
            say(f"matrix: {len(results)} of {len(todo)} cells, {time.monotonic() - began:.0f} s")
    for line in table(results):
        say(line)
    alone, together = spent / len(results), (time.monotonic() - began) / len(results)
    say(f"{alone:.2f} s a cell, {together:.2f} s with {PROCESSES * THREADS} at a time")
    return [_row(transport, plan, results) for transport, plan in COLUMNS]


def share(todo: Sequence[Cell]) -> tuple[list[Result], float]:
    """Run cells on one database; the results, and the seconds that all of them took one by one."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with TemporaryDirectory(prefix="punchsync-matrix-") as name, ThreadPoolExecutor(THREADS) as pool:
        # The first one makes the database.
        first = timed(todo[0], folder=Path(name))
        found = [first, *pool.map(partial(timed, folder=Path(name)), todo[1:])]
    return [result for result, _ in found], sum(seconds for _, seconds in found)


def timed(cell: Cell, folder: Path) -> tuple[Result, float]:
    """Run a cell; its result, and how long it took in seconds."""
    began = time.monotonic()
    return run(cell, folder), time.monotonic() - began


def table(results: Iterable[Result]) -> list[str]:
    """A line for each fault, then one for each cell that failed, and the total."""
    by: defaultdict[str, defaultdict[tuple[str, str], list[Result]]] = defaultdict(lambda: defaultdict(list))
    for result in results:
        by[result.cell.fault][result.cell.transport, result.cell.plan].append(result)
    order = list(dict.fromkeys(cell.fault for cell in cells()))
    lines = [["", *(" ".join(column) for column in COLUMNS)]]
    lines += [[fault, *(entry(by[fault][column]) for column in COLUMNS)] for fault in order if fault in by]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    out = ["  ".join(f"{part:<{width}}" for part, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    every = [r for columns in by.values() for found in columns.values() for r in found]
    bad = [r for r in every if not r.good]
    out += [f"FAILED {r.cell}: {r.ending}: {r.why}"[:400] for r in bad]
    read = sum(r.good and r.ending.startswith("read") for r in every)
    named = len(every) - len(bad) - read
    out.append(f"{len(every)} cells: {read} read right, {named} failed by the right name, {len(bad)} FAILED")
    return out


def entry(found: Sequence[Result]) -> str:
    """How the layouts of one fault, transport and plan ended; `-` where there is no cell."""
    if not found:
        return "-"
    good = [r for r in found if r.good]
    endings = ",".join(sorted({r.ending.removeprefix("read ") or "?" for r in found}))
    return f"{len(good)}/{len(found)} {endings}{'' if len(good) == len(found) else ' FAILED'}"


def _row(transport: str, plan: str, results: Iterable[Result]) -> Row:
    mine = [r for r in results if (r.cell.transport, r.cell.plan) == (transport, plan)]
    bad = sum(not r.good for r in mine)
    read = sum(r.good and r.ending.startswith("read") for r in mine)
    return (
        f"matrix {transport} {plan}",
        len(mine),
        f"{read} read, {len(mine) - bad - read} failures, {bad} wrong",
        not bad,
    )
