"""Staff: who is posted where and when, his numbers on terminals, and whose B post he is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Response

from punchsync import words
from punchsync.core.moment import parse_day, show_day, show_moment
from punchsync.core.records import LAST_DAY, Posting
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.registers.kinds import coded, kept, terminals
from punchsync.desk.registers.times import expanded
from punchsync.desk.registers.write import said_of, who, write_all, write_one
from punchsync.desk.room import Room
from punchsync.desk.rosters.postings import LONGEST, SHORTEST, Body, left, moved, standing
from punchsync.desk.search import people_like
from punchsync.intake.words import POSTS
from punchsync.texts import _

room = Room()
PAGE: Final = 50
TYPED: Final = ("person_id", "name", "unit", "window", "post", "device_user_id", "backup_for", "from", "to")
BETWEEN: Final = re.compile(r"[;；、，,]")


@room.get("/staff", Right.RECORDS_SEE, "staff list")
def show(ask: Ask) -> Response:
    """The list: those who are posted today, or all that ever were."""
    text, window, unit, every = (ask.query(n) for n in ("person", "window", "unit", "all"))
    known = ask.known
    ids = [each.id for each in people_like(known.people, text)] if text else sorted(known.people)
    people = [(id, known.posting(id, ask.today)) for id in ids if ask.reach.person(id)]
    rows = [(id, p, here(ask, id, p)) for id, p in people]
    if not every and not text:
        rows = [row for row in rows if row[2] != "left"]
    rows = [r for r in rows if (not window or (r[1] and r[1].window == window))]
    rows = [r for r in rows if (not unit or (r[1] and r[1].unit == unit))]
    page, pages = ask.paged(len(rows), PAGE)
    asked = {"person": text, "window": window, "unit": unit, "all": every}
    return ask.page(
        "staff/list.html",
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        page=page,
        pages=pages,
        asked=asked,
        address=f"/staff?{urlencode({k: v for k, v in asked.items() if v})}&",
        places=sorted(known.windows),
        units=sorted(set(known.windows.values())),
        states=states(),
    )


@room.get("/staff/new", Right.STAFF_WRITE)
def new(ask: Ask) -> Response:
    """The form of a new person."""
    return form(ask, {**dict.fromkeys(TYPED, ""), "from": show_day(ask.today), "post": "staff"})


@room.post("/staff/new", Right.STAFF_WRITE, "staff new")
def add(ask: Ask) -> Response:
    """Take a new person in."""
    typed, cells, problems = read(ask)
    id = cells["person_id"]
    ask.about["person"] = id
    if not id:
        problems["person_id"] = _("不能空着")
    elif any(b["person_id"] == id for b in kept(ask, "staff").values()):
        problems["person_id"] = _("已有这个工号；换岗位、重新到岗请到这个人的页面")
    if problems:
        return form(ask, typed, problems)
    done = write_one(ask, "staff", cells)
    if done.bad:
        return form(ask, typed, done.fields, done.lines)
    return ask.to(address(id), _("已登记。"))


@room.get("/staff/person", Right.RECORDS_SEE, "staff shown")
def person(ask: Ask) -> Response:
    """A person's postings in time and his numbers on terminals."""
    return shown(ask, ask.person(ask.query("id")))


@room.get("/staff/change", Right.STAFF_WRITE, "staff shown")
def changing(ask: Ask) -> Response:
    """The form of a change of posting."""
    id = ask.person(ask.query("id"))
    last = next(reversed(standing_of(ask, id)), None)
    values = {name: (last or {}).get(name, "") for name in TYPED}
    return form(ask, {**values, "from": show_day(ask.today), "to": "", "backup_for": ""}, id=id, way="change")


@room.post("/staff/change", Right.STAFF_WRITE, "posting changed")
def change(ask: Ask) -> Response:
    """End the old posting the day before and begin the new one: both or none."""
    id = ask.person(ask.form.one("id"))
    typed, cells, problems = read(ask, id)
    if not problems and not is_date(cells["from"]):
        problems["from"] = _("写成年月日，例如 {day}").format(day=show_day(ask.today))
    if problems:
        return form(ask, typed, problems, id=id, way="change")
    plan = moved(standing_of(ask, id), cells)
    if plan.later:
        return form(ask, typed, {}, [in_the_way(plan.later)], id, "change")
    done = write_all(ask, "staff", plan.rows)
    if done.bad:
        return form(ask, typed, done.fields, done.lines, id, "change")
    return ask.to(address(id), _("岗位已改，从 {day} 起；以前的岗位到前一天止。").format(day=cells["from"]))


