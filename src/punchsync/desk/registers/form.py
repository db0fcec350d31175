"""A register's form: what was typed to the cells of its record, with a problem beside each field that is not good."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from punchsync.core.moment import Day, parse_day, show_moment
from punchsync.desk.ask import Ask
from punchsync.desk.ids import LETTERS
from punchsync.desk.registers.kinds import Body, Field, Register, typed
from punchsync.desk.registers.times import expanded
from punchsync.desk.registers.write import who
from punchsync.texts import _

TIMES: Final = ("moment", "start", "end")


class Filled(NamedTuple):
    """A form as it came: what was typed, the cells that it means, and what is wrong, by column."""

    typed: Mapping[str, str]
    cells: dict[str, str]
    problems: dict[str, str]


def blank(ask: Ask, register: Register) -> dict[str, str]:
    """A new record's form: what the address says, else the defaults."""
    out = {}
    for field in register.fields(ask):
        given = ask.query(field.name)
        if given and field.type == "person":
            out[field.name] = typed(ask, field, ask.person(given))
        else:
            out[field.name] = given or default(ask, field)
    return out


def default(ask: Ask, field: Field) -> str:
    """What stands in a field before anything is typed."""
    if field.default == "now":
        return show_moment(ask.now)[:16]
    return ask.who if field.default == "who" else field.default


def of_record(ask: Ask, register: Register, body: Body) -> dict[str, str]:
    """A record's form, for a correction."""
    return {field.name: typed(ask, field, body.get(field.name, "")) for field in register.fields(ask)}


def filled(ask: Ask, register: Register, before: Body | None) -> Filled:
    """The form that was sent; in a correction what makes the key is the record's, whatever was sent."""
    out = Filled({f.name: ask.form.one(f.name) for f in register.fields(ask)}, dict(before or {}), {})
    start: Day | None = None
    for field in register.fields(ask):
        text = out.typed[field.name]
        if before is not None and field.name in register.key:
            continue
        if field.required and not text:
            out.problems[field.name] = _("不能空着")
        elif field.type == "person":
            out.cells[field.name], problem = who(ask, text)
            if problem:
                out.problems[field.name] = problem
        elif field.type in TIMES:
            out.cells[field.name] = text = expanded(text, ask.now, start if field.type == "end" else None)
            start = day_in(text) if field.type == "start" else start
        elif field.name == "window" and text:
            out.cells[field.name] = ask.window(text)
        elif field.type == "yes_no":
            out.cells[field.name] = "yes" if text else "no"
        else:
            out.cells[field.name] = text
    return out


def day_in(text: str) -> Day | None:
    """The date with which a time begins."""
    try:
        return parse_day(text[:10])
    except ValueError:
        return None


def given_id(register: Register, text: str) -> bool:
    """Whether an id is one that this desk gives to new records of a register."""
    return re.fullmatch(rf"{register.prefix}[0-9]{{8}}-[{LETTERS}]{{5}}", text) is not None


def mark_of(body: Body) -> str:
    """A short mark of what a record says: another one, and somebody changed it meanwhile."""
    return hashlib.sha256(json.dumps(dict(body), sort_keys=True).encode()).hexdigest()[:16]
