"""Judge hall-months and book what they cost, so that the ledger's standing sums are those of a fresh computation.

Loaded in one view, judged outside any transaction, written in another; judged anew if anything came in meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from punchsync.core import ledger, score
from punchsync.core.calendar import known
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment, day_of, to_date
from punchsync.core.outcome import Known, Outcome, awards, leave_limits, rank
from punchsync.core.period import days_of_month, months_between
from punchsync.core.records import Case
from punchsync.core.settle import Bench, MonthResult
from punchsync.core.settle import settle as judge
from punchsync.core.stored import MonthState
from punchsync.operations.hall import Hall, load_known, month_of, with_punches
from punchsync.operations.ports import Work

TRIES = 8


class TooEarly(Exception):
    """An as-of before the last one settled; carries that one."""

    def __init__(self, settled: Moment) -> None:
        super().__init__(settled)
        self.settled = settled


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

    Raises TooEarly for an as-of before the last one settled (never on a dry run).
    """
    with hall.store.reading() as work:
        if not dry_run:
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
            months = choose(case, states, hall.pack.digest, as_of, first, last, due_only)
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
        return report(as_of, entries, results, case)
    raise Restless


def not_too_early(work: Work, as_of: Moment) -> None:
    """Raise TooEarly for an as-of before the last one settled."""
    before = work.runs.settled_as_of()
    if before is not None and as_of < before:
        raise TooEarly(before)


def choose(
    case: Case,
    states: Mapping[str, MonthState],
    digest: str,
    as_of: Moment,
    first: Day | None,
    last: Day | None,
    due_only: bool,
) -> list[str]:
    """The months to judge, in order: those with postings up to today, and any that was ever settled."""
    today = day_of(as_of)
    posted = months_between(min(p.first for p in case.postings), today) if case.postings else []
    months = sorted({*posted, *(m for m in states if m <= month_of(today))})
    if first is not None:
        months = [m for m in months if m >= month_of(first)]
    if last is not None:
        months = [m for m in months if m <= month_of(last)]
    return [m for m in months if due(states.get(m), digest)] if due_only else months


def due(state: MonthState | None, digest: str) -> bool:
    """Whether to judge a month anew: never settled, marked since, settled before it was over, or by other rules."""
    return (
        state is None
        or state.marked != state.settled
        or state.pack != digest
        or day_of(state.as_of) <= days_of_month(state.month)[-1]
    )


def plan(work: Work, results: Sequence[MonthResult], hall: Hall, as_of: Moment) -> ledger.Plan:
    """The ledger's plan for judged months against what is booked."""
    wanted = [w for r in results for w in r.wanted]
    spans = [(days_of_month(r.month)[0], days_of_month(r.month)[-1]) for r in results]
    latest = work.ledger.latest(spans, [w.cause for w in wanted])
    return ledger.plan(wanted, latest, day_of(as_of), hall.pack.digest)


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
    """Scores, outcomes and rankings of every period that was settled."""
    pack, today = hall.pack, bench.today
    states = work.months.states()
    rows = score.scores(pack, case.postings, sorted(states), work.ledger.sums(), today)
    certain = {
        s.month for s in states.values() if not s.unknown and day_of(s.as_of) > days_of_month(s.month)[-1]
    }  # fmt: skip
    limits: list[Outcome] = leave_limits(pack, bench.excuses, case.postings, today)
    barred = {(o.period, o.subject_type, o.subject_id) for o in limits if o.outcome == "award_barred"}
    ranks = rank(pack, Known(rows, work.months.standings(), certain), case.postings, barred, today)
    work.months.conclude(rows, [*limits, *awards(pack, ranks)], ranks)


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
