"""Why: everything behind a person's day, from the raw records to the entries, or behind one entry.

The stored state is that of the last settle; what is not stored (what a conversion was made of, the how-many-th of an
item, why no other punch) is judged anew by the same core, and what differs is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from punchsync.core.bearing import NONE, References
from punchsync.core.bench import Bench, HallMonth
from punchsync.core.checkpoint import Checkpoint
from punchsync.core.doubt import Doubts
from punchsync.core.explained import Explained, ExplainedEntry
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry, same, stands
from punchsync.core.moment import Day, Moment, day_of, last_second, start_of
from punchsync.core.origin import Noted, Origin, origins
from punchsync.core.owners import punches_by_person
from punchsync.core.period import days_of_month, period_of
from punchsync.core.records import Case, Posting
from punchsync.core.score import posted_months
from punchsync.core.settle import whole_spans
from punchsync.core.trace import Trace, trace
from punchsync.core.violations import Violation
from punchsync.core.wanted import Wanted, price, violation_of
from punchsync.operations.clocks import Clocks
from punchsync.operations.explain_charge import booked, caps, shown
from punchsync.operations.explain_day import (
    appeals,
    backups,
    incidents,
    leaves,
    outings,
    points,
    rulings,
    standins,
    timetable,
)
from punchsync.operations.explain_raw import doubted, raws, sheets, terminals
from punchsync.operations.explain_sealed import of_sealed, sealed_by
from punchsync.operations.hall import Hall, load_known
from punchsync.operations.own_punches import users_of, with_own
from punchsync.operations.ports import Work


class NothingThere(Exception):
    """No such person, or no such entry; carries what was asked for."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A hall laid out for explaining the days of a month: judged anew as of the last settle (None: there was none)."""

    hall: Hall
    work: Work
    settled: Moment | None
    case: Case
    bench: Bench
    months: tuple[HallMonth, ...]
    trace: Trace
    wanted: tuple[Wanted, ...]
    references: References
    clocks: Clocks
    users: Mapping[str, Collection[str]]

    def origins(self, person: str, day: Day) -> dict[str, Origin]:
        """Every violation that a person could have on a day, by id."""
        noted = [
            Noted(id, person, body.get("kind", ""))
            for id, body in self.work.own.records("incident", person).items()
            if body.get("person_id", "") == person
        ]
        excuses = self.bench.excuses
        records = [r.id for rows in (excuses.leaves_of(person), excuses.outings_of(person)) for r in rows]
        return origins(person, day, self.hall.pack, noted, records)


def lay_out(
    hall: Hall, work: Work, day: Day, references: References, known: Bench | None, person: str, window: str = ""
) -> Laid:
    """Judge anew the months that are priced together with a day's, as known now and as of the last settle.

    Only those are judged whose violations can bear on what a person or a window is charged. `known` has the hall laid
    out without punches, as of the last settle or later; None: it is laid out here.
    """
    settled = work.runs.settled_as_of()
    as_of = hall.clock.now() if settled is None else settled
    bare = Bench(load_known(hall, work, as_of), hall.pack, as_of) if known is None else known
    every = {*posted_months(bare.case.postings, day_of(as_of)), *work.months.states()}
    months = whole_spans([period_of(day, "month")], every, hall.pack.span)
    first, last = days_of_month(months[0])[0], days_of_month(months[-1])[-1]
    near = neighbours(bare.case.postings, person, window, first, last)
    users, owners = users_of(work, bare.case, near), bare.parts.owners
    clocks = Clocks(work, hall.terminals)
    case = with_own(work, bare.case, clocks, near, users, start_of(first), last_second(last))
    parts = bare.parts._replace(punches=punches_by_person(case, owners), doubts=Doubts(case.doubts, owners))
    few = replace(case, postings=tuple(p for p in case.postings if p.person in near))
    narrow = Bench(few, hall.pack, as_of, parts)
    judged = tuple(narrow.month(m) for m in months)
    wanted = price((o for m in judged for o in m.owed), hall.pack).wanted
    bench = Bench(case, hall.pack, as_of, parts)
    return Laid(
        hall, work, settled, case, bench, judged, trace(judged, hall.pack), tuple(wanted), references, clocks, users
    )


