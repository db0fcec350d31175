"""File an appeal against a violation and decide on it, by name; the ledger follows from settling, never by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from punchsync.core.appeal import (
    AMENDED,
    FIRST,
    MERITS,
    MOOT,
    OPEN,
    REVIEW,
    SOURCES,
    WITHDRAWN,
    Appeal,
    AppealDecision,
    by_appeal,
    effect,
    evidence,
    on_merits,
    plain,
    ruling_id,
    state,
)
from punchsync.core.moment import DAY, Day, Moment, day_of, show_day, show_moment
from punchsync.core.records import FIRST_DAY, LAST_DAY, VIOLATION_KINDS, Case, Ruling
from punchsync.core.violations import Violation
from punchsync.operations.appealed import Shown, candidates, judged, made_of, shown, until
from punchsync.operations.closing import present
from punchsync.operations.hall import Hall, load_known, month_of
from punchsync.operations.ports import Body, Work
from punchsync.operations.settle import Settled, TooEarly, not_in_closed, not_sealed, settle

AHEAD: Final = 31 * DAY
"""How far ahead of now a time may be: of a later one a wrong year is more likely, and nothing could mend it."""


class Objection(Exception):
    """Why an appeal can't be filed or decided so: a code, and what there is instead, by name; times as text."""

    def __init__(self, code: str, **found: object) -> None:
        super().__init__(code, found)
        self.code, self.found = code, found


@dataclass(frozen=True, slots=True)
class Filing:
    """An appeal to be filed: by whom (`role` empty: as the violation has a person or not), on what grounds, with what.

    `files` are names and bytes; `late` is why it is to be taken after the term, `at` when it was filed (None: now).
    """

    by: str
    grounds: str
    role: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
    late: str = ""
    at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """A decision to be taken on an appeal; `at` None: now."""

    outcome: str
    by: str
    document: str = ""
    as_kind: str = ""
    note: str = ""
    at: Moment | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """An appeal after its decision, and what settling then booked; None where that was left to the next settle."""

    shown: Shown
    settled: Settled | None


# Filing


def file(hall: Hall, wanted: str | tuple[str, Day], filing: Filing, as_of: Moment | None = None) -> Shown:
    """File an appeal against a violation by its id, or against the only one of a person (or window) and day.

    Raises Objection, with nothing stored, Sealed for a violation of a sealed day, and TooEarly for an as-of before the
    last one settled.
    """
    with hall.store.reading() as work:
        v = the_one(work, wanted)
        not_sealed(work, v.day)
        if v.source not in SOURCES:
            raise Objection("derived", violation=v, made_of=made_of(hall, work, v))
    with hall.store.writing() as work:
        v = the_one(work, v.id)
        now = present(hall, work, as_of)
        at = now if filing.at is None else filing.at
        history = [a for a in work.appeals.all() if a.violation == v.id]
        decisions = by_appeal(work.appeals.decisions())
        before = on_merits(history, decisions)
        first = decisions[before[0].number] if before else None
        role = filing.role or ("person" if v.person else "unit")
        late = bool(filing.late)
        last = until(hall, work, v, first)
        for a in history:
            if state(a, decisions) == OPEN:
                raise Objection("open", number=a.number)
        if len(before) > 1:
            raise Objection("final", number=before[1].number)
        if at > now + AHEAD:
            raise Objection("future", at=show_moment(at), now=show_moment(now))
        if role == "person" and not v.person:
            raise Objection("role", window=v.window)
        if day_of(at) < v.day:
            raise Objection("before", at=show_moment(at), since=show_day(v.day))
        if first and at < first.decided_at:
            raise Objection("before", at=show_moment(at), since=show_moment(first.decided_at))
        if last is None or day_of(at) <= last:
            late = False
        elif not late:
            raise Objection("late", at=show_moment(at), last=show_day(last))
        appeal = Appeal(
            0, v.id, REVIEW if first else FIRST, v.day, v.person, v.window, v.session, v.kind, v.seconds, v.source,
            filing.by, role, filing.grounds, filing.late if late else "", at,
        )  # fmt: skip
        filed = work.appeals.file(appeal, evidence(filing.files), hall.clock.now())
        [row] = shown(hall, work, [filed], day_of(now))
        return row


def the_one(work: Work, wanted: str | tuple[str, Day]) -> Violation:
    """The standing violation that is meant; raises Objection."""
    if work.runs.settled_as_of() is None:
        raise Objection("unsettled")
    if isinstance(wanted, str):
        v = standing(work, wanted)
        if v is None:
            raise Objection("unknown", id=wanted)
        return v
    found = candidates(work, *wanted)
    if len(found) != 1:
        raise Objection("several" if found else "none", subject=wanted[0], day=show_day(wanted[1]), candidates=found)
    return found[0]


def standing(work: Work, id: str) -> Violation | None:
    """A violation that stands, by its id; an incident's may have been moved to another day since."""
    return next((v for v in work.months.violations(FIRST_DAY, LAST_DAY) if v.id == id), None)


# Deciding


