"""What a violation's points were made of: the item, the how-many-th, and what it was weighed against (择一从重).

It goes the way of `charge` and `wanted` once more and writes down what they decide; a test holds them together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from punchsync.core.bench import HallMonth
from punchsync.core.charge import Account, Owed, charges_of
from punchsync.core.conversion import Derived
from punchsync.core.period import period_of
from punchsync.core.rules import Category, Charge, Item, Pack, Step
from punchsync.core.violations import Violation
from punchsync.core.wanted import entry, step_of


class Weighed(NamedTuple):
    """A derived violation's points of an account against those of what it was made of; `kept` says whose count."""

    derived: Derived
    account: str
    category: str
    own: Decimal
    members: Decimal
    kept: str  # derived, members, both


class Charged(NamedTuple):
    """What one charge of an item came to for a violation.

    `state`: `booked`; `replaced` by the heavier violation made of it; `lighter` than what it was made of; `free` as
    not the first of its item in the period, or by its step. Where occurrences are counted it is the `nth` of its item
    in the period `counted`, after `before`. `points` are what is booked, a deduction negative.
    """

    violation: Violation
    account_type: str
    account_id: str
    category: Category
    item: Item
    charge: Charge
    state: str
    points: Decimal
    cause: str
    counted: str = ""
    nth: int = 0
    before: tuple[Violation, ...] = ()
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """How the months of a span of a pack were charged: by violation id its charges, and what it was weighed in."""

    violations: Mapping[str, Violation]
    derived: tuple[Derived, ...]
    charges: Mapping[str, tuple[Charged, ...]]
    weighed: tuple[Weighed, ...]

    def made_of(self, id: str) -> tuple[Violation, ...]:
        """The violations from which one was derived."""
        return tuple(self.violations[m] for d in self.derived if d.id == id for m in d.made_of if m in self.violations)

    def made_into(self, id: str) -> tuple[Violation, ...]:
        """The violations that were derived from one and others."""
        return tuple(self.violations[d.id] for d in self.derived if id in d.made_of and d.id in self.violations)

    def weighed_with(self, id: str) -> tuple[Weighed, ...]:
        """Where a violation's points were weighed, as derived or as part of what was."""
        return tuple(w for w in self.weighed if id == w.derived.id or id in w.derived.made_of)


def trace(months: Sequence[HallMonth], pack: Pack) -> Trace:
    """How whole months were charged that are priced together."""
    violations = {v.id: v for m in months for v in m.violations}
    derived = tuple(d for m in months for d in m.derived)
    weighed = [w for m in months for w in weigh(m.violations, m.derived, pack)]
    charges: dict[str, list[Charged]] = defaultdict(list)
    booked = set[tuple[str, str, str, str]]()
    for found in counted((o for m in months for o in m.owed), pack):
        charges[found.violation.id].append(found)
        booked.add(_place(found.violation, found.account_type, found.category.name, found.item))
    for v in violations.values():
        for item, part in charges_of(v, pack):
            holder = v.person if part.account == "person" else v.window
            if holder and _place(v, part.account, part.category, item) not in booked:
                charges[v.id].append(_dropped(Owed(v, holder, item, part), weighed, pack))
    return Trace(violations, derived, {id: tuple(rows) for id, rows in charges.items()}, tuple(weighed))


def weigh(violations: Iterable[Violation], derived: Iterable[Derived], pack: Pack) -> list[Weighed]:
    """Every weighing of a month: who is weighed against whom, for each account, and who counts."""
    standing: dict[str, dict[Account, Decimal]] = {}
    for v in violations:
        own: dict[Account, Decimal] = defaultdict(Decimal)
        for _item, part in charges_of(v, pack):
            if v.person if part.account == "person" else v.window:
                own[part.account, part.category] += part.points
        standing[v.id] = own
    out: list[Weighed] = []
    for d in derived:
        mine = standing[d.id]
        members = [standing[m] for m in d.made_of if m in standing]
        for account in sorted(set(mine) | {a for m in members for a in m}):
            theirs = sum((m.get(account, Decimal(0)) for m in members), Decimal(0))
            own_points = mine.get(account, Decimal(0))
            kept = "both"
            if d.mode == "replace" or (d.mode == "heavier" and own_points > theirs):
                kept = "derived"
                for m in members:
                    m.pop(account, None)
            elif d.mode in ("heavier", "count_only"):
                kept = "members"
                mine.pop(account, None)
            out.append(Weighed(d, *account, own_points, theirs, kept))
    return out


def counted(owed: Iterable[Owed], pack: Pack) -> list[Charged]:
    """What is owed of whole periods, in time order, each with the how-many-th it is and what that makes of it."""
    rows = sorted(owed, key=lambda o: (o.violation.order[:5], o.violation.person, o.violation.id))
    seen: dict[tuple[str, ...], list[Violation]] = defaultdict(list)
    out: list[Charged] = []
    for o in rows:
        v, part = o.violation, o.charge
        category = pack.category(part.account, part.category, v.day)
        kind = category.period if category.per == "item" else o.item.counted if o.item.steps else ""
        before: tuple[Violation, ...] = ()
        step: Step | None = None
        if kind:
            place = (part.account, o.account, part.category, o.item.id, kind, period_of(v.day, kind))
            before = tuple(seen[place])
            seen[place].append(v)
            step = step_of(o, category, len(before) + 1)
        times = Decimal(1) if step is None else step.times
        want = entry(o, category, period_of(v.day, category.period), times, "")
        out.append(
            Charged(
                v, part.account, o.account, category, o.item, part, "booked" if times else "free", want.points,
                want.cause, period_of(v.day, kind) if kind else "", len(before) + 1 if kind else 0, before, step,
            )
        )  # fmt: skip
    return out


def _dropped(o: Owed, weighed: Iterable[Weighed], pack: Pack) -> Charged:
    """A charge that was weighed and does not count."""
    v, part = o.violation, o.charge
    category = pack.category(part.account, part.category, v.day)
    lighter = any(
        w.derived.id == v.id and (w.account, w.category, w.kept) == (part.account, part.category, "members")
        for w in weighed
    )
    cause = entry(o, category, "", Decimal(0), "").cause
    state = "lighter" if lighter else "replaced"
    return Charged(v, part.account, o.account, category, o.item, part, state, Decimal(0), cause)


def _place(v: Violation, account: str, category: str, item: Item) -> tuple[str, str, str, str]:
    return v.id, account, category, item.id
