"""Requests to make up one punch: listed, filed, decided on by somebody else, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Response

from punchsync.core.judge import Verdict
from punchsync.core.moment import Day, Moment, day_of, parse_moment, show_day, show_moment
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.ids import new_id
from punchsync.desk.registers.write import who
from punchsync.desk.review.kept import records
from punchsync.desk.review.queue import day_or, own
from punchsync.desk.review.request_words import refused, state
from punchsync.desk.room import Room
from punchsync.operations.desk_records import REQUEST
from punchsync.operations.ports import Body
from punchsync.operations.requests import ASKED_FOR, COUNTED, OPEN, NotSo, file, grant, refuse, used, withdraw
from punchsync.texts import _

room = Room()
ROWS: Final = 50
BACK: Final = 62
"""Days back for which checkpoints are offered; there is no term, and an address may name an earlier day."""
LONGEST: Final = 300


@room.get("/requests", Right.REQUEST_FILE, "requests")
def show(ask: Ask) -> Response:
    """The requests within reach: those to be decided first, or all of them, the latest first."""
    every = within(ask)
    waiting = [body for body in every if body["state"] == OPEN]
    show_all = ask.query("show") == "all"
    rows = every if show_all else waiting
    page, pages = ask.paged(len(rows), ROWS)
    return ask.page(
        "requests/list.html",
        rows=rows[(page - 1) * ROWS : page * ROWS],
        waiting=len(waiting),
        every=len(every),
        show_all=show_all,
        page=page,
        pages=pages,
        state=state,
        cap=ask.desk.settings.make_ups,
    )


@room.get("/requests/new", Right.REQUEST_FILE, "request form")
def new(ask: Ask) -> Response:
    """The form: for oneself, or for somebody within reach, with the checkpoints that may be made up."""
    typed = ask.query("person")
    if not typed:
        mine = ask.account.person
        return form(ask, ask.person(mine) if mine in ask.known.people else "")
    if typed in ask.known.people:
        return form(ask, ask.person(typed))
    person, wrong = who(ask, typed)
    return form(ask, person, wrong, typed)


@room.post("/requests/new", Right.REQUEST_FILE, "request filed")
def add(ask: Ask) -> Response:
    """File a request."""
    person = ask.person(ask.form.one("person"))
    reason, when = ask.form.one("reason"), ask.form.one("at")
    try:
        at: Moment | None = parse_moment(when)
    except ValueError:
        at = None
    wrong = {}
    if at is None:
        wrong["at"] = _("请选要补的是哪一次。")
    if not reason or len(reason) > LONGEST:
        wrong["reason"] = _("写明为什么没有打上卡，不超过 {n} 个字。").format(n=LONGEST)
    if at is None or wrong:
        return form(ask, person, problems=wrong)
    try:
        cap = ask.desk.settings.make_ups
        id = file(ask.hall, cap, person, at, " ".join(reason.split()), ask.who, lambda: new_id("BK", ask.now))
    except NotSo as error:
        return form(ask, person, refused(error))
    ask.about["request"] = id
    return ask.to(f"/requests/{id}", _("已提出申请 {id}，等督查或分管领导批。").format(id=id))


@room.get("/requests/{id}", Right.REQUEST_FILE, "request")
def one(ask: Ask) -> Response:
    """A request in full."""
    return shown(ask, the_one(ask))


@room.post("/requests/{id}/decide", Right.REQUEST_DECIDE, "request decided")
def decide(ask: Ask) -> Response:
    """Grant it, with a paper sign-in at the due time, or refuse it with a reason."""
    body, note, said = the_one(ask), ask.form.one("note"), ask.form.one("decision")
    wrong = {}
    if said not in ("grant", "refuse"):
        wrong["decision"] = _("请选批准或不批准。")
    if (said == "refuse" and not note) or len(note) > LONGEST:
        wrong["note"] = _("不批准的要写理由，不超过 {n} 个字。").format(n=LONGEST)
    if wrong:
        return shown(ask, body, problems=wrong)
    ask.about["decision"] = said
    act = grant if said == "grant" else refuse
    try:
        act(ask.hall, body["request_id"], (ask.who, ask.account.person), " ".join(note.split()))
    except NotSo as error:
        return shown(ask, body, refused(error))
    if said == "grant":
        ask.desk.settle()
        return ask.to("/requests", _("已批准 {id}，按补签作数；核算以后见结果。").format(id=body["request_id"]))
    return ask.to("/requests", _("未批准 {id}，理由已告知。").format(id=body["request_id"]))


@room.post("/requests/{id}/withdraw", Right.REQUEST_FILE, "request withdrawn")
def take_back(ask: Ask) -> Response:
    """Take it back while it is open."""
    body = the_one(ask)
    try:
        withdraw(ask.hall, body["request_id"], ask.who, ask.account.person)
    except NotSo as error:
        return shown(ask, body, refused(error))
    return ask.to("/requests", _("已撤回 {id}，不占本月的次数。").format(id=body["request_id"]))


def within(ask: Ask) -> list[Body]:
    """The requests of people within reach, the latest first."""
    found = [body for body in records(ask, REQUEST).values() if ask.reach.person(body["person_id"])]
    return sorted(found, key=lambda body: (body["filed_at"], body["request_id"]), reverse=True)


def the_one(ask: Ask) -> Body:
    """The request that an address names, if it is within reach."""
    id = ask.path("id")
    ask.about["request"] = id
    body = records(ask, REQUEST).get(id)
    if body is None:
        raise Missing(id)
    ask.person(body["person_id"])
    return body


def offered(ask: Ask, person: str) -> list[Verdict]:
    """A person's checkpoints that may be made up, the latest first."""
    on = day_or(ask.query("date") or ask.form.one("date"), 0)
    days: range | list[Day] = [on] if on else range(ask.today - BACK, ask.today + 1)
    asked = {body["at"] for body in records(ask, REQUEST).values() if taken(body, person)}
    with ask.hall.store.reading() as work:
        horizon = work.checkpoints.horizon() or 0
        found = work.months.verdicts_of([person], [day for day in days if day > horizon])
    fitting = [v for v in found if v.due is not None and v.verdict in ASKED_FOR and show_moment(v.due) not in asked]
    return sorted(fitting, key=lambda v: (-v.day, v.session, v.checkpoint))