def decide(
    hall: Hall,
    number: int,
    deciding: Deciding,
    as_of: Moment | None = None,
    *,
    settling: bool = True,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Decided:
    """Decide on an appeal and settle what that makes due, as of the last settled moment (or a later `as_of`).

    Raises Objection, with nothing stored, TooEarly for an as-of before the last one settled, and AmendsClosed.
    """
    with hall.store.writing() as work:
        now = present(hall, work, as_of)
        settled = work.runs.settled_as_of()
        appeal = next((a for a in work.appeals.all() if a.number == number), None)
        if appeal is None or settled is None:
            raise Objection("no_appeal", number=number)
        not_sealed(work, appeal.day)
        if settling:
            not_in_closed(work, hall)
        at = now if deciding.at is None else deciding.at
        if at > now + AHEAD:
            raise Objection("future", at=show_moment(at), now=show_moment(now))
        v = standing(work, appeal.violation)
        case = load_known(hall, work, settled)
        check(work, case, appeal, deciding, v, at)
        ruling = ""
        if v is not None and deciding.outcome in MERITS:
            ruling = ruling_id(number)
            row = record(ruling, v, deciding, at, governing(hall, work, case, v, settled))
            work.records.put("ruling", [(ruling, row)], hall.clock.now())
            work.months.mark(month_of(v.day))
        work.appeals.decide(
            AppealDecision(
                number, deciding.outcome, deciding.as_kind, deciding.by, deciding.document, deciding.note, ruling, at
            ),
            hall.clock.now(),
        )
    booked = settled_since(hall, as_of if as_of is not None else settled, progress) if settling else None
    with hall.store.reading() as work:
        [after] = shown(hall, work, [appeal], day_of(present(hall, work, None)))
    return Decided(after, booked)


def check(work: Work, case: Case, appeal: Appeal, deciding: Deciding, v: Violation | None, at: Moment) -> None:
    """Raise Objection for what can't be decided so, or by this person."""
    decisions = by_appeal(work.appeals.decisions())
    if appeal.number in decisions:
        raise Objection("decided", number=appeal.number, decision=decisions[appeal.number])
    if at < appeal.filed_at:
        raise Objection("early", at=show_moment(at), filed=show_moment(appeal.filed_at))
    if deciding.outcome == WITHDRAWN:
        if plain(deciding.by) != plain(appeal.filed_by):
            raise Objection("not_filer", by=deciding.by, filer=appeal.filed_by)
        return
    if (deciding.outcome == MOOT) != (v is None):
        raise Objection("gone" if v is None else "stands", number=appeal.number)
    if v is not None and deciding.outcome == AMENDED:
        allowed = [k for k in VIOLATION_KINDS if (k != "window_empty" or not v.person) and k != v.kind]
        if deciding.as_kind not in allowed:
            raise Objection("as_kind", kind=deciding.as_kind, now=v.kind, allowed=allowed)
    history = [a for a in work.appeals.all() if a.violation == appeal.violation]
    first = [decisions[a.number].decided_by for a in on_merits(history, decisions)]
    for why, name in [*concerned(case, appeal, v), *(("first", name) for name in first)]:
        if plain(name) == plain(deciding.by):
            raise Objection(why, by=deciding.by)


def concerned(case: Case, appeal: Appeal, v: Violation | None) -> Iterator[tuple[str, str]]:
    """Who can't decide on an appeal, and why: who filed it, whom it is about, who noted the violation."""
    yield "filer", appeal.filed_by
    if appeal.person:
        yield "person", appeal.person
    for posting in case.postings:
        if posting.person == appeal.person:
            yield "person", posting.name
            yield "person", posting.name + posting.person  # as we print it ourselves
    for incident in case.incidents:
        if v is not None and v.source == "incident" and incident.id == v.cause and incident.noted_by:
            yield "noted", incident.noted_by


def governing(hall: Hall, work: Work, case: Case, v: Violation, settled: Moment) -> Ruling | None:
    """The ruling that made a violation what it is, if one did.

    Raises Objection where what is known now says otherwise than the last settle: nobody decides on what is not so.
    """
    fresh = next((b for b in judged(hall, work, case, v.day, v.person, settled) if b.id == v.id), None)
    if fresh is None or fresh.kind != v.kind:
        raise Objection("due", id=v.id)
    return next((r for r in case.rulings if r.id == fresh.ruling), None)


def record(id: str, v: Violation, deciding: Deciding, at: Moment, by: Ruling | None) -> Body:
    """The ruling that carries a decision out: a record like an imported one, on that violation alone."""
    does, as_kind = effect(deciding.outcome, deciding.as_kind, v.kind, by)
    return {
        "ruling_id": id, "person_id": v.person, "window": "" if v.person else v.window, "date": show_day(v.day),
        "session": str(v.session), "kind": "", "effect": does, "as_kind": as_kind, "document": deciding.document,
        "decided_by": deciding.by, "decided_at": show_moment(at), "withdrawn": "", "violation": v.id,
    }  # fmt: skip


def settled_since(hall: Hall, as_of: Moment, progress: Callable[[int, int], None]) -> Settled:
    """What is due, settled as of a moment; as of a later one where somebody settled that meanwhile."""
    try:
        return settle(hall, as_of, due_only=True, progress=progress)
    except TooEarly as error:
        return settle(hall, error.settled, due_only=True, progress=progress)
