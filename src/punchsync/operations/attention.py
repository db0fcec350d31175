"""What of a hall needs a person: looked at part by part, and kept with the notices of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from punchsync.core.attention import STEPS, Found, Listener, Plan, Policy, State, key_of, look
from punchsync.core.moment import DAY, Moment
from punchsync.operations import needs
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work

RECENT: Final = 30 * DAY
"""How long a closed state is looked at for whether an open one is it come back."""

Words = Callable[[State, str, Moment], tuple[str, str]]
"""Subject and body of a notice of a state's step."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When something needs a person: seconds (`backup` None: no backups are made), and MiB of disk."""

    silent: int
    disk: int
    backup: int | None
    escalate: int


@dataclass(frozen=True, slots=True)
class Around:
    """What is seen outside of the store.

    `free` tells the MiB that are, and `scoring` the scoring store's name, either may raise; `step` is by how many
    seconds the server's clock stepped, `refused` what a reload complained of (None: whoever asks can't tell); `settled`
    False in the first hour of a service, in which it makes up for what is old only because it did not run.
    """

    free: Callable[[], int]
    scoring: Callable[[], str | None] = lambda: None
    step: int | None = None
    refused: Sequence[str] | None = None
    settled: bool = True


class Sights(NamedTuple):
    """What is so now, the codes that could not be looked at, and why."""

    found: tuple[Found, ...]
    blind: frozenset[str]
    errors: tuple[tuple[tuple[str, ...], Exception], ...] = ()


def free(folder: Path) -> int:
    """MiB that are free where a site keeps its data; raises OSError."""
    places = [place for place in (folder, folder / "data", folder / "backups") if place.is_dir()]
    return min(shutil.disk_usage(place).free for place in places or [folder]) // 2**20


def gather(hall: Hall, work: Work, around: Around, limits: Limits) -> Sights:
    """All that needs a person now; a part that can't be looked at hides no other."""
    now = hall.clock.now()
    parts: list[tuple[tuple[str, ...], Callable[[], Iterator[Found]]]] = [
        (("terminal_silent", "comm_key_refused"), lambda: needs.silent(hall, work, now, limits.silent)),
        (("clock_off", "log_nearly_full"), lambda: needs.gauges(hall, work, now, around.step)),
        (("roster_missing", "calendar_unpublished"), lambda: needs.papers(hall, work, now)),
        (("outbox_parked", "outbox_stuck"), lambda: needs.outbox(work, around.scoring(), limits.silent)),
        (("backup_failed",), lambda: needs.backup(work, now, limits.backup, settled=around.settled)),
        (("verify_failed", "job_failed"), lambda: needs.jobs(work, now)),
        (("notice_failed",), lambda: needs.channels(work, limits.silent)),
        (("clock_stepped", "settings_refused"), lambda: needs.service(around.step, around.refused)),
        (("account_locked",), lambda: needs.accounts(work, now)),
        (("disk_low",), lambda: needs.disk(around.free(), limits.disk)),
    ]
    found: list[Found] = []
    errors: list[tuple[tuple[str, ...], Exception]] = []
    # Of a store that refuses to be written to nothing can be read here.
    blind = {"store_refused"} | ({"clock_stepped"} if around.step is None else set())
    if around.refused is None:
        blind.add("settings_refused")
    for codes, part in parts:
        try:
            found += list(part())
        except Exception as error:
            blind.update(codes)
            errors.append((codes, error))
    return Sights(tuple(found), frozenset(blind), tuple(errors))


def outlook(work: Work, sights: Sights, listeners: Sequence[Listener], limits: Limits, now: Moment) -> Plan:
    """What follows from what was gathered, by the states and notices that are kept now."""
    known = work.attention.known(now - RECENT)
    keys = [key_of(s.number, step) for s in known if s.closed_at is None for step in STEPS]
    return look(
        known,
        sights.found,
        now,
        Policy(tuple(listeners), limits.escalate),
        told=work.notices.made(keys),
        blind=sights.blind,
        last=work.attention.last(),
    )


def keep(work: Work, plan: Plan, words: Words, now: Moment) -> int:
    """Keep states and write down the notices of them, in this transaction; returns how many notices."""
    work.attention.open_new(plan.open)
    work.attention.change([*plan.refresh, *plan.close])
    return sum(
        work.notices.add(tell.key, tell.channel, tell.state.code, *words(tell.state, tell.step, now), now)
        for tell in plan.tell
    )
