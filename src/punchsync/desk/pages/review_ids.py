"""Device user ids that are nobody's: which there are, and mapping one to a person, whose kept punches then count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from fastapi import Response

from punchsync.core.moment import Day, Moment, day_of, parse_day, show_day
from punchsync.core.records import LAST_DAY
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.pages.review import tabs
from punchsync.desk.registers.write import write_one
from punchsync.desk.review.queue import owners, unknown_ids
from punchsync.desk.room import Room
from punchsync.desk.search import people_like
from punchsync.operations.suspicions import Kept, Stranger, punches_of
from punchsync.texts import _

room = Room()
ROWS: Final = 200
DAYS: Final = 20
"""Days of punches that are shown before a mapping; the rest are counted."""


class Wanted(NamedTuple):
    """A mapping as typed, and what it would be; `person` is empty and `first` None where it can't be told."""

    terminal: str
    id: str
    typed: str
    person: str
    first: Day | None
    last: Day
    problems: dict[str, str]


@room.get("/review/ids", Right.TERMINALS_SEE)
def show(ask: Ask) -> Response:
    """The list."""
    found = sorted(unknown_ids(ask), key=lambda s: -s.last)
    return ask.page("review/ids.html", tabs=tabs(ask), rows=found[:ROWS], more=max(0, len(found) - ROWS))


@room.get("/review/ids/map", Right.IDS_MAP, "id punches")
def choose(ask: Ask) -> Response:
    """The form; with a person, the punches that would count as his."""
    stranger = the_one(ask, ask.query("terminal"), ask.query("id"))
    return form(ask, stranger, wanted(ask, stranger, ask.query))


@room.post("/review/ids/map", Right.IDS_MAP, "id mapped")
def map_id(ask: Ask) -> Response:
    """Say whose an id is from a day on."""
    stranger = the_one(ask, ask.form.one("terminal"), ask.form.one("id"))
    asked = wanted(ask, stranger, ask.form.one)
    if not asked.person:
        asked.problems.setdefault("person", _("写上是谁的考勤号。"))
    if asked.problems or asked.first is None:
        return form(ask, stranger, asked, 422)
    if taken(((1, punch.person) for punch in punches(ask, asked, asked.first)), asked.person):
        return form(ask, stranger, asked, 422)
    ask.about.update(person=asked.person, terminal=asked.terminal, device_user_id=asked.id)
    done = write_one(ask, "device", {
        "terminal_id": asked.terminal, "device_user_id": asked.id, "person_id": asked.person,
        "from": show_day(asked.first), "to": "" if asked.last == LAST_DAY else show_day(asked.last), "withdrawn": "",
    })  # fmt: skip
    if done.bad:
        asked.problems.update({"": "；".join([*done.fields.values(), *done.lines])})
        return form(ask, stranger, asked, 422)
    said = _("考勤机 {terminal} 的考勤号 {id} 从 {day} 起是 {name} 的；核算以后见结果。")
    name = ask.known.name(asked.person)
    return ask.to(
        "/review/ids", said.format(terminal=asked.terminal, id=asked.id, day=show_day(asked.first), name=name)
    )


def the_one(ask: Ask, terminal: str, id: str) -> Stranger:
    """The unknown id that is meant; one that is somebody's already, or was never seen, is none."""
    ask.about.update(terminal=terminal, device_user_id=id)
    for stranger in unknown_ids(ask):
        if (stranger.terminal, stranger.device_user_id) == (terminal, id):
            return stranger
    raise Missing(id)


def wanted(ask: Ask, stranger: Stranger, said: Callable[[str], str]) -> Wanted:
    """What was typed. Whose an id is is the machines' business: who may map ids may name anybody of the hall."""
    problems: dict[str, str] = {}
    typed = said("person")
    found = people_like(ask.known.people, typed)
    if typed and len(found) != 1:
        names = "、".join(f"{f.id} {f.name}" for f in found[:6])
        problems["person"] = (
            _("可能是 {n} 个人：{names}；请写工号。").format(n=len(found), names=names)
            if found
            else _("没有找到“{text}”；请写工号、姓名或拼音首字母。").format(text=typed)
        )
    first: Day | None = day_of(stranger.first)
    last = LAST_DAY
    try:
        first = parse_day(said("from")) if said("from") else first
        last = parse_day(said("to")) if said("to") else last
    except ValueError:
        problems["from"] = _("日期应为 YYYY-MM-DD。")
        first = None
    if first is not None and last < first:
        problems["to"] = _("截止日期应不早于起始日期。")
    person = found[0].id if typed and len(found) == 1 else ""
    return Wanted(stranger.terminal, stranger.device_user_id, typed, person, first, last, problems)


def punches(ask: Ask, asked: Wanted, first: Day) -> list[Kept]:
    """The punches that a mapping is about, from a day on."""
    with ask.hall.store.reading() as work:
        return punches_of(ask.hall, work, owners(ask), asked.terminal, asked.id, first, min(asked.last, ask.today))


def taken(rows: Iterable[tuple[int, str]], person: str) -> dict[str, int]:
    """Whose of some punches are now that a mapping would take away, and how many."""
    found: dict[str, int] = defaultdict(int)
    for count, whose in rows:
        if whose not in ("", person):
            found[whose] += count
    return found


def form(ask: Ask, stranger: Stranger, asked: Wanted, status: int = 200) -> Response:
    """The form, with the latest punches by day."""
    about = asked.first if asked.person else None
    rows = [row for row in stranger.days if about is not None and about <= row[0] <= asked.last]
    free = sorted((day for day, _n, person in rows if not person), reverse=True)
    days: dict[Day, list[Moment]] = defaultdict(list)
    for punch in punches(ask, asked, free[:DAYS][-1]) if free else []:
        if not punch.person:
            days[day_of(punch.at)].append(punch.at)
    return ask.page(
        "review/map.html",
        status,
        stranger=stranger,
        asked=asked,
        upto="" if asked.last == LAST_DAY else show_day(asked.last),
        days=sorted(days.items(), reverse=True),
        more=max(0, len(free) - DAYS),
        count=sum(n for _day, n, person in rows if not person),
        others=taken(((n, person) for _day, n, person in rows), asked.person),
        posted={day for day in days if ask.known.bench.timetables.posting(asked.person, day) is not None},
    )
