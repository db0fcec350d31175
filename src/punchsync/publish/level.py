"""Publication levels: what of a document's people may be told where (full names, masked, or numbers only).

A mask keeps the family name alone (张*), as public notices do; who is masked has no id beside the name either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from punchsync.publish.document import Document, Part, Table

LEVELS: Final = ("full", "masked", "numbers")
HIDDEN: Final = {"masked": frozenset({"person", "note"}), "numbers": frozenset({"person", "note", "name"})}
"""Kinds of columns that a level takes away."""
PLAIN: Final = {"note": "text"}
"""What forms know a kind as that only levels tell apart."""
COMPOUND: Final = frozenset(
    {
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "长孙",
        "宇文", "端木", "轩辕", "南宫", "西门", "百里", "呼延", "独孤", "司空", "闻人", "钟离", "拓跋", "澹台",
    }
)  # fmt: skip
"""Family names of two characters, which a mask keeps whole."""


def at_level(document: Document, level: str) -> Document:
    """A document at a publication level; raises ValueError for one that there is not."""
    if level not in LEVELS:
        raise ValueError(level)
    sections = (s._replace(parts=tuple(p for part in s.parts for p in _part(part, level))) for s in document.sections)
    return document._replace(sections=tuple(s for s in sections if s.parts))


def masked(name: str) -> str:
    """A name of which only the family name is left; what does not begin with a Chinese one keeps its first letter."""
    family = name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]
    return f"{family}*" if name else ""


def is_somebody(row: Sequence[str], ids: Sequence[int]) -> bool:
    """Whether a row is about a person: one about a window has no id of a person."""
    return not ids or any(row[n] not in ("", "—") for n in ids)


def _part(part: Part, level: str) -> tuple[Part, ...]:
    if not isinstance(part, Table):
        return (part,)
    if level == "full":
        return (part._replace(columns=tuple(c._replace(kind=PLAIN.get(c.kind, c.kind)) for c in part.columns)),)
    if level == "numbers" and part.personal:
        return ()
    hidden = HIDDEN[level]
    if not any(c.kind in {*hidden, "name"} for c in part.columns):
        return (part,)
    kept = [n for n, c in enumerate(part.columns) if c.kind not in hidden]
    ids = [n for n, c in enumerate(part.columns) if c.kind == "person"]
    names = {n for n in kept if part.columns[n].kind == "name"}
    rows = tuple(
        tuple(masked(row[n]) if n in names and is_somebody(row, ids) else row[n] for n in kept) for row in part.rows
    )
    return (part._replace(columns=tuple(part.columns[n] for n in kept), rows=rows),)
