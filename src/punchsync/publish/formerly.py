"""Bulletins that were issued as Markdown, before they were kept as documents, read as such."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from punchsync.core.moment import Day, last_second, parse_day, parse_moment
from punchsync.core.period import span_of
from punchsync.publish.document import Column, Document, Part, Said, Section, Table

AS_OF: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
CELL: Final = re.compile(r"(?<!\\)\|")
IDS: Final = {
    "各窗口": "windows", "Windows": "windows", "违规": "occurrences", "Violations": "occurrences",
    "尚不清楚": "unknown", "Not clear yet": "unknown", "数据": "data", "Data": "data",
}  # fmt: skip
"""Sections by their titles, in both languages that bulletins were written in."""
KINDS: Final = {
    "姓名": "name", "Name": "name", "工号": "person", "Person id": "person", "名称": "person",
}  # fmt: skip
UNROSTERED: Final = re.compile(r"^(工作日没有排班：|Working day without a roster: )(.*?)[。.]$")


def read(text: str, hall: str, kind: str, period: str) -> Document:
    """The document of a kept Markdown text, which has heads, tables and sentences and nothing else."""
    title, under = "", list[str]()
    sections: list[tuple[str, list[Part]]] = []
    rows: list[tuple[str, ...]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("| ") and sections:
            rows.append(cells(line))
            continue
        if rows:
            sections[-1][1].append(table(rows[0], rows[2:]))  # after the line that makes it a table
            rows = []
        if line.startswith("## "):
            sections.append((line[3:], []))
        elif line.startswith("# "):
            title = line[2:]
        elif line and sections:
            sections[-1][1].append(said(line))
        elif line:
            under.append(line)
    found = tuple(Section(IDS.get(name, f"s{n}"), name, tuple(parts)) for n, (name, parts) in enumerate(sections))
    return Document(
        hall, kind, period, title, "report", under=tuple(under),
        provisional=provisional(found, " ".join(under), kind, period), sections=found,
    )  # fmt: skip


def table(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    """A table, whose columns of people are told by their heads."""
    columns = tuple(Column(head, KINDS.get(head, "text")) for head in heads)
    return Table(columns, tuple(rows), personal=any(c.kind != "text" for c in columns))


def said(line: str) -> Part:
    """A sentence; one that lists names is a table of them."""
    names = UNROSTERED.match(line)
    if names is None:
        return Said(line)
    rows = tuple((name,) for name in names[2].split("、"))
    return Table((Column("姓名", "name"),), rows, names[1].rstrip("：: "), personal=True)


def provisional(sections: Sequence[Section], under: str, kind: str, period: str) -> bool:
    """Whether something was not known yet when a bulletin was issued, or its period was not over."""
    unknown = any(isinstance(p, Table) for s in sections if s.id == "unknown" for p in s.parts)
    as_of = AS_OF.search(under)
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


def cells(line: str) -> tuple[str, ...]:
    """The cells of a table's row."""
    return tuple(cell.strip().replace("\\|", "|") for cell in CELL.split(line)[1:-1])
