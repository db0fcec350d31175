"""Punches of terminals of other makers, as a table (CSV or XLSX): a reading for each terminal, or all problems."""

from __future__ import annotations

import hashlib
from collections.abc import Set

from punchsync.core.moment import Moment, parse_moment
from punchsync.core.reading import Reading, Row
from punchsync.intake.bad import Bad
from punchsync.intake.fields import read
from punchsync.intake.kinds import PUNCHES, Column
from punchsync.intake.problem import Problem, wrote
from punchsync.intake.table import read_table
from punchsync.texts import _


def parse_punches_csv(
    data: bytes,
    name: str,
    terminal: str | None = None,
    through: Moment | None = None,
    known: Set[str] | None = None,
) -> list[Reading] | list[Problem]:
    """One reading for each terminal present, by its id; with `terminal` always and only that one's.

    `known` are the site's terminals (None: not checked). Never raises for data.
    """
    table, problems = read_table(PUNCHES, data, name)
    rows: dict[str, list[Row]] = {terminal: []} if terminal is not None else {}
    seen: dict[str, dict[str, str | Bad]] = {column.name: {} for column in PUNCHES.columns}
    for number, cells in table.rows:
        values: list[str] = []
        for column in PUNCHES.columns:
            text = cells[column.name]
            value = seen[column.name].get(text)
            if value is None:
                value = seen[column.name][text] = _value(column, text, terminal, known)
            if isinstance(value, Bad):
                written = table.written[column.name]
                problems.append(Problem(name, number, written, wrote(text), value.allowed, value.remedy))
            else:
                values.append(value)
        if len(values) == len(PUNCHES.columns):
            where, user, at = values
            mine = rows.setdefault(where, [])
            raw = ",".join(cells[column.name] for column in PUNCHES.columns).encode()
            mine.append(Row(len(mine), raw, user, parse_moment(at), "", ""))
    if problems:
        return sorted(problems, key=lambda p: -1 if p.row is None else p.row)
    digest = hashlib.sha256(data).hexdigest()
    return [
        Reading(id_, "file", name, digest, tuple(found), through=through, bytes_moved=len(data))
        for id_, found in sorted(rows.items())
    ]


def _value(column: Column, text: str, asked: str | None, known: Set[str] | None) -> str | Bad:
    if not text:
        return Bad(_("不能空着"), _("补上这一格"))
    value = read(column, text, frozenset())
    return _terminal(value, asked, known) if column.name == "terminal" and not isinstance(value, Bad) else value


def _terminal(value: str, asked: str | None, known: Set[str] | None) -> str | Bad:
    if asked is not None and value != asked:
        allowed = _("{terminal}，即 --terminal 所指").format(terminal=asked)
        return Bad(allowed, _("删去别的考勤机的行，或不写 --terminal"))
    if known is not None and value not in known:
        allowed = _("punchsync.toml 里的考勤机：{known}").format(known=", ".join(sorted(known)) or _("（没有）"))
        return Bad(allowed, _("核对考勤机号，或先在 punchsync.toml 里加上"))
    return value
