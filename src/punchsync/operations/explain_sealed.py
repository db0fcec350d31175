"""A sealed day: what was judged of it, its entries and what was decided; why, only as far as that is still kept."""

from __future__ import annotations

from punchsync.core.appeal import by_appeal
from punchsync.core.article import cited
from punchsync.core.checkpoint import SEALING, Checkpoint, Erased
from punchsync.core.explained import Explained, Shown
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day
from punchsync.core.records import Posting
from punchsync.core.violations import Violation
from punchsync.core.wanted import violation_of
from punchsync.operations.explain_charge import booked, caps
from punchsync.operations.hall import Hall, records
from punchsync.operations.ports import Work


def sealed_by(work: Work, day: Day) -> Checkpoint | None:
    """The latest checkpoint that erased something of a day, with all that was; None for a day that is not sealed."""
    found = [c for c in work.checkpoints.all() if any(c.erased.days.get(table, 0) >= day for table in SEALING)]
    if not found:
        return None
    days = {table: last for table, last in work.checkpoints.reach().days.items() if last >= day}
    return found[-1]._replace(erased=Erased(days))


def of_sealed(hall: Hall, work: Work, subject: tuple[str, str], day: Day, by: Checkpoint) -> Explained | None:
    """A day of a person, or of a window's own violations (`person` or `window`, id); None for a person nobody posted.

    Nothing is judged anew: without its punches everybody would have been absent.
    """
    kind, id = subject
    postings = [p for p in records(hall, work, ("staff",)).postings if kind == "person" and p.person == id]
    if kind == "person" and not postings:
        return None
    posting: Posting | None = next((p for p in postings if p.first <= day <= p.last), None)
    stored = [v for v in work.months.violations(day, day) if concerns(v, kind, id)]
    ids = {v.id for v in stored}
    rows = entries_of(work, ids, subject, day)
    decided = by_appeal(work.appeals.decisions())
    ids |= {violation_of(e.cause) for e in rows}
    return Explained(
        hall=hall.name,
        person=id if kind == "person" else "",
        name=(posting or postings[0]).name if postings else "",
        window=id if kind == "window" else posting.window if posting else "",
        day=day,
        as_of=work.runs.settled_as_of(),
        posting=posting,
        appeals=tuple((a, decided.get(a.number)) for a in work.appeals.all() if a.violation in ids),
        violations=tuple(Shown(v, *cited(v, hall.pack), (), (), None, (), (), (), (), (), None, False) for v in stored),
        entries=booked(work, rows),
        caps=caps(work, hall.pack, rows),
        erased=by,
        verdicts=tuple(work.own.verdicts([id], day, day)) if kind == "person" else (),
    )


def concerns(v: Violation, kind: str, id: str) -> bool:
    """Whether a violation is a person's, or a window's own."""
    return v.person == id if kind == "person" else not v.person and v.window == id


def entries_of(work: Work, ids: set[str], subject: tuple[str, str], day: Day) -> list[Entry]:
    """The entries of a day's violations, and of the account on it, all revisions, in the order of booking."""
    causes = {
        e.cause
        for e in work.ledger.dated(day, day)
        if violation_of(e.cause) in ids or (e.account_type, e.account_id) == subject
    }
    return work.ledger.of_causes(causes)
