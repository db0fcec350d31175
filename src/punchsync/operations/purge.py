"""Erase what a hall keeps no longer: whole years of punches, records, bulletins and names, behind a checkpoint.

What goes is proved before, and what stays is proved after it, in the transaction that erases: either all of it is done
or nothing. Whatever was judged of those years stays as it is and is never judged again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from punchsync.core.about import about
from punchsync.core.anchor import Anchor, anchor
from punchsync.core.checkpoint import AWAY, Checkpoint, Cut, Gone, open_months
from punchsync.core.difference import Difference
from punchsync.core.moment import Day, Moment, show_day
from punchsync.core.period import days_of_month
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work
from punchsync.operations.retention import Plan, Retention, plan
from punchsync.operations.settle import Restless
from punchsync.operations.verify import conclusions, replay, verify
from punchsync.operations.verify.packs import Packs

NOTHING: Final = "9999-12"
"""A month that none is after: to mark from it on says only that something changed."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did: nothing without a checkpoint. `scrubbed` says how the database's own files fared (`done`,
    `busy`, `full`, `by_hand`; empty where nothing was to be done), `anchor` is the chain's after it."""

    plan: Plan
    checkpoint: Checkpoint | None = None
    anchor: Anchor | None = None
    scrubbed: str = ""


class Unproved(Exception):
    """What keeps a purge from being done: differences that were there before it, or would be `after` it; or months
    that can't be replayed by this version."""

    def __init__(self, differences: Sequence[Difference], unread: Sequence[str] = (), *, after: bool = False) -> None:
        super().__init__(differences, unread)
        self.differences, self.unread, self.after = tuple(differences), tuple(unread), after


def purge_due(hall: Hall, retention: Retention, now: Moment, by: str) -> Gone:
    """Erase what is due, unasked; returns how many rows went, by table. Raises as `purge` does."""
    return purge(hall, retention, now, by).plan.gone


def plan_purge(hall: Hall, retention: Retention, now: Moment) -> Plan:
    """What a purge would do now; changes nothing."""
    with hall.store.reading() as work:
        return plan(hall, work, retention, now)


def purge(
    hall: Hall,
    retention: Retention,
    now: Moment,
    by: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Purged:
    """Erase what is due, all of it or nothing. Raises Unproved, and Restless where what is due changed meanwhile."""
    began = time.monotonic()
    wanted = plan_purge(hall, retention, now)
    if wanted.cut is None:
        return Purged(wanted)
    found = verify(hall, progress)
    unread = [m for m in found.unread if days_of_month(m)[-1] <= wanted.cut.through]
    if found.differences or unread:
        raise Unproved(found.differences, unread)
    with hall.store.writing() as work:
        now_due = plan(hall, work, retention, now)
        if now_due.cut is None or now_due.cut.days != wanted.cut.days:
            raise Restless
        checkpoint, gone = work.checkpoints.cut(now_due.cut, by, hall.clock.now())
        # Who is settling now has loaded what is gone: he is to begin anew.
        work.months.mark(NOTHING)
        differences = list(unlike(hall, work, now_due.cut, concluded=found.concluded))
        if differences:
            raise Unproved(differences, after=True)
        head = work.links.head()
    scrubbed = hall.store.scrub()
    log.info(
        "purged",
        checkpoint=checkpoint.number,
        through=show_day(checkpoint.through) if checkpoint.through else "",
        scrubbed=scrubbed,
        ms=round((time.monotonic() - began) * 1000),
        **gone,
    )
    return Purged(Plan(now_due.parts, now_due.cut, gone), checkpoint, anchor(hall.id, head), scrubbed)


def unlike(hall: Hall, work: Work, cut: Cut, *, concluded: bool) -> Iterator[Difference]:
    """Where what stays would be judged otherwise now: in the months next to what is sealed, and what was concluded."""
    packs = Packs(hall, work)
    states = work.months.states()
    months = open_months((s.month for s in states.values() if not s.waits), cut.through or None)
    near = {m for m in months if days_of_month(m)[0] <= max(cut.through + 1, _reaching(work, cut))}
    readable = [states[m] for m in months if packs.of(states[m].pack) is not None]
    yield from replay.check(hall, work, replay.together(readable, near, packs), packs, lambda done, total: None)
    if concluded:
        yield from conclusions.check(hall, work, packs)


def _reaching(work: Work, cut: Cut) -> Day:
    """The last day of all records that reach across the last sealed one."""
    ends = [
        last
        for kind in AWAY
        for body in work.records.all(kind).values()
        for first, last in [about(kind, body)]
        if first <= cut.through < last
    ]
    return max(ends, default=0)
