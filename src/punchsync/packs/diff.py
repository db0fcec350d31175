"""What differs between two packs, rule by rule: by table, id and effective date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from punchsync.core.moment import show_clock
from punchsync.core.points import number
from punchsync.packs import schema
from punchsync.packs.fields import WEEKDAYS, Part

SINGLE: Final = ("id", "name")
NAMED: Final = ("document", "interpretation", "answer", "shift")
"""Tables of parts that have an id and no dates."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key of a part, as `charges.1.points`, and its value in either pack; None: not there."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A part that only one of two packs has, or that they have with other values.

    `first` and `last` are the days on which it is in force in either pack, so those that it can touch; None: open.
    """

    table: str
    id: str
    what: str  # added, removed, changed
    first: date | None = None
    last: date | None = None
    cites: tuple[str, ...] = ()  # short names of documents, and articles
    says: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that changed."""
        return tuple(c.key for c in self.changes)


def differences(a: schema.PackFile, b: schema.PackFile) -> list[Difference]:
    """What `b` has otherwise than `a`, in the order in which a reader wants it; the order of rules only of seasons."""
    return [
        *single("", a, b, SINGLE),
        *(d for table in NAMED for d in named(table, a, b)),
        *single("timetable", a.timetable, b.timetable, tuple(schema.TimetablePart.model_fields)),
        *single("leave", a.leave, b.leave, tuple(schema.LeavePart.model_fields)),
        *(d for table in schema.RULES for d in rules(table, a, b)),
        *order(a, b),
        *cases(a, b),
    ]


def single(table: str, a: Part, b: Part, fields: Sequence[str]) -> Iterator[Difference]:
    """Differences of a part that each pack has once."""
    changes = changed(values(a, fields), values(b, fields))
    if changes:
        yield Difference(table=table, id="", what="changed", changes=changes)


def named(table: str, a: schema.PackFile, b: schema.PackFile) -> Iterator[Difference]:
    """Differences of parts that have an id and no dates."""
    old, new = ({p.id: p for p in getattr(file, table)} for file in (a, b))
    for id in dict.fromkeys([*old, *new]):
        one, other = old.get(id), new.get(id)
        said = other or one
        changes = changed(values(one), values(other))
        if changes:
            says = str(getattr(said, "says", "") or getattr(said, "title", "") or getattr(said, "name", ""))
            yield Difference(table=table, id=id, what=kind(one, other), says=says, changes=changes)


def rules(table: str, a: schema.PackFile, b: schema.PackFile) -> Iterator[Difference]:
    """Differences of a table of rules: each version of a rule against the one from the same day on."""
    old, new = (versions(getattr(file, table)) for file in (a, b))
    for id in dict.fromkeys([*old, *new]):
        for one, other in paired(old.get(id, {}), new.get(id, {})):
            changes = changed(values(one), values(other))
            if changes:
                here = [p for p in (one, other) if p is not None]
                yield Difference(
                    table=table,
                    id=id,
                    what=kind(one, other),
                    first=None if any(p.first is None for p in here) else min(p.first for p in here if p.first),
                    last=None if any(p.last is None for p in here) else max(p.last for p in here if p.last),
                    cites=tuple(articles(here[-1], b if other else a)),
                    says=here[-1].says,
                    changes=changes,
                )


def versions(parts: Iterable[schema.RulePart]) -> dict[str, dict[date | None, schema.RulePart]]:
    """The versions of each rule by the day from which they are in force."""
    out: dict[str, dict[date | None, schema.RulePart]] = {}
    for part in parts:
        out.setdefault(part.id, {})[part.first] = part
    return out


def paired(
    old: Mapping[date | None, schema.RulePart], new: Mapping[date | None, schema.RulePart]
) -> Iterator[tuple[schema.RulePart | None, schema.RulePart | None]]:
    """Versions of one rule side by side; a single one left on each side is the same one, moved."""
    left, right = [f for f in old if f not in new], [f for f in new if f not in old]
    moved = dict(zip(left, right, strict=True)) if len(left) == len(right) == 1 else {}
    for first in sorted({*old, *new} - set(moved.values()), key=lambda f: f or date.min):
        yield old.get(first), new.get(moved.get(first, first))


def kind(one: object, other: object) -> str:
    """Whether a part was added, removed or changed."""
    return "added" if one is None else "removed" if other is None else "changed"


def articles(part: schema.RulePart, file: schema.PackFile) -> Iterator[str]:
    """What a rule cites, with the documents' short names."""
    short = {d.id: d.short for d in file.document}
    for text in part.cites:
        document, _gap, article = text.partition(" ")
        yield f"{short.get(document, document)} {article}"


def order(a: schema.PackFile, b: schema.PackFile) -> Iterator[Difference]:
    """That the seasons both packs have come in another order: the first that holds wins."""
    ids = [[s.id for s in file.season] for file in (a, b)]
    old, new = ([i for i in dict.fromkeys(one) if i in other] for one, other in (ids, ids[::-1]))
    if old != new:
        yield Difference(
            table="season", id="", what="changed", changes=(Change("order", shown(tuple(old)), shown(tuple(new))),)
        )


def cases(a: schema.PackFile, b: schema.PackFile) -> Iterator[Difference]:
    """Differences of worked cases, by name."""
    old, new = ({c.name: c for c in file.case} for file in (a, b))
    for name in dict.fromkeys([*old, *new]):
        one, other = old.get(name), new.get(name)
        if one != other:
            changes = changed(values(one), values(other)) if one and other else ()
            yield Difference(table="case", id=name, what=kind(one, other), changes=changes)


# Values


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Change, ...]:
    """The keys whose values differ."""
    keys = dict.fromkeys([*old, *new])
    return tuple(Change(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key))


def values(part: Part | None, fields: Sequence[str] | None = None) -> dict[str, str]:
    """What a part says, key by key as in the pack's file; nothing of what is left out or empty."""
    return dict(flat(part, "", fields)) if part is not None else {}


def flat(part: Part, at: str, fields: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
    """Every key of a part with its value as text."""
    for name, field in type(part).model_fields.items():
        if fields is not None and name not in fields:
            continue
        value, key = getattr(part, name), f"{at}.{field.alias or name}".lstrip(".")
        if isinstance(value, Part):
            yield from flat(value, key)
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            for n, inner in enumerate(value, 1):
                yield from flat(inner, f"{key}.{n}")
        elif value is not None and value not in ("", (), frozenset()) and value != {}:
            yield key, shown(value)


def shown(value: Any) -> str:
    """A value as a pack's file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, frozenset):
        if all(isinstance(v, int) for v in value):
            return "、".join(WEEKDAYS[v] for v in sorted(value))
        return "、".join(sorted(value))
    if isinstance(value, Mapping):
        return "、".join(f"{k} = {shown(v)}" for k, v in value.items())
    if isinstance(value, tuple) and all(isinstance(v, tuple) for v in value):
        return "+".join("-".join(show_clock(at)[:5] for at in pair) for pair in value)
    if isinstance(value, tuple) and all(isinstance(v, int) for v in value):
        return "-".join(f"{v:02d}" for v in value)
    return "、".join(map(shown, value)) if isinstance(value, tuple) else str(value)
