"""What channels are told of decisions on outcomes: of what was confirmed, and of what is confirmed no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from punchsync.core.attention import Listener
from punchsync.core.notice import OUTCOME
from punchsync.core.period import span_of
from punchsync.notice_words import confirmed, taken_back
from punchsync.operations.appealed import name_of
from punchsync.operations.hall import Hall, records
from punchsync.operations.outcomes import Also, Stated
from punchsync.operations.ports import Work
from punchsync.publish.level import masked
from punchsync.texts import _

CONFIRMED: Final = "confirmed"


def of_outcomes(hall: Hall, listeners: Iterable[Listener]) -> Also:
    """What is done with a decision on an outcome; a proposal is told to nobody."""
    those = [listener for listener in listeners if OUTCOME in listener.after]

    def also(work: Work, before: Stated, now: Stated) -> None:
        if not those or now.decision is None:
            return
        at = now.decision.decided_at
        if now.state == CONFIRMED:
            for one in those:
                said = confirmed(hall.name, now, subject(hall, work, now, one.level))
                work.notices.add(key(now), one.name, OUTCOME, *said, at)
        elif before.state == CONFIRMED:
            told = work.notices.made([key(before)])
            for one in those:
                if (one.name, key(before)) in told:
                    said = taken_back(hall.name, now, subject(hall, work, now, one.level))
                    work.notices.add(key(now), one.name, OUTCOME, *said, at)

    return also


def key(row: Stated) -> str:
    """By which a channel is told of a decision once."""
    return f"{OUTCOME}/{row.id}/{row.decision.number if row.decision else 0}"


def subject(hall: Hall, work: Work, row: Stated, level: str) -> str:
    """Whom an outcome is about, as far as a publication level tells; empty for nothing."""
    o = row.outcome
    if o.subject_type != "person":
        return o.subject_id
    if level == "numbers":
        return ""
    postings = records(hall, work, ("staff",)).postings
    last = span_of(o.period)[1]
    name = name_of(o.subject_id, last, postings) or o.subject_id
    where = next((p.window for p in reversed(postings) if p.person == o.subject_id and p.first <= last), "")
    whole = masked(name) if level == "masked" else f"{name}（{o.subject_id}）"
    return _("{window} {name}").format(window=where, name=whole) if where else whole
