"""A file of one kind to canonical bodies under their keys, or every problem of it with row and column."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from punchsync.intake.bad import Bad
from punchsync.intake.checks import faults
from punchsync.intake.fields import read
from punchsync.intake.kinds import KINDS, Body, Column, Kind
from punchsync.intake.problem import Problem, wrote
from punchsync.intake.table import Table, read_table
from punchsync.texts import _

_WHEN_EMPTY: Final = {"yes_no": "no"}


@dataclass(frozen=True, slots=True)
class Context:
    """What a file may refer to: shift ids of the pack, people known so far, terminals of the site."""

    shift_ids: Set[str] = frozenset()
    people: Set[str] = frozenset()
    terminals: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Parsed:
    """The good rows of a file in its order, each key once, its problems by row, and the row of each key."""

    rows: list[tuple[str, Body]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)


def parse(kind: str, data: bytes, name: str, context: Context) -> Parsed:
    """All of a file, to be stored only if there are no problems; `kind` is a key of `KINDS`; never raises for data."""
    spec = KINDS[kind]
    table, problems = read_table(spec, data, name)
    return _Reader(spec, table, name, context, problems).parsed()


def parse_row(kind: str, cells: Mapping[str, str], context: Context) -> Parsed:
    """One record as typed, its cells by their columns' English names; problems name columns so, too."""
    spec = KINDS[kind]
    names = {column.name: column.name for column in spec.columns}
    row = {name: " ".join(text.split()) for name, text in cells.items() if name in names}
    return _Reader(spec, Table([(1, row)], names), "", context, []).parsed()


class _Reader:
    """One pass over a table; cells are parsed once for each text of a column."""

    def __init__(self, kind: Kind, table: Table, name: str, context: Context, problems: list[Problem]) -> None:
        self._kind = kind
        self._table = table
        self._name = name
        self._context = context
        self._problems = problems
        self._seen: dict[str, dict[str, str | Bad]] = {column.name: {} for column in kind.columns}
        people: set[str] = set()
        if kind.name == "staff":
            people = {row["person_id"] for _number, row in table.rows}
        self._known: dict[str, Set[str]] = {"person": context.people | people, "terminal": context.terminals}

    def parsed(self) -> Parsed:
        """The result."""
        bodies: dict[str, Body] = {}
        places: dict[str, int] = {}
        for number, cells in self._table.rows:
            body = self._body(number, cells)
            if body is None:
                continue
            key = self._kind.key_of(body)
            if key not in bodies:
                bodies[key], places[key] = body, number
            elif bodies[key] != body:
                self._twice(number, key, places[key])
        self._problems.sort(key=lambda p: -1 if p.row is None else p.row)
        return Parsed(list(bodies.items()), self._problems, places)

    def _body(self, number: int, cells: dict[str, str]) -> Body | None:
        body: Body = {}
        before = len(self._problems)
        for column in self._kind.columns:
            value = self._cell(number, column, cells.get(column.name, ""), body)
            if value is not None:
                body[column.name] = value
        for fault in faults(self._kind.name, body):
            self._report(number, fault.column, fault.found, fault.allowed, fault.remedy)
        return body if len(self._problems) == before else None

    def _cell(self, number: int, column: Column, text: str, before: Body) -> str | None:
        if not text:
            if column.required:
                self._report(number, column.name, wrote(""), _("不能空着"), _("补上这一格"))
                return None
            return _WHEN_EMPTY.get(column.type, "")
        seen = self._seen[column.name]
        value = seen.get(text)
        if value is None:
            value = seen[text] = read(column, text, self._context.shift_ids)
        if isinstance(value, Bad):
            self._report(number, column.name, wrote(text), value.allowed, value.remedy)
            return None
        if column.known_only(before) and not self._refers(number, column, value):
            return None
        return value

    def _refers(self, number: int, column: Column, value: str) -> bool:
        named = value.split(";") if column.type == "ids" else [value]
        unknown = [item for item in named if item not in self._known[column.refers]]
        for item in unknown:
            if column.refers == "person":
                allowed, remedy = _("已导入的人员的工号"), _("核对工号（前面的零也算），或先导入人员 (staff)")
            else:
                known = ", ".join(sorted(self._context.terminals)) or _("（没有）")
                allowed = _("punchsync.toml 里的考勤机：{known}").format(known=known)
                remedy = _("核对考勤机号，或先在 punchsync.toml 里加上")
            self._report(number, column.name, wrote(item), allowed, remedy)
        return not unknown

    def _twice(self, number: int, key: str, first: int) -> None:
        column = self._kind.key[0]
        found = _('与第 {first} 行都是 "{key}"，内容不同').format(first=first, key=key.replace("\t", " "))
        self._report(number, column, found, _("一个文件里每条记录只有一种写法"), _("删去其中一行，或改正编号"))

    def _report(self, number: int, column: str, found: str, allowed: str, remedy: str) -> None:
        written = self._table.written.get(column)
        if written is None:  # a column that the file left out
            written = next(c.chinese[0] for c in self._kind.columns if c.name == column)
        self._problems.append(Problem(self._name, number, written, found, allowed, remedy))
