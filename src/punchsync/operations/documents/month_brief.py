"""Gather the director's month and the one before it."""

from __future__ import annotations

from decimal import Decimal

from punchsync.core.checkpoint import Sealed
from punchsync.core.month_brief import Brief, Numbers, by_day, ends, numbers, places
from punchsync.core.month_sheet import Month
from punchsync.core.period import days_of_month, period_of
from punchsync.core.records import Case
from punchsync.core.violations import Violation
from punchsync.operations.documents.months import NotSettled, judged, known, of_month
from punchsync.operations.hall import Hall
from punchsync.operations.outcomes import of_period
from punchsync.operations.ports import Work


def brief(hall: Hall, month: str) -> Brief:
    """A month beside the last; raises NotSettled and Sealed for the month itself."""
    days = days_of_month(month)
    with hall.store.reading() as work:
        case = known(hall, work)
        now, violations, scores, found = of(hall, work, case, month)
        try:
            before: Numbers | None = of(hall, work, case, period_of(days[0] - 1, "month"))[3]
        except (NotSettled, Sealed):
            before = None
    best, worst = ends(places(now.lines, violations, scores))
    daily, unsure = by_day(now.lines, violations, days)
    return Brief(now, found, before, best, worst, daily, unsure)


def of(hall: Hall, work: Work, case: Case, month: str) -> tuple[Month, list[Violation], dict[str, Decimal], Numbers]:
    """A month's lines, violations, scores of windows, and what they come to."""
    verdicts, violations = judged(work, month)
    found = of_month(hall, work, case, month, verdicts, violations)
    scores: dict[str, Decimal] = {}
    for row in work.own.points(month, "window"):
        scores[row.account_id] = scores.get(row.account_id, Decimal(0)) + row.score
    confirmed = sum(1 for row in of_period(work, month) if row.state == "confirmed")
    return found, violations, scores, numbers(found.lines, violations, scores, confirmed)
