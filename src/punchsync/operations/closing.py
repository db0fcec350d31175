"""Close months, so that what was issued of them stays as issued; open them again, the last one first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from punchsync.core.calendar import known
from punchsync.core.checkpoint import open_months
from punchsync.core.closing import CLOSE, REOPEN, Closing
from punchsync.core.judge import Verdict
from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.period import days_of_month, months_of, span_of
from punchsync.core.records import Case
from punchsync.core.rules import Pack
from punchsync.core.score import posted, posted_months
from punchsync.core.stored import MonthState
from punchsync.core.violations import Rulings, amounts_to
from punchsync.operations.hall import Hall, on_calendar, records
from punchsync.operations.ports import Work
from punchsync.operations.settle import due, not_sealed, not_too_early


@dataclass(frozen=True, slots=True)
class Open:
    """A checkpoint of a month that is not known yet, and whose it is."""

    verdict: Verdict
    name: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a month should not be closed yet: `not_over`, `unsettled`, `due`, or `unknown` with what is not known.

    `unpublished`: nobody published the year's calendar, so that its working days are not known.
    """

    month: str
    code: str
    count: int = 0
    unknown: tuple[Open, ...] = ()


class OutOfOrder(Exception):
    """Months that must be opened before; carries them in the order to do it."""

    def __init__(self, month: str, first: Iterable[str]) -> None:
        super().__init__(month)
        self.month, self.first = month, tuple(first)


class NotYet(Exception):
    """Months that should not be closed yet; carries why."""

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        super().__init__()
        self.obstacles = tuple(obstacles)


@dataclass(frozen=True, slots=True)
class Closed:
    """What was done: months closed (or opened again), those that were so already, and what was passed over.

    `open_before` are months before the closed ones that are still open: their corrections go where all others do.
    """

    done: tuple[Closing, ...]
    already: tuple[str, ...]
    obstacles: tuple[Obstacle, ...] = ()
    open_before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month with its mark, how much of it is unknown, and how it was last closed or opened."""

    month: str
    closed: bool
    settled: MonthState | None
    last: Closing | None


def close(
    hall: Hall, period: str, as_of: Moment | None = None, *, by: str = "", reason: str = "", anyway: bool = False
) -> Closed:
    """Close a month, or the months of a quarter or year in order; all of them or none.

    Raises NotYet while something is against it (not `anyway`), TooEarly for an as-of before the last one settled.
    """
    with hall.store.writing() as work:
        today = day_of(present(hall, work, as_of))
        case = on_calendar(hall, records(hall, work, ("staff", "ruling", "calendar")))
        closed, states = work.closings.closed(), work.months.states()
        horizon = work.checkpoints.horizon()
        asked = since_posted(case, months_of(period))
        todo = open_months((m for m in asked if m not in closed), horizon)
        before = open_months(posted_before(case, todo[0]), horizon) if todo else []
        before = [m for m in before if m not in closed]
        obstacles = [o for m in todo for o in against(work, case, m, states.get(m), hall.pack, today)]
        if obstacles and not anyway:
            raise NotYet(obstacles)
        now = hall.clock.now()
        done = [work.closings.add(m, CLOSE, by, reason, now) for m in todo]
    return Closed(tuple(done), tuple(m for m in asked if m not in todo), tuple(obstacles), tuple(before))


def reopen(hall: Hall, period: str, *, by: str, reason: str) -> Closed:
    """Open a month again, or the closed months of a quarter or year, the last one first.

    Raises OutOfOrder while a later month is closed, and Sealed for one that is sealed.
    """
    with hall.store.writing() as work:
        not_sealed(work, span_of(period)[0])
        closed, asked = work.closings.closed(), months_of(period)
        todo = [m for m in reversed(asked) if m in closed]
        later = sorted((m for m in closed if m > asked[-1]), reverse=True)
        if todo and later:
            raise OutOfOrder(todo[0], later)
        now = hall.clock.now()
        done = [work.closings.add(m, REOPEN, by, reason, now) for m in todo]
    return Closed(tuple(done), tuple(m for m in asked if m not in closed))


def months(hall: Hall) -> list[MonthShown]:
    """Every month that was ever settled, closed or opened again, in order."""
    with hall.store.reading() as work:
        closed, states = work.closings.closed(), work.months.states()
        last = {c.month: c for c in work.closings.all()}
    return [MonthShown(m, m in closed, states.get(m), last.get(m)) for m in sorted({*states, *last})]


def present(hall: Hall, work: Work, as_of: Moment | None) -> Moment:
    """What stands for now: the as-of given, else the clock's time or that of the last settle if it is later."""
    if as_of is not None:
        not_too_early(work, as_of)
        return as_of
    now = hall.clock.now()
    return max(now, work.runs.settled_as_of() or now)


def against(work: Work, case: Case, month: str, state: MonthState | None, pack: Pack, today: Day) -> list[Obstacle]:
    """What is against closing a month."""
    last = days_of_month(month)[-1]
    if last >= today:
        return [Obstacle(month, "not_over")]
    if state is None or day_of(state.as_of) <= last:
        return [Obstacle(month, "unsettled")]
    found = [Obstacle(month, "due")] if due(state, pack.digest) else []
    if not known(case.calendar, last) and any(posted(case.postings, *span_of(month))):
        found.append(Obstacle(month, "unpublished"))
    if state.unknown:
        unknown = still_unknown(work, case, month, pack)
        found.append(Obstacle(month, "unknown", len(unknown) or state.unknown, tuple(unknown)))
    return found


def still_unknown(work: Work, case: Case, month: str, pack: Pack) -> list[Open]:
    """The checkpoints of a month that are pending or unverified, and not excused by a ruling."""
    days = days_of_month(month)
    rulings = Rulings(case.rulings)
    names = {p.person: p.name for p in case.postings}
    out: list[Open] = []
    for v in work.months.verdicts(days[0], days[-1]):
        if v.verdict not in ("pending", "unverified"):
            continue
        kind = amounts_to(v, pack.punctual(v.day))
        ruling = rulings.fitting(v.person, "", v.day, v.session, kind)
        if v.verdict == "pending" or ruling is None or ruling.effect != "excuse":
            out.append(Open(v, names.get(v.person, "")))
    return out


def since_posted(case: Case, asked: list[str]) -> list[str]:
    """Those of a period's months from the first on in which anybody was posted; all of them if there is none."""
    first = next((n for n, m in enumerate(asked) if any(posted(case.postings, *span_of(m)))), 0)
    return asked[first:]


def posted_before(case: Case, month: str) -> list[str]:
    """The months before one in which somebody was posted, in order."""
    before = posted_months(case.postings, days_of_month(month)[0] - 1)
    return [m for m in before if any(posted(case.postings, *span_of(m)))]
