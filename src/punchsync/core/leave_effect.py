"""What another leave of one person would change in a hall's ledger, by judging only those on whom it bears. Pure.

That is the person; whose leave he stands in for as the partner of the A and B posts, for on leave he does not stay;
the B posts who owe the session of an A post. Where what a violation costs depends on how many there were before it,
what everybody at their windows did in the same period counts, too; nobody's days there are judged otherwise for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from punchsync.core.bench import Bench, Parts
from punchsync.core.charge import Owed, charge
from punchsync.core.excuse import Excuses
from punchsync.core.intervals import Interval, touches
from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.period import months_between, period_of, span_of
from punchsync.core.records import Case, Leave, Posting, StandIn
from punchsync.core.rules import Pack
from punchsync.core.settle import whole_spans
from punchsync.core.threshold import passing
from punchsync.core.violations import Violation
from punchsync.core.wanted import Wanted, price


class Change(NamedTuple):
    """A leave as it stands (None: not at all) and as it would stand, and stand-in rows that would come with it."""

    person: str
    before: Leave | None
    after: Leave | None
    standins: tuple[StandIn, ...] = ()


class Scope(NamedTuple):
    """The person and the others whose own days may be judged otherwise, and the months to judge.

    `windows` are those where what a violation costs depends on all who are posted there; empty where it never does.
    """

    people: frozenset[str]
    months: tuple[str, ...]
    windows: frozenset[str]


class Sides(NamedTuple):
    """The excuses as they stand and as they would stand."""

    before: Excuses
    after: Excuses


class Different(NamedTuple):
    """The entries that should stand without the change and with it, by cause, where they are not the same."""

    before: dict[str, Wanted]
    after: dict[str, Wanted]

    @property
    def causes(self) -> list[str]:
        """Every cause of whose entry something would change."""
        return sorted(self.before.keys() | self.after.keys())


def sides(excuses: Excuses, change: Change) -> Sides:
    """The excuses without and with a change; `excuses` are those of the hall, which has `change.before`."""
    rest = [x for x in excuses.leaves_of(change.person) if change.before is None or x.id != change.before.id]
    return Sides(excuses, excuses.changed(change.person, [*rest, change.after] if change.after else rest))


def scope(case: Case, pack: Pack, both: Sides, change: Change, today: Day, every: Sequence[str]) -> Scope:
    """What must be judged to know all that a change alters up to today; `every` are the months that are judged at all.

    No months where it alters nothing yet.
    """
    spans = asked(both, change)
    months = {m for start, end in spans for m in months_between(day_of(start), min(day_of(end - 1), today))}
    months |= own_months(both, change, spans, today) | limit_months(pack, both, change, today)
    others: set[str] = set()
    for posting, leaves in partners(case, pack, both, change, spans):
        others.add(posting.person)
        months |= {m for x in leaves for m in months_of(both.before, x, today)}
    if pack.backup:
        others |= backing(case.postings, change.person, spans)
    inside = months.intersection(every)
    together = counted(pack)
    chosen = whole_spans(inside, every, pack.span) if together else sorted(inside)
    people = frozenset({change.person, *others})
    windows = windows_of(case.postings, people, chosen) if together and chosen else set()
    return Scope(people, tuple(chosen), frozenset(windows))


def asked(both: Sides, change: Change) -> list[Interval]:
    """The whole stretches that the leave asks for, before and after; half-open, none of them empty."""
    found = [(e.asked(x)) for e, x in zip(both, (change.before, change.after), strict=True) if x is not None]
    rows = [both.after.bounds(change.person, row.start, row.end) for row in change.standins]
    return [(parts[0][0], parts[-1][1]) for parts in found if parts] + [(a, b) for a, b in rows if a < b]


def months_of(excuses: Excuses, leave: Leave, today: Day) -> list[str]:
    """The months up to today that a leave asks for."""
    parts = excuses.asked(leave)
    return months_between(day_of(parts[0][0]), min(day_of(parts[-1][1] - 1), today)) if parts else []


def own_months(both: Sides, change: Change, spans: Sequence[Interval], today: Day) -> set[str]:
    """The months of the person's other leaves that meet it: a stand-in row covers those, too."""
    found: set[str] = set()
    for other in both.after.leaves_of(change.person) if change.standins else ():
        if any(touches(both.after.asked(other), *span) for span in spans):
            found.update(months_of(both.after, other, today))
    return found


