"""A file of one kind to its rows under English column names, or everything that is wrong with header and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from punchsync.intake.cells import LARGEST, Line, is_workbook, lines
from punchsync.intake.kinds import KINDS, Column, Kind
from punchsync.intake.problem import Problem, brief
from punchsync.texts import _


@dataclass(frozen=True, slots=True)
class Table:
    """Rows (number, cells by English column name) and how the file itself writes each column's name."""

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    written: Mapping[str, str] = field(default_factory=dict)


EMPTY: Final = Table()
TITLES: Final = 8
"""Rows among which a header that is not the first is looked for."""


def read_table(kind: Kind, data: bytes, name: str, largest: int = LARGEST) -> tuple[Table, list[Problem]]:
    """The table of a file; its problems leave out rows, a problem with its header all of them."""
    found, problems = lines(data, name, largest)
    if not found:
        return EMPTY, problems or [_no_header(kind, name)]
    number, header = found[0]
    while header and not header[-1]:
        header.pop()
    columns, faults = _header(kind, header, name, number)
    if faults and (below := _header_below(kind, found, name)):
        return EMPTY, [below, *problems]
    if faults:
        return EMPTY, [*faults, *problems]
    names = [column.name for column in columns]
    rows = []
    padded = is_workbook(data)
    for number, cells in found[1:]:
        while len(cells) > len(names) and not cells[-1]:
            cells.pop()
        if padded and len(cells) < len(names):
            cells += [""] * (len(names) - len(cells))
        if len(cells) == len(names):
            rows.append((number, dict(zip(names, cells, strict=True))))
        else:
            problems.append(_length(name, number, cells, len(names)))
    return Table(rows, dict(zip(names, header, strict=True))), problems


def _header(kind: Kind, header: list[str], name: str, row: int) -> tuple[list[Column], list[Problem]]:
    """The columns that a header names, in its order, or all that is wrong with it."""
    known = _names(kind)
    other = _other_kind(kind, header)
    if other is not None:
        found = _("表头是「{other}」（{code}）的").format(other=other.chinese, code=other.name)
        remedy = _("改用 import {code}，或换成「{kind}」的文件").format(code=other.name, kind=kind.chinese)
        return [], [Problem(name, row, "", found, _allowed(kind), remedy)]
    if len(header) == 1 and any(c in header[0] for c in "\t;；，|") and header[0].lower() not in known:
        found = _('整行只有一格："{cell}"').format(cell=brief(header[0]))
        return [], [Problem(name, row, "", found, _("各列以英文逗号分隔"), _("另存为逗号分隔的 CSV，或 XLSX"))]
    seen: dict[str, str] = {}
    strange: list[str] = []
    problems: list[Problem] = []
    for cell in header:
        column = known.get(cell.lower())
        if column is None:
            strange.append(cell)
        elif column.name in seen:
            what = _("与「{first}」是同一列").format(first=seen[column.name])
            problems.append(Problem(name, row, cell, what, _("每列只出现一次"), _("删去其中一列")))
        else:
            seen[column.name] = cell
    missing = [c for c in kind.columns if c.needed() and c.name not in seen]
    unused = [c for c in kind.columns if c.name not in seen]
    for cell in strange:
        what = _("没有这一列") if cell else _("有一列没有名称")
        allowed = _listed(unused) or _("（已有全部各列）")
        problems.append(Problem(name, row, brief(cell), what, allowed, _("改正列名，或删去这一列")))
    if missing:
        what = _("缺少列：{columns}").format(columns=_listed(missing))
        problems.append(Problem(name, row, "", what, _allowed(kind), _("补上这些列")))
    return [known[cell.lower()] for cell in seen.values()], problems


def _header_below(kind: Kind, found: list[Line], name: str) -> Problem | None:
    """A header that stands below a title, as printed tables have one."""
    place = next((row for row, cells in found[1:TITLES] if _fits(kind, [c for c in cells if c])), None)
    if place is None:
        return None
    number, cells = found[0]
    title = brief(next(cell for cell in cells if cell))
    what = _("写的是「{title}」，表头在第 {place} 行").format(title=title, place=place)
    return Problem(name, number, "", what, _("第一行就是表头"), _("删去表头上面的标题行"))


def _names(kind: Kind) -> dict[str, Column]:
    found = {name.lower(): column for column in kind.columns for name in column.chinese}
    return found | {column.name: column for column in kind.columns}


def _other_kind(kind: Kind, header: list[str]) -> Kind | None:
    """The kind that a header of another kind fits whole, if it does not fit its own."""
    if _fits(kind, header):
        return None
    return next((k for k in KINDS.values() if k is not kind and _fits(k, header)), None)


def _fits(kind: Kind, header: list[str]) -> bool:
    known = _names(kind)
    found = {known[cell.lower()].name for cell in header if cell.lower() in known}
    return len(found) == len(header) and all(c.name in found for c in kind.columns if c.needed())


def _allowed(kind: Kind) -> str:
    """The columns of a kind for a message."""
    return _("「{kind}」的列：{columns}").format(kind=kind.chinese, columns=_listed(kind.columns))


def _listed(columns: Sequence[Column]) -> str:
    """Columns in both languages; those that may be left out in brackets."""
    return ", ".join(f"{c.chinese[0]} {c.name}" if c.needed() else f"[{c.chinese[0]} {c.name}]" for c in columns)


def _no_header(kind: Kind, name: str) -> Problem:
    return Problem(name, None, "", _("文件是空的"), _allowed(kind), _("至少要有表头一行"))


def _length(name: str, row: int, cells: list[str], wanted: int) -> Problem:
    return Problem(
        name,
        row,
        "",
        _("有 {count} 格").format(count=len(cells)),
        _("{wanted} 格，与表头相同").format(wanted=wanted),
        _("补上或删去逗号；含逗号的内容用双引号括起"),
    )
