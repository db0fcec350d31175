"""What follows from all settled months of a hall: scores, outcomes and rankings of every period up to today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Final, NamedTuple

from punchsync.core.calendar import day_kind
from punchsync.core.calendar import known as published
from punchsync.core.excuse import Excuses
from punchsync.core.fact import Fact
from punchsync.core.grades import grades, stars
from punchsync.core.horizon import Horizon
from punchsync.core.moment import Day
from punchsync.core.outcome import Outcome, Rank, Standing, counted, key, leave_limits, posted_days
from punchsync.core.period import days_of_month
from punchsync.core.ranking import awards, rank
from punchsync.core.records import Case
from punchsync.core.rules import Pack
from punchsync.core.score import Score, Sums, scores
from punchsync.core.settle import MonthResult
from punchsync.core.worst import repeats, worst

BARRED: Final = "award_barred"


class Known(NamedTuple):
    """What has been settled: the ledger's sums, and of every month violations and facts.

    `certain` are the months that are over and of which nothing of the hall is unknown; `settled` those that have
    scores (None: all from the first posting to today).
    """

    sums: Sums
    standings: Sequence[Standing]
    facts: Iterable[Fact]
    certain: AbstractSet[str]
    settled: Collection[str] | None = None


def known_by(results: Sequence[MonthResult], today: Day) -> Known:
    """What judged months say by themselves, as if their entries were all that is booked."""
    sums: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    for w in (w for r in results for w in r.wanted):
        sums[w.period, w.account_type, w.account_id, w.category] += w.points
    return Known(
        sums,
        [s for r in results for s in r.standings],
        [f for r in results for f in r.facts],
        {r.month for r in results if not r.unknown and today > days_of_month(r.month)[-1]},
        [r.month for r in results],
    )


class Concluded(NamedTuple):
    """Rows of the exports `scores`, `outcomes` and `ranking`."""

    scores: list[Score]
    outcomes: list[Outcome]
    ranks: list[Rank]


def conclude(pack: Pack, case: Case, excuses: Excuses, known: Known, today: Day) -> Concluded:
    """Scores, outcomes and rankings of every period, sorted; one outcome of a subject and period for one saying.

    What passes a limit is said at once; what compares people or windows only of certain periods, and of no month of a
    year that nobody published: its working days are not known.
    """
    certain = {m for m in known.certain if published(case.calendar, days_of_month(m)[0])}
    horizon = Horizon(case.postings, certain, today)
    months = horizon.months if known.settled is None else sorted(known.settled)
    rows = scores(pack, case.postings, months, known.sums, today, case.given)
    found = [*leave_limits(pack, excuses, horizon), *counted(pack, known.facts, today)]
    found += worst(pack, horizon, known.standings)
    found += repeats(pack, found)
    found += posted_days(pack, horizon, lambda day: day_kind(case.calendar, day) != "off")
    barred = {(o.period, o.subject_type, o.subject_id) for o in found if o.outcome == BARRED}
    ranks = rank(pack, horizon, rows, known.standings, barred)
    found += stars(pack, horizon, rows, barred)
    found += grades(pack, horizon, rows)
    found += awards(pack, ranks)
    return Concluded(rows, once(found), ranks)


def once(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes, sorted; of several of one subject, period and saying the first."""
    first: dict[tuple[str, str, str, str, str], Outcome] = {}
    for row in outcomes:
        first.setdefault(key(row), row)
    return sorted(first.values())