def limit_months(pack: Pack, both: Sides, change: Change, today: Day) -> set[str]:
    """The months of the sessions that pass a limit of the leave of a year, before and after."""
    leaves = [x for x in (change.before, change.after) if x is not None]
    kinds = {x.kind for x in leaves}
    years = {y for x in leaves for e in both for m in months_of(e, x, today) for y in [m[:4]]}
    found: set[str] = set()
    for limit in pack.leave_limits:
        if limit.yields and not kinds.isdisjoint(limit.kinds):
            for year in years:
                for excuses in both:
                    session = passing(change.person, year, limit, excuses, today)
                    if session is not None:
                        found.add(period_of(day_of(session.start), "month"))
    return found


def partners(
    case: Case, pack: Pack, both: Sides, change: Change, spans: Sequence[Interval]
) -> Iterable[tuple[Posting, list[Leave]]]:
    """Whose B post the person is, and his own B posts, with those of their leaves in which he might stay for them."""
    if all(rule.whole or not rule.yields for rule in pack.covers):
        return
    for posting in near(case.postings, change.person, spans):
        leaves = [
            x
            for x in both.before.leaves_of(posting.person)
            if any(touches(both.before.asked(x), *span) for span in spans)
        ]
        if leaves:
            yield posting, leaves


def near(postings: Iterable[Posting], person: str, spans: Sequence[Interval]) -> list[Posting]:
    """The postings, in these stretches, of a person's B posts and of those whose B post he is."""
    here = [p for p in postings if any(p.first <= day_of(end - 1) and p.last >= day_of(start) for start, end in spans)]
    backed = {a for p in here if p.person == person for a in p.backup_for}
    return [p for p in here if p.person != person and (person in p.backup_for or p.person in backed)]


def backing(postings: Sequence[Posting], person: str, spans: Sequence[Interval]) -> set[str]:
    """All who are bound to a person by A and B posts, over others too: one B post's duty decides whose the next is."""
    found, fresh = {person}, {person}
    while fresh:
        fresh = {p.person for one in fresh for p in near(postings, one, spans)} - found
        found |= fresh
    return found - {person}


def counted(pack: Pack) -> bool:
    """Whether what a violation costs depends on others of its period."""
    return any(i.steps for i in pack.items) or any(c.per == "item" for c in pack.categories)


def windows_of(postings: Sequence[Posting], people: Collection[str], months: Sequence[str]) -> set[str]:
    """The windows at which some people were posted in some months."""
    first, last = span_of(months[0])[0], span_of(months[-1])[1]
    return {p.window for p in postings if p.person in people and p.first <= last and p.last >= first}


def mates(postings: Sequence[Posting], found: Scope) -> frozenset[str]:
    """Everybody who was posted at the windows of a scope in its months, and its people."""
    if not found.windows:
        return found.people
    first, last = span_of(found.months[0])[0], span_of(found.months[-1])[1]
    here = {p.person for p in postings if p.window in found.windows and p.first <= last and p.last >= first}
    return found.people | here


def few(case: Case, people: Collection[str]) -> Case:
    """A case of these people only, as far as a bench asks it and not its parts; windows' incidents stay."""
    return replace(
        case,
        postings=tuple(p for p in case.postings if p.person in people),
        incidents=tuple(i for i in case.incidents if not i.person or i.person in people),
        standins=tuple(s for s in case.standins if s.absent in people),
    )


def different(
    case: Case,
    pack: Pack,
    as_of: Moment,
    parts: Parts,
    both: Sides,
    change: Change,
    found: Scope,
    rest: Iterable[Violation] | None = None,
) -> Different:
    """What a change alters of the entries that should stand in the months of its scope.

    `rest` are the violations of the others at its windows, where they are known; otherwise those are judged, too.
    `parts` have the punches of all who are judged.
    """
    mine = few(case, found.people if rest is not None else mates(case.postings, found))
    owed = charge(list(rest or ()), (), pack)
    ids = {row.id for row in change.standins}
    rows = (*(s for s in mine.standins if s.id not in ids), *change.standins)
    benches = (
        Bench(mine, pack, as_of, parts._replace(excuses=both.before)),
        Bench(replace(mine, standins=rows), pack, as_of, parts._replace(excuses=both.after)),
    )
    before, after = (stand(bench, found.months, owed) for bench in benches)
    causes = [c for c in before.keys() | after.keys() if before.get(c) != after.get(c)]
    return Different(*({c: side[c] for c in causes if c in side} for side in (before, after)))


def stand(bench: Bench, months: Iterable[str], rest: Iterable[Owed]) -> dict[str, Wanted]:
    """The entries that should stand for some people in some months, by cause, beside what the rest owe."""
    span = bench.pack.span
    together: dict[str, list[Owed]] = defaultdict(list)
    for owed in rest:
        together[period_of(owed.violation.day, span)].append(owed)
    for month in months:
        together[period_of(span_of(month)[0], span)] += bench.month(month).owed
    return {w.cause: w for owed in together.values() for w in price(owed, bench.pack).wanted}