def neighbours(postings: Iterable[Posting], person: str, window: str, first: Day, last: Day) -> frozenset[str]:
    """A person and all who are posted, on days `first` to `last`, to a window where he is; or all of a window."""
    here = [p for p in postings if p.first <= last and p.last >= first]
    windows = {window, *(p.window for p in here if p.person == person)} - {""}
    return frozenset({*(p.person for p in here if p.window in windows), *({person} - {""})})


def explain_day(
    hall: Hall, person: str, day: Day, references: References = NONE, known: Bench | None = None
) -> Explained:
    """All that is behind a person's day; raises NothingThere for a person nobody ever posted.

    `references` say which interpretations are read into which rules of the hall's pack; `known` see `lay_out`.
    """
    with hall.store.reading() as work:
        sealed = sealed_by(work, day)
        if sealed is not None:
            found = of_sealed(hall, work, ("person", person), day, sealed)
            if found is None:
                raise NothingThere(person)
            return found
        laid = lay_out(hall, work, day, references, known, person)
        if not any(p.person == person for p in laid.case.postings):
            raise NothingThere(person)
        return of_person(laid, person, day)


def explain_window(
    hall: Hall, window: str, day: Day, references: References = NONE, known: Bench | None = None
) -> Explained:
    """All that is behind a window's own violations of a day."""
    with hall.store.reading() as work:
        sealed = sealed_by(work, day)
        found = None if sealed is None else of_sealed(hall, work, ("window", window), day, sealed)
        return found or of_window(lay_out(hall, work, day, references, known, "", window), window, day)


def explain_entry(
    hall: Hall, entry_id: str, references: References = NONE, known: Bench | None = None
) -> ExplainedEntry:
    """An entry, all that was booked for its cause, and the day behind it; raises NothingThere for an unknown one."""
    with hall.store.reading() as work:
        entry = work.ledger.find(entry_id)
        if entry is None:
            raise NothingThere(entry_id)
        sealed = sealed_by(work, entry.value_date)
        if sealed is not None:
            return sealed_entry(hall, work, entry, sealed)
        id = violation_of(entry.cause)
        account = (entry.account_id, "") if entry.account_type == "person" else ("", entry.account_id)
        laid = lay_out(hall, work, entry.value_date, references, known, *account)
        there = work.own.violations(entry.value_date, entry.value_date, **{entry.account_type: entry.account_id})
        behind = next((v for v in there if v.id == id), None) or work.months.violation(id)
        history = booked(work, work.ledger.of_causes([entry.cause]))
        if behind is not None:
            if behind.person and behind.person != entry.account_id:
                laid = lay_out(hall, work, behind.day, references, known, behind.person)
            return ExplainedEntry(entry, history, behind, None, ofviolation_of(laid, behind))
        origin = origin_of(laid, id, entry.account_type, entry.account_id, entry.value_date)
        if origin is not None and origin.person:
            if origin.person != entry.account_id:
                laid = lay_out(hall, work, entry.value_date, references, known, origin.person)
            return ExplainedEntry(entry, history, None, origin, of_person(laid, origin.person, entry.value_date))
        window = entry.account_id if entry.account_type == "window" else ""
        about = of_window(laid, window, entry.value_date) if window and origin is not None else None
        return ExplainedEntry(entry, history, None, origin, about)


def sealed_entry(hall: Hall, work: Work, entry: Entry, sealed: Checkpoint) -> ExplainedEntry:
    """An entry of a sealed day."""
    day = entry.value_date
    history = booked(work, work.ledger.of_causes([entry.cause]))
    behind = next((v for v in work.months.violations(day, day) if v.id == violation_of(entry.cause)), None)
    subject = (entry.account_type, entry.account_id)
    if behind is not None:
        subject = ("person", behind.person) if behind.person else ("window", behind.window)
    return ExplainedEntry(entry, history, behind, None, of_sealed(hall, work, subject, day, sealed))


def origin_of(laid: Laid, id: str, account_type: str, account_id: str, day: Day) -> Origin | None:
    """What a violation that no longer stands was about: of the account's own person, or of those of its window."""
    people = [account_id] if account_type == "person" else ["", *(p.person for p in laid.bench.timetables.posted(day))]
    return next((found[id] for person in people if id in (found := laid.origins(person, day))), None)


def ofviolation_of(laid: Laid, v: Violation) -> Explained:
    """The day of a violation: its person's, or its window's where it has none."""
    return of_person(laid, v.person, v.day) if v.person else of_window(laid, v.window, v.day)


