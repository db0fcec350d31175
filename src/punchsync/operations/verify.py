"""Every invariant of a store: chain, revisions, sums, and a replay of every settled month from raw punches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from punchsync.core.ledger import GENESIS, Entry, link, stands
from punchsync.core.moment import Moment
from punchsync.core.period import days_of_month
from punchsync.core.points import number
from punchsync.core.settle import MonthResult
from punchsync.core.settle import settle as judge
from punchsync.core.stored import ChainedEntry, MonthState
from punchsync.operations.hall import Hall, load_case
from punchsync.operations.ports import Work


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it must be: which invariant, where, and what was found against what is right."""

    invariant: str  # chain, revision, reversal, scores, verdicts, violations, tallies, facts, ledger
    place: str
    found: str
    right: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked and what differs; `waiting` months were not replayed, for they are due to be settled."""

    entries: int
    months: int
    waiting: tuple[str, ...]
    head: str
    differences: tuple[Difference, ...]


def verify(hall: Hall, progress: Callable[[int, int], None] = lambda done, total: None) -> Verified:
    """Check a store against itself and against a fresh computation; changes nothing."""
    with hall.store.reading() as work:
        chained = list(work.ledger.entries())
        differences = [*chain(chained), *revisions([c.entry for c in chained]), *sums(work)]
        states = work.months.states()
        settled = [s for s in states.values() if s.marked == s.settled and s.pack == hall.pack.digest]
        waiting = sorted(set(states) - {s.month for s in settled})
        differences += replay(hall, work, settled, progress)
    return Verified(
        len(chained), len(settled), tuple(waiting), chained[-1].hash if chained else GENESIS, tuple(differences)
    )


def chain(entries: Iterable[ChainedEntry]) -> Iterator[Difference]:
    """Every entry follows from the one before it."""
    previous = GENESIS
    for height, c in enumerate(entries, 1):
        right = link(previous, c.entry)
        if (c.height, c.previous, c.hash) != (height, previous, right):
            yield Difference("chain", c.entry.entry_id, f"{c.height} {c.hash}", f"{height} {right}")
            return
        previous = c.hash


def revisions(entries: Iterable[Entry]) -> Iterator[Difference]:
    """A cause's revisions count up from 1; even ones take back exactly the one before."""
    latest: dict[str, Entry] = {}
    for e in entries:
        before = latest.get(e.cause)
        right = before.revision + 1 if before else 1
        if e.revision != right:
            yield Difference("revision", e.entry_id, str(e.revision), str(right))
        if not stands(e):
            named = (before.entry_id, -before.points) if before else ("", Decimal(0))
            if (e.reverses, e.points) != named:
                yield Difference("reversal", e.entry_id, f"{e.reverses} {e.points}", f"{named[0]} {named[1]}")
        latest[e.cause] = e


def sums(work: Work) -> Iterator[Difference]:
    """Every score says what the ledger's entries come to; those that others gave are not booked."""
    booked = work.ledger.sums()
    for s in work.months.scores():
        if s.given:
            continue
        right = booked.get((s.period, s.account_type, s.account_id, s.category), Decimal(0))
        if s.points != right:
            place = f"{s.period} {s.account_type}:{s.account_id}/{s.category}"
            yield Difference("scores", place, number(s.points), number(right))


def replay(
    hall: Hall, work: Work, states: list[MonthState], progress: Callable[[int, int], None]
) -> Iterator[Difference]:
    """Judge every settled month anew, as of when it was settled, and compare all that is stored of it."""
    by_moment: dict[Moment, list[str]] = defaultdict(list)
    for state in states:
        by_moment[state.as_of].append(state.month)
    done = 0
    for as_of, months in sorted(by_moment.items()):
        case = load_case(hall, work, months, as_of)
        results, _bench = judge(case, hall.pack, sorted(months), as_of)
        for result in results:
            yield from compare(work, result)
            done += 1
            progress(done, len(states))


def compare(work: Work, result: MonthResult) -> Iterator[Difference]:
    """What is stored of a month against what it is."""
    days = days_of_month(result.month)
    pairs: list[tuple[str, Iterable[object], Iterable[object]]] = [
        ("verdicts", work.months.verdicts(days[0], days[-1]), result.verdicts),
        ("violations", work.months.violations(days[0], days[-1]), result.violations),
        ("tallies", work.months.tallies([result.month]), result.tallies),
        ("facts", [f for f in work.months.facts() if f.month == result.month], result.facts),
    ]
    for name, stored, right in pairs:
        was, ought = sorted(map(repr, stored)), sorted(map(repr, right))
        if was != ought:
            odd = next((w, o) for w, o in _pad(was, ought) if w != o)
            yield Difference(name, result.month, *odd)
    latest = work.ledger.latest([(days[0], days[-1])], [w.cause for w in result.wanted])
    booked = {
        c: (e.account_type, e.account_id, e.category, e.period, e.points, e.value_date)
        for c, e in latest.items()
        if stands(e)
    }
    wanted = {
        w.cause: (w.account_type, w.account_id, w.category, w.period, w.points, w.value_date) for w in result.wanted
    }
    for cause in sorted(booked.keys() | wanted.keys()):
        if booked.get(cause) != wanted.get(cause):
            yield Difference("ledger", cause, str(booked.get(cause)), str(wanted.get(cause)))


def _pad(one: list[str], other: list[str]) -> Iterator[tuple[str, str]]:
    for n in range(max(len(one), len(other))):
        yield one[n] if n < len(one) else "", other[n] if n < len(other) else ""
