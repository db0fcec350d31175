"""A pack put in words, document by document and article by article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from punchsync.core import booklet as made
from punchsync.core.rules import Pack
from punchsync.packs import schema
from punchsync.packs.fill import ANSWER, declared, referred
from punchsync.packs.sentences import hours, span, terms, title
from punchsync.packs.to_rules import cites

References = Mapping[tuple[str, str, str], Mapping[str, str]]
"""What a part of a pack file refers to with `$name`: (table, id, from) -> key -> name."""


def booklet(
    file: schema.PackFile,
    pack: Pack,
    references: References | None = None,
    answers: Mapping[str, str] | None = None,
    hall: str = "",
) -> made.Booklet:
    """A pack in words; `answers` are the hall's, and `hall` its name, where it is read for one."""
    given, names = answers or {}, references or {}
    blank = {ANSWER + a.id for a in file.answer if a.id not in given}
    own = {i.id: i.value for i in file.interpretation}
    return made.Booklet(
        id=file.id,
        name=file.name,
        hall=hall,
        chapters=tuple(chapters(file, pack, names, blank)),
        choices=tuple(
            made.Choice(i.id, i.says, i.value, own.get(i.id, i.value), i.overridden) for i in pack.interpretations
        ),
        replies=tuple(made.Reply(a.id, a.says, given.get(a.id)) for a in file.answer),
        hours=tuple(hours(file)),
        cases=len(file.case),
    )


def chapters(file: schema.PackFile, pack: Pack, names: References, blank: Set[str]) -> Iterator[made.Chapter]:
    """Every document of a pack, with the articles that rules rest on in their order."""
    found: dict[str, dict[str, list[made.Clause]]] = {d.id: {} for d in file.document}
    for table, _n, part in file.rules():
        rests = cites(part.cites)
        for document, article in rests:
            beside = pack.cite(tuple(c for c in rests if c != (document, article)))
            made_of = clause(file, table, part, names, blank, beside)
            found.setdefault(document, {}).setdefault(article, []).append(made_of)
    for d in file.document:
        heads = list(dict.fromkeys(sorted(map(head, found[d.id]), key=bool)))
        articles = sorted(found[d.id].items(), key=lambda pair: (heads.index(head(pair[0])), place(pair[0])))
        yield made.Chapter(d.id, d.title, d.short, tuple(made.Article(n, tuple(c)) for n, c in articles))


def clause(
    file: schema.PackFile, table: str, part: schema.RulePart, names: References, blank: Set[str], beside: str
) -> made.Clause:
    """One rule in words."""
    used = dict(names.get(key(table, part.id, part.first), {}))
    blanks = {k for k, name in used.items() if name in blank}
    if isinstance(part, schema.SeasonPart):
        used |= {f"shift.{k}": v for k, v in names.get(key("shift", part.shift, None), {}).items()}
    referred = sorted(set(used.values()))
    return made.Clause(
        table=table,
        id=part.id,
        title=title(part, table),
        says="" if part.says == type(part).model_fields["says"].default else part.says,
        terms=tuple(terms(part, file, blanks)),
        span=span(part.first, part.last),
        beside=beside,
        choices=tuple(name for name in referred if not name.startswith(ANSWER)),
        replies=tuple(name.removeprefix(ANSWER) for name in referred if name.startswith(ANSWER)),
    )


# What stands where


def references(tree: Mapping[str, Any]) -> References:
    """What the parts of a pack refer to, from its file as parsed."""
    return {
        key(table, part["id"], part.get("from")): dict(referred(part))
        for table in ("shift", *schema.RULES)
        for part in declared(tree, table)
    }


def key(table: str, id: str, first: object) -> tuple[str, str, str]:
    """Where a part stands: its table, its id, and from when on it is in force."""
    return table, id, str(first or "")


# The order of articles

_DIGITS: Final = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100}
_NUMBER: Final = re.compile(r"\d+|[〇零两一二三四五六七八九十百]+|[①-⑳㈠-㈩⑴-⒇]")


def place(article: str) -> tuple[tuple[int, ...], str]:
    """Where an article comes in its part of a document: by its numbers, of whatever script."""
    return tuple(value(m.group()) for m in _NUMBER.finditer(article)), article


def head(article: str) -> str:
    """The words before an article's first number, which name a part of its document: `表` of `表一 二`."""
    return re.sub(r"[\W第]", "", _NUMBER.split(article, maxsplit=1)[0])


def value(text: str) -> int:
    """A number written as `12`, `十二`, `⑫` or `㈩`."""
    for first in "①㈠⑴":
        if len(text) == 1 and 0 <= ord(text) - ord(first) < 20:
            return ord(text) - ord(first) + 1
    if text.isdigit() and text.isascii():
        return int(text)
    total = digit = 0
    for c in text:
        if c in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[c], 0
        else:
            digit = digit * 10 + _DIGITS[c] if c not in "〇零" else digit
    return total + digit
