"""Everybody within reach: whose month shows what, and who is near something that the rules do at a count."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response

from punchsync.core.moment import Day
from punchsync.core.nearness import Near, by_conversions, by_facts, in_order
from punchsync.core.period import days_of_month, months_of, period_of
from punchsync.core.records import Posting
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.drawn import near_words
from punchsync.desk.room import Room
from punchsync.desk.search import people_like
from punchsync.operations.ports import Work

room = Room()
ROWS: Final = 60


class Line(NamedTuple):
    """A person's line: posting, month in numbers, points of the month, open checkpoints, and warnings."""

    id: str
    name: str
    posting: Posting | None
    tally: Tally | None
    points: Decimal
    unknown: int
    near: list[Near]


@room.get("/people", Right.TODAY, "people")
def people(ask: Ask) -> Response:
    """The list; by number, name or initials, by window, or only those who are warned."""
    known, today = ask.known, ask.today
    text, window, warned = ask.query("q"), ask.query("window"), ask.query("warned") == "1"
    here = {p.person: p for p in known.bench.timetables.posted(today) if ask.reach.person(p.person)}
    among = [id for id in sorted(known.people) if ask.reach.person(id) and (id in here or text)]
    if window:
        among = [id for id in among if id in here and here[id].window == window]
    chosen = [f.id for f in people_like(known.people, text, among)] if text else among
    with ask.hall.store.reading() as work:
        near = warnings(ask, work, today)
        if warned:
            chosen = [id for id in chosen if near.get(id)]
        page, pages = ask.paged(len(chosen), ROWS)
        shown = chosen[(page - 1) * ROWS : page * ROWS]
        rows = lines_of(ask, work, shown, here, near, today)
    asked = {"q": text, "window": window, "warned": "1" if warned else ""}
    return ask.page(
        "person/people.html",
        rows=rows,
        count=len(chosen),
        page=page,
        pages=pages,
        address=f"/people?{urlencode({k: v for k, v in asked.items() if v})}&",
        asked=asked,
        windows=sorted({p.window for p in here.values() if p.window}),
        month=period_of(today, "month"),
        near=near_words,
    )


def warnings(ask: Ask, work: Work, today: Day) -> dict[str, list[Near]]:
    """By person who is near something this month, quarter or year, or has come to it."""
    pack = ask.hall.pack
    found = by_facts(pack, work.own.facts(months_of(period_of(today, "year")), "person"), "person", today)
    if pack.conversions:
        days = days_of_month(period_of(today, "month"))
        rows: dict[str, list[Violation]] = {}
        for v in work.months.violations(days[0], days[-1]):
            rows.setdefault(v.person, []).append(v)
        for person, mine in rows.items():
            found.setdefault(person, []).extend(by_conversions(pack, mine, today))
    near = {person: [n for n in in_order(rows) if n.level != "far"] for person, rows in found.items()}
    return {person: rows for person, rows in near.items() if rows and ask.reach.person(person)}


def lines_of(
    ask: Ask, work: Work, shown: list[str], here: dict[str, Posting], near: dict[str, list[Near]], today: Day
) -> list[Line]:
    """The lines of those shown."""
    month = period_of(today, "month")
    first, last = days_of_month(month)[0], days_of_month(month)[-1]
    tallies = {t.person: t for t in work.own.tallies([month], shown)}
    points: dict[str, Decimal] = {}
    for e in work.own.entries(first, last, shown, ()):
        points[e.account_id] = points.get(e.account_id, Decimal(0)) + e.points
    unknown: dict[str, int] = {}
    for _day, person, _verdict in work.own.unknown(shown, first, last, ask.now):
        unknown[person] = unknown.get(person, 0) + 1
    return [
        Line(
            id, ask.known.name(id), here.get(id) or ask.known.posting(id, today), tallies.get(id),
            points.get(id, Decimal(0)), unknown.get(id, 0), near.get(id, []),
        )
        for id in shown
    ]  # fmt: skip
