"""Gather what a bulletin says."""

from __future__ import annotations

from punchsync.core.article import cited
from punchsync.core.bulletin import Daily, TerminalDay, corrections, occurrences, unknown, windows
from punchsync.core.coverage import cover_all
from punchsync.core.ledger import GENESIS
from punchsync.core.moment import Day
from punchsync.core.period import period_of
from punchsync.operations.export import state_of
from punchsync.operations.hall import Hall, records


def daily(hall: Hall, day: Day) -> Daily:
    """The bulletin of a day, as of the last settle."""
    with hall.store.reading() as work:
        settled = work.runs.settled_as_of()
        as_of = hall.clock.now() if settled is None else settled
        postings = [p for p in records(hall, work, ("staff",)).postings if p.first <= day <= p.last]
        verdicts = list(work.months.verdicts(day, day))
        violations = work.months.violations(day, day)
        chained = list(work.ledger.entries())
        covers, states = cover_all(hall.terminals, work.readings.reads(as_of)), work.readings.states()
        outcomes = [
            (o.period, o.subject_type, o.subject_id, o.outcome, o.article)
            for o, state in work.months.outcomes()
            if o.outcome == "award_barred" and period_of(day, "year") == o.period and state != "dropped"
        ]
        return Daily(
            hall.name,
            day,
            settled,
            windows(postings, verdicts, violations),
            occurrences(
                violations, {p.person: p.name for p in postings}, {v.id: cited(v, hall.pack) for v in violations}
            ),
            unknown(postings, verdicts),
            len({p.person for p in postings} - {v.person for v in verdicts}),
            outcomes,
            corrections((c.entry for c in chained), day),
            [
                TerminalDay(t.id, covers[t.id].through, state_of(t.live, covers[t.id], states.get(t.id), as_of))
                for t in hall.terminals
            ],
            chained[-1].hash if chained else GENESIS,
        )
