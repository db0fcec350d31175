"""What other rules would change, account by account: who gains, who loses, how much, and by which articles. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from punchsync.core.points import number
from punchsync.operations.what_if import Change, WhatIf

Account = tuple[str, str]


class Why(NamedTuple):
    """What one article takes from an account now and would take, and the difference to its account."""

    rule: str
    article: str
    now: Decimal
    then: Decimal

    @property
    def difference(self) -> Decimal:
        """More than nothing where the account would keep more."""
        return self.then - self.now


class Gain(NamedTuple):
    """An account's points now, under the other rules, and why; only articles that differ."""

    account_type: str
    account_id: str
    now: Decimal
    then: Decimal
    why: tuple[Why, ...]

    @property
    def difference(self) -> Decimal:
        """More than nothing: gains; less: loses."""
        return self.then - self.now


def gains(changes: Iterable[Change]) -> list[Gain]:
    """Changes by account, those that lose most first; `now` and `then` are of the articles that differ."""
    found: dict[Account, list[Why]] = defaultdict(list)
    for c in changes:
        found[c.account_type, c.account_id].append(Why(c.rule, c.article, c.now, c.then))
    made = [
        Gain(*account, sum((w.now for w in why), Decimal(0)), sum((w.then for w in why), Decimal(0)), tuple(why))
        for account, why in found.items()
    ]
    return sorted(made, key=lambda g: (g.difference, g.account_type, g.account_id))


def rows(found: WhatIf, names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The points that differ as rows of texts: account, name, rule, article, now, then, difference."""
    return [
        (
            c.account_type, c.account_id, names.get(c.account_id, "") if c.account_type == "person" else "", c.rule,
            c.article, number(c.now), number(c.then), number(c.then - c.now),
        )
        for c in found.points
    ]  # fmt: skip
