"""Appeals as a reader's page asks for them: nothing is judged anew for it, so that a year's list is there at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from punchsync.core.appeal import (
    EXCUSED,
    MERITS,
    OPEN,
    Appeal,
    AppealDecision,
    Decisions,
    by_appeal,
    on_merits,
    state,
)
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, day_of
from punchsync.core.period import period_of
from punchsync.core.violations import Violation
from punchsync.operations.appealed import REVIEWED, UNSETTLED, booked, missed, term
from punchsync.operations.hall import Hall
from punchsync.operations.ports import Work


class Brief(NamedTuple):
    """An appeal in a line; `due` is the last day of the term for deciding on an open one, None without a term."""

    appeal: Appeal
    decision: AppealDecision | None
    state: str
    due: Day | None
    overdue: bool


class Full(NamedTuple):
    """An appeal in full: the violation as it stands now, why the decision has no effect, what was booked, the files'
    names and sizes, and the other appeals against the same violation.

    Whether an excused violation would have gone for another reason as well is not looked into (`appealed.one` does).
    """

    brief: Brief
    now: Violation | None
    effect: str
    entries: tuple[Entry, ...]
    files: tuple[tuple[int, str, str, int], ...]
    others: tuple[Brief, ...]


def every(hall: Hall, work: Work, today: Day) -> list[Brief]:
    """All appeals, the latest first."""
    decisions = by_appeal(work.appeals.decisions())
    return [brief(hall, a, decisions, today) for a in reversed(work.appeals.all())]


def undecided(hall: Hall, work: Work, today: Day) -> list[Brief]:
    """Those that are open, the oldest first."""
    return [brief(hall, a, {}, today) for a in work.appeals.undecided()]


def brief(hall: Hall, appeal: Appeal, decisions: Decisions, today: Day) -> Brief:
    """One of them."""
    said, days = state(appeal, decisions), term(hall, appeal.day)
    due = day_of(appeal.filed_at) + days if said == OPEN and days is not None else None
    return Brief(appeal, decisions.get(appeal.number), said, due, due is not None and today > due)


def full(hall: Hall, work: Work, number: int, today: Day) -> Full | None:
    """One in full; None where there is no such appeal."""
    appeals = work.appeals.all()
    appeal = next((a for a in appeals if a.number == number), None)
    if appeal is None:
        return None
    decisions = by_appeal(work.appeals.decisions())
    history = [a for a in appeals if a.violation == appeal.violation]
    now = work.months.violation(appeal.violation)
    days = {appeal.day, now.day if now else appeal.day}
    return Full(
        brief(hall, appeal, decisions, today),
        now,
        effect_of(work, appeal, history, decisions, now),
        tuple(booked(work, appeal.violation, days)),
        tuple(work.appeals.files(number)),
        tuple(brief(hall, a, decisions, today) for a in history if a.number != number),
    )


def effect_of(
    work: Work, appeal: Appeal, history: Iterable[Appeal], decisions: Decisions, now: Violation | None
) -> str:
    """Why an appeal or its decision is without effect; a code of `appealed`, empty where it is not."""
    said = state(appeal, decisions)
    last = on_merits(history, decisions)
    if said in MERITS and last[-1].number != appeal.number:
        return REVIEWED
    month = work.months.states().get(period_of(appeal.day, "month"))
    if month is not None and month.waits:
        return UNSETTLED if said in MERITS else ""
    return missed(appeal, said, now, there=now is not None or said == EXCUSED)
