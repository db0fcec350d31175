"""Take a file's records or punches into the store: all of them or none, with the months they touch marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from punchsync.core.moment import DAY, Day, Moment, day_of
from punchsync.core.owners import Owners
from punchsync.core.reading import Reading
from punchsync.core.stored import Added
from punchsync.core.touch import reach_back
from punchsync.operations.hall import Hall, month_of, records
from punchsync.operations.ports import Body, Work

REACHING = frozenset({"staff", "roster", "calendar", "standin"})
"""Kinds that reach back to a leave's start: it has its length by timetables, and a stand-in it lacks is dated there."""

Cross = Callable[[str, Mapping[str, Body]], Sequence[Any]]
Touched = Callable[[str, Body | None, Body], tuple[Day, Day]]


class BroughtIn(NamedTuple):
    """What an import changed: rows in the file, records or punches that were new or different, what is wrong."""

    rows: int
    changed: int
    problems: Sequence[Any]
    strangers: tuple[tuple[str, str], ...] = ()
    defects: int = 0


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
    """Store a file's records if, together with what is there, they hold; a record with a known key replaces the old."""
    with hall.store.writing() as work:
        there = work.records.all(kind)
        changed = [(key, body) for key, body in rows if there.get(key) != dict(body)]
        problems = cross(kind, {**there, **dict(rows)})
        if problems or dry_run or not changed:
            return BroughtIn(len(rows), len(changed), problems)
        days = [touched(kind, there.get(key), body) for key, body in changed]
        first, last = min(d[0] for d in days), max(d[1] for d in days)
        work.records.put(kind, changed, hall.clock.now())
        if kind in REACHING:
            case = records(hall, work, ("leave", "outing"))
            first = reach_back(first, last, [*case.leaves, *case.outings])
        work.months.mark(month_of(first))
    return BroughtIn(len(rows), len(changed), ())


def bring_punches(hall: Hall, readings: Sequence[Reading], *, dry_run: bool = False) -> BroughtIn:
    """Store files of punches; ids that nobody has yet are kept and named."""
    rows = sum(len(r.rows) for r in readings)
    with hall.store.reading() as work:
        strange = strangers(hall, work, readings)
    if dry_run:
        return BroughtIn(rows, 0, (), strange)
    with hall.store.writing() as work:
        added = add(work, readings, hall.clock.now())
    return BroughtIn(rows, sum(a.new for a in added), (), strange, sum(len(r.defects) for r in readings))


def add(work: Work, readings: Iterable[Reading], at: Moment) -> list[Added]:
    """Store readings and mark the months that they touch together; returns what each of them changed."""
    added = [work.readings.add(reading, at) for reading in readings]
    touched = [a.touched for a in added if a.touched is not None]
    if touched:
        work.months.mark(month_of(day_of(min(touched))))
    return added


def strangers(hall: Hall, work: Work, readings: Sequence[Reading]) -> tuple[tuple[str, str], ...]:
    """The (terminal, device user id) of these readings that nobody had on the date of some punch."""
    owners = Owners(records(hall, work, ("staff", "device")))
    return tuple(
        sorted(
            {
                (r.terminal, id)
                for r in readings
                for id, day in {(row[2], row[3] // DAY) for row in r.rows}
                if owners.of(r.terminal, id, day) is None
            }
        )
    )
