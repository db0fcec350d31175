"""What a leave that is not written yet would change in the ledger, as of the last settle.

Of the whole hall nothing but its records is laid out, and that is kept until they change; punches are loaded of those
few on whom the leave bears. Conclusions from a whole period (outcomes, rankings) are left to the settle.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from punchsync.core import ledger
from punchsync.core.bench import Bench, Parts
from punchsync.core.checkpoint import open_months
from punchsync.core.clock import Dial
from punchsync.core.closing import booked_on
from punchsync.core.coverage import Terminals
from punchsync.core.doubt import Doubts
from punchsync.core.leave_effect import Change, Different, Scope, different, mates, scope, sides
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment, day_of, last_second, start_of
from punchsync.core.owners import Owners, as_number, punches_by_person
from punchsync.core.period import days_of_month, period_of
from punchsync.core.records import Case, Doubt
from punchsync.core.rules import Pack
from punchsync.core.score import posted_months
from punchsync.core.violations import Violation
from punchsync.operations.clocks import Clocks
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work

Users = Mapping[str, list[str]]
"""Device user ids by terminal."""


class Effect(NamedTuple):
    """The entries that a settle would book for a change alone, as of `as_of`, on the day `booked_on`.

    `closed` are closed months that it concerns; `scope` who was judged in which months to know it.
    """

    as_of: Moment
    reversals: tuple[Entry, ...]
    posts: tuple[Entry, ...]
    booked_on: Day
    closed: tuple[str, ...]
    scope: Scope


class Ground(NamedTuple):
    """What stays the same between previews until the hall's records change."""

    bench: Bench
    as_of: Moment
    terminals: Terminals
    owners: Owners
    dials: Mapping[str, Dial]
    defects: Sequence[Doubt]
    texts: Mapping[str, list[tuple[str, str]]]
    numbers: Mapping[str, list[tuple[str, str]]]


class LeaveEffects:
    """The effects of leaves on one hall's ledger; several threads may ask."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._lock = threading.Lock()
        self._ground: Ground | None = None

    def of(self, work: Work, bench: Bench, as_of: Moment, change: Change) -> Effect:
        """What a change would book; `bench` has all of the hall's records laid out, `as_of` is the last settle's."""
        ground = self._laid(work, bench, as_of)
        case, pack, today = bench.case, self._hall.pack, day_of(as_of)
        both = sides(bench.excuses, change)
        every = {*posted_months(case.postings, today), *work.months.states()}
        judged = [m for m in open_months(sorted(every), work.checkpoints.horizon()) if m <= period_of(today, "month")]
        found = scope(case, pack, both, change, today, judged)
        closed = work.closings.closed()
        altered = Different({}, {})
        if found.months:
            rest = known_rest(work, pack, found)
            judged_too = found.people if rest is not None else mates(case.postings, found)
            parts = self._parts(work, ground, found.months, judged_too)
            altered = different(case, pack, as_of, parts, both, change, found, rest)
        day = booked_on(today, closed)
        latest = work.ledger.latest([], altered.causes)
        plan = ledger.plan(altered.after.values(), latest, day, pack.digest)
        return Effect(as_of, plan.reversals, plan.posts, day, tuple(m for m in found.months if m in closed), found)

    def _laid(self, work: Work, bench: Bench, as_of: Moment) -> Ground:
        with self._lock:
            ground = self._ground
            if ground is None or ground.bench is not bench or ground.as_of != as_of:
                ground = self._ground = lay(self._hall, work, bench, as_of)
            return ground

    def _parts(self, work: Work, ground: Ground, months: Sequence[str], people: Collection[str]) -> Parts:
        """The hall's parts with the punches, and the doubts, of some people in some months."""
        case, laid = ground.bench.case, ground.bench.parts
        first, last = start_of(days_of_month(months[0])[0]), last_second(days_of_month(months[-1])[-1])
        users = users_of(case, ground, people)
        clocks = Clocks(work, case.terminals, ground.dials)
        punches = tuple(clocks.punches_of(users, first, last))
        papers = tuple(p for p in case.papers if p.person in people and first <= p.at <= last)
        doubts = Doubts(clocks.doubts_of(users, ground.defects, first, last), ground.owners)
        by_person = punches_by_person(replace(case, punches=punches, papers=papers), ground.owners)
        return laid._replace(terminals=ground.terminals, punches=by_person, doubts=doubts)


def lay(hall: Hall, work: Work, bench: Bench, as_of: Moment) -> Ground:
    """What previews need of the whole hall beside its bench: terminals as of the last settle, clocks, ids."""
    clocks = Clocks(work, hall.terminals)
    reads = clocks.reads(work.readings.reads(as_of))
    texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    numbers: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for terminal, user in work.punches.strange():
        texts[user].append((terminal, user))
        numbers[as_number(user)].append((terminal, user))
    terminals = Terminals(replace(bench.case, reads=reads))
    owners = Owners(bench.case)
    return Ground(bench, as_of, terminals, owners, clocks.dials, work.defects.doubts(), dict(texts), dict(numbers))


def known_rest(work: Work, pack: Pack, found: Scope) -> list[Violation] | None:
    """The violations of all others at the windows of a scope, as the last settle found them; None where they are to be
    judged anew: something waits to be settled, or what they cost follows from more than themselves."""
    if not found.windows:
        return []
    states = work.months.states()
    settled = all(m in states and not states[m].stale(pack.digest) for m in found.months)
    if not settled or pack.conversions or pack.findings:
        return None
    first, last = days_of_month(found.months[0])[0], days_of_month(found.months[-1])[-1]
    rows = {v.id: v for w in sorted(found.windows) for v in work.own.violations(first, last, window=w)}
    return [v for v in rows.values() if v.person and v.person not in found.people]


def users_of(case: Case, ground: Ground, people: Collection[str]) -> Users:
    """The ids under which some people may have punched at each terminal: their own, and those equal as numbers."""
    ids = {p.device_user_id for p in case.postings if p.person in people}
    ids |= {d.device_user_id for d in case.devices if d.person in people}
    out: dict[str, set[str]] = defaultdict(set)
    for id in ids - {""}:
        number = as_number(id)
        for terminal, user in (*ground.texts.get(id, ()), *(ground.numbers.get(number, ()) if number else ())):
            out[terminal].add(user)
    return {terminal: sorted(users) for terminal, users in sorted(out.items())}
