"""Gather what a letter on a confirmed outcome says, and issue it under a number of its own year."""

from __future__ import annotations

from typing import Final

from punchsync.core.article import cited
from punchsync.core.checkpoint import unpublishable
from punchsync.core.moment import Day, Moment, day_of, to_date
from punchsync.core.outcome_letter import Letter, counted
from punchsync.core.period import span_of
from punchsync.core.records import Posting
from punchsync.core.sought import Issued
from punchsync.operations.hall import Hall, records
from punchsync.operations.outcomes import stated
from punchsync.operations.ports import Work

KIND: Final = "letter"
"""The kind under which letters are numbered and kept."""
MANY: Final = 1_000_000


class NoOutcome(Exception):
    """No outcome has this id; carries it."""


class NotConfirmed(Exception):
    """Nobody confirmed the outcome; carries its id and its state."""

    def __init__(self, id: str, state: str) -> None:
        super().__init__(id, state)
        self.id, self.state = id, state


def letter(hall: Hall, id: str) -> Letter:
    """What the letter says now; raises NoOutcome, NotConfirmed, and Sealed where what it rests on was erased."""
    with hall.store.reading() as work:
        row = next((r for r in stated(work) if r.id == id), None)
        if row is None:
            raise NoOutcome(id)
        if row.state != "confirmed" or row.decision is None:
            raise NotConfirmed(id, row.state)
        o = row.outcome
        first, last = span_of(o.period)
        sealed = unpublishable(work.checkpoints.all(), first, last)
        if sealed is not None:
            raise sealed
        mine = work.own.violations(first, last, **{o.subject_type: o.subject_id})
        rows = counted(hall.pack, o, mine)
        posting = posted(records(hall, work, ("staff",)).postings, o.subject_type, o.subject_id, last)
    person = o.subject_type == "person"
    return Letter(
        hall.name, id, o, posting.name if posting and person else "", posting.unit if posting else "",
        posting.window if posting else "", rows, {v.id: cited(v, hall.pack) for v in rows},
        day_of(row.decision.decided_at),
    )  # fmt: skip


def posted(postings: tuple[Posting, ...], subject_type: str, subject_id: str, last: Day) -> Posting | None:
    """The last posting of a person or a window that began by a day."""
    rows = [p for p in postings if subject_id == (p.person if subject_type == "person" else p.window)]
    return max(rows, key=lambda p: (p.first <= last, p.first), default=None)


def name_of(outcome: str, now: Moment) -> str:
    """The period under which an outcome's letter is kept: the year of its issue, and the outcome."""
    return f"{to_date(day_of(now)).year:04d}-{outcome}"


def kept(work: Work, outcome: str) -> tuple[Issued, str] | None:
    """The letter that was issued last of an outcome, with its text."""
    row = next((i for i in work.papers.issued(KIND, MANY) if i.period[5:] == outcome), None)
    return None if row is None else work.papers.bulletin(KIND, row.year, row.number)


def issue(work: Work, name: str, content: str, at: Moment) -> int:
    """Keep a letter as issued; the same content keeps its number."""
    return work.papers.issue(KIND, name, content, at)
