"""A bulletin as it was issued, whatever form it was kept in; and as a page to be read on a screen."""

from __future__ import annotations

from punchsync.publish import formerly
from punchsync.publish.document import Document, Edition, Figure, Part, Table
from punchsync.publish.edition import numbered
from punchsync.publish.kept import is_document, load
from punchsync.publish.page import Grid, Item, Page, Row, Section


def document_of(text: str, hall: str, kind: str, period: str) -> Document:
    """The document of a kept text; raises `kept.Unreadable` for one of a later version."""
    return load(text) if is_document(text) else formerly.read(text, hall, kind, period)


def page_of(document: Document, edition: Edition = Edition()) -> Page:  # noqa: B008 # it can't be changed
    """A document as sentences and tables."""
    above = numbered(document, edition)
    return Page(
        over=document.hall,
        title=document.title,
        under=(*((above,) if above else ()), *document.under),
        sections=tuple(Section(s.title, tuple(part for p in s.parts for part in _parts(p))) for s in document.sections),
    )


def _parts(part: Part) -> tuple[Item | Grid, ...]:
    if isinstance(part, Table):
        rows = tuple(Row(row, strong=part.total and n == len(part.rows) - 1) for n, row in enumerate(part.rows))
        grid = Grid(tuple(c.head for c in part.columns), rows)
        return (Item(part.caption), grid) if part.caption else (grid,)
    if isinstance(part, Figure):
        return (Item(f"{part.caption}：{part.text}"),)
    return (Item(part.text),)
