"""Gather a person's or window's statement of a month, quarter or year, as of the last settle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from punchsync.core.closing import closed_by
from punchsync.core.moment import Day
from punchsync.core.period import months_of, span_of
from punchsync.core.records import FIRST_DAY, Case, Posting
from punchsync.core.statement import Statement, accounts, corrections, reach
from punchsync.operations.hall import Hall, records
from punchsync.operations.ports import Work


class Nobody(Exception):
    """No such person or window was ever posted; carries the id asked for."""


def statement(hall: Hall, subject_type: str, subject_id: str, period: str, known: Case | None = None) -> Statement:
    """What an account's period comes to; raises Nobody. `known`: postings and given scores, where they are at hand."""
    pack = hall.pack
    first, last = span_of(period)
    with hall.store.reading() as work:
        case = known or records(hall, work, ("staff", "scores"))
        mine = [p for p in case.postings if subject_id == (p.person if subject_type == "person" else p.window)]
        if not mine:
            raise Nobody(subject_id)
        begin, end = reach(pack, subject_type, period)
        entries = work.ledger.of_account(subject_type, subject_id, FIRST_DAY, end)
        since = min([begin, *(e.value_date for e in entries)])
        violations = work.own.violations(since, last, **{subject_type: subject_id})
        unknown = not_known(work, mine, subject_type, first, last)
        history = work.closings.all()
        closed, states = closed_by(history), work.months.states()
        latest = {c.month: c for c in history}
        months = months_of(period)
        posting = max(mine, key=lambda p: (p.first <= last, p.first))
        return Statement(
            hall=hall.name,
            subject_type=subject_type,
            subject_id=subject_id,
            name=posting.name if subject_type == "person" else "",
            unit=posting.unit,
            period=period,
            as_of=work.runs.settled_as_of(),
            accounts=accounts(
                pack,
                subject_type,
                period,
                entries,
                violations,
                work.own.scores(subject_type, subject_id),
            ),
            corrections=corrections(period, entries, violations, history),
            given=tuple(
                g
                for g in case.given
                if (g.subject_type, g.subject_id) == (subject_type, subject_id)
                and span_of(g.period)[0] <= last
                and span_of(g.period)[1] >= first
            ),
            pending=unknown["pending"],
            unverified=unknown["unverified"],
            closings=tuple((m, latest[m] if m in closed else None) for m in months),
            due=tuple(m for m in months if m in states and states[m].stale(pack.digest)),
            names={p.person: p.name for p in case.postings},
        )


def not_known(work: Work, postings: Iterable[Posting], subject_type: str, first: Day, last: Day) -> Counter[str]:
    """How many checkpoints of a stretch, by verdict, were asked of a person, or of those posted to a window."""
    rows = list(postings)
    people = {p.person for p in rows}
    out: Counter[str] = Counter()
    for day, person, verdict in work.own.unknown(people, first, last):
        if subject_type == "person" or any(p.person == person and p.first <= day <= p.last for p in rows):
            out[verdict] += 1
    return out
