"""A page of sentences and tables, written as text for a terminal or as one HTML page to be printed on A4."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from punchsync.texts import language

if TYPE_CHECKING:
    from jinja2 import Template

WIDE: Final = 80
"""Columns of a terminal that a text must fit in."""


class Item(NamedTuple):
    """A sentence, and what is to be known beside it; what is `struck` no longer counts."""

    text: str
    notes: tuple[str, ...] = ()
    struck: bool = False


class Row(NamedTuple):
    """A row of a table, and what is to be known beside it."""

    cells: tuple[str, ...]
    notes: tuple[str, ...] = ()
    struck: bool = False
    strong: bool = False


class Grid(NamedTuple):
    """Rows under heads."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


class Section(NamedTuple):
    """A part of a page: its title and what it says."""

    title: str
    parts: tuple[Item | Grid, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: whose (`over`), what (`title`), the line below, the essence, the parts, and how to read it."""

    over: str
    title: str
    under: tuple[str, ...] = ()
    essence: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    foot: tuple[str, ...] = ()


def to_html(page: Page) -> str:
    """One self-contained page, without scripts."""
    return _template().render(page=page, lang="zh-CN" if language() == "zh" else "en", is_grid=is_grid)


def is_grid(part: Item | Grid) -> bool:
    """Whether a part is a table."""
    return isinstance(part, Grid)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("punchsync.publish", "templates")
    found = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return found.get_template("page.html")


# Text


def to_text(page: Page) -> str:
    """Lines of at most `WIDE` columns, the essence first."""
    return "\n".join(_lines(page))


def _lines(page: Page) -> Iterator[str]:
    yield from wrap(page.title)
    for line in (*page.under, *page.warnings, *page.essence):
        yield from wrap(line)
    for section in page.sections:
        yield ""
        yield section.title
        for part in section.parts:
            yield from _grid(part) if isinstance(part, Grid) else _item(part)


def _item(item: Item) -> Iterator[str]:
    yield from wrap(item.text, 2)
    for note in item.notes:
        yield from wrap(note, 4)


def _grid(grid: Grid) -> Iterator[str]:
    """A table where it fits, else a line or two a row."""
    rows = (grid.head, *(r.cells for r in grid.rows))
    kept = [n for n in range(len(grid.head)) if any(r.cells[n] for r in grid.rows)]
    widths = {n: max(width(r[n]) for r in rows) for n in kept}
    if 2 + sum(widths.values()) + 2 * (len(kept) - 1) > WIDE:
        for row in grid.rows:
            yield from wrap("  ".join(c for c in row.cells if c), 2)
            for note in row.notes:
                yield from wrap(note, 4)
        return
    yield _row(grid.head, kept, widths)
    for row in grid.rows:
        yield _row(row.cells, kept, widths)
        for note in row.notes:
            yield from wrap(note, 4)


def _row(cells: Sequence[str], kept: Sequence[int], widths: dict[int, int]) -> str:
    return ("  " + "  ".join(cells[n] + " " * (widths[n] - width(cells[n])) for n in kept)).rstrip()


def width(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


NOT_FIRST: Final = frozenset("，。；：、！？）〕〉》”’")
"""Marks that begin no line."""
OPENING: Final = frozenset("([（〔《“")
"""Marks that end no line."""
CLOSING: Final = frozenset(",.;:)]!?")


def wrap(text: str, indent: int = 0) -> Iterator[str]:
    """A text on lines of at most `WIDE` columns, the further ones two deeper; no line begins with a closing mark."""
    room = WIDE - 2  # a closing mark may stand over
    line = " " * indent
    for word in words(text):
        if line.strip() and width(line) + width(word.rstrip()) > room and word not in NOT_FIRST:
            yield line.rstrip()
            line, word = " " * (indent + 2), word.lstrip()
        while width(line) + width(word.rstrip()) > WIDE:
            cut = room - width(line)
            yield line + word[:cut]
            line, word = " " * (indent + 2), word[cut:]
        line += word
    yield line.rstrip()


def words(text: str) -> Iterator[str]:
    """A text in pieces that stay together: narrow characters with the spaces after them; wide ones singly, with what
    closes or opens beside them."""
    piece = ""
    for c in text:
        apart = width(c) == 2 or piece[-1:] == " " != c or (width(piece[-1:]) == 2 and c not in CLOSING)
        if piece and apart and piece[-1] not in OPENING:
            yield piece
            piece = ""
        piece += c
    if piece:
        yield piece
