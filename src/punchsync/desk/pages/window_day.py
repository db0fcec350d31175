"""A window's day: how many of its people were there at each time, as far as that is known."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import Response

from punchsync.core.bench import NONE, Bench
from punchsync.core.intervals import Interval, touches
from punchsync.core.moment import Day, start_of
from punchsync.core.period import period_of
from punchsync.core.records import Incident, StandIn
from punchsync.core.staffing import Level, Stay, elsewhere, levels, only, stays
from punchsync.core.violations import Violation
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.drawn.days import DayView, days_of
from punchsync.desk.drawn.shapes import Axis, Band, Bar, axis_of, chart, stretches
from punchsync.desk.pages.person import day_needed
from punchsync.desk.room import Room
from punchsync.desk.segment import unsegment
from punchsync.operations.own_punches import bench_with

room = Room()


class Line(NamedTuple):
    """A person's day at the window: whether he stands in there, his stretches, drawn, and the day itself."""

    person: str
    name: str
    standin: bool
    rows: list[Stay]
    bands: list[Band]
    view: DayView


class Coverage(NamedTuple):
    """A window's day: its hours, the people in it, the levels and their chart, and what was noted of it."""

    day: Day
    axis: Axis
    lines: list[Line]
    levels: list[Level]
    bars: list[Bar]
    most: int
    incidents: list[Incident]
    standins: list[tuple[StandIn, Interval]]
    violations: list[Violation]

    def worst(self, state: str) -> list[Level]:
        """The levels in one state."""
        return [x for x in self.levels if x.state == state]


@room.get("/window/{name}/{date}", Right.WINDOW_SEE, "window day")
def day(ask: Ask) -> Response:
    """The page."""
    name, date = ask.window(unsegment(ask.path("name"))), day_needed(ask.path("date"))
    ask.about["date"] = ask.path("date")
    cover = coverage(ask, name, date)
    return ask.page(
        "window/day.html",
        name=name,
        unit=ask.known.windows[name],
        cover=cover,
        own=[v for v in cover.violations if not v.person],
        date=date,
        month=period_of(date, "month"),
        now=ask.now,
    )


def coverage(ask: Ask, name: str, date: Day) -> Coverage:
    """Who was at a window on a day, up to now."""
    bare, now = ask.known.bench, ask.now
    posted = {p.person for p in bare.timetables.posted(date) if p.window == name}
    begin, end = start_of(date), start_of(date + 1)
    rows = [(row, span) for row, span in standins_of(bare, begin, end) if posted & {row.absent, row.standin}]
    helpers = {row.standin for row, _span in rows if row.absent in posted} - posted
    settled = ask.known.settled
    with ask.hall.store.reading() as work:
        bench = bench_with(work, bare, posted | helpers, date, date)
        verdicts = list(work.own.verdicts(posted | helpers, date, date))
        stand = work.months.violations(date, date)
    lines: list[Line] = []
    for person in (*sorted(posted), *sorted(helpers)):
        [view] = days_of(bench, person, [date], verdicts, stand, bench.punches.get(person, NONE), now)
        mine = whereabouts(view, min(now, end), settled)
        there = [span for row, span in rows if row.standin == person]
        if person in posted:
            mine = elsewhere(mine, [s for row, s in rows if row.standin == person and row.absent not in posted])
        else:
            mine = only(mine, there)
        lines.append(Line(person, ask.known.name(person), person in helpers, mine, [], view))
    axis = axis_of([line.view for line in lines])
    found = levels(line.rows for line in lines)
    most = max((x.present + x.unknown + x.away + x.out for x in found), default=0)
    noted = [i for i in bare.case.incidents if i.window == name and begin <= i.at < end]
    drawn = [line._replace(bands=stretches(line.rows, date, axis)) for line in lines]
    its = [v for v in stand if v.window == name]
    return Coverage(date, axis, drawn, found, chart(found, date, axis, most), most, noted, rows, its)


def whereabouts(view: DayView, until: int, settled: int | None) -> list[Stay]:
    """A person's stretches of a day, as far as it was settled."""
    if view.plan is None:
        return []
    seen = min(view.seen, settled if settled is not None else view.seen)
    return stays(view.plan, view.left, view.verdicts, seen, until)


def standins_of(bench: Bench, begin: int, end: int) -> list[tuple[StandIn, Interval]]:
    """The stand-in rows that touch a stretch, each with its time."""
    found = []
    for row in bench.case.standins:
        if row.start.moment < end and row.end.moment + 86_400 > begin:
            span = bench.excuses.bounds(row.absent, row.start, row.end)
            if touches([span], begin, end):
                found.append((row, span))
    return found
