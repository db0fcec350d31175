"""What goes wrong outside the service: the network, the terminals, the server's clock, and summer time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from fault_check import picture, unannounced
from fault_kills import Moment, Result, Twin, ended, happen, moments, undisturbed
from fault_service import Service
from fault_world import Plan, World

from pictures import Picture, unlike
from punchsync.emulator import faults as broken
from punchsync.emulator.faults import Fault

DAY = 86_400
CLOCK = ("clock_stepped", "clock_disputed", "clock_before_last_settle")
NETWORK: tuple[Callable[[random.Random], Fault], ...] = (
    lambda chance: broken.drop_mid_transfer(chance.randint(1, 9), chance.random(), chance.random() < 0.5),
    lambda chance: broken.cut_after(chance.randint(0, 2_000), chance.random() < 0.5),
    lambda chance: broken.reboot_mid_transfer(chance.uniform(0.05, 0.5), chance.random()),
    lambda chance: broken.lie_count(chance.choice((-1, 1, 7))),
    lambda chance: broken.corrupt_checksum(),
)
BERLIN = "Europe/Berlin"
NIGHT = ("02:30", "09:10", "12:40", "20:40")
"""Polls of which the first falls into the hour that is left out, or comes twice, when the clocks change."""


def prove(folder: Path, days: int, rounds: int, chance: random.Random, until: float) -> Iterator[Result]:
    """Each trouble so many times over so many days."""
    plan = Plan(days=days)
    twin = undisturbed(folder / "twin", plan)
    for name, trouble in (
        ("network cut, terminals rebooting", network),
        ("a terminal's clock lost", lost_clock),
        ("the server's clock stepped by a day", stepped),
    ):
        faults: list[str] = []
        done = 0
        for n in range(rounds):
            if time.monotonic() < until:
                done += 1
                faults += trouble(folder / f"{trouble.__name__}-{n}", plan, twin, chance)
        yield Result(name, done, "as its twin", [*faults, *([] if done == rounds else ["out of time"])])
    for first in (date(2026, 3, 26), date(2026, 10, 22)):
        faults = list(changed(folder / f"zone-{first}", Plan(first=first, days=6, zone=BERLIN, polls=NIGHT)))
        yield Result(f"summer time, {first:%Y-%m}", 1, "as its twin in a zone without", faults)


def network(folder: Path, plan: Plan, twin: Twin, chance: random.Random) -> Iterator[str]:
    """Most polls meet a terminal that cuts the line, leaves out bytes, lies, or starts anew."""
    with World(folder, plan) as world:
        service = Service(world, world.site("site"))
        service.start()
        try:
            every = moments(world)
            for moment in every[:-8]:
                happen(world, moment)
                for terminal in world.terminals.values():
                    terminal.faults = chance.choice(NETWORK)(chance) if chance.random() < 0.7 else broken.clean
                service.work()
            for terminal in world.terminals.values():
                terminal.faults = broken.clean
            for moment in every[-8:]:
                happen(world, moment)
                service.work()
        finally:
            status = service.stop()
        if not any(e.get("failed") for e in service.events()):
            yield "no read ever failed"
        yield from finished(service, status, twin.right)


def lost_clock(folder: Path, plan: Plan, twin: Twin, chance: random.Random) -> Iterator[str]:
    """A terminal starts anew with its clock in the year 2000, and is set right after some days.

    What was punched meanwhile has no time: nobody may be charged for it, and all must be told.
    """
    with World(folder, plan) as world:
        service = Service(world, world.site("site"))
        service.start()
        try:
            every = moments(world)
            lost = chance.randrange(1, len(every) // 2)
            right = lost + chance.randint(3, 12)
            for n, moment in enumerate(every):
                happen(world, moment)
                device = world.terminals["T1"].device
                if n == lost:
                    device.lose_battery()
                elif n == right:
                    device.set_clock(plan.hall(world.now))
                service.work()
        finally:
            status = service.stop()
        noticed = {code for e in service.events() for code in (e.get("noticed") or {}).get("T1", ())}
        if not any("clock" in code for code in noticed):
            yield f"the clock was not noticed: {sorted(noticed)}"
        yield from (fault for fault in ended(service) if not fault.startswith("punches: 0 too many"))
        found = picture(service.site)
        harder = [key for key, points in found.sums.items() if points < twin.right.sums.get(key, 0)]
        if harder:
            yield f"charged for what is not known: {harder[:3]}"
        if status:
            yield f"serve ended with {status}"


def stepped(folder: Path, plan: Plan, twin: Twin, chance: random.Random) -> Iterator[str]:
    """The server's clock jumps by a day, on or back, for some hours; sometimes the service is started meanwhile."""
    with World(folder, plan) as world:
        service = Service(world, world.site("site"))
        service.start()
        try:
            every = moments(world)
            away = chance.randrange(4, len(every) - 7)
            back = away + chance.randint(1, 4)
            step = chance.choice((DAY, -DAY))
            for n, moment in enumerate(every):
                happen(world, moment)
                if n == away:
                    service.work()
                    before = len(service.events())
                    world.step(step)
                    if chance.random() < 0.3:
                        service.stop()
                        service.start()
                if n == back:
                    said = lambda: any(e["event"] in CLOCK for e in service.events()[before:])  # noqa: B023, E731
                    service.until(said)
                    service.until(lambda: not [*unannounced(service.site, "clock_stepped")])
                    world.step(0)
                if away <= n < back:
                    time.sleep(0.3)
                else:
                    service.work()
        finally:
            status = service.stop()
        where = f"{step:+} s from {plan.hall(every[away].at)} to {plan.hall(every[back].at)}"
        wrong = [*finished(service, status, twin.right), *unannounced(service.site, "clock_stepped")]
        yield from (f"{where}: {fault}" for fault in wrong)


def changed(folder: Path, plan: Plan) -> Iterator[str]:
    """A hall whose clocks change; a quarter of an hour at a time in the nights, so that the change is gone through."""
    twin = undisturbed(folder.with_name(f"{folder.name}-twin"), plan._replace(zone="Asia/Shanghai"))
    with World(folder, plan) as world:
        service = Service(world, world.site("site"))
        service.start()
        try:
            nights = {plan.at(n, "00:00") + k * 900 for n in range(1, plan.days) for k in range(24)}
            known = {moment.at: moment for moment in moments(world)}
            for at in sorted({*nights, *known}):
                happen(world, known.get(at, Moment(at)))
                service.work()
        finally:
            status = service.stop()
        if all(plan.hall(plan.at(n, "12:00") + DAY) == plan.hall(plan.at(n + 1, "12:00")) for n in range(plan.days)):
            yield "the clocks did not change"
        yield from finished(service, status, twin.right)


def finished(service: Service, status: int | None, right: Picture) -> Iterator[str]:
    """What is wrong in the end."""
    yield from ended(service)
    yield from unlike(service.site, right)
    if status:
        yield f"serve ended with {status}"
