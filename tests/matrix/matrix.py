"""Every fault, record layout, plan and transport: each read must end in the right punches, or in a failure by name.

A terminal with a history is read and stored; people punch; something goes wrong; it is read again as the daemon does.
What is stored then must be what the terminal recorded, or, where the read failed, what was stored before; and once all
is well again a read must bring everything, and a full one nothing more.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

from matrix_faults import FAULTS, Fault
from matrix_hall import Alter, Stored
from matrix_scene import AGAIN, FULL, LAST, Scene

from punchsync.core.reading import FAILURES, LAYOUTS, PLANS
from punchsync.operations.poll import Polled

TRANSPORTS = ("tcp", "udp")
BY_NAME = {fault.name: fault for fault in FAULTS}
_numbers = count(1)


class Cell(NamedTuple):
    """One read that something goes wrong with."""

    fault: str
    layout: str
    plan: str
    transport: str
    number: int = 0

    def __str__(self) -> str:
        return f"{self.fault} / {self.layout} {self.plan} {self.transport}"


class Result(NamedTuple):
    """How a cell ended: `read` with the plan that was carried out, or a code; `why` what is wrong with that."""

    cell: Cell
    ending: str
    good: bool
    why: str = ""


def cells() -> list[Cell]:
    """All cells, fault by fault."""
    return [
        Cell(fault.name, layout, plan, transport, (f + n + p) % 6)
        for f, fault in enumerate(FAULTS)
        for transport in TRANSPORTS
        for p, plan in enumerate(PLANS)
        for n, layout in enumerate(LAYOUTS)
        if fault.of(transport, layout, plan)
    ]


def run(cell: Cell, folder: Path, alter: Alter | None = None) -> Result:
    """Play a cell, with the hall's database in this folder; `alter` changes the reading that is judged."""
    fault = BY_NAME[cell.fault]
    name = f"h{next(_numbers)}"
    scene = Scene(folder, name, cell.layout, cell.plan, cell.transport, cell.number, fault)
    try:
        with scene.open():
            return _played(cell, fault, scene, alter)
    except Exception as error:
        return Result(cell, "broke down", False, f"{type(error).__name__}: {error}")


def _played(cell: Cell, fault: Fault, scene: Scene, alter: Alter | None) -> Result:
    wrong = _brings_all(scene, "the first read")
    if wrong:
        return Result(cell, "", False, wrong)
    scene.clock.at = AGAIN
    scene.since()
    fault.arm(scene)
    patient = scene.hall.address
    scene.hall.address, scene.hall.alter = replace(patient, deadline=fault.deadline), alter
    polled = scene.poll()
    scene.hall.address, scene.hall.alter = patient, None
    ending = _ending(polled)
    wrong = _judged(cell, fault, scene, polled) or "; ".join(scene.problems)
    if wrong:
        return Result(cell, ending, False, wrong)
    scene.mend()
    scene.clock.at = LAST
    wrong = _brings_all(scene, "the read after it")
    scene.clock.at, scene.hall.full = FULL, True
    wrong = wrong or _brings_all(scene, "the full read at last")
    return Result(cell, ending, not wrong, wrong)


def _ending(polled: Polled | str) -> str:
    if isinstance(polled, str):
        return polled.split(":")[0]
    return f"read {polled.plan}" if polled.failure is None else polled.failure.code


def _judged(cell: Cell, fault: Fault, scene: Scene, polled: Polled | str) -> str:
    """What is wrong with the read of a terminal that something is wrong with."""
    if isinstance(polled, str):
        return polled
    if scene.awaited:
        return "it never went wrong"
    stored = scene.hall.stored()
    if polled.failure is not None:
        told = f"{polled.failure.code} {polled.failure.detail}"
        if polled.failure.code not in FAILURES or polled.failure.code not in fault.ends:
            return f"{told}, not {' or '.join(fault.ends)}"
        return _difference(stored, scene.truth, f"{told}, and yet ")
    if "read" not in fault.ends:
        return f"read by plan {polled.plan}, not {' or '.join(fault.ends)}"
    wanted = cell.plan if fault.plan == "asked" else fault.plan
    if wanted not in ("", polled.plan):
        return f"read by plan {polled.plan}, not {wanted}"
    for log in reversed(scene.logs if fault.anytime else scene.logs[-1:]):
        if not _difference(stored, scene.grown(log)):
            scene.was_read(log)
            return ""
    return _difference(stored, scene.grown(scene.logs[-1]))


def _brings_all(scene: Scene, what: str) -> str:
    """What is wrong with a read of a terminal with which all is well."""
    polled = scene.poll()
    if isinstance(polled, str) or polled.failure is not None:
        return f"{what}: {polled if isinstance(polled, str) else polled.failure}"
    scene.was_read(scene.logs[-1])
    return _difference(scene.hall.stored(), scene.truth, f"{what}: ") or "; ".join(scene.problems)


def _difference(stored: Stored, truth: Stored, before: str = "") -> str:
    found = []
    for what, there, right in (
        ("punches", stored.punches, truth.punches),
        ("defects", stored.defects, truth.defects),
    ):
        missing, extra = sorted((right - there).elements()), sorted((there - right).elements())
        if missing:
            found.append(f"{len(missing)} {what} missing, such as {missing[0]}")
        if extra:
            found.append(f"{len(extra)} {what} too many, such as {extra[0]}")
    if stored.gaps:
        found.append(f"ordinals of {stored.gaps[0]}")
    return before + "; ".join(found) if found else ""
