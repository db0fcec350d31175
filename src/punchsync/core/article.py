"""Which rule and article stand behind a violation, in the pack's own words."""

from __future__ import annotations

from punchsync.core.rule import Cites, Rule, on
from punchsync.core.rules import Pack
from punchsync.core.violations import Violation


def cited(v: Violation, pack: Pack) -> tuple[str, str]:
    """Rule and article of a violation; both empty where the pack says nothing of its kind.

    First the rule that derived it, then the items about its kind.
    """
    items = pack.items_for(v.kind, v.day)
    rule = derived_by(v, pack)
    cites: Cites = (*(rule.cites if rule else ()), *(c for item in items for c in item.cites))
    names = "; ".join(i.name for i in items)
    return names or (rule.says if rule else ""), pack.cite(tuple(dict.fromkeys(cites)))


def derived_by(v: Violation, pack: Pack) -> Rule | None:
    """The pack's rule that derived a violation, if one did."""
    if not v.rule:
        return None
    tables: tuple[tuple[Rule, ...], ...] = (
        pack.findings, pack.conversions, pack.covers, pack.late_registrations, pack.leave_limits, pack.presences,
    )  # fmt: skip
    same = [r for table in tables for r in table if r.id == v.rule]
    return on(same, v.day) or (same[0] if same else None)
