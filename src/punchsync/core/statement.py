"""A person's or window's account over a month, quarter or year, category by category, as a bank would state it.

By value date: what stood before, every entry of the stretch with what took it back, and what the score comes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from punchsync.core.closing import Closing, closed_on
from punchsync.core.ledger import Entry, stands
from punchsync.core.moment import Day, Moment
from punchsync.core.period import days_of_month, months_of, period_of, span_of
from punchsync.core.records import GivenScore
from punchsync.core.rules import Category, Pack
from punchsync.core.score import Score
from punchsync.core.violations import Violation
from punchsync.core.wanted import violation_of

ZERO = Decimal(0)


class Line(NamedTuple):
    """A posted entry, the violation it is for (None: it stands no more), and the entry that took it back if one did."""

    entry: Entry
    violation: Violation | None
    reversal: Entry | None


class Account(NamedTuple):
    """A category in one of its periods: base, cap, the sums before, in and after the stretch, and what they come to.

    `points` is the uncapped sum of the whole period, `cut` what of it lies beyond the cap. `agrees` says whether the
    last settle has the same score; None where it has none (nobody posted, or not settled).
    """

    category: Category
    period: str
    opening: Decimal
    lines: tuple[Line, ...]
    here: Decimal
    after: Decimal
    points: Decimal
    cut: Decimal
    score: Decimal
    agrees: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An account's statement of a period; `corrections` are entries booked in it for days before it."""

    hall: str
    subject_type: str
    subject_id: str
    name: str
    unit: str
    period: str
    as_of: Moment | None
    accounts: tuple[Account, ...]
    corrections: tuple[Line, ...]
    given: tuple[GivenScore, ...]
    pending: int
    unverified: int
    closings: tuple[tuple[str, Closing | None], ...]  # its months, each with the closing that holds
    due: tuple[str, ...]  # months of it that wait to be settled anew
    names: Mapping[str, str]  # of people, by id


def periods_of(category: Category, period: str) -> list[str]:
    """The periods of a category that a stretch of months touches, in order."""
    return list(dict.fromkeys(period_of(days_of_month(m)[0], category.period) for m in months_of(period)))


def reach(pack: Pack, subject_type: str, period: str) -> tuple[Day, Day]:
    """The first and last day of all category periods that a stretch of months touches."""
    spans = [span_of(p) for c in pack.categories if c.account == subject_type for p in periods_of(c, period)]
    first, last = span_of(period)
    return min([first, *(s[0] for s in spans)]), max([last, *(s[1] for s in spans)])


def accounts(
    pack: Pack,
    subject_type: str,
    period: str,
    entries: Sequence[Entry],
    violations: Iterable[Violation],
    scores: Iterable[Score],
) -> tuple[Account, ...]:
    """Every category in force that a period touches and that has a score or an entry, in the pack's order.

    `entries` are all of the subject's in these categories' periods, in the order of booking; `scores` those settled.
    """
    first, last = span_of(period)
    settled = {(s.period, s.category): s for s in scores if not s.given}
    known = {v.id: v for v in violations}
    out: list[Account] = []
    for category in pack.categories:
        for whole in periods_of(category, period) if category.account == subject_type else ():
            if not category.on(span_of(whole)[1]):
                continue
            mine = [e for e in entries if (e.category, e.period) == (category.name, whole)]
            here = [e for e in mine if first <= e.value_date <= last]
            opening = sum((e.points for e in mine if e.value_date < first), ZERO)
            after = sum((e.points for e in mine if e.value_date > last), ZERO)
            moved = sum((e.points for e in here), ZERO)
            points = opening + moved + after
            score = category.base + max(-category.cap, points)
            told = settled.get((whole, category.name))
            if told is None and not mine:
                continue
            out.append(
                Account(
                    category, whole, opening, lines(here, known), moved, after, points,
                    max(-category.cap - points, ZERO), score, None if told is None else told.score == score,
                )
            )  # fmt: skip
    return tuple(out)


def lines(entries: Sequence[Entry], known: dict[str, Violation]) -> tuple[Line, ...]:
    """The posted ones of some entries by value date, each with the one that took it back."""
    back = {e.reverses: e for e in entries if e.reverses}
    posted = sorted((e for e in entries if stands(e)), key=lambda e: (e.value_date, len(e.entry_id), e.entry_id))
    return tuple(Line(e, known.get(violation_of(e.cause)), back.get(e.entry_id)) for e in posted)


def late(entry: Entry, history: Iterable[Closing]) -> bool:
    """Whether an entry was booked for a month that was closed by then."""
    return period_of(entry.value_date, "month") in closed_on(history, entry.booked_on)


def corrections(
    period: str, entries: Sequence[Entry], known: Iterable[Violation], history: Sequence[Closing]
) -> tuple[Line, ...]:
    """The entries booked in a period for days before it that correct something, in the order of booking.

    Those are reversals, what was posted anew after one, and whatever was booked for a month that was closed by then.
    """
    first, last = span_of(period)
    violations = {v.id: v for v in known}
    back = {e.reverses: e for e in entries if e.reverses}
    return tuple(
        Line(e, violations.get(violation_of(e.cause)), back.get(e.entry_id))
        for e in entries
        if e.value_date < first <= e.booked_on <= last and (e.revision > 1 or late(e, history))
    )
