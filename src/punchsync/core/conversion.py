"""Violations that follow from violations: findings counted together, and the ten that make one more.

Derivation goes once through a person's calendar month in time order and never looks back: findings first, then the
ten (HALLS.md, Conversion; yihuang 考勤制度 1 and 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from punchsync.core.moment import Day
from punchsync.core.rules import Conversion, Findings, Pack
from punchsync.core.violations import ABSENT, Violation, violation_id

Place = tuple[Day, int]


class Derived(NamedTuple):
    """A derived violation (by id) and those it was made of."""

    id: str
    made_of: tuple[str, ...]
    mode: str


class Month(NamedTuple):
    """A person's month of standing violations in time order, and which of them were derived from which."""

    violations: list[Violation]
    derived: list[Derived]


def convert(base: Iterable[Violation], waiting: AbstractSet[Place], pack: Pack) -> Month:
    """A person's month with what its violations yield; `waiting` are the sessions not known yet."""
    rows = sorted(base, key=lambda v: v.order)
    derived: list[Derived] = []
    for findings in pack.findings:
        rows = from_findings(rows, waiting, findings, derived)
    for conversion in pack.conversions:
        rows = from_tens(rows, conversion, derived)
    if not derived:
        return Month(rows, derived)
    standing = {v.id for v in rows}
    return Month(rows, [d for d in derived if d.id in standing])


def from_findings(
    rows: Sequence[Violation], waiting: AbstractSet[Place], rule: Findings, derived: list[Derived]
) -> list[Violation]:
    """What the first and each later finding of a month also yield; appends to `derived`."""
    out = list(rows)
    for n, finding in enumerate([v for v in rows if v.kind in rule.kinds and rule.on(v.day)], 1):
        place = (finding.day, finding.session)
        here = {v.kind for v in out if (v.day, v.session) == place}
        yields = rule.begins if n == 1 else rule.later
        if place in waiting or ABSENT in here or (n == 1 and yields in here):
            continue
        new = derive(finding, yields, rule.id)
        if yields == ABSENT:
            out = [v for v in out if not swallowed(v, place)]
        out.append(new)
        derived.append(Derived(new.id, (finding.id,), "heavier"))
    return sorted(out, key=lambda v: v.order)


def from_tens(rows: Sequence[Violation], rule: Conversion, derived: list[Derived]) -> list[Violation]:
    """Each `every`-th of a rule's violations yields one more and swallows what follows in its session."""
    out: list[Violation] = []
    new: list[Violation] = []
    group: list[Violation] = []
    absent = {(v.day, v.session) for v in rows if v.kind == ABSENT}
    made = set[Place]()
    for v in rows:
        place = (v.day, v.session)
        if place in made and swallowed(v, place):
            continue
        out.append(v)
        if v.kind not in rule.kinds or not rule.on(v.day):
            continue
        group.append(v)
        if len(group) == rule.every:
            if place not in absent:
                row = derive(v, rule.yields, rule.id)
                new.append(row)
                derived.append(Derived(row.id, tuple(g.id for g in group), rule.mode))
                absent.add(place)
                if rule.yields == ABSENT and v.session:
                    made.add(place)
            group = []
    return sorted([*out, *new], key=lambda v: v.order)


def swallowed(v: Violation, place: Place) -> bool:
    """Whether a derived absence of that session swallows a violation: its late and early, never a finding."""
    return (v.day, v.session) == place and bool(v.session) and v.kind in ("late", "early")


def derived_id(kind: str, origin: str) -> str:
    """The id of a violation of a kind derived at the place of another."""
    return violation_id("conversion", kind, origin)


def derive(origin: Violation, kind: str, rule: str) -> Violation:
    """A violation of that kind at the place and time of its origin, by the pack's rule of that id."""
    return Violation(
        derived_id(kind, origin.id),
        origin.day, origin.person, origin.session, kind, origin.window, origin.unit, 0, "conversion",
        origin.phase, origin.at, False, origin.id, "", rule,
    )  # fmt: skip