def of_person(laid: Laid, person: str, day: Day) -> Explained:
    """A person's day."""
    bench, work, case = laid.bench, laid.work, laid.case
    posting = bench.timetables.posting(person, day)
    plan = bench.plan_of(posting, day) if posting else None
    fresh = [v for v in bench.person_month(person, period_of(day, "month")).verdicts if v.day == day]
    settled = list(work.own.verdicts([person], day, day))
    stored = [v for v in work.months.violations(day, day) if v.person == person]
    judged = [v for m in laid.months for v in m.violations if v.person == person and v.day == day]
    own = {v.id for v in (*stored, *judged)}
    ids = own.union(laid.origins(person, day))
    rows = entries_of(laid, ids, person, day)
    found = points(laid.bench, person, day, plan, fresh, settled)
    raw = raws(work, bench, laid.clocks, person, day, found, laid.users)
    name = posting.name if posting else next(p.name for p in case.postings if p.person == person)
    return Explained(
        hall=laid.hall.name,
        person=person,
        name=name,
        window=posting.window if posting else "",
        day=day,
        as_of=laid.settled,
        posting=posting,
        plan=plan,
        timetable=timetable(bench, posting, day, laid.references) if posting else None,
        raw=raw,
        papers=sheets(bench, person, day, found),
        terminals=terminals(work, bench, posting, day),
        doubts=doubted(work, bench, person, posting, day, raw),
        leaves=leaves(bench, person, day),
        outings=outings(bench, person, day),
        standins=standins(bench, person, day),
        backups=backups(bench, posting, day),
        incidents=incidents(case, person, "", day, stored),
        rulings=rulings(case, person, "", day, ids, own),
        appeals=appeals(work, day, ids, own),
        points=found,
        violations=tuple(shown(laid.trace, bench, v, laid.references) for v in stored),
        entries=booked(work, rows),
        caps=caps(work, laid.hall.pack, rows),
        stale=stale(laid, rows, settled, fresh, stored, judged),
        fresh=tuple(judged),
    )


def of_window(laid: Laid, window: str, day: Day) -> Explained:
    """A window's own violations of a day."""
    work, case = laid.work, laid.case
    stored = [v for v in work.months.violations(day, day) if not v.person and v.window == window]
    judged = [v for m in laid.months for v in m.violations if not v.person and v.window == window and v.day == day]
    own = {v.id for v in (*stored, *judged)}
    ids = own.union(laid.origins("", day))
    rows = [e for e in entries_of(laid, ids, "", day) if e.account_id == window]
    return Explained(
        hall=laid.hall.name,
        person="",
        name="",
        window=window,
        day=day,
        as_of=laid.settled,
        incidents=incidents(case, "", window, day, stored),
        rulings=rulings(case, "", window, day, ids, own),
        appeals=appeals(work, day, ids, own),
        violations=tuple(shown(laid.trace, laid.bench, v, laid.references) for v in stored),
        entries=booked(work, rows),
        caps=caps(work, laid.hall.pack, rows),
        stale=stale(laid, rows, [], [], stored, judged),
        fresh=tuple(judged),
    )


def entries_of(laid: Laid, ids: set[str], person: str, day: Day) -> list[Entry]:
    """The entries of a day's violations and of the person's account on it, all revisions, in the order of booking."""
    mine = {w.cause for w in laid.wanted if w.value_date == day and violation_of(w.cause) in ids}
    for e in laid.work.ledger.dated(day, day):
        if violation_of(e.cause) in ids or (person and (e.account_type, e.account_id) == ("person", person)):
            mine.add(e.cause)
    return laid.work.ledger.of_causes(mine)


def stale(
    laid: Laid,
    rows: Iterable[Entry],
    settled: Iterable[Verdict],
    fresh: Iterable[Verdict],
    stored: Iterable[Violation],
    judged: Iterable[Violation],
) -> tuple[str, ...]:
    """What of the stored state a fresh judging has otherwise: `verdicts`, `violations`, `entries`."""
    latest = {e.cause: e for e in rows}
    wanted = {w.cause: w for w in laid.wanted if w.cause in latest or violation_of(w.cause) in {v.id for v in judged}}
    standing = {cause: e for cause, e in latest.items() if stands(e)}
    found = {
        "verdicts": sorted(settled) != sorted(fresh),
        "violations": sorted(stored) != sorted(judged),
        "entries": standing.keys() != wanted.keys() or any(not same(standing[c], w) for c, w in wanted.items()),
    }
    return tuple(name for name, differs in found.items() if differs)