def taken(body: Body, person: str) -> bool:
    """Whether a request of a person takes its checkpoint's place."""
    return body["person_id"] == person and body["state"] in COUNTED


def left(ask: Ask, person: str, rows: list[Verdict]) -> dict[str, int]:
    """How many may still be asked for, by the month of the checkpoints that are offered."""
    cap = ask.desk.settings.make_ups
    every = records(ask, REQUEST)
    return {show_day(v.day)[:7]: max(0, cap - used(every, person, v.day)) for v in rows}


def form(ask: Ask, person: str, why: str = "", typed: str = "", problems: Mapping[str, str] | None = None) -> Response:
    """The form."""
    rows = offered(ask, person) if person else []
    return ask.page(
        "requests/new.html",
        422 if why or problems else 200,
        person=person,
        typed=typed,
        why=why,
        problems=problems or {},
        rows=rows,
        left=left(ask, person, rows),
        cap=ask.desk.settings.make_ups,
        back=BACK,
        others=ask.reach.people is None or len(ask.reach.people) > 1,
        picked=ask.form.one("at") or ask.query("at"),
        date=ask.form.one("date") or ask.query("date"),
        reason=ask.form.one("reason"),
    )


def shown(ask: Ask, body: Body, why: str = "", problems: Mapping[str, str] | None = None) -> Response:
    """A request's page."""
    person = body["person_id"]
    is_open = body["state"] == OPEN
    mine = own(ask, person) or body["filed_by"] == ask.who
    every = records(ask, REQUEST)
    at = parse_moment(body["at"])
    return ask.page(
        "requests/one.html",
        422 if why or problems else 200,
        body=body,
        at=at,
        day=day_of(at),
        state=state,
        why=why,
        problems=problems or {},
        may_decide=is_open and ask.may(Right.REQUEST_DECIDE) and not mine,
        is_mine=is_open and ask.may(Right.REQUEST_DECIDE) and mine,
        may_withdraw=is_open and (body["filed_by"] == ask.who or person == ask.account.person),
        used=used(every, person, day_of(at)),
        cap=ask.desk.settings.make_ups,
        note=ask.form.one("note"),
    )
