"""Which rule and article stand behind a violation, in the pack's own words."""

from __future__ import annotations

from punchsync.core.rules import Cites, Pack
from punchsync.core.violations import Violation


def cited(v: Violation, pack: Pack) -> tuple[str, str]:
    """Rule and article of a violation; both empty where the pack says nothing of its kind."""
    items = pack.items_for(v.kind, v.day)
    cites: Cites = tuple(c for item in items for c in item.cites)
    if v.source == "conversion":
        cites = conversion_cites(pack) + cites
    return "; ".join(i.name for i in items), pack.cite(tuple(dict.fromkeys(cites)))


def conversion_cites(pack: Pack) -> Cites:
    """The articles by which a pack derives violations from others."""
    return tuple(c for rule in (pack.findings, pack.tens) if rule is not None for c in rule.cites)
