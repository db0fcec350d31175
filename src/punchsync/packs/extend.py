"""A hall's own pack on the ground of another one: rules replaced or amended by id and date, others dropped.

Same table, id and `from`: the hall's rule takes the other's place. Same id with a later `from`: an amendment; the
version in force before ends the day before. Anything else is added. `drop = ["item.badge"]` takes a rule away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from punchsync.problems import Complaint
from punchsync.texts import _

Tree = dict[str, Any]
OWN = ("id", "name", "extends", "drop", "case")


def extend(base: Mapping[str, Any], own: Mapping[str, Any], name: str) -> tuple[Tree, list[Complaint]]:
    """The tree of a pack that extends another, and what is wrong with how it does."""
    out: Tree = {k: v for k, v in base.items() if k not in OWN}
    complaints: list[Complaint] = []
    for place in own.get("drop", ()) if isinstance(own.get("drop", []), list) else ("",):
        table, _dot, id = str(place).partition(".")
        parts = out.get(table)
        left = [p for p in parts if p.get("id") != id] if isinstance(parts, list) else []
        if not isinstance(parts, list) or len(left) == len(parts):
            complaints.append(
                Complaint(name, "drop", _("写的是 {value}").format(value=repr(place)), _("“表.编号”，原规则包里有的"))
            )
        else:
            out[table] = left
    for key, value in own.items():
        if key in ("extends", "drop"):
            continue
        old = out.get(key)
        if isinstance(value, list) and isinstance(old, list) and key != "case":
            out[key] = merged(old, value)
        elif isinstance(value, dict) and isinstance(old, dict):
            out[key] = {**old, **value}
        else:
            out[key] = value
    return out, complaints


def merged(old: list[Any], own: list[Any]) -> list[Any]:
    """A table with the hall's entries in the places of those they replace or amend, others after them."""
    out = list(old)
    for part in own:
        if not isinstance(part, dict) or "id" not in part:
            out.append(part)  # the schema says what is wrong with it
            continue
        same = [n for n, p in enumerate(out) if isinstance(p, dict) and p.get("id") == part["id"]]
        start = part.get("from")
        exact = [n for n in same if start is None or out[n].get("from") == start]
        if exact:
            out[exact[0]] = part
            out = [p for n, p in enumerate(out) if n not in exact[1:]]
        elif same:
            for n in same:
                out[n] = ended(out[n], start)
            out.insert(same[-1] + 1, part)
        else:
            out.append(part)
    return out


def ended(part: Tree, start: Any) -> Tree:
    """A version that ends the day before an amendment takes effect, if it was in force then."""
    if not isinstance(start, date):
        return part
    first, last = part.get("from"), part.get("to")
    if isinstance(first, date) and first >= start:
        return part
    if isinstance(last, date) and last < start:
        return part
    return {**part, "to": start - timedelta(days=1)}
