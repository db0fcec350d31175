"""A batch's entries out of a request's body, or everything that is wrong with it, each flaw with its place."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from punchsync.texts import _

MOST = 5_000
"""Entries of one batch."""
SAID = 20
"""Flaws that are said; whoever repairs these sees the others."""


class Entry(NamedTuple):
    """A ledger entry, every column as the text that came."""

    booked_on: str
    entry_id: str
    cause: str
    revision: str
    account_type: str
    account_id: str
    category: str
    period: str
    points: str
    rule: str
    article: str
    value_date: str
    reverses: str

    @property
    def thousandths(self) -> int:
        """The points as a whole number of thousandths."""
        whole, _point, rest = self.points.lstrip("-").partition(".")
        size = int(whole) * 1000 + int(f"{rest:0<3}")
        return -size if self.points.startswith("-") else size


class Flaw(NamedTuple):
    """What is wrong, where (a JSON pointer), what was found, what is allowed."""

    pointer: str
    found: str
    allowed: str


PATTERNS = {
    "entry_id": re.compile(r"E[0-9]{8,12}"),
    "revision": re.compile(r"[1-9][0-9]{0,8}"),
    "account_type": re.compile(r"person|window"),
    "period": re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?"),
    "points": re.compile(r"0|-?(0\.[0-9]{0,2}[1-9]|[1-9][0-9]{0,8}(\.[0-9]{0,2}[1-9])?)"),
    "reverses": re.compile(r"(E[0-9]{8,12})?"),
}
NEVER_EMPTY = ("cause", "account_id", "category")
DATES = ("booked_on", "value_date")


def read(body: bytes) -> tuple[list[Entry], list[Flaw]]:
    """The entries of a body in their order and no flaws, or no entries and the first `SAID` flaws."""
    try:
        tree = json.loads(body.decode("utf-8"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        return [], [Flaw("", str(error)[:200], _("一个 JSON 对象，UTF-8"))]
    if not isinstance(tree, dict) or set(tree) != {"entries"} or not isinstance(tree["entries"], list):
        return [], [Flaw("", _shown(tree), '{"entries": […]}')]
    rows = tree["entries"]
    if not 1 <= len(rows) <= MOST:
        return [], [Flaw("/entries", str(len(rows)), _("1 到 {most} 笔").format(most=MOST))]
    flaws: list[Flaw] = []
    entries: list[Entry] = []
    seen: set[str] = set()
    for n, row in enumerate(rows):
        found = flaws_of(row, f"/entries/{n}")
        if not found:
            entries.append(Entry(**row))
            if row["entry_id"] in seen:
                found = [Flaw(f"/entries/{n}/entry_id", row["entry_id"], _("一批之中不重复"))]
            seen.add(row["entry_id"])
        flaws += found
        if len(flaws) >= SAID:
            break
    return ([], flaws[:SAID]) if flaws else (entries, [])


def flaws_of(row: Any, at: str) -> list[Flaw]:
    """What is wrong with one entry."""
    if not isinstance(row, dict) or set(row) != set(Entry._fields):
        return [Flaw(at, _shown(row), "{" + ", ".join(Entry._fields) + "}")]
    flaws = [
        Flaw(f"{at}/{name}", _shown(row[name]), allowed) for name in Entry._fields if (allowed := _wrong(name, row))
    ]
    if not flaws and (int(row["revision"]) % 2 == 0) != bool(row["reverses"]):
        flaws = [Flaw(f"{at}/reverses", _shown(row["reverses"]), _("revision 为双数时写所冲回的 entry_id，单数时为空"))]
    return flaws


def digest(entries: Sequence[Entry]) -> str:
    """What a batch holds, the same however its JSON was written."""
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _wrong(name: str, row: dict[str, Any]) -> str:
    """What a column allows, where its value is something else."""
    value = row[name]
    if not isinstance(value, str):
        return _("文字")
    if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        return _("没有 NUL 与残缺字符的文字")
    if name in PATTERNS and not PATTERNS[name].fullmatch(value):
        return PATTERNS[name].pattern
    if name in DATES and not _is_date(value):
        return "YYYY-MM-DD"
    if name in NEVER_EMPTY and not value:
        return _("不空的文字")
    return ""


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError(_("同一个对象里有重复的键"))
    return made


def _shown(value: Any) -> str:
    """A value as JSON, in plain characters and cut short."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 120 else text[:119] + "…"
