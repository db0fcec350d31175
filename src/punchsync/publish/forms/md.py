"""A document as Markdown: heads, sentences and tables, and of a figure what it says in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from punchsync.publish.document import Figure, Part, Table
from punchsync.publish.edition import anchored, numbered
from punchsync.publish.order import Order, Pictures
from punchsync.texts import _

MARKS: Final = re.compile(r"[\\`*_\[\]<>|~&]")
"""What means something anywhere in a line."""
LEADING: Final = re.compile(r"(?:[#+=-]|[0-9]{1,9}(?=[.)]))")
"""What means something where a line begins: heads, lists, rules."""


def make(order: Order, pictures: Pictures) -> bytes:
    """The document's text."""
    return text(order).encode()


def text(order: Order) -> str:
    """Lines of Markdown: title, number, what is below the title, sections, anchor."""
    return "\n".join(_lines(order))


def _lines(order: Order) -> Iterator[str]:
    document, edition, head = order.document, order.edition, order.document.letterhead
    yield from (f"# {plain(document.title)}", "")
    above = numbered(document, edition)
    for line in (*([above] if above else []), *document.under, *head.opening):
        yield from (plain(line), "")
    for section in document.sections:
        if section.title:
            yield from (f"## {plain(section.title)}", "")
        for part in section.parts:
            yield from _part(part)
    for line in (*head.closing, *anchored(edition)):
        yield from (plain(line), "")


def _part(part: Part) -> Iterator[str]:
    if isinstance(part, Table):
        if part.caption:
            yield from (plain(part.caption), "")
        yield from grid(part)
    elif isinstance(part, Figure):
        yield from (plain(_("{caption}：{text}").format(caption=part.caption, text=part.text)), "")
    else:
        yield from (plain(part.text), "")


def grid(table: Table) -> Iterator[str]:
    """A table's rows under its heads."""
    yield _row([c.head for c in table.columns])
    yield "|" + " --- |" * len(table.columns)
    for row in table.rows:
        yield _row(row)
    yield ""


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(map(inner, cells)) + " |"


def inner(text: str) -> str:
    """A text within a line of Markdown that is read as that text and as nothing else."""
    return MARKS.sub(r"\\\g<0>", " ".join(text.splitlines()).strip())


def plain(text: str) -> str:
    """The same where a line begins with it."""
    line = inner(text)
    found = LEADING.match(line)
    if found is None:
        return line
    end = found.end()
    return f"{line[:end]}\\{line[end:]}" if line[0].isdigit() else f"\\{line}"
