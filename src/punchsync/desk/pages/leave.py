"""Leave: the list, filtered; everybody sees that of the people within his reach."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from punchsync.core.moment import DAY, day_of, start_of
from punchsync.core.period import days_of_month
from punchsync.core.records import Leave
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.leave.shown import State, state_of, waiting_for
from punchsync.desk.registers.kinds import kept
from punchsync.desk.registers.write import who
from punchsync.desk.room import Room
from punchsync.intake import build
from punchsync.leave_words import stretch
from punchsync.texts import _

room = Room()
PAGE: Final = 50
STATES: Final = ("current", "waiting", "mine", "all", "withdrawn")


class Row(NamedTuple):
    """A leave in the list."""

    leave: Leave
    name: str
    window: str
    span: str
    half_days: int
    state: State


@room.get("/leave", Right.LEAVE_SEE)
def show(ask: Ask) -> Response:
    """The list."""
    asked = {name: ask.query(name) for name in ("state", "month", "person", "window")}
    if asked["state"] not in STATES:
        asked["state"] = "current" if not (asked["month"] or asked["person"]) else "all"
    person, problem = who(ask, asked["person"])
    found = [] if problem else chosen(ask, asked, person)
    page, pages = ask.paged(len(found), PAGE)
    rows = [row_of(ask, leave, asked["state"] == "withdrawn") for leave in found[(page - 1) * PAGE : page * PAGE]]
    windows = sorted(w for w in ask.known.windows if ask.reach.window(w))
    address = "/leave?" + urlencode({k: v for k, v in asked.items() if v} | {"": ""}).removesuffix("=")
    return ask.page(
        "leave/list.html", asked=asked, states=state_words(ask), rows=rows, total=len(found), page=page, pages=pages,
        address=address, windows=windows, problem=problem,
    )  # fmt: skip


def state_words(ask: Ask) -> list[tuple[str, str]]:
    """The choices of the list."""
    words = {
        "current": _("在假和将要休的"),
        "waiting": _("待签字"),
        "mine": _("待我签字"),
        "all": _("全部"),
        "withdrawn": _("作废的"),
    }
    return [(code, words[code]) for code in STATES if code != "mine" or ask.may(Right.LEAVE_SIGN)]


def chosen(ask: Ask, asked: dict[str, str], person: str) -> list[Leave]:
    """The leaves that are asked for, within reach, the latest first; those that wait, the earliest."""
    state = asked["state"]
    excuses, today = ask.known.bench.excuses, start_of(day_of(ask.now))
    if state == "mine":
        found = waiting_for(ask)
    elif state == "withdrawn":
        bodies = kept(ask, "leave").values()
        found = [build.leave(body) for body in bodies if body["withdrawn"]]
    else:
        found = list(ask.known.case.leaves)
    found = [x for x in found if ask.reach.person(x.person) and (not person or x.person == person)]
    days = month_of(asked["month"])
    if days is not None:
        found = [x for x in found if x.start.moment < start_of(days[-1] + 1) and x.end.moment >= start_of(days[0])]
    if asked["window"]:
        found = [x for x in found if window_of(ask, x) == asked["window"]]
    if state == "current":
        found = [x for x in found if x.end.moment + (DAY if x.end.half else 0) > today]
    if state == "waiting":
        found = [x for x in found if not excuses.standing(x).valid]
    found.sort(key=lambda x: (x.start.moment, x.id), reverse=state not in ("waiting", "mine"))
    return found


def month_of(text: str) -> range | None:
    """The days of a month as typed; None for nothing that is one."""
    try:
        return days_of_month(text) if text[4:5] == "-" else None
    except ValueError:
        return None


def window_of(ask: Ask, leave: Leave) -> str:
    """The window at whose beginning a leave finds its person."""
    posting = ask.known.posting(leave.person, day_of(leave.start.moment))
    return posting.window if posting else ""


def row_of(ask: Ask, leave: Leave, withdrawn: bool) -> Row:
    """A leave as the list shows it."""
    state = State(_("已作废"), "") if withdrawn else state_of(ask, leave)
    length = 0 if withdrawn else ask.known.bench.excuses.standing(leave).half_days
    return Row(leave, ask.known.name(leave.person), window_of(ask, leave), stretch(leave), length, state)
