"""What is done to a leave: signing it or refusing to, its return, its extension, its withdrawal."""

from __future__ import annotations

from fastapi import Response

from punchsync.core.moment import parse_moment, show_moment
from punchsync.core.records import SIGN_OFFS
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Denied, Missing
from punchsync.desk.leave.form import parsed, sealed, standing
from punchsync.desk.leave.shown import may_sign
from punchsync.desk.leave.times import day_in, in_full
from punchsync.desk.leave.write import NOTE, keep, only_signed, story_of
from punchsync.desk.pages.leave_record import page
from punchsync.desk.registers.times import expanded
from punchsync.desk.room import Room
from punchsync.intake.build import leave as built
from punchsync.leave_words import lacking
from punchsync.operations.leave import Story
from punchsync.operations.ports import Body
from punchsync.texts import _

room = Room()
TRIES = 3


@room.post("/leave/{id:path}/sign", Right.LEAVE_SIGN, "leave sign")
def sign(ask: Ask) -> Response:
    """Give a sign-off, or refuse it with a reason; nobody signs his own leave."""
    code, given, note = ask.form.one("sign_off"), ask.form.one("given"), ask.form.one("note")
    for _try in range(TRIES):
        found = story_of(ask, ask.path("id"))
        body = open_one(found)
        if code not in SIGN_OFFS or given not in ("yes", "no"):
            raise Missing(code)
        if not may_sign(ask, body["person_id"], code):
            raise Denied
        ask.about["sign_off"], ask.about["given"] = code, given
        has = [s for s in body["approvals"].split(";") if s]
        problems = long(note) or sealed(ask, "leave", body, None)
        if code in has:
            problems = {"note": _("这一级已经签过字了；签错了请经办更正")}
        elif given == "no" and not note:
            problems = {"note": _("不同意要写明理由")}
        if problems:
            return page(ask, found, problems)
        if given == "no":
            problems = only_signed(ask, body, len(found.versions), code, note)
        else:
            approvals = ";".join(s for s in SIGN_OFFS if s in (*has, code))
            problems = keep(ask, {**body, "approvals": approvals}, len(found.versions), code, note, "yes")
        if "" not in problems:  # otherwise somebody else signed in the same moment: look again
            break
    if problems:
        return page(ask, story_of(ask, ask.path("id")), problems)
    return ask.to(f"/leave/{body['leave_id']}", _("已签字。") if given == "yes" else _("已记下不同意和理由。"))


@room.post("/leave/{id:path}/return", Right.LEAVE_WRITE, "leave return")
def come_back(ask: Ask) -> Response:
    """销假: the person is back, earlier than asked or on time."""
    found, body = to_change(ask)
    text = ask.form.one("returned_at")
    problems = unchanged(ask, found)
    cells = {**body, "returned_at": expanded(text, ask.now) if text else show_moment(ask.now)}
    return stepped(ask, found, cells, "return", problems, _("已销假。"))


@room.post("/leave/{id:path}/extend", Right.LEAVE_WRITE, "leave extend")
def extend(ask: Ask) -> Response:
    """A later end of the same leave; not before all of what the whole length asks for is signed.

    Until then the days that were granted would not be excused any more, for the ladder goes by the whole length.
    """
    found, body = to_change(ask)
    problems = unchanged(ask, found)
    text = ask.form.one("end")
    if not text:
        problems["end"] = _("写续到哪一天，例如 25 或 11-25p")
        return page(ask, found, problems)
    approvals = {*body["approvals"].split(";"), *ask.form.many("approvals")}
    proved = body["certificate"] == "yes" or ask.form.one("certificate") == "yes"
    cells = {
        **body,
        "end": in_full(text, ask.now, day_in(body["start"])),
        "approvals": ";".join(s for s in SIGN_OFFS if s in approvals),
        "certificate": "yes" if proved else "no",
        "returned_at": "",
    }
    excuses = ask.known.bench.excuses
    after = parsed(ask, "leave", cells, problems)
    if after and not problems:
        old, new = built(body), built(after)
        if excuses.bounds(new.person, new.start, new.end)[1] <= excuses.bounds(old.person, old.start, old.end)[1]:
            problems["end"] = _("续假要比原来的结束晚；要提前回来请用销假")
        now = excuses.standing(standing(body, "") or old)
        then = excuses.changed(new.person, [new]).standing(new)
        if now.valid and not then.valid:
            problems["end"] = _(
                "连原来的一共算一次假，还缺：{lacks}。没有补齐就写进去，已经准的那几天也不算数；请先补齐签字，再续假"
            ).format(lacks=lacking(then.lacking))
    return stepped(ask, found, cells, "extend", problems, _("已续假。"))


@room.post("/leave/{id:path}/withdraw", Right.LEAVE_WRITE, "leave withdraw")
def withdraw(ask: Ask) -> Response:
    """Withdraw a leave, with the reason; it is kept and judged no more."""
    found, body = to_change(ask)
    problems = unchanged(ask, found)
    if not ask.form.one("reason"):
        problems["reason"] = _("写明为什么作废")
    return stepped(ask, found, {**body, "withdrawn": show_moment(ask.now)}, "withdraw", problems, _("已作废。"))


def stepped(ask: Ask, found: Story, cells: Body, step: str, problems: dict[str, str], done: str) -> Response:
    """Write the leave as it is now, if nothing is wrong."""
    note = ask.form.one("reason") or ask.form.one("note")
    problems.update(long(note))
    body = parsed(ask, "leave", cells, problems) if not problems else None
    if body is not None and not problems:
        if body["returned_at"] and parse_moment(body["returned_at"]) > ask.now:
            problems["returned_at"] = _("销假时间在将来；人回来了再销假")
        problems.update(sealed(ask, "leave", body, found.latest))
        problems = problems or keep(ask, body, len(found.versions), step, note)
    if problems:
        return page(ask, found, problems)
    return ask.to(f"/leave/{found.latest['leave_id']}", done)


def to_change(ask: Ask) -> tuple[Story, Body]:
    """A leave that stands, and how."""
    found = story_of(ask, ask.path("id"))
    return found, open_one(found)


def open_one(found: Story) -> Body:
    """A leave that was not withdrawn; raises Missing."""
    if found.latest["withdrawn"]:
        raise Missing(found.latest["leave_id"])
    return found.latest


def unchanged(ask: Ask, found: Story) -> dict[str, str]:
    """That the page was of another version, if it was."""
    if ask.form.one("seen") == str(len(found.versions)):
        return {}
    return {"": _("这条请假刚被别人改过；请看过现在的样子再改")}


def long(note: str) -> dict[str, str]:
    """That a reason is too long."""
    return {"note": _("最多 {n} 个字").format(n=NOTE)} if len(note) > NOTE else {}
