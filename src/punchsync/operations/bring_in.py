"""Take a file's records or punches into the store: all of them or none, with the months they touch marked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import structlog

from punchsync.core.about import about
from punchsync.core.checkpoint import AWAY, LATE
from punchsync.core.moment import DAY, Day, Moment, day_of
from punchsync.core.owners import Owners
from punchsync.core.reading import Reading
from punchsync.core.stored import Added
from punchsync.core.touch import reach_back
from punchsync.operations.hall import Hall, month_of, records
from punchsync.operations.ports import Body, Work

REACHING = frozenset({"staff", "roster", "calendar", "standin"})
"""Kinds that reach back to a leave's start: it has its length by timetables, and a stand-in it lacks is dated there."""

log = structlog.get_logger(__name__)

Cross = Callable[[str, Mapping[str, Body]], Sequence[Any]]
Touched = Callable[[str, Body | None, Body], tuple[Day, Day]]


class ReachesBack(Exception):
    """Records that reach from days whose records were erased into those that are judged; carries their keys, and from
    which day on such a record may begin."""

    def __init__(self, keys: Iterable[str], since: Day) -> None:
        super().__init__(keys, since)
        self.keys, self.since = tuple(keys), since


class BroughtIn(NamedTuple):
    """What an import changed: rows in the file, records or punches that were new or different, what is wrong.

    `left_out` rows are about sealed days only, up to `through`, or punches from before it that were erased.
    """

    rows: int
    changed: int
    problems: Sequence[Any]
    strangers: tuple[tuple[str, str], ...] = ()
    defects: int = 0
    left_out: int = 0
    through: Day | None = None


def people(hall: Hall) -> set[str]:
    """Every person id that the staff list ever named."""
    with hall.store.reading() as work:
        return {body["person_id"] for body in work.records.all("staff").values()}


def bring_in(
    hall: Hall,
    kind: str,
    rows: Sequence[tuple[str, Body]],
    cross: Cross,
    touched: Touched,
    *,
    dry_run: bool = False,
) -> BroughtIn:
    """Store a file's records if, together with what is there, they hold; a record with a known key replaces the old.

    What is about sealed days only is left out. Raises ReachesBack.
    """
    began = time.monotonic()
    with hall.store.writing() as work:
        done = take(hall, work, kind, rows, cross, touched, dry_run=dry_run)
    return done if done.problems or dry_run or not done.changed else told(kind, done, began)


def take(
    hall: Hall,
    work: Work,
    kind: str,
    rows: Sequence[tuple[str, Body]],
    cross: Cross,
    touched: Touched,
    *,
    dry_run: bool = False,
) -> BroughtIn:
    """The same in a transaction that is open; where there are problems nothing was written."""
    there = work.records.all(kind)
    changed = work.records.unlike(kind, rows)
    sealed, horizon = late(work, kind, there, changed), work.checkpoints.horizon()
    changed = [row for row in changed if row[0] not in sealed]
    problems = cross(kind, {**there, **{key: body for key, body in rows if key not in sealed}})
    done = BroughtIn(len(rows), len(changed), problems, (), 0, len(sealed), horizon)
    if problems or dry_run or not changed:
        return done
    days = [touched(kind, there.get(key), body) for key, body in changed]
    first, last = min(d[0] for d in days), max(d[1] for d in days)
    work.records.put(kind, changed, hall.clock.now())
    if kind in REACHING:
        case = records(hall, work, ("leave", "outing"))
        first = reach_back(first, last, [*case.leaves, *case.outings])
    work.months.mark(month_of(first))
    return done


def late(work: Work, kind: str, there: Mapping[str, Body], changed: Sequence[tuple[str, Body]]) -> set[str]:
    """The keys of those changed records that are about sealed days only: nothing can come of them any more.

    Raises ReachesBack for one that would be judged by records of those days, which are gone.
    """
    horizon = work.checkpoints.horizon()
    if horizon is None or kind not in LATE:
        return set()
    whole = work.checkpoints.reach().whole
    sealed: set[str] = set()
    back: list[str] = []
    for key, body in changed:
        first, last = about(kind, body)
        before = about(kind, there[key]) if key in there else None
        if last <= horizon and (before is None or before[1] <= horizon):
            sealed.add(key)
        elif kind in AWAY and first < whole and last > horizon and (before is None or first < before[0]):
            back.append(key)
    if back:
        raise ReachesBack(back, whole)
    return sealed


def bring_punches(hall: Hall, readings: Sequence[Reading], *, dry_run: bool = False) -> BroughtIn:
    """Store files of punches; ids that nobody has yet are kept and named."""
    began = time.monotonic()
    rows = sum(len(r.rows) for r in readings)
    with hall.store.reading() as work:
        strange = strangers(hall, work, readings)
    if dry_run:
        return BroughtIn(rows, 0, (), strange)
    with hall.store.writing() as work:
        added = add(work, readings, hall.clock.now())
        before = work.checkpoints.reach().punches_before
    defects = sum(len(r.defects) for r in readings)
    early = sum(row[3] < before for r in readings for row in r.rows)
    through = day_of(before) - 1 if early else None
    new = sum(a.new for a in added)
    return told("punches", BroughtIn(rows, new, (), strange, defects, early, through), began)


def told(kind: str, done: BroughtIn, began: float) -> BroughtIn:
    """What was imported, after one event for it."""
    log.info(
        "imported",
        kind=kind,
        rows=done.rows,
        changed=done.changed,
        defects=done.defects,
        unknown_ids=len(done.strangers),
        ms=round((time.monotonic() - began) * 1000),
    )
    return done


def add(work: Work, readings: Iterable[Reading], at: Moment) -> list[Added]:
    """Store readings and mark the months that they touch together; returns what each of them changed."""
    added = [work.readings.add(reading, at) for reading in readings]
    touched = [a.touched for a in added if a.touched is not None]
    if touched:
        work.months.mark(month_of(day_of(min(touched))))
    return added


def strangers(hall: Hall, work: Work, readings: Sequence[Reading]) -> tuple[tuple[str, str], ...]:
    """The (terminal, device user id) of these readings that nobody had on the date of some punch.

    Punches that were erased and are still in a log are nobody's business.
    """
    owners = Owners(records(hall, work, ("staff", "device")))
    before = work.checkpoints.reach().punches_before
    return tuple(
        sorted(
            {
                (r.terminal, id)
                for r in readings
                for id, day in {(row[2], row[3] // DAY) for row in r.rows if row[3] >= before}
                if owners.of(r.terminal, id, day) is None
            }
        )
    )
