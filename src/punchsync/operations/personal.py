"""Tell people who have an address what was booked on their own account, and what was reversed: once each, and no more.

How far they were told is a height of the ledger that is kept with it, from the first time on: nobody is told of what
was booked before. What is pending is in no ledger, and so in no notice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from punchsync.core.appeal import SOURCES, by_appeal, on_merits
from punchsync.core.contact import Contact
from punchsync.core.ledger import Entry, stands
from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.notice import PERSON, PERSONAL
from punchsync.core.quiet import Quiet
from punchsync.core.sought import Sought
from punchsync.core.violations import Violation
from punchsync.core.wanted import violation_of
from punchsync.operations.appealed import until
from punchsync.operations.hall import Hall, records
from punchsync.operations.ports import Work

BOOKED: Final = "booked"
REVERSED: Final = "reversed"


class Personal(NamedTuple):
    """Of what people are told (`booked`, `reversed`), and when not."""

    on: frozenset[str]
    quiet: Quiet | None = None


class Item(NamedTuple):
    """An entry that somebody is told of, and the violation it is for, if that stands.

    `may`: what can be done against it, `appeal`, `review` or nothing; `last` is the last day for that (None: no term).
    """

    entry: Entry
    violation: Violation | None = None
    may: str = ""
    last: Day | None = None


Words = Callable[[Sequence[Item]], tuple[str, str]]
"""Subject and body of what one person is told."""


class Stranger(Exception):
    """Somebody who is not posted, now or later: nobody to be written to."""

    def __init__(self, person: str) -> None:
        super().__init__(person)
        self.person = person


def tell(hall: Hall, work: Work, personal: Personal | None, words: Words, now: Moment) -> int:
    """Write down what people are to be told of what was booked since the last time; returns how many notices.

    With None, nobody is told, and of nothing that is booked meanwhile later either.
    """
    before = work.contacts.reached()
    if personal is None:
        if before is not None:
            work.contacts.reach(None)
        return 0
    newest = work.ledger.page(Sought(), 1)
    height = newest[0].height if newest else 0
    if before is not None and height <= before:
        return 0
    work.contacts.reach(height)
    if before is None:
        return 0
    fresh = [row.entry for row in work.ledger.page(Sought(account_type="person"), above=before)][::-1]
    told = 0
    for person, entries in _by_person(fresh, personal.on).items():
        if work.contacts.of(person) is not None:
            items = [_item(hall, work, entry, day_of(now)) for entry in entries]
            key = f"{PERSONAL}/{entries[0].entry_id}-{entries[-1].entry_id}"
            told += work.notices.add(key, PERSON + person, PERSONAL, *words(items), now)
    return told


def put(hall: Hall, contacts: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Keep addresses of people, all of them or none; an empty one removes what there is. Returns how many of each.

    Raises Stranger for whoever is not posted today or later.
    """
    kept = gone = 0
    with hall.store.writing() as work:
        now = hall.clock.now()
        there = {p.person for p in records(hall, work, ("staff",)).postings if p.last >= day_of(now)}
        for person, address in contacts:
            if not address:
                gone += work.contacts.remove(person)
                continue
            if person not in there:
                raise Stranger(person)
            work.contacts.put(Contact(person, address, now))
            kept += 1
    return kept, gone


def listed(hall: Hall) -> list[Contact]:
    """The addresses of all people, by their ids."""
    with hall.store.reading() as work:
        return work.contacts.all()


def _by_person(rows: Sequence[Entry], on: frozenset[str]) -> dict[str, list[Entry]]:
    """What each person is told of, in the order of booking; nothing of what was reversed again at once."""
    undone = {e.reverses for e in rows if e.reverses}
    posted = {e.entry_id for e in rows}
    out: dict[str, list[Entry]] = defaultdict(list)
    for e in rows:
        if (BOOKED if stands(e) else REVERSED) in on and e.entry_id not in undone and e.reverses not in posted:
            out[e.account_id].append(e)
    return out


def _item(hall: Hall, work: Work, entry: Entry, today: Day) -> Item:
    found = work.own.violations(entry.value_date, entry.value_date, person=entry.account_id)
    v = next((v for v in found if v.id == violation_of(entry.cause)), None)
    if v is None or v.source not in SOURCES or not stands(entry):
        return Item(entry, v)
    decisions = by_appeal(work.appeals.decisions())
    before = on_merits((a for a in work.appeals.all() if a.violation == v.id), decisions)
    last = until(hall, work, v, decisions[before[0].number] if before else None)
    if len(before) > 1 or (last is not None and last < today):
        return Item(entry, v)
    return Item(entry, v, "review" if before else "appeal", last)
