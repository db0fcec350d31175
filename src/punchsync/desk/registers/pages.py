"""The pages of a register, by its description: the list, a form to write and correct, withdrawing, ending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from punchsync.core.moment import show_moment
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.ids import new_id
from punchsync.desk.registers.form import blank, filled, given_id, mark_of, of_record
from punchsync.desk.registers.kinds import (
    Body,
    Field,
    Register,
    Shown,
    kept,
    newest_first,
    shown,
    window_of,
    windows,
)  # fmt: skip
from punchsync.desk.registers.write import SOME, said_of, write_one
from punchsync.desk.room import Room
from punchsync.desk.search import people_like
from punchsync.intake.kinds import KINDS
from punchsync.texts import _

PAGE: Final = 50
"""Records on a page."""


class Line(NamedTuple):
    """A record in a list."""

    key: str
    cells: list[Shown]
    effect: str
    withdrawn: str
    going_on: bool


def room_of(register: Register) -> Room:
    """A room with all ways of a register."""
    room, path, kind = Room(), register.path, register.kind
    room.get(path, Right.RECORDS_SEE, f"{kind} list")(partial(listed, register))
    room.get(f"{path}/who", register.write)(meant)
    room.get(f"{path}/new", register.write)(partial(new, register))
    room.post(f"{path}/new", register.write, f"{kind} new")(partial(add, register))
    room.get(f"{path}/edit", register.write, f"{kind} shown")(partial(edit, register))
    room.post(f"{path}/edit", register.write, f"{kind} corrected")(partial(correct, register))
    room.get(f"{path}/withdraw", register.write, f"{kind} shown")(partial(doubt, register))
    room.post(f"{path}/withdraw", register.write, f"{kind} withdrawn")(partial(withdraw, register))
    if register.open_ended:
        room.post(f"{path}/end", register.write, f"{kind} ended")(partial(end, register))
    return room


def listed(register: Register, ask: Ask, problem: str = "") -> Response:
    """The list, the newest first, by month, person and window."""
    month, text, window = ask.query("month"), ask.query("person"), ask.query("window")
    rows = newest_first(ask, register)
    if month:
        rows = [row for row in rows if row[1][register.when].startswith(month)]
    if text:
        meant = {each.id for each in people_like(ask.known.people, text)}
        if len(meant) == 1:
            ask.about["person"] = next(iter(meant))
        rows = [row for row in rows if any(row[1][name] in meant for name in register.people)]
    if window:
        place = ask.window(window)
        rows = [row for row in rows if window_of(ask, register, row[1]) == place]
    page, pages = ask.paged(len(rows), PAGE)
    asked = {"month": month, "person": text, "window": window}
    fields = [f for f in register.fields(ask) if f.listed]
    return ask.page(
        "registers/list.html",
        422 if problem else 200,
        register=register,
        fields=fields,
        rows=[line(ask, register, fields, *row) for row in rows[(page - 1) * PAGE : page * PAGE]],
        total=len(rows),
        page=page,
        pages=pages,
        asked=asked,
        windows=windows(ask) if register.people else (),
        address=f"{register.path}?{urlencode({k: v for k, v in asked.items() if v})}&",
        problem=problem,
        may_write=ask.may(register.write),
    )


def line(ask: Ask, register: Register, fields: Sequence[Field], key: str, body: Body) -> Line:
    """A record as a list shows it."""
    cells = [shown(ask, f, body.get(f.name, "")) for f in fields]
    effect = register.effect(body) if register.effect else ""
    withdrawn = body.get("withdrawn", "")
    return Line(key, cells, effect, withdrawn, register.open_ended and not body["end"] and not withdrawn)


def meant(ask: Ask) -> Response:
    """Who may be meant by what is typed in a field of a person."""
    text = ask.query(ask.query("field", "person_id"))
    found = people_like(ask.known.people, text, [id for id in ask.known.people if ask.reach.person(id)])
    places = {each.id: ask.known.posting(each.id, ask.today) for each in found[:SOME]}
    return ask.page("registers/who.html", found=found[:SOME], more=len(found) > SOME, places=places, text=text)


def new(register: Register, ask: Ask) -> Response:
    """The form of a new record."""
    return form(register, ask, blank(ask, register))


def add(register: Register, ask: Ask) -> Response:
    """Take a new record in. The same form sent twice is one record."""
    got = filled(ask, register, None)
    about(ask, register, got.cells)
    if got.problems:
        return form(register, ask, got.typed, got.problems)
    if register.prefix:
        id = ask.form.one("id")
        got.cells[register.key[0]] = id if given_id(register, id) else new_id(register.prefix, ask.now)
    there = kept(ask, register.kind).get(key_of(register, got.cells))
    if there is not None and not there.get("withdrawn"):
        if register.prefix and same(there, got.cells):
            return ask.to(register.path, _("这一条已经登记过了。"))
        said = _("已有一条相同编号的记录，内容不同；请核对，要另记一条就再按一次「登记」。")
        return form(register, ask, got.typed, {}, [said if register.prefix else TAKEN()])
    done = write_one(ask, register.kind, got.cells)
    if done.bad:
        return form(register, ask, got.typed, done.fields, done.lines)
    return ask.to(ask.form.one("next") if ask.form.one("next") == f"{register.path}/new" else register.path, DONE())


def edit(register: Register, ask: Ask) -> Response:
    """The form of a correction."""
    key, body = standing(register, ask, ask.query("key"))
    return form(register, ask, of_record(ask, register, body), key=key, body=body)


def correct(register: Register, ask: Ask) -> Response:
    """Take a corrected record in under the same key; not where somebody else changed it meanwhile."""
    key, body = standing(register, ask, ask.form.one("key"))
    got = filled(ask, register, body)
    about(ask, register, got.cells)
    if ask.form.one("mark") != mark_of(body):
        said = _("这条记录刚被别人改过，下面是现在的内容；请核对后再改。")
        return form(register, ask, of_record(ask, register, body), {}, [said], key, body)
    if got.problems:
        return form(register, ask, got.typed, got.problems, (), key, body)
    done = write_one(ask, register.kind, got.cells)
    if done.bad:
        return form(register, ask, got.typed, done.fields, done.lines, key, body)
    return ask.to(register.path, _("已改正。") if done.changed else _("没有改动。"))


def doubt(register: Register, ask: Ask) -> Response:
    """Ask once more before a record is withdrawn."""
    key, body = standing(register, ask, ask.query("key"))
    fields = [(f.label, shown(ask, f, body.get(f.name, ""))) for f in register.fields(ask)]
    return ask.page("registers/withdraw.html", register=register, key=key, facts=fields)


def withdraw(register: Register, ask: Ask) -> Response:
    """Withdraw a record: it stays, struck through, and is judged no more."""
    _key, body = standing(register, ask, ask.form.one("key"))
    done = write_one(ask, register.kind, {**body, "withdrawn": show_moment(ask.now)})
    if done.bad:
        return listed(register, ask, "；".join(said_of(done)))
    return ask.to(register.path, _("已作废；记录留着，不再核算。"))


def end(register: Register, ask: Ask) -> Response:
    """End now what is still going on."""
    _key, body = standing(register, ask, ask.form.one("key"))
    if body["end"]:
        return ask.to(register.path, _("已经结束过了。"))
    done = write_one(ask, register.kind, {**body, "end": show_moment(ask.now)})
    if done.bad:
        return listed(register, ask, "；".join(said_of(done)))
    return ask.to(register.path, _("已结束，到 {at}。").format(at=show_moment(ask.now)[:16]))


def standing(register: Register, ask: Ask, key: str) -> tuple[str, Body]:
    """A record that is not withdrawn, of people and a window within reach; raises Missing."""
    found = next(((k, b) for k, b in kept(ask, register.kind).items() if k.split() == key.split()), None)
    if found is None or found[1].get("withdrawn"):
        raise Missing(key)
    for name in register.people:
        if found[1][name]:
            ask.person(found[1][name])
    if found[1].get("window"):
        ask.window(found[1]["window"])
    about(ask, register, found[1])
    return found


def form(
    register: Register,
    ask: Ask,
    values: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    lines: object = (),
    key: str = "",
    body: Body | None = None,
) -> Response:
    """The form: a new record's with an id of its own, so that it is written once however often it is sent."""
    wrong = bool(problems or lines)
    return ask.page(
        "registers/form.html",
        422 if wrong else 200,
        register=register,
        fields=register.fields(ask),
        values=values,
        problems=problems or {},
        faults=lines,
        key=key,
        mark=mark_of(body) if body is not None else "",
        fixed=register.key if body is not None else (),
        id=ask.form.one("id") if problems else new_id(register.prefix, ask.now) if register.prefix else "",
    )


def about(ask: Ask, register: Register, cells: Mapping[str, str]) -> None:
    """Note for the audit whom a record concerns: ids only."""
    ask.about["people"] = [cells[name] for name in register.people if cells.get(name)]
    ask.about.pop("person", None)
    for name in (*register.key, "window"):
        if cells.get(name) and name not in register.people:
            ask.about[name] = cells[name]


def key_of(register: Register, cells: Mapping[str, str]) -> str:
    """The key that typed cells will have."""
    return KINDS[register.kind].key_of({name: in_full(cells.get(name, "")) for name in register.key})


def in_full(text: str) -> str:
    """A moment with its seconds, as it will be stored; anything else as it is."""
    return f"{text}:00" if len(text) == 16 and text[10] == " " and text[13] == ":" else text


def same(there: Body, cells: Mapping[str, str]) -> bool:
    """Whether a record says what was typed."""
    return all(in_full(cells.get(name, "")) == value for name, value in there.items() if name in cells)


def TAKEN() -> str:
    """That there is such a record."""
    return _("已有同一时间的这条记录；要改它，请在列表里按「改正」。")


def DONE() -> str:
    """That a record was taken in."""
    return _("已登记。")
