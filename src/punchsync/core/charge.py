"""What violations cost: what each owes by the items in force, weighed against what it was made of (择一从重)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from punchsync.core.conversion import Derived
from punchsync.core.rules import Charge, Item, Pack
from punchsync.core.violations import Violation

Account = tuple[str, str]  # account type, category


class Owed(NamedTuple):
    """What one charge of an item asks of an account for a violation."""

    violation: Violation
    account: str  # the person's or the window's id
    item: Item
    charge: Charge


def charges_of(v: Violation, pack: Pack) -> list[tuple[Item, Charge]]:
    """The charges of one violation by itself, in the pack's order; those without points make no entry."""
    return [
        (item, charge)
        for item in pack.items_for(v.kind, v.day)
        for charge in item.charges
        if charge.points and applies(charge, v)
    ]


def applies(charge: Charge, v: Violation) -> bool:
    """Whether a violation meets the conditions of a charge: warned before, late or early by so much."""
    if charge.when == "warned" and not v.warned:
        return False
    return v.seconds >= charge.least and (charge.below is None or v.seconds < charge.below)


def charge(violations: Sequence[Violation], derived: Iterable[Derived], pack: Pack) -> list[Owed]:
    """What a person's month (or a window's own violations) owes.

    Where a violation was derived from others, its points and theirs are weighed for each account, the windows
    together; the derived ones replace the others' only if they are more.
    """
    standing: dict[str, dict[Account, list[Owed]]] = {}
    for v in violations:
        owed: dict[Account, list[Owed]] = defaultdict(list)
        for item, part in charges_of(v, pack):
            holder = v.person if part.account == "person" else v.window
            if holder:
                owed[part.account, part.category].append(Owed(v, holder, item, part))
        standing[v.id] = owed
    for d in derived:
        own = standing[d.id]
        members = [standing[m] for m in d.made_of if m in standing]
        for account in sorted(set(own) | {a for m in members for a in m}):
            theirs = sum((o.charge.points for m in members for o in m.get(account, ())), Decimal(0))
            mine = sum((o.charge.points for o in own.get(account, ())), Decimal(0))
            if d.mode == "replace" or (d.mode == "heavier" and mine > theirs):
                for m in members:
                    m.pop(account, None)
            elif d.mode in ("heavier", "count_only"):
                own.pop(account, None)
    return [o for v in violations for entries in standing[v.id].values() for o in entries]
