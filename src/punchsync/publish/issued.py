"""A bulletin as it was issued: its text with number and anchor as in its file, and as a page of sentences and tables.

What is kept of a bulletin is its Markdown without both; they follow from where it stands.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from punchsync.core.moment import Day, last_second, parse_day, parse_moment
from punchsync.core.period import span_of
from punchsync.publish.page import Grid, Item, Page, Row, Section
from punchsync.publish.sections import anchored, not_known, numbered

AS_OF: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
CELL: Final = re.compile(r"(?<!\\)\|")


def in_full(text: str, kind: str, period: str, number: int, anchor: str) -> str:
    """The text as it stands in the bulletin's file."""
    lines = text.split("\n")
    said = numbered(number, provisional=provisional(text, kind, period))
    return "\n".join([*lines[:2], said, "", *lines[2:], *anchored(anchor)])


def provisional(text: str, kind: str, period: str) -> bool:
    """Whether something was not known yet when a bulletin was issued, or its period was not over."""
    page = page_of(text)
    head = not_known([])[0].removeprefix("## ")
    unknown = any(isinstance(p, Grid) for s in page.sections if s.title == head for p in s.parts)
    as_of = AS_OF.search(" ".join(page.under))
    if unknown or as_of is None:
        return unknown
    return kind != "daily" and parse_moment(as_of.group()) < last_second(last_day(kind, period))


def last_day(kind: str, period: str) -> Day:
    """The last day that a bulletin is about: of `2026-11-20`, `2026-W47`, `2026-11` or `2026-Q4`."""
    if kind == "daily":
        return parse_day(period)
    if kind == "weekly":
        return date.fromisocalendar(int(period[:4]), int(period[6:]), 7).toordinal()
    return span_of(period)[1]


def page_of(text: str, over: str = "") -> Page:
    """A bulletin's Markdown, which has heads, tables and sentences and nothing else."""
    title, under = "", list[str]()
    sections: list[tuple[str, list[Item | Grid]]] = []
    rows: list[Row] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("| ") and sections:
            rows.append(Row(cells(line)))
            continue
        if rows:
            sections[-1][1].append(Grid(rows[0].cells, tuple(rows[2:])))  # after the line that makes it a table
            rows = []
        if line.startswith("## "):
            sections.append((line[3:], []))
        elif line.startswith("# "):
            title = line[2:]
        elif line and sections:
            sections[-1][1].append(Item(line))
        elif line:
            under.append(line)
    parts = tuple(Section(name, tuple(found)) for name, found in sections)
    return Page(over=over, title=title, under=tuple(under), sections=parts)


def cells(line: str) -> tuple[str, ...]:
    """The cells of a table's row."""
    return tuple(cell.strip().replace("\\|", "|") for cell in CELL.split(line)[1:-1])
