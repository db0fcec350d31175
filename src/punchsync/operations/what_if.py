"""Who would gain or lose what under other rules: the same records judged twice by the same core; changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, TypeVar

from punchsync.core.article import cited
from punchsync.core.conclude import conclude, known_by
from punchsync.core.moment import Day, Moment, day_of
from punchsync.core.outcome import Outcome
from punchsync.core.period import days_of_month, longest, months_of
from punchsync.core.records import Case
from punchsync.core.rules import Pack
from punchsync.core.score import posted_months
from punchsync.core.settle import MonthResult, whole_spans
from punchsync.core.settle import settle as judge
from punchsync.operations.hall import Hall, load_known, with_punches
from punchsync.operations.settle import counting, not_sealed

Key = tuple[str, ...]
N = TypeVar("N", int, Decimal)
T = TypeVar("T")


class Change(NamedTuple):
    """What one article takes from an account now, and would take."""

    account_type: str
    account_id: str
    rule: str
    article: str
    now: Decimal
    then: Decimal


class Shift(NamedTuple):
    """How many violations of a kind stand against a person or window under an article now, and would stand."""

    subject_type: str
    subject_id: str
    kind: str
    article: str
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would differ in the months judged; `unknown_shifts` are roster shifts that the other pack doesn't have.

    Outcomes are compared for periods that lie, as far as anybody was posted, wholly in the months judged.
    """

    as_of: Moment
    months: tuple[str, ...]
    points: tuple[Change, ...]
    violations: tuple[Shift, ...]
    gained: tuple[Outcome, ...]
    lost: tuple[Outcome, ...]
    unknown_shifts: tuple[str, ...]


def what_if(
    hall: Hall,
    other: Pack,
    as_of: Moment,
    first: Day,
    last: Day,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> WhatIf:
    """Judge the months from `first` to `last` by the hall's pack and by another, and compare.

    Raises Sealed for days that are sealed.
    """
    with hall.store.reading() as work:
        not_sealed(work, first, day_of(as_of))
        case = load_known(hall, work, as_of)
        months = chosen(case, hall.pack, other, as_of, first, last)
        case = with_punches(work, case, months)
    step = counting(progress, 2 * len(months))
    sides = [judged(case, pack, months, as_of, step) for pack in (hall.pack, other)]
    names = {r.shift for r in case.rosters if r.shift not in ("", "off")}
    return WhatIf(
        as_of,
        tuple(months),
        tuple(compare(Change, points(sides[0][0]), points(sides[1][0]), Decimal(0))),
        tuple(compare(Shift, counts(sides[0][0], hall.pack), counts(sides[1][0], other), 0)),
        tuple(sorted(set(sides[1][1]) - set(sides[0][1]))),
        tuple(sorted(set(sides[0][1]) - set(sides[1][1]))),
        tuple(sorted(n for n in names if other.shift(n) is None)),
    )


def chosen(case: Case, one: Pack, other: Pack, as_of: Moment, first: Day, last: Day) -> list[str]:
    """The months of a range that somebody was posted in, in whole periods of the longer of the two packs' spans."""
    posted = posted_months(case.postings, day_of(as_of))
    inside = [m for m in posted if days_of_month(m)[-1] >= first and days_of_month(m)[0] <= last]
    return whole_spans(inside, posted, longest((one.span, other.span)))


def judged(
    case: Case, pack: Pack, months: Sequence[str], as_of: Moment, progress: Callable[[str], None]
) -> tuple[list[MonthResult], list[Outcome]]:
    """The months under one pack, and the outcomes of periods none of whose months with anybody posted are left out."""
    results, bench = judge(case, pack, months, as_of, progress)
    today = day_of(as_of)
    left_out = set(posted_months(case.postings, today)) - set(months)
    found = conclude(pack, case, bench.excuses, known_by(results, today), today).outcomes
    return results, [o for o in found if left_out.isdisjoint(months_of(o.period))]


def points(results: Iterable[MonthResult]) -> dict[Key, Decimal]:
    """Points by account and article."""
    out: dict[Key, Decimal] = defaultdict(Decimal)
    for w in (w for r in results for w in r.wanted):
        out[w.account_type, w.account_id, w.rule, w.article] += w.points
    return out


def counts(results: Iterable[MonthResult], pack: Pack) -> dict[Key, int]:
    """Violations by person (or window, for its own), kind and article."""
    out: dict[Key, int] = defaultdict(int)
    for v in (v for r in results for v in r.violations):
        subject = ("person", v.person) if v.person else ("window", v.window)
        out[*subject, v.kind, cited(v, pack)[1]] += 1
    return out


def compare(make: Callable[..., T], now: Mapping[Key, N], then: Mapping[Key, N], zero: N) -> list[T]:
    """Where the two differ, in order."""
    keys = sorted(now.keys() | then.keys())
    return [make(*k, now.get(k, zero), then.get(k, zero)) for k in keys if now.get(k, zero) != then.get(k, zero)]
