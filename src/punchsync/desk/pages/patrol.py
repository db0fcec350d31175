"""Patrol records: what an inspector sees in the hall; on a phone three taps: the window, the person, what it is."""

from __future__ import annotations

from fastapi import Response

from punchsync.core.moment import show_moment
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.ids import new_id
from punchsync.desk.registers.form import given_id
from punchsync.desk.registers.kinds import Field, Register, incident_kinds, kept, windows
from punchsync.desk.registers.pages import about, room_of
from punchsync.desk.registers.write import said_of, write_one
from punchsync.texts import _


def fields(ask: Ask) -> tuple[Field, ...]:
    """What is asked."""
    return (
        Field("at", _("时间"), "moment", default="now"),
        Field("person_id", _("人员"), "person", required=False, note=_("窗口无人在岗不写人员，只选窗口")),
        Field("window", _("窗口"), "choice", required=False, options=windows(ask), note=_("只用于窗口无人在岗")),
        Field("kind", _("类别"), "choice", options=incident_kinds()),
        Field("place", _("地点"), "text", required=False),
        Field("evidence", _("证据"), "long", required=False),
        Field("warned", _("已指出未改"), "yes_no", required=False),
        Field("noted_by", _("记录人"), "text", default="who"),
    )


REGISTER = Register(
    kind="incident",
    path="/patrol",
    write=Right.PATROL_WRITE,
    when="at",
    people=("person_id",),
    title=lambda: _("督查记录"),
    about=lambda: _("巡查时看到的情况，记个人或窗口；请假、外出在册的时间里不追究脱岗。"),
    fields=fields,
    prefix="DC",
)
room = room_of(REGISTER)


@room.get("/patrol/walk", Right.PATROL_WRITE)
def walk(ask: Ask) -> Response:
    """The windows; of one its people; of a person what may be noted."""
    person, window = ask.query("person"), ask.query("window")
    if person:
        return kinds_of(ask, person)
    if window:
        return people_of(ask, window)
    return ask.page("registers/walk.html", windows=windows(ask))


@room.post("/patrol/walk", Right.PATROL_WRITE, "incident new")
def noted(ask: Ask) -> Response:
    """Take down what was pressed, as of now."""
    person, window = ask.form.one("person"), ask.form.one("window")
    cells = {
        "person_id": ask.person(person) if person else "",
        "window": "" if person else ask.window(window),
        "kind": ask.form.one("kind") if person else "window_empty",
        "at": show_moment(ask.now),
        "noted_by": ask.who,
        "place": ask.form.one("place"),
        "evidence": ask.form.one("evidence"),
        "warned": "yes" if ask.form.one("warned") else "no",
    }
    id = ask.form.one("id")
    # A press that was sent twice has the same id; one of a page that was left open has its own time.
    if id in kept(ask, "incident"):
        return ask.to(back(ask, person, window), _("这一条已经登记过了。"))
    cells["incident_id"] = id if given_id(REGISTER, id) else new_id(REGISTER.prefix, ask.now)
    about(ask, REGISTER, cells)
    done = write_one(ask, "incident", cells)
    if done.bad:
        return kinds_of(ask, person, said_of(done)) if person else people_of(ask, window, said_of(done))
    what = dict(incident_kinds())[cells["kind"]]
    who = ask.known.name(person) if person else window
    said = _("已记：{who}，{what}，{at}。写错了可在督查记录里改正或作废。")
    return ask.to(back(ask, person, window), said.format(who=who, what=what, at=cells["at"][11:16]))


def back(ask: Ask, person: str, window: str) -> str:
    """Where a walk goes on: at the window where it is."""
    from urllib.parse import quote

    posting = ask.known.posting(person, ask.today) if person else None
    return f"/patrol/walk?window={quote(posting.window if posting else window)}"


def people_of(ask: Ask, window: str, lines: object = ()) -> Response:
    """Who is posted at a window today, and who of them is excused just now."""
    bench, now = ask.known.bench, ask.now
    posted = [p for p in bench.timetables.posted(ask.today) if p.window == ask.window(window)]
    away = {p.person for p in posted if any(s <= now < e for s, e in bench.excuses.excused(p.person))}
    return ask.page(
        "registers/walk_people.html",
        422 if lines else 200,
        window=window,
        posted=posted,
        away=away,
        faults=lines,
        id=new_id(REGISTER.prefix, now),
    )


def kinds_of(ask: Ask, person: str, lines: object = ()) -> Response:
    """What may be noted of a person."""
    posting = ask.known.posting(ask.person(person), ask.today)
    away = any(s <= ask.now < e for s, e in ask.known.bench.excuses.excused(person))
    return ask.page(
        "registers/walk_kinds.html",
        422 if lines else 200,
        person=person,
        window=posting.window if posting else "",
        kinds=[each for each in incident_kinds() if each[0] != "window_empty"],
        away=away,
        faults=lines,
        id=new_id(REGISTER.prefix, ask.now),
        values={name: ask.form.one(name) for name in ("place", "evidence", "warned")},
    )