@room.get("/staff/edit", Right.STAFF_WRITE, "staff shown")
def editing(ask: Ask) -> Response:
    """The form of a correction of one posting."""
    body = posting_of(ask, ask.query("id"), ask.query("from"))
    return form(ask, typed_of(ask, body), id=body["person_id"], way="edit")


@room.post("/staff/edit", Right.STAFF_WRITE, "posting corrected")
def edit(ask: Ask) -> Response:
    """Take a corrected posting in under the same key."""
    body = posting_of(ask, ask.form.one("id"), ask.form.one("key"))
    id = body["person_id"]
    typed, cells, problems = read(ask, id)
    typed["from"] = cells["from"] = body["from"]
    if problems:
        return form(ask, typed, problems, id=id, way="edit")
    done = write_one(ask, "staff", {**body, **cells})
    if done.bad:
        return form(ask, typed, done.fields, done.lines, id, "edit")
    return ask.to(address(id), _("已改正。") if done.changed else _("没有改动。"))


@room.get("/staff/withdraw", Right.STAFF_WRITE, "staff shown")
def doubt(ask: Ask) -> Response:
    """Ask once more before a posting is withdrawn."""
    return ask.page("staff/withdraw.html", body=posting_of(ask, ask.query("id"), ask.query("from")))


@room.post("/staff/withdraw", Right.STAFF_WRITE, "posting withdrawn")
def withdraw(ask: Ask) -> Response:
    """Withdraw a posting."""
    body = posting_of(ask, ask.form.one("id"), ask.form.one("key"))
    done = write_one(ask, "staff", {**body, "withdrawn": show_moment(ask.now)})
    if done.bad:
        return shown(ask, body["person_id"], said_of(done))
    gone = len(standing_of(ask, body["person_id"])) == 1
    return ask.to("/staff" if gone else address(body["person_id"]), _("已作废；记录留着，不再核算。"))


@room.post("/staff/leave", Right.STAFF_WRITE, "staff left")
def leave(ask: Ask) -> Response:
    """Note a person's last day in the hall."""
    id = ask.person(ask.form.one("id"))
    last = expanded(ask.form.one("to"), ask.now)
    if not is_date(last):
        return shown(ask, id, [_("最后一天写成年月日，例如 {day}").format(day=show_day(ask.today))])
    plan = left(standing_of(ask, id), last)
    if plan.later:
        return shown(ask, id, [in_the_way(plan.later)])
    if not plan.rows:
        return shown(ask, id, [_("{day} 没有在岗的岗位；请看下面的起止日期").format(day=last)])
    done = write_all(ask, "staff", plan.rows)
    if done.bad:
        return shown(ask, id, said_of(done))
    return ask.to(address(id), _("已离开大厅，最后一天 {day}。").format(day=last))


@room.post("/staff/device", Right.STAFF_WRITE, "device id given")
def device(ask: Ask) -> Response:
    """Give a person a number on one terminal, or on all."""
    id = ask.person(ask.form.one("id"))
    cells = {name: ask.form.one(name) for name in ("terminal_id", "device_user_id", "from", "to")}
    cells["from"], cells["to"] = expanded(cells["from"], ask.now), expanded(cells["to"], ask.now)
    ask.about["terminal"] = cells["terminal_id"]
    there = kept(ask, "device").get("\t".join([cells["terminal_id"], cells["device_user_id"], cells["from"]]))
    if there is not None and not there.get("withdrawn") and there["person_id"] != id:
        said = _("这个号从同一天起已属 {person}；先停用那一条").format(person=there["person_id"])
        return shown(ask, id, device=cells, wrong={"device_user_id": said})
    done = write_one(ask, "device", {**cells, "person_id": id})
    if done.bad:
        return shown(ask, id, done.lines, cells, done.fields)
    return ask.to(address(id), _("考勤号已登记；这个号以前保留的打卡从起始日期起算他的。"))


@room.post("/staff/device/end", Right.STAFF_WRITE, "device id ended")
def stop(ask: Ask) -> Response:
    """End a number from a day on, or withdraw one that was never his."""
    id, key = ask.person(ask.form.one("id")), ask.form.one("key")
    body = next((b for k, b in kept(ask, "device").items() if k.split() == key.split()), None)
    if body is None or body["person_id"] != id or body.get("withdrawn"):
        raise Missing(key)
    last = expanded(ask.form.one("to"), ask.now)
    end = {"to": last} if ask.form.one("how") == "end" else {"withdrawn": show_moment(ask.now)}
    done = write_one(ask, "device", {**body, **end})
    if done.bad:
        return shown(ask, id, said_of(done))
    return ask.to(address(id), _("考勤号已停用。"))


