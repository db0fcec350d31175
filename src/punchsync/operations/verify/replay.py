"""Every settled month judged anew, from raw punches, as of when it was settled and by the pack that judged it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from punchsync.core.difference import Difference, first_difference
from punchsync.core.ledger import Entry, stands
from punchsync.core.moment import Moment
from punchsync.core.period import days_of_month
from punchsync.core.settle import MonthResult, whole_spans
from punchsync.core.settle import settle as judge
from punchsync.core.stored import MonthState
from punchsync.core.wanted import Wanted
from punchsync.operations.hall import Hall, load_case
from punchsync.operations.ports import Work
from punchsync.operations.verify.packs import Packs

VERDICT: Final = ("day", "person", "session", "checkpoint")


def check(
    hall: Hall, work: Work, states: list[MonthState], packs: Packs, progress: Callable[[int, int], None]
) -> Iterator[Difference]:
    """The first difference of every table and month."""
    together: dict[tuple[Moment, str], list[MonthState]] = defaultdict(list)
    for state in states:
        together[state.as_of, state.pack].append(state)
    standings = defaultdict(list)
    for standing in work.months.standings():
        standings[standing.month].append(standing)
    done = 0
    for (as_of, digest), group in sorted(together.items()):
        pack = packs.of(digest)
        if pack is None:
            continue
        months = sorted(s.month for s in group)
        results, _bench = judge(load_case(hall, work, months, as_of), pack, months, as_of)
        unknown = {s.month: s.unknown for s in group}
        for result in results:
            yield from compare(work, result)
            yield from first_difference(
                "standings", "standing", ("month", "subject"), standings[result.month], result.standings
            )
            if unknown[result.month] != result.unknown:
                found, right = unknown[result.month], result.unknown
                yield Difference("months", f"hall_month {result.month}", f"unknown={found}", f"unknown={right}")
            done += 1
            progress(done, len(states))


def together(states: Iterable[MonthState], only: Collection[str], packs: Packs) -> list[MonthState]:
    """Those of some months that are wanted, with those that are priced together with them."""
    by_pack: dict[str, list[MonthState]] = defaultdict(list)
    for state in states:
        by_pack[state.pack].append(state)
    out: list[MonthState] = []
    for digest, group in by_pack.items():
        pack, there = packs.of(digest), {s.month for s in group}
        wanted = whole_spans(there.intersection(only), there, pack.span) if pack else []
        out += [s for s in group if s.month in wanted]
    return out


def compare(work: Work, result: MonthResult) -> Iterator[Difference]:
    """What is stored of a month against what it is."""
    first, last = days_of_month(result.month)[0], days_of_month(result.month)[-1]
    months = work.months
    facts = [f for f in months.facts() if f.month == result.month]
    latest = work.ledger.latest([(first, last)], [w.cause for w in result.wanted])
    for name, table, key, stored, right in (
        ("verdicts", "verdict", VERDICT, months.verdicts(first, last), result.verdicts),
        ("violations", "violation", ("day", "id"), months.violations(first, last), result.violations),
        ("tallies", "tally", ("month", "person"), months.tallies([result.month]), result.tallies),
        ("facts", "fact", ("month", "rule", "subject_type", "subject_id"), facts, result.facts),
        ("ledger", "ledger_entry", ("value_date", "cause"), booked(latest.values()), result.wanted),
    ):
        yield from first_difference(name, table, key, stored, right)


def booked(latest: Iterable[Entry]) -> Iterator[Wanted]:
    """What stands, as it would be wanted."""
    for e in latest:
        if stands(e):
            yield Wanted(
                e.cause, e.account_type, e.account_id, e.category, e.period, e.points, e.rule, e.article, e.value_date
            )
