"""Judge hall-months and book what they cost, so that the ledger's standing sums are those of a fresh computation.

Loaded in one view, judged outside any transaction, written in another; judged anew if anything came in meanwhile.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from punchsync.core import ledger
from punchsync.core.amendment import Amendment, in_closed
from punchsync.core.bench import Bench
from punchsync.core.calendar import known
from punchsync.core.checkpoint import as_sealed, open_months, sealing
from punchsync.core.closing import as_issued, booked_on
from punchsync.core.conclude import Known
from punchsync.core.conclude import conclude as concluded
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment, day_of, show_moment, to_date
from punchsync.core.period import days_of_month
from punchsync.core.records import Case
from punchsync.core.rules import Pack
from punchsync.core.score import posted_months
from punchsync.core.settle import MonthResult, whole_spans
from punchsync.core.settle import settle as judge
from punchsync.core.stored import MonthState
from punchsync.operations.hall import Hall, load_known, month_of, with_punches
from punchsync.operations.hold import not_held
from punchsync.operations.ports import Work

TRIES = 8

log = structlog.get_logger(__name__)


class TooEarly(Exception):
    """An as-of before the last one settled; carries that one."""

    def __init__(self, settled: Moment) -> None:
        super().__init__(settled)
        self.settled = settled


class AmendsClosed(Exception):
    """Rules that are not what they were in a month that is closed: each with the first such month."""

    def __init__(self, found: Sequence[tuple[Amendment, str]]) -> None:
        super().__init__(found)
        self.found = tuple(found)


class Restless(Exception):
    """Records kept coming in while judging, `TRIES` times over."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settle found and booked (or, run dry, would have)."""

    as_of: Moment
    months: tuple[str, ...]
    reversals: tuple[Entry, ...]
    posts: tuple[Entry, ...]
    verdicts: int
    pending: int
    unverified: int
    unpublished: tuple[int, ...]
    dry_run: bool = False


