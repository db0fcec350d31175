"""The entries that should stand: what is owed, after what depends on the how-many-th of a period it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from punchsync.core.charge import Owed
from punchsync.core.fact import Fact, of_step
from punchsync.core.moment import Day
from punchsync.core.period import period_of
from punchsync.core.rules import Category, Pack, Step

FREE: Final = Step(2, None, Decimal(0))
"""Where a category counts per item: what each occurrence but the first costs."""


class Wanted(NamedTuple):
    """An entry that should stand: points (a deduction is negative) of an account for a cause."""

    cause: str
    account_type: str
    account_id: str
    category: str
    period: str
    points: Decimal
    rule: str
    article: str
    value_date: Day


def violation_of(cause: str) -> str:
    """The id of the violation that a cause is of (`<violation id>@<account>`, as `entry` makes it)."""
    return cause.partition("@")[0]


class Priced(NamedTuple):
    """Wanted entries, and the occurrences of items whose step proposes an outcome."""

    wanted: list[Wanted]
    facts: list[Fact]


def price(owed: Iterable[Owed], pack: Pack) -> Priced:
    """The wanted entries of whole periods of the pack's span, in time order of what they are for.

    An item is charged once in a category's period where the category counts per item; its steps go by the how-many-th
    violation it is for the account, over all people of a window.
    """
    rows = sorted(owed, key=lambda o: (o.violation.order[:5], o.violation.person, o.violation.id))
    seen: dict[tuple[str, str, str, str, str, str], int] = defaultdict(int)
    wanted: list[Wanted] = []
    warned: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)  # violations, whatever categories they cost
    category_on, period, cite = cache(pack.category), cache(period_of), cache(pack.cite)  # few, and asked for each row
    for o in rows:
        v, part = o.violation, o.charge
        category = category_on(part.account, part.category, v.day)
        times = Decimal(1)
        if category.per == "item" or o.item.steps:
            counted = category.period if category.per == "item" else o.item.counted
            place = (part.account, o.account, part.category, o.item.id, counted, period(v.day, counted))
            seen[place] += 1
            step = step_of(o, category, seen[place])
            if step is not None:
                times = step.times
                if step.outcome:
                    named = of_step(o.item.id, step.outcome)
                    warned[period(v.day, "month"), named, part.account, o.account].add(v.id)
        if times:
            wanted.append(entry(o, category, period(v.day, category.period), times, cite(o.item.cites)))
    return Priced(wanted, [Fact(*place, Decimal(len(rows))) for place, rows in sorted(warned.items())])


def step_of(o: Owed, category: Category, nth: int) -> Step | None:
    """The step that the n-th occurrence of an item falls under; per item, all but the first cost nothing."""
    if category.per == "item":
        return None if nth == 1 else FREE
    return next((s for s in o.item.steps if s.begin <= nth and (s.end is None or nth <= s.end)), None)


def entry(o: Owed, category: Category, period: str, times: Decimal, article: str) -> Wanted:
    """The entry that one charge of a violation asks for, in its category's period."""
    v = o.violation
    return Wanted(
        f"{v.id}@{category.account}:{o.account}/{category.name}",
        category.account,
        o.account,
        category.name,
        period,
        -o.charge.points * times,
        o.item.name,
        article,
        v.day,
    )
