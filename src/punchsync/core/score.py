"""Scores: base and capped points of every posted account, for each category and period of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from punchsync.core.moment import Day
from punchsync.core.period import months_between, periods_around, span_of
from punchsync.core.records import GivenScore, Posting
from punchsync.core.rules import Pack


class Score(NamedTuple):
    """A row of the export `scores`; `points` is the uncapped sum, `score` = base + max(-cap, points)."""

    period: str
    account_type: str
    account_id: str
    category: str
    base: Decimal
    points: Decimal
    score: Decimal
    given: bool = False  # by others: a row of its own, never in the ledger


Sums = Mapping[tuple[str, str, str, str], Decimal]  # period, account type, account id, category


def posted(postings: Iterable[Posting], first: Day, last: Day) -> tuple[set[str], set[str]]:
    """The people and the windows posted on some day from `first` to `last`."""
    here = [p for p in postings if p.first <= last and p.last >= first]
    return {p.person for p in here}, {p.window for p in here if p.window}


def posted_months(postings: Sequence[Posting], last: Day) -> list[str]:
    """The months from the first posting's to that of a last day, in order."""
    return months_between(min(p.first for p in postings), last) if postings else []


def scores(
    pack: Pack,
    postings: Iterable[Posting],
    months: list[str],
    sums: Sums,
    today: Day,
    given: Iterable[GivenScore] = (),
) -> list[Score]:
    """The score rows of every period that holds one of the months, up to today, and a row for all that others gave.

    A category counts in a period if it is in force on the period's last day.
    """
    rows = list(postings)
    out = [
        Score(g.period, g.subject_type, g.subject_id, g.category, Decimal(0), g.points, g.points, given=True)
        for g in given
    ]
    for category in pack.categories:
        for period in periods_around(months, category.period):
            first, last = span_of(period)
            if not category.on(last):
                continue
            people, windows = posted(rows, first, min(last, today))
            for account in people if category.account == "person" else windows:
                points = sums.get((period, category.account, account, category.name), Decimal(0))
                score = category.base + max(-category.cap, points)
                out.append(Score(period, category.account, account, category.name, category.base, points, score))
    return sorted(out)