def settle(
    hall: Hall,
    as_of: Moment,
    *,
    first: Day | None = None,
    last: Day | None = None,
    due_only: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Settled:
    """Judge the months from `first` to `last` (default: all), or only those due, as known at `as_of`.

    Sealed months are left as they are. Raises TooEarly for an as-of before the last one settled (never on a dry run),
    AmendsClosed, Unreconciled (never on a dry run), and Sealed for a range or an as-of in days that are sealed.
    """
    began = time.monotonic()
    with hall.store.reading() as work:
        not_sealed(work, first, day_of(as_of) if last is None else min(last, day_of(as_of)))
        not_in_closed(work, hall)
        if not dry_run:
            not_held(hall, work)
            not_too_early(work, as_of)
        ripe = work.runs.ripened(as_of) and not dry_run
    if ripe:
        with hall.store.writing() as work:
            work.months.mark("")
    for _ in range(TRIES):
        with hall.store.reading() as work:
            states = work.months.states()
            epoch = work.months.epoch()
            case = load_known(hall, work, as_of)
            horizon = work.checkpoints.horizon()
            months = choose(case, states, hall.pack, as_of, first, last, due_only, horizon)
            case = with_punches(work, case, months)
            if dry_run:
                results, _bench = judge(case, hall.pack, months, as_of, counting(progress, len(months)))
                return report(as_of, plan(work, results, hall, as_of).entries, results, case, dry_run=True)
        results, bench = judge(case, hall.pack, months, as_of, counting(progress, len(months)))
        with hall.store.writing() as work:
            not_too_early(work, as_of)  # another process may have settled a later moment meanwhile
            if work.months.epoch() != epoch:
                continue
            entries = book(work, hall, case, bench, results, states, as_of)
        done = report(as_of, entries, results, case)
        told(done, time.monotonic() - began)
        return done
    raise Restless


def told(done: Settled, seconds: float) -> None:
    """One event for a settle."""
    log.info(
        "settled",
        as_of=show_moment(done.as_of),
        months=len(done.months),
        verdicts=done.verdicts,
        posts=len(done.posts),
        reversals=len(done.reversals),
        pending=done.pending,
        unverified=done.unverified,
        ms=round(seconds * 1000),
    )


def not_sealed(work: Work, first: Day | None, last: Day | None = None) -> None:
    """Raise Sealed where days from `first` on, or all up to `last`, are sealed."""
    sealed = sealing(work.checkpoints.all(), first, last)
    if sealed is not None:
        raise sealed


def not_too_early(work: Work, as_of: Moment) -> None:
    """Raise TooEarly for an as-of before the last one settled."""
    before = work.runs.settled_as_of()
    if before is not None and as_of < before:
        raise TooEarly(before)


def not_in_closed(work: Work, hall: Hall) -> None:
    """Raise AmendsClosed where the pack says otherwise of a closed month than the one that judged it."""
    closed = work.closings.closed()
    states = work.months.states()
    by_pack: dict[str, list[str]] = defaultdict(list)
    for month in sorted(closed & states.keys()):
        by_pack[states[month].pack].append(month)
    found: list[tuple[Amendment, str]] = []
    for digest, months in by_pack.items():
        kept = work.papers.pack(digest) if digest != hall.pack.digest else None
        if kept is not None:
            found += in_closed(hall.amended(kept), months)
    if found:
        raise AmendsClosed(found)


def choose(
    case: Case,
    states: Mapping[str, MonthState],
    pack: Pack,
    as_of: Moment,
    first: Day | None,
    last: Day | None,
    due_only: bool,
    horizon: Day | None = None,
) -> list[str]:
    """The months to judge, in order: those with postings up to today, and any that was ever settled; none that is
    sealed.

    Of a pack whose charges depend on each other within a quarter or year, always whole ones.
    """
    today = day_of(as_of)
    every = sorted({*posted_months(case.postings, today), *(m for m in states if m <= month_of(today))})
    every = open_months(every, horizon)
    months = every
    if first is not None:
        months = [m for m in months if m >= month_of(first)]
    if last is not None:
        months = [m for m in months if m <= month_of(last)]
    if due_only:
        months = [m for m in months if due(states.get(m), pack.digest)]
    return whole_spans(months, every, pack.span)


def due(state: MonthState | None, digest: str) -> bool:
    """Whether to judge a month anew: never settled, marked since, settled before it was over, or by other rules."""
    return state is None or state.stale(digest) or day_of(state.as_of) <= days_of_month(state.month)[-1]


def plan(work: Work, results: Sequence[MonthResult], hall: Hall, as_of: Moment) -> ledger.Plan:
    """The ledger's plan for judged months against what is booked."""
    wanted = [w for r in results for w in r.wanted]
    spans = [(days_of_month(r.month)[0], days_of_month(r.month)[-1]) for r in results]
    latest = work.ledger.latest(spans, [w.cause for w in wanted])
    return ledger.plan(wanted, latest, booked_on(day_of(as_of), work.closings.closed()), hall.pack.digest)


def book(
    work: Work,
    hall: Hall,
    case: Case,
    bench: Bench,
    results: Sequence[MonthResult],
    states: Mapping[str, MonthState],
    as_of: Moment,
) -> list[Entry]:
    """Write judged months, their entries and what follows from all of it, in this transaction."""
    now = hall.clock.now()
    entries = work.ledger.append(plan(work, results, hall, as_of), now)
    for result in results:
        state = states.get(result.month)
        work.months.replace(result, state.marked if state else 0, as_of, hall.pack.digest)
    work.papers.keep_pack(hall.pack.digest, hall.pack_text, now)
    conclude(work, hall, case, bench)
    work.runs.settled(as_of, hall.pack.digest, now)
    return entries


def conclude(work: Work, hall: Hall, case: Case, bench: Bench) -> None:
    """Scores, outcomes and rankings of every period that was settled; those of closed periods stay as issued.

    Nothing is compared that waits to be settled anew. Scores of sealed periods stay as they are.
    """
    pack, states, horizon = hall.pack, work.months.states(), work.checkpoints.horizon()
    certain = sure(states.values(), pack, horizon)
    known = Known(work.ledger.sums(), work.months.standings(), work.months.facts(), certain, sorted(states))
    found = concluded(pack, case, bench.excuses, known, bench.today)
    closed = work.closings.closed()
    outcomes = as_issued(found.outcomes, [o for o, _state in work.months.outcomes()], closed)
    scores = as_sealed(found.scores, work.months.scores(), horizon)
    work.months.conclude(scores, outcomes, as_issued(found.ranks, work.months.ranks(), closed))


def sure(states: Iterable[MonthState], pack: Pack, horizon: Day | None) -> set[str]:
    """The settled months of which nothing is unknown or due; what is sealed never is due."""
    return {
        s.month for s in states if not s.unknown and (not open_months([s.month], horizon) or not due(s, pack.digest))
    }


def counting(progress: Callable[[int, int], None], total: int) -> Callable[[str], None]:
    """A counter of months done."""
    done = 0

    def one(month: str) -> None:
        nonlocal done
        done += 1
        progress(done, total)

    return one


def report(
    as_of: Moment, entries: Iterable[Entry], results: Sequence[MonthResult], case: Case, *, dry_run: bool = False
) -> Settled:
    """What a settle says of itself."""
    rows = list(entries)
    years = {to_date(d).year for r in results for d in days_of_month(r.month) if d <= day_of(as_of)}
    unpublished = sorted(y for y in years if not known(case.calendar, _some_day(y)))
    verdicts = [v.verdict for r in results for v in r.verdicts]
    return Settled(
        as_of,
        tuple(r.month for r in results),
        tuple(e for e in rows if not ledger.stands(e)),
        tuple(e for e in rows if ledger.stands(e)),
        len(verdicts),
        verdicts.count("pending"),
        verdicts.count("unverified"),
        tuple(unpublished),
        dry_run,
    )


def _some_day(year: int) -> Day:
    return days_of_month(f"{year:04d}-01")[0]
