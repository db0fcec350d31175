"""A person's day: drawn on a time line, as a table, and explained down to the raw bytes and the article."""

from __future__ import annotations

from fastapi import Response

from punchsync.core.bench import NONE
from punchsync.core.moment import Day
from punchsync.core.period import period_of
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.drawn.days import DayView, days_of
from punchsync.desk.drawn.shapes import axis_of, strip
from punchsync.desk.pages.person import day_needed, stood
from punchsync.desk.room import Room
from punchsync.desk.segment import unsegment
from punchsync.operations.explain import NothingThere, explain_day
from punchsync.operations.own_punches import bench_with
from punchsync.publish.explanation import of_day

room = Room()


@room.get("/person/{id}/{date}", Right.PERSON_SEE, "person day")
def day(ask: Ask) -> Response:
    """The page."""
    id, date = ask.person(unsegment(ask.path("id"))), day_needed(ask.path("date"))
    ask.about["date"] = ask.path("date")
    names = ask.desk.references
    try:
        explained = explain_day(ask.hall, id, date, names, ask.known.bench)
    except NothingThere:
        raise Missing(id) from None
    view = view_of(ask, id, date)
    axis = axis_of([view])
    with ask.hall.store.reading() as work:
        windows = sorted({v.window for v in view.violations if v.window})
        entries = work.own.entries(date, date, [id], windows)
    return ask.page(
        "person/day.html",
        id=id,
        name=ask.known.name(id),
        view=view,
        axis=axis,
        strip=strip(view, axis, ask.now, words=True),
        stood=stood(ask, view.violations, entries),
        paper=of_day(explained),
        month=period_of(date, "month"),
        now=ask.now,
    )


def view_of(ask: Ask, person: str, date: Day) -> DayView:
    """A person's day as settled, with all of his punches."""
    with ask.hall.store.reading() as work:
        bench = bench_with(work, ask.known.bench, [person], date, date)
        verdicts = work.own.verdicts([person], date, date)
        violations = work.own.violations(date, date, person=person)
        punches = bench.punches.get(person, NONE)
        [view] = days_of(bench, person, [date], verdicts, violations, punches, ask.now)
        return view
