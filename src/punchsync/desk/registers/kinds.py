"""The simple registers (stand-ins, outings, patrol records, papers, outages): one short description each.

Of what a description says, `registers_pages` makes the pages: a list, a form for a new record and for a correction,
and withdrawing. The columns, their checks and the keys are those of the import kinds (`intake.kinds`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from punchsync import words
from punchsync.core.moment import DAY, Day, parse_day, parse_moment, show_moment
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.known import Known
from punchsync.intake.kinds import KINDS
from punchsync.texts import _

Body = Mapping[str, str]
SHELF: Final = "registers"


class Field(NamedTuple):
    """A column as a form asks it and a list shows it.

    `type`: person, choice, moment, start, end, text, long, yes_no. `default` for a new record: now, who (the user's
    name), or empty.
    """

    name: str
    label: str
    type: str
    required: bool = True
    default: str = ""
    note: str = ""
    options: tuple[tuple[str, str], ...] = ()
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Register:
    """One register: where it is, who writes it, and its fields in the order of the form.

    `when` is the column by which the list is sorted; `prefix` begins new ids, without one the key is made of what is
    typed; an `open_ended` record without an end goes on until it is ended.
    """

    kind: str
    path: str
    write: Right
    when: str
    people: tuple[str, ...]
    title: Callable[[], str]
    about: Callable[[], str]
    fields: Callable[[Ask], tuple[Field, ...]]
    prefix: str = ""
    open_ended: bool = False
    effect: Callable[[Body], str] | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of a record's key; those that are typed stay as they are in a correction."""
        return KINDS[self.kind].key


class Shown(NamedTuple):
    """A cell of a list: a text, and a smaller one after it."""

    text: str
    small: str = ""


class Kept(NamedTuple):
    """Records as they were read for what is known, by kind; and sorted, by kind."""

    known: Known
    bodies: dict[str, dict[str, Body]]
    sorted: dict[str, list[tuple[str, Body]]]


def hold(ask: Ask, kind: str) -> Kept:
    """What was read for what this request knows, with the records of a kind."""
    known = ask.known
    there: Kept | None = ask.desk.shelf.get(SHELF)
    if there is None or there.known is not known:
        there = ask.desk.shelf[SHELF] = Kept(known, {}, {})
    if kind not in there.bodies:
        with ask.hall.store.reading() as work:
            there.bodies[kind] = {**work.records.all(kind)}
    return there


def kept(ask: Ask, kind: str) -> dict[str, Body]:
    """Every record of a kind as it stands, withdrawn ones too, by key; read anew when the hall's records change."""
    return hold(ask, kind).bodies[kind]


def newest_first(ask: Ask, register: Register) -> list[tuple[str, Body]]:
    """A register's records, the latest first; sorted once."""
    held = hold(ask, register.kind)
    if register.kind not in held.sorted:
        rows = held.bodies[register.kind].items()
        held.sorted[register.kind] = sorted(rows, key=lambda row: (row[1][register.when], row[0]), reverse=True)
    return held.sorted[register.kind]


def day_of_record(register: Register, body: Body) -> Day:
    """The day a record is about first."""
    return parse_day(body[register.when][:10])


def window_of(ask: Ask, register: Register, body: Body) -> str:
    """The window a record belongs to: its own, or its person's on that day; empty for a terminal's."""
    if body.get("window"):
        return body["window"]
    person = next((body[name] for name in register.people if body[name]), "")
    posting = ask.known.posting(person, day_of_record(register, body)) if person else None
    return posting.window if posting else ""


def shown(ask: Ask, field: Field, value: str) -> Shown:
    """A value as a list shows it."""
    if not value:
        return Shown(_("进行中") if field.type == "end" and not field.required else "")
    if field.type == "person":
        return Shown(ask.known.name(value), value)
    if field.type in ("moment", "start", "end"):
        return Shown(written(value, ending=field.type == "end"))
    if field.type == "yes_no":
        return Shown(_("是") if value == "yes" else "")
    return Shown(dict(field.options).get(value, value))


def written(text: str, *, ending: bool = False) -> str:
    """A canonical moment or half of a day, short: no seconds where there are none, midnight as the end of its day."""
    if text[11:] in ("am", "pm"):
        return f"{text[:10]} {_('上午') if text[11:] == 'am' else _('下午')}"
    if ending and text[11:] == "00:00:00":
        return f"{show_moment(parse_moment(text) - DAY)[:10]} 24:00"
    return text.removesuffix(":00") if len(text) == 19 else text


def typed(ask: Ask, field: Field, value: str) -> str:
    """A value as its form has it, to be changed."""
    if field.type == "person" and value:
        return f"{value} {ask.known.name(value)}"
    return written(value, ending=field.type == "end") if field.type in ("moment", "start", "end") else value


def outage_effect(body: Body) -> str:
    """What an outage does when checkpoints are judged."""
    if body["kind"] == "unreachable":
        return _("只作说明，不改变核算：打卡还在考勤机里，读到后照常算")
    return _("其间缺卡、迟到、早退的考勤点，其他可用的考勤机也停着的，记存疑，不扣分，由复核裁定")


def windows(ask: Ask) -> tuple[tuple[str, str], ...]:
    """The windows that the user sees, as choices."""
    return tuple((name, name) for name in sorted(ask.known.windows) if ask.reach.window(name))


def terminals(ask: Ask) -> tuple[tuple[str, str], ...]:
    """The hall's terminals, as choices."""
    return tuple((t.id, t.id) for t in ask.hall.terminals)


def coded(codes: Mapping[str, Any], word: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    """Codes with their words, as choices."""
    return tuple((code, word(code)) for code in codes)


def incident_kinds() -> tuple[tuple[str, str], ...]:
    """What a patrol may note, as choices."""
    column = next(c for c in KINDS["incident"].columns if c.name == "kind")
    return coded(column.values, words.kind)
