"""The demonstration's site: an empty folder made a hall, with its terminals on loopback and a clock that jumps."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from punchsync.bootstrap import Site
from punchsync.bootstrap.reader import Reader
from punchsync.cli.cmd_init import quote, site_text
from punchsync.cli.demo_hall import HALL_ID, HALL_NAME, OPENING, PACK, TERMINALS, WINDOWS, people_of
from punchsync.cli.demo_stage import NIGHTLY, POLLS, DemoClock, Stage
from punchsync.core.moment import start_of
from punchsync.emulator import Device, EmulatedTerminal, User
from punchsync.logs import configure
from punchsync.settings import FILE
from punchsync.settings.load import PREFIX
from punchsync.texts import _

KEPT = "PUNCHSYNC_LANG"


@contextmanager
def staged(folder: Path, listen: str = "off") -> Iterator[Stage]:
    """A new site in an empty folder with its terminals up; all of it closed at the end, the folder left."""
    configure(quiet=True)
    clock = DemoClock(start_of(OPENING))
    with ExitStack() as stack:
        stack.enter_context(own_settings())
        terminals = {id: stack.enter_context(EmulatedTerminal(device(id, clock))) for id in TERMINALS}
        (folder / FILE).write_text(settings_text(terminals, listen), encoding="utf-8")
        site = stack.enter_context(Site(folder))
        site.clock = clock
        # A day passes in a second: nobody waits for a terminal that is off until tomorrow.
        reader = Reader(folder, site.settings.terminal, clock, clock, patient=False)
        site.hall = replace(site.hall, clock=clock, reader=reader)
        yield Stage(site, clock, terminals)


@contextmanager
def own_settings() -> Iterator[None]:
    """Nothing of the environment reaches the demonstration's settings: a hall's own store least of all."""
    put_aside = {k: v for k, v in os.environ.items() if k.startswith(PREFIX) and k != KEPT}
    for key in put_aside:
        del os.environ[key]
    try:
        yield
    finally:
        os.environ.update(put_aside)


def device(id: str, clock: DemoClock) -> Device:
    """A terminal with its windows' people enrolled."""
    users = [User(n, p.number, p.name) for n, p in enumerate(people_of(id), 1)]
    return Device(f"DEMO{id}", users=users, now=clock.shown)


def settings_text(terminals: Mapping[str, EmulatedTerminal], listen: str) -> str:
    """`punchsync.toml`: what init writes, with the terminals' windows and the schedule."""
    text = site_text(HALL_ID, HALL_NAME, PACK, {}, (), listen)
    parts = [_("# 由 punchsync demo 写成；两台考勤机是模拟的，只在演示时在线。"), text]
    for id, terminal in terminals.items():
        windows = ", ".join(quote(w.name) for w in WINDOWS if w.terminal == id)
        parts += [
            "[[terminal]]",
            f"id = {quote(id)}",
            f"host = {quote(terminal.host)}",
            f"port = {terminal.port}",
            f"windows = [{windows}]",
            "",
        ]
    polls = ", ".join(map(quote, POLLS))
    return "\n".join([*parts, "[schedule]", f"polls = [{polls}]", f"nightly = {quote(NIGHTLY)}", ""])
