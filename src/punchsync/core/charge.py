"""What violations cost: wanted entries for accounts, by the items in force and the heavier of two (择一从重)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from punchsync.core.conversion import Derived
from punchsync.core.moment import Day
from punchsync.core.period import period_of
from punchsync.core.rules import Charge, Item, Pack
from punchsync.core.violations import Violation

Account = tuple[str, str]  # account type, category


@dataclass(frozen=True, slots=True)
class Wanted:
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


def charges_of(v: Violation, pack: Pack) -> list[tuple[Item, Charge]]:
    """The charges of one violation by itself, in the pack's order; those without points make no entry."""
    return [
        (item, charge)
        for item in pack.items_for(v.kind, v.day)
        for charge in item.charges
        if charge.points and (not charge.when or (charge.when == "warned" and v.warned))
    ]


def charge(violations: Sequence[Violation], derived: Iterable[Derived], pack: Pack) -> list[Wanted]:
    """The wanted entries of a person's month (or of a window's own violations).

    Where a violation was derived from others, its points and theirs are weighed for each account, the windows
    together; the derived ones replace the others' only if they are more.
    """
    by_id = {v.id: v for v in violations}
    standing: dict[str, dict[Account, list[Wanted]]] = {}
    for v in violations:
        owed: dict[Account, list[Wanted]] = defaultdict(list)
        for item, part in charges_of(v, pack):
            holder = v.person if part.account == "person" else v.window
            if holder:
                owed[part.account, part.category].append(wanted(v, holder, item, part, pack))
        standing[v.id] = owed
    for d in derived:
        own = standing[d.id]
        members = [standing[m] for m in d.made_of if m in by_id]
        for account in sorted(set(own) | {a for m in members for a in m}):
            theirs = sum((w.points for m in members for w in m.get(account, ())), Decimal(0))
            mine = sum((w.points for w in own.get(account, ())), Decimal(0))
            if d.mode == "replace" or (d.mode == "heavier" and mine < theirs):
                for m in members:
                    m.pop(account, None)
            elif d.mode in ("heavier", "count_only"):
                own.pop(account, None)
    return [w for v in violations for entries in standing[v.id].values() for w in entries]


def wanted(v: Violation, account: str, item: Item, part: Charge, pack: Pack) -> Wanted:
    """The entry that one charge of a violation asks for."""
    category = pack.category(part.account, part.category)
    return Wanted(
        f"{v.id}@{part.account}:{account}/{part.category}",
        part.account,
        account,
        part.category,
        period_of(v.day, category.period),
        -part.points,
        item.name,
        pack.cite(item.cites),
        v.day,
    )
