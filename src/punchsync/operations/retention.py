"""What a hall keeps no longer: which years of punches, records, bulletins and names may go, and what keeps others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from punchsync.core.about import about
from punchsync.core.appeal import by_appeal
from punchsync.core.checkpoint import AWAY, GOING, SEALING, TABLES, Cut, Gone, kept_until, open_months, year_end
from punchsync.core.moment import Day, Moment, day_of, parse_day, start_of, to_date
from punchsync.core.period import days_of_month, span_of
from punchsync.core.score import posted, posted_months
from punchsync.operations.clocks import Clocks
from punchsync.operations.hall import Hall, records
from punchsync.operations.ports import Body, Work

COUNTED: Final = {
    "punches": ("punches", "defects"),
    "records": ("records", "appeals"),
    "bulletins": ("bulletins",),
    "names": ("names", "accounts"),
}
"""What is counted of each table."""

EVER: Final = 2**62


class Retention(Protocol):
    """For how many whole years a hall keeps each table; None for ever."""

    @property
    def punches(self) -> int | None: ...
    @property
    def records(self) -> int | None: ...
    @property
    def bulletins(self) -> int | None: ...
    @property
    def names(self) -> int | None: ...


class Hindrance(NamedTuple):
    """Why a year can't go yet: months that are `unsettled`, `waiting` to be settled anew or `open`, or `appeal`s to be
    decided (by number)."""

    code: str
    what: tuple[str, ...]


class Part(NamedTuple):
    """What of a table goes: through `through` (0: nothing), of the `allowed` (0: nothing yet; None: it is kept for
    ever); `before` went already."""

    table: str
    allowed: Day | None
    through: Day
    before: Day
    hindrances: tuple[Hindrance, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a purge would do; `cut` is None if that is nothing."""

    parts: tuple[Part, ...]
    cut: Cut | None
    gone: Gone


# What is due


def plan(hall: Hall, work: Work, retention: Retention, now: Moment) -> Plan:
    """What is due now, by what is stored."""
    settled, newest = work.runs.settled_as_of(), work.checkpoints.latest()
    today = 0 if settled is None or newest is None else min(day_of(now), day_of(settled), year_end(day_of(newest)) + 1)
    before = work.checkpoints.reach().days
    parts = [part(hall, work, table, getattr(retention, table), today, before.get(table, 0)) for table in TABLES]
    cut = cutting(hall, work, {p.table: p.through for p in parts if p.through})
    gone = work.checkpoints.count(cut)
    there = {table: day for table, day in cut.days.items() if any(gone.get(name, 0) for name in COUNTED[table])}
    parts = [p if p.table in there else p._replace(through=0) for p in parts]
    if not there:
        return Plan(tuple(parts), None, {})
    if there != cut.days:
        cut = cutting(hall, work, there)
        gone = work.checkpoints.count(cut)
    return Plan(tuple(parts), cut, gone)


def part(hall: Hall, work: Work, table: str, years: int | None, today: Day, before: Day) -> Part:
    """How far a table may go, and what keeps it from going further."""
    if years is None:
        return Part(table, None, 0, before)
    allowed = kept_until(today, years) if today else 0
    if allowed <= before:
        return Part(table, allowed, 0, before)
    if table not in SEALING:
        return Part(table, allowed, allowed, before)
    through, hindrances = clear(hall, work, allowed)
    return Part(table, allowed, through if through > before else 0, before, hindrances)


def clear(hall: Hall, work: Work, until: Day) -> tuple[Day, tuple[Hindrance, ...]]:
    """Through which year's end all is settled and closed, up to a day, and what is against the rest."""
    postings = records(hall, work, ("staff",)).postings
    states, closed = work.months.states(), work.closings.closed()
    begun = (m for m in posted_months(postings, until) if any(posted(postings, *span_of(m))))
    found: dict[str, list[str]] = {}
    first = until + 1
    for month in open_months(sorted({*states, *begun}), work.checkpoints.horizon()):
        last = days_of_month(month)[-1]
        if last > until:
            continue
        state = states.get(month)
        if state is None or day_of(state.as_of) <= last:
            code = "unsettled"
        elif state.waits:
            code = "waiting"
        elif month not in closed:
            code = "open"
        else:
            continue
        found.setdefault(code, []).append(month)
        first = min(first, last)
    decided = by_appeal(work.appeals.decisions())
    for a in work.appeals.all():
        if a.number not in decided and a.day <= until:
            found.setdefault("appeal", []).append(str(a.number))
            first = min(first, a.day)
    through = until if first > until else days_of_month(f"{to_date(first).year:04d}-01")[0] - 1
    return through, tuple(Hindrance(code, tuple(what)) for code, what in found.items())


# What goes of it


def cutting(hall: Hall, work: Work, days: Mapping[str, Day]) -> Cut:
    """What is to be erased of these tables, each through a day."""
    through = max([work.checkpoints.horizon() or 0, *(days.get(table, 0) for table in SEALING)])
    cut = Cut(days, through)
    if "punches" in days:
        cut = cut._replace(spared=spared(hall, work, start_of(days["punches"])))
    if "records" in days:
        whole, keys = going(work, days["records"])
        decided = by_appeal(work.appeals.decisions())
        appeals = [a.number for a in work.appeals.all() if a.day <= days["records"] and a.number in decided]
        cut = cut._replace(whole=whole, records=keys, appeals=appeals)
    if "names" in days:
        cut = cut._replace(people=left(work.records.all("staff"), days["names"]))
    return cut


def spared(hall: Hall, work: Work, before: Moment) -> dict[str, set[int]]:
    """The punches that say an earlier time but by their terminal's clock were, or may have been, made later."""
    out: dict[str, set[int]] = {}
    for terminal, dial in Clocks(work, hall.terminals).dials.items():
        for _id, raw, number in work.punches.numbered(terminal, -EVER, before - 1):
            placed = dial.place(number, raw)
            latest = max((m for m in (placed.at, placed.doubt and placed.doubt[1]) if m is not None), default=before)
            if latest >= before:
                out.setdefault(terminal, set()).add(number)
    return out


def going(work: Work, last: Day) -> tuple[Day, list[tuple[str, str]]]:
    """The records that lie wholly in what goes, and the day from which on those that judging asks for stay whole.

    A leave that reaches across the last day is judged by all of its length: by the timetable of all of its days, and
    by who stood in, or was away himself, on any of them. What touches those stays.
    """
    spans = {(kind, key): about(kind, body) for kind in GOING for key, body in work.records.all(kind).items()}
    away = {place: span for place, span in spans.items() if place[0] in AWAY}
    since = min((first for first, end in away.values() if first <= last < end), default=last + 1)
    staying = {place for place, (_first, end) in away.items() if end >= since}
    whole = min((away[place][0] for place in staying if away[place][0] <= last), default=last + 1)
    staying |= {place for place, (_first, end) in spans.items() if place[0] == "roster" and end >= whole}
    return whole, sorted(place for place, (_first, end) in spans.items() if end <= last and place not in staying)


def left(staff: Mapping[str, Body], last: Day) -> list[str]:
    """The keys of staff records of people none of whom was posted after a day."""
    ends: dict[str, Day] = {}
    for body in staff.values():
        end = parse_day(body["withdrawn"][:10]) if body.get("withdrawn") else about("staff", body)[1]
        ends[body["person_id"]] = max(end, ends.get(body["person_id"], 0))
    return sorted(key for key, body in staff.items() if ends[body["person_id"]] <= last)
