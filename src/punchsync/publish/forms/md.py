"""A document as Markdown: heads, sentences and tables, and of a figure what it says in words."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.publish.document import Figure, Part, Table
from punchsync.publish.edition import anchored, numbered
from punchsync.publish.order import Order, Pictures


def make(order: Order, pictures: Pictures) -> bytes:
    """The document's text."""
    return text(order).encode()


def text(order: Order) -> str:
    """Lines of Markdown: title, number, what is below the title, sections, anchor."""
    return "\n".join(_lines(order))


def _lines(order: Order) -> Iterator[str]:
    document, edition, head = order.document, order.edition, order.document.letterhead
    yield from (f"# {document.title}", "")
    above = numbered(document, edition)
    for line in (*([above] if above else []), *document.under, *head.opening):
        yield from (line, "")
    for section in document.sections:
        if section.title:
            yield from (f"## {section.title}", "")
        for part in section.parts:
            yield from _part(part)
    for line in (*head.closing, *anchored(edition)):
        yield from (line, "")


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Table):
        if part.caption:
            yield from (part.caption, "")
        yield from grid(part)
    elif isinstance(part, Figure):
        yield from (f"{part.caption}：{part.text}", "")
    else:
        yield from (part.text, "")


def grid(table: Table) -> Iterator[str]:
    """A table's rows under its heads."""
    yield _row([c.head for c in table.columns])
    yield "|" + " --- |" * len(table.columns)
    for row in table.rows:
        yield _row(row)
    yield ""


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