def read(ask: Ask, id: str = "") -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """A posting's form: what was typed, its cells, and what is wrong by field."""
    typed = {name: ask.form.one(name) for name in TYPED}
    problems: dict[str, str] = {}
    if id:
        typed["person_id"] = id
    cells = {**typed, "from": expanded(typed["from"], ask.now), "to": expanded(typed["to"], ask.now)}
    if not SHORTEST <= len(typed["name"]) <= LONGEST:
        problems["name"] = _("写 {least} 到 {most} 个字").format(least=SHORTEST, most=LONGEST)
    found: list[str] = []
    for text in BETWEEN.split(typed["backup_for"]):
        other, problem = who(ask, text.strip())
        if problem:
            problems["backup_for"] = problem
        if other:
            found.append(other)
    if id and id in found:
        problems["backup_for"] = _("不能是自己的 B 岗")
    cells["backup_for"] = ";".join(found)
    ask.about["person"] = id or typed["person_id"]
    return typed, cells, problems


def typed_of(ask: Ask, body: Body) -> dict[str, str]:
    """A posting as its form has it."""
    values = {name: body.get(name, "") for name in TYPED}
    named = [f"{id} {ask.known.name(id)}" for id in body["backup_for"].split(";") if id]
    return {**values, "backup_for": "、".join(named)}


def form(
    ask: Ask,
    values: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    faults: Sequence[str] = (),
    id: str = "",
    way: str = "new",
) -> Response:
    """The form of a posting: a new person's, a change, or a correction."""
    return ask.page(
        "staff/form.html",
        422 if problems or faults else 200,
        values=values,
        problems=problems or {},
        faults=faults,
        id=id,
        way=way,
        posts=coded(POSTS, words.post),
        places=sorted(ask.known.windows),
        units=sorted(set(ask.known.windows.values())),
        most=LONGEST,
        least=SHORTEST,
    )


def shown(
    ask: Ask,
    id: str,
    faults: Sequence[str] = (),
    device: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    """A person's page."""
    ask.about["person"] = id
    mine = sorted((b for b in kept(ask, "staff").values() if b["person_id"] == id), key=lambda b: b["from"])
    devices = sorted((k, b) for k, b in kept(ask, "device").items() if b["person_id"] == id)
    return ask.page(
        "staff/person.html",
        422 if faults or wrong else 200,
        id=id,
        faults=faults,
        postings=list(reversed(mine)),
        devices=devices,
        backups=[p for p in ask.known.case.postings if id in p.backup_for and p.last >= ask.today],
        terminals=terminals(ask),
        device=device or {"terminal_id": "", "device_user_id": "", "from": show_day(ask.today), "to": ""},
        wrong=wrong or {},
        state=states()[here(ask, id, ask.known.posting(id, ask.today))],
        may_write=ask.may(Right.STAFF_WRITE),
    )


def here(ask: Ask, id: str, posting: Posting | None) -> str:
    """Where somebody stands today: here, left, coming."""
    if posting is not None and posting.first <= ask.today <= posting.last:
        return "here"
    return "coming" if ask.known.bench.timetables.postings(id, ask.today + 1, LAST_DAY) else "left"


def standing_of(ask: Ask, id: str) -> list[Body]:
    """A person's postings that stand, in time."""
    return standing(kept(ask, "staff").values(), id)


def posting_of(ask: Ask, id: str, first: str) -> Body:
    """One posting that stands; raises Missing."""
    found = next((b for b in standing_of(ask, ask.person(id)) if b["from"] == first), None)
    if found is None:
        raise Missing(first)
    return found


def is_date(text: str) -> bool:
    """Whether a text is a date."""
    try:
        return bool(parse_day(text))
    except ValueError:
        return False


def in_the_way(later: Sequence[Body]) -> str:
    """That there are postings from later on."""
    named = "、".join(f"{b['from']} {b['window']}" for b in later)
    return _("以后还有岗位：{named}；请先改正或作废它").format(named=named)


def states() -> dict[str, str]:
    """Where somebody stands today, in words."""
    return {"here": _("在岗"), "left": _("已离开"), "coming": _("未到岗")}


def address(id: str) -> str:
    """A person's page."""
    return f"/staff/person?id={quote(id)}"
