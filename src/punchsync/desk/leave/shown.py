"""A leave as lists and its own page show it: how it stands, who may sign, what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from punchsync import words
from punchsync.core.excuse import Standing
from punchsync.core.moment import Moment
from punchsync.core.records import SIGN_OFFS, Leave
from punchsync.core.stored import Version
from punchsync.desk.access.rights import SIGNS, Right
from punchsync.desk.ask import Ask
from punchsync.leave_words import lacking
from punchsync.operations.leave import Story
from punchsync.operations.ports import Body
from punchsync.texts import _

CHANGED: Final = ("kind", "start", "end", "daily_from", "daily_to", "registered_at", "certificate", "approvals",
                  "returned_at", "withdrawn")  # fmt: skip


class State(NamedTuple):
    """How a leave stands, in a word, with the class of its tag and what it lacks."""

    text: str
    tag: str
    lacks: str = ""


class Sign(NamedTuple):
    """A sign-off of a leave: asked for, given or refused, by whom and when; `mine`: this user may give it."""

    code: str
    asked: bool
    given: bool
    refused: bool
    by: str
    at: Moment | None
    note: str
    mine: bool


class Event(NamedTuple):
    """Something that happened to a leave."""

    at: Moment
    what: str
    by: str
    note: str
    changes: tuple[str, ...]


def state_of(ask: Ask, leave: Leave) -> State:
    """How a leave that was not withdrawn stands today."""
    excuses = ask.known.bench.excuses
    standing = excuses.standing(leave)
    start, end = excuses.bounds(leave.person, leave.start, leave.end)
    if leave.returned_at is not None and leave.returned_at <= start:
        return State(_("没有休"), "")
    if not standing.valid:
        return State(_("待签字"), "bad", lacking(standing.lacking))
    if leave.returned_at is not None:
        return State(_("已销假"), "ok")
    if end <= ask.now:
        return State(_("已结束"), "")
    return State(_("休假中"), "away") if start <= ask.now else State(_("未开始"), "ok")


def waiting_for(ask: Ask) -> list[Leave]:
    """The leaves within the user's reach that lack a sign-off that he may give, the earliest first."""
    mine = SIGNS.get(ask.account.role, ())
    if not mine or not ask.may(Right.LEAVE_SIGN):
        return []
    excuses = ask.known.bench.excuses
    found = [
        x
        for x in ask.known.case.leaves
        if ask.reach.person(x.person)
        and x.person != ask.account.person
        and not {*mine}.isdisjoint(may_be_asked(excuses.standing(x)))
    ]
    return sorted(found, key=lambda x: (x.start.moment, x.id))


def may_be_asked(standing: Standing) -> set[str]:
    """The sign-offs by any of which a leave comes nearer to being valid."""
    return set(SIGN_OFFS) if "any" in standing.lacking else set(standing.lacking)


def signs_of(ask: Ask, found: Story, leave: Leave | None) -> list[Sign]:
    """Every sign-off that a leave asks for or has, in the order of the ladder."""
    latest: Mapping[str, Version] = {v.body["sign_off"]: v for v in found.signs if v.body["given"]}
    standing = ask.known.bench.excuses.standing(leave) if leave else None
    lacks = may_be_asked(standing) if standing else set()
    rung = standing.rung if standing else None
    asked = {*lacks, *(rung.sign_offs if rung else ask.hall.pack.otherwise)}
    given = {*found.latest["approvals"].split(";")} - {""}
    out: list[Sign] = []
    for code in SIGN_OFFS:
        v = latest.get(code)
        if code not in asked | given and v is None:
            continue
        said = v.body if v is not None and (v.body["given"] == "yes") == (code in given) else None
        mine = leave is not None and code not in given and may_sign(ask, leave.person, code)
        out.append(
            Sign(
                code, code in asked, code in given, said is not None and said["given"] == "no",
                said["by"] if said else "", v.at if said and v else None, said["note"] if said else "", mine,
            )
        )  # fmt: skip
    return out


def may_sign(ask: Ask, person: str, code: str) -> bool:
    """Whether the user may give that sign-off to that person's leave; nobody signs his own."""
    account = ask.account
    return (
        ask.may(Right.LEAVE_SIGN)
        and code in SIGNS.get(account.role, ())
        and person != account.person
        and ask.reach.person(person)
    )


def events(found: Story) -> list[Event]:
    """What happened to a leave, the latest first; a step and the version that it wrote are one."""
    steps: dict[Moment, list[Version]] = {}
    for sign in found.signs:
        steps.setdefault(sign.at, []).append(sign)
    out: list[Event] = []
    before: Body | None = None
    for version in found.versions:
        changes = tuple(changes_of(before, version.body)) if before else ()
        mine = next((s for s in steps.get(version.at, ()) if fits(s, before, version.body)), None)
        if mine is not None:
            steps[version.at].remove(mine)
        what = step_words(mine.body) if mine else _("登记") if before is None else _("更正")
        who, note = (mine.body["by"], mine.body["note"]) if mine else (_("导入"), "")
        out.append(Event(version.at, what, who, note, changes))
        before = version.body
    for at, rest in steps.items():
        out += [Event(at, step_words(s.body), s.body["by"], s.body["note"], ()) for s in rest]
    return sorted(out, key=lambda e: e.at, reverse=True)


def fits(sign: Version, before: Body | None, after: Body) -> bool:
    """Whether a step is what wrote a version."""
    if sign.body["given"] == "yes":
        return before is not None and sign.body["sign_off"] in after["approvals"].split(";")
    return not sign.body["given"]


def step_words(body: Body) -> str:
    """What somebody did."""
    step, given = body["sign_off"], body["given"]
    if given:
        text = _("{sign}签字") if given == "yes" else _("{sign}不同意")
        return text.format(sign=words.sign_off(step))
    return {
        "register": _("登记"),
        "correct": _("更正"),
        "return": _("销假"),
        "extend": _("续假"),
        "withdraw": _("作废"),
    }.get(step, step)


def changes_of(before: Body, after: Body) -> Iterator[str]:
    """What a version says otherwise than the one before it."""
    for name in CHANGED:
        if before.get(name, "") != after.get(name, ""):
            yield _("{what}：{old} → {new}").format(
                what=column(name), old=value(name, before.get(name, "")), new=value(name, after.get(name, ""))
            )


def column(name: str) -> str:
    """A column in a reader's words."""
    return {
        "kind": _("类别"),
        "start": _("开始"),
        "end": _("结束"),
        "daily_from": _("每日起"),
        "daily_to": _("每日止"),
        "registered_at": _("登记时间"),
        "certificate": _("证明"),
        "approvals": _("审批"),
        "returned_at": _("销假时间"),
        "withdrawn": _("作废"),
    }[name]


def value(name: str, text: str) -> str:
    """A column's value in a reader's words."""
    if not text:
        return _("无")
    if name == "kind":
        return words.leave(text)
    if name == "approvals":
        return lacking(text.split(";"))
    if name == "certificate":
        return _("有") if text == "yes" else _("无")
    return text[:16].replace(" am", " " + _("上午")).replace(" pm", " " + _("下午"))
