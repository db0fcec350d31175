"""A document (文书) as data: what a bulletin or another paper of the hall says, before anybody lays it out.

What is kept of an issued bulletin is this, as JSON: its sentences, tables and figures, so that every form says the same
for ever. Names of people stand in columns of their own (`name`, `person`), so that a publication level can take them
away; no sentence, title or caption names anybody.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

COLUMN_KINDS: Final = (
    "text",
    "note",  # what somebody typed, which may name people: told in full alone
    "name",  # a person's name
    "person",  # a person's id
    "count",  # a whole number; empty: none
    "points",  # a decimal, as `core.points.number` writes it; empty: none
    "symbol",  # one or a few marks in the middle of a cell
    "blank",  # empty, to be written in by hand
)
LAYOUTS: Final = (
    "report",  # the layout of GB/T 9704 with red head: bulletins
    "letter",  # a letter (函) of the same standard
    "form",  # a plain title, then tables: slips, sheets to sign
    "grid",  # the same across the page (A4 landscape): the attendance grid
)
FIGURES: Final = (
    "heat",  # rows × columns shaded by value
    "trend",  # a line for every row over the columns
    "coverage",  # rows × columns of percent
    "ranking",  # a bar for every row, one column
)


class Column(NamedTuple):
    """A table's column: its head, one of `COLUMN_KINDS`, and how wide it is beside the others (0: as its texts)."""

    head: str
    kind: str = "text"
    share: int = 0


class Table(NamedTuple):
    """Rows under heads, all cells as text; `personal`: each row is about one person; `total`: the last row sums up."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    personal: bool = False
    total: bool = False


class Said(NamedTuple):
    """A paragraph; it names nobody."""

    text: str


class Figure(NamedTuple):
    """A picture as data: `values` by row and column, None where there is nothing; `unknown` are (row, column) places.

    `unit` is what a value counts, in words; `text` says the essence for who can't see it.
    """

    id: str
    kind: str
    caption: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[Decimal | None, ...], ...]
    unknown: tuple[tuple[int, int], ...] = ()
    unit: str = ""
    text: str = ""


Part = Said | Table | Figure


class Section(NamedTuple):
    """A part of a document under a title; `id` is stable, whatever the language (`windows`, `occurrences`, …)."""

    id: str
    title: str
    parts: tuple[Part, ...]


class Letterhead(NamedTuple):
    """What a hall puts around what is said, all of it as it was when the document was made; empty: left out.

    `organ`: 发文机关标志, in red; `code`: 发文字号 with `{year}` and `{number}`; `recipients`: 主送; `opening` and
    `closing`: paragraphs before and after the sections; `signature`: 署名; `seal`: whether there is room for a seal;
    `note`: 附注; `copies`: 抄送; `printer`: 印发机关.
    """

    organ: str = ""
    code: str = ""
    recipients: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    signature: str = ""
    seal: bool = True
    note: str = ""
    copies: tuple[str, ...] = ()
    printer: str = ""


class Document(NamedTuple):
    """All that a document says.

    `kind`: daily, weekly, monthly, quarterly, or another paper's; `period`: what it is about (`2026-11-20`, `2026-W47`,
    `2026-11`, `2026-Q4`); `under`: lines below the title; `provisional`: something of it is not known yet.
    """

    hall: str
    kind: str
    period: str
    title: str
    layout: str
    letterhead: Letterhead = Letterhead()
    under: tuple[str, ...] = ()
    provisional: bool = False
    sections: tuple[Section, ...] = ()


class Edition(NamedTuple):
    """Where an issued document stands: its number in its year, the day it was issued (`YYYY-MM-DD`), the number of the
    edition it replaces (0: none), and the anchor of the hall's chain before it. Without a number it is a draft."""

    number: int = 0
    issued: str = ""
    replaces: int = 0
    anchor: str = ""


def figures(document: Document) -> list[Figure]:
    """The figures of a document, in its order."""
    return [part for s in document.sections for part in s.parts if isinstance(part, Figure)]
