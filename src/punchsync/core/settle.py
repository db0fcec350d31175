"""The one public verb of the judge: a hall's months, from records to verdicts, violations and wanted entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from punchsync.core.bench import Bench, HallMonth
from punchsync.core.conversion import Derived
from punchsync.core.fact import Fact
from punchsync.core.facts import facts
from punchsync.core.judge import Verdict
from punchsync.core.moment import Day, Moment
from punchsync.core.outcome import Standing
from punchsync.core.period import days_of_month, months_of, period_of, span_of
from punchsync.core.records import Case
from punchsync.core.rules import Pack
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation
from punchsync.core.wanted import Wanted, price


@dataclass(frozen=True, slots=True)
class MonthResult:
    """All that is said of a hall's month; `unknown` counts the sessions still pending or unverified."""

    month: str
    verdicts: Sequence[Verdict]
    violations: tuple[Violation, ...]
    wanted: tuple[Wanted, ...]
    tallies: tuple[Tally, ...]
    standings: tuple[Standing, ...]
    derived: tuple[Derived, ...]
    facts: tuple[Fact, ...]
    unknown: int


def settle(
    case: Case,
    pack: Pack,
    months: Iterable[str],
    as_of: Moment,
    progress: Callable[[str], None] = lambda month: None,
) -> tuple[list[MonthResult], Bench]:
    """Judge and charge the given months as known at `as_of`; also the laid-out case, for what asks further.

    Months of one period of the pack's span are priced together: give all of them (`whole_spans`). `progress` hears of
    every month judged.
    """
    bench = Bench(case, pack, as_of)
    together: dict[str, list[HallMonth]] = defaultdict(list)
    for month in months:
        together[period_of(span_of(month)[0], pack.span)].append(bench.month(month))
        progress(month)
    return [result for judged in together.values() for result in priced(judged, bench)], bench


def priced(judged: list[HallMonth], bench: Bench) -> list[MonthResult]:
    """The results of months that are priced together."""
    pack = bench.pack
    found = price((o for m in judged for o in m.owed), pack)
    month_of = {day: m.month for m in judged for day in days_of_month(m.month)}
    wanted: dict[str, list[Wanted]] = defaultdict(list)
    for w in found.wanted:
        wanted[month_of[w.value_date]].append(w)

    def window_on(person: str, day: Day) -> str:
        posting = bench.timetables.posting(person, day)
        return posting.window if posting else ""

    out: list[MonthResult] = []
    for m in judged:
        entries = wanted[m.month]
        said = facts(pack, m.month, m.violations, m.sessions, window_on, entries)
        said += [f for f in found.facts if f.month == m.month]
        out.append(
            MonthResult(
                m.month,
                m.verdicts,
                tuple(m.violations),
                tuple(entries),
                tuple(m.tallies),
                tuple(standings(m.month, m.violations)),
                tuple(m.derived),
                tuple(said),
                m.unknown,
            )
        )
    return out


def whole_spans(months: Iterable[str], known: Iterable[str], span: str) -> list[str]:
    """These months and all others known of their periods: what a pack of that span prices together, in order."""
    periods = {period_of(span_of(m)[0], span) for m in months}
    inside = {m for p in periods for m in months_of(p)}
    return sorted(m for m in {*known, *months} if m in inside)


def standings(month: str, violations: Iterable[Violation]) -> list[Standing]:
    """How many violations, and of how many seconds, stand against each person and window."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for v in violations:
        for subject in (("person", v.person), ("window", v.window)):
            if subject[1]:
                counts[subject][0] += 1
                counts[subject][1] += v.seconds
    return [Standing(month, subject, n, seconds) for subject, (n, seconds) in sorted(counts.items())]
