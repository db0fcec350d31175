"""Gather a month's attendance, and the sheet that everybody signs before it is closed, as of the last settle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from punchsync.core.attendance_grid import Judged, Line, by_day, by_person, lines
from punchsync.core.checkpoint import unpublishable
from punchsync.core.excuse import Excuses
from punchsync.core.judge import Verdict
from punchsync.core.moment import Moment, day_of, last_second
from punchsync.core.month_sheet import Month, Sheet
from punchsync.core.period import days_of_month
from punchsync.core.records import Case
from punchsync.core.timetable import Timetables
from punchsync.core.violations import Rulings, Violation
from punchsync.core.working_days import after
from punchsync.operations.appealed import term
from punchsync.operations.hall import Hall, on_calendar, records
from punchsync.operations.ports import Work

Within = Callable[[Line], bool]
"""Whether a line may be told."""
KINDS: Final = ("staff", "roster", "leave", "outing", "ruling", "calendar")


class NotSettled(Exception):
    """The month was never settled, so there is nothing to say of it; carries the month."""


class NoWindow(Exception):
    """Nobody was posted at such a window in the month; carries its name."""


def everybody(line: Line) -> bool:
    """All lines."""
    return True


def attendance(hall: Hall, month: str, window: str = "", within: Within = everybody) -> Month:
    """A month's lines within reach, of all windows or of one; raises NotSettled, NoWindow, Sealed."""
    with hall.store.reading() as work:
        case = known(hall, work)
        verdicts, violations = judged(work, month)
        return cut(of_month(hall, work, case, month, verdicts, violations), window, within)


def sheet(hall: Hall, month: str, now: Moment, notice_days: int, window: str = "", within: Within = everybody) -> Sheet:
    """The sheet of a month, to be shown for so many working days from tomorrow on; raises as `attendance` does."""
    days = days_of_month(month)
    with hall.store.reading() as work:
        case = known(hall, work)
        found = cut(of_month(hall, work, case, month, *judged(work, month)), window, within)
        points: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for entry in work.own.entries(days[0], days[-1], {line.person for line in found.lines}, ()):
            points[entry.account_id, entry.category] += entry.points
        names = [c.name for c in hall.pack.categories if c.account == "person" and c.on(days[-1])]
        categories = tuple(dict.fromkeys([*names, *(category for _person, category in points)]))
        return Sheet(
            found, categories, dict(points), after(case.calendar, day_of(now), notice_days), term(hall, days[-1])
        )


def known(hall: Hall, work: Work) -> Case:
    """What a month's lines are read by: people, rosters, leave, outings, rulings, the calendar."""
    return on_calendar(hall, records(hall, work, KINDS))


def judged(work: Work, month: str) -> tuple[list[Verdict], list[Violation]]:
    """A month's verdicts and standing violations; raises Sealed where some of them were erased."""
    days = days_of_month(month)
    sealed = unpublishable(work.checkpoints.all(), days[0], days[-1])
    if sealed is not None:
        raise sealed
    return list(work.months.verdicts(days[0], days[-1])), work.months.violations(days[0], days[-1])


def of_month(
    hall: Hall, work: Work, case: Case, month: str, verdicts: Iterable[Verdict], violations: Iterable[Violation]
) -> Month:
    """A month's lines; raises NotSettled."""
    days = days_of_month(month)
    state, settled = work.months.states().get(month), work.runs.settled_as_of()
    if state is None or settled is None:
        raise NotSettled(month)
    timetables = Timetables(case, hall.pack)
    at = Judged(
        hall.pack, timetables, Excuses(case, hall.pack, timetables), Rulings(case.rulings),
        min(day_of(state.as_of), days[-1]), by_day(verdicts), by_person(violations),
    )  # fmt: skip
    over = state.as_of >= last_second(days[-1])
    return Month(hall.name, month, state.as_of, state.stale(hall.pack.digest), over, lines(at, case.postings, days))


def cut(month: Month, window: str, within: Within) -> Month:
    """A month's lines of one window (empty: all) that are within reach; raises NoWindow where the one has none."""
    rows = [x for x in month.lines if window in ("", x.window) and within(x)]
    if window and not rows:
        raise NoWindow(window)
    return month._replace(lines=rows)
