"""Decide on outcomes: they are proposals until a named person confirms or drops them; a decision can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from punchsync.core.decision import PROPOSED, Decision, latest, place_of, short_id
from punchsync.core.outcome import Outcome
from punchsync.core.period import span_of
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work


@dataclass(frozen=True, slots=True)
class Stated:
    """An outcome as it stands: its short id, its state and the decision that gave it that, if there was one."""

    id: str
    outcome: Outcome
    state: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which outcome is meant: by its short id, or by its words; without a rule any rule's."""

    id: str = ""
    period: str = ""
    subject_type: str = ""
    subject_id: str = ""
    outcome: str = ""
    rule: str | None = None

    def means(self, row: Stated) -> bool:
        """Whether this is the outcome that is meant."""
        o = row.outcome
        if self.id:
            return row.id == self.id
        words = (self.period, self.subject_type, self.subject_id, self.outcome)
        return words == (o.period, o.subject_type, o.subject_id, o.outcome) and self.rule in (None, o.rule)

    def near(self, row: Stated) -> bool:
        """Whether this is an outcome of the same subject and period."""
        o = row.outcome
        words = (self.period, self.subject_type, self.subject_id)
        return not self.id and words == (o.period, o.subject_type, o.subject_id)


Also = Callable[[Work, Stated, Stated], None]
"""What else is done with a decision, in its transaction: with the outcome as it was, and as it is now."""


def nothing(work: Work, before: Stated, now: Stated) -> None:
    """Nothing else."""


class NoSuchOutcome(Exception):
    """No outcome is the one meant; carries those of the same subject and period."""

    def __init__(self, there: Sequence[Stated]) -> None:
        super().__init__(len(there))
        self.there = tuple(there)


class SeveralRules(Exception):
    """Several rules lead to the outcome meant; carries all of them."""

    def __init__(self, found: Sequence[Stated]) -> None:
        super().__init__(len(found))
        self.found = tuple(found)


def listed(hall: Hall, period: str | None = None, state: str | None = None) -> list[Stated]:
    """The outcomes of the last settle in order: of a period and the periods within it, in one state."""
    with hall.store.reading() as work:
        rows = stated(work)
    return [
        row
        for row in rows
        if (period is None or within(row.outcome.period, period)) and (state is None or row.state == state)
    ]


def of_period(work: Work, period: str) -> list[Stated]:
    """The outcomes of exactly this period as they stand, in order."""
    return [
        Stated(short_id(place_of(o)), o, PROPOSED if decision is None else decision.state, decision)
        for o, decision in work.concluded.outcomes([period])
    ]


def decide(hall: Hall, wanted: Wanted, state: str, by: str, note: str, also: Also = nothing) -> tuple[Stated, bool]:
    """Give an outcome a state; returns it as it is now and whether that is new (if not, nothing is written).

    Raises NoSuchOutcome where there is none, SeveralRules where the words fit more than one.
    """
    with hall.store.writing() as work:
        rows = stated(work)
        found = [row for row in rows if wanted.means(row)]
        if not found:
            raise NoSuchOutcome([row for row in rows if wanted.near(row)])
        if len(found) > 1:
            raise SeveralRules(found)
        [row] = found
        if row.state == state:
            return row, False
        decision = work.decisions.decide(place_of(row.outcome), state, by, note, hall.clock.now())
        now = Stated(row.id, row.outcome, state, decision)
        also(work, row, now)
        return now, True


def stated(work: Work) -> list[Stated]:
    """Every outcome as it stands."""
    decided = latest(work.decisions.all())
    return [Stated(short_id(place_of(o)), o, state, decided.get(place_of(o))) for o, state in work.months.outcomes()]


def within(period: str, around: str) -> bool:
    """Whether a period lies wholly in another."""
    (first, last), (begin, end) = span_of(period), span_of(around)
    return begin <= first and last <= end
