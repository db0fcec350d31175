"""Which rules bear on a violation, and which interpretations are read into those rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from punchsync.core.article import derived_by
from punchsync.core.moment import Day, show_day
from punchsync.core.records import FIRST_DAY
from punchsync.core.rule import Rule, on
from punchsync.core.rules import Interpretation, Pack, Season
from punchsync.core.violations import Violation

References = Mapping[tuple[str, str, str], Mapping[str, str]]
"""What the parts of a pack refer to: (table, id, from or empty) -> key -> the interpretation's id."""

NONE: Final[References] = {}


def tables(pack: Pack) -> dict[str, tuple[Rule, ...]]:
    """The rules of a pack that can bear on a violation, by their table."""
    return {
        "punctuality": pack.punctuality, "findings": pack.findings, "conversion": pack.conversions,
        "cover": pack.covers, "late_registration": pack.late_registrations, "leave_limit": pack.leave_limits,
        "presence": pack.presences, "item": pack.items, "category": pack.categories,
    }  # fmt: skip


def bearing(v: Violation, pack: Pack) -> list[Rule]:
    """The rules that bear on a violation, in the order of judging, each once."""
    out: list[Rule] = []
    if v.source == "punch":
        out.append(pack.punctual(v.day))
    derived = derived_by(v, pack)
    if derived is not None:
        out.append(derived)
    out += [c for c in pack.conversions if v.kind in c.kinds and c.on(v.day)]
    items = pack.items_for(v.kind, v.day)
    out += items
    out += [pack.category(c.account, c.category, v.day) for i in items for c in i.charges]
    return [rule for n, rule in enumerate(out) if rule not in out[:n]]


def readings(rules: Iterable[Rule], pack: Pack, references: References) -> tuple[Interpretation, ...]:
    """The interpretations that are read into some rules, in the pack's order."""
    found = {id for rule in rules for id in _named(rule, pack, references)}
    return tuple(i for i in pack.interpretations if i.id in found)


def _named(rule: Rule, pack: Pack, references: References) -> Iterator[str]:
    for table, rules in {**tables(pack), "season": pack.seasons, "ladder": pack.ladder}.items():
        if any(rule is one for one in rules):
            yield from references.get((table, rule.id, _from(rule.first)), {}).values()
    if isinstance(rule, Season):
        yield from references.get(("shift", rule.shift, ""), {}).values()


def _from(first: Day) -> str:
    return "" if first == FIRST_DAY else show_day(first)


def season_on(pack: Pack, day: Day, month: int, of_month: int, weekday: int) -> Season | None:
    """The season by which the default shift of a day is found."""
    seasons = [s for s in pack.seasons if weekday in s.weekdays and s.holds(month, of_month)]
    return on(seasons, day)


def of_shift(shift: str, pack: Pack, references: References) -> tuple[Interpretation, ...]:
    """The interpretations that are read into a shift's times."""
    found = set(references.get(("shift", shift, ""), {}).values())
    return tuple(i for i in pack.interpretations if i.id in found)
