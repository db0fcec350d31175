"""A window's month: its people day by day, what stands against it with its article, points, rank, and who stood in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fastapi import Response

from punchsync.core.moment import Day, start_of
from punchsync.core.nearness import Near, by_facts, by_runs, by_stars, in_order
from punchsync.core.period import days_of_month, months_of, period_of
from punchsync.core.score import Score
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.drawn import near_words
from punchsync.desk.drawn.days import DayView, days_of
from punchsync.desk.pages.person import beside, month_asked, stood, touches
from punchsync.desk.pages.today_now import surveyed
from punchsync.desk.pages.today_words import shown
from punchsync.desk.pages.window_day import coverage, standins_of
from punchsync.desk.room import Room
from punchsync.desk.segment import unsegment
from punchsync.operations.ports import Work

room = Room()


class Line(NamedTuple):
    """A person of the window in a month: his days there, his month in numbers, and whether he may be looked at."""

    person: str
    name: str
    reach: bool
    views: list[DayView | None]
    cells: list[tuple[str, str, str]]  # of each day the look, the shape and the words of its marks
    tally: Tally | None


@room.get("/window/{name}", Right.WINDOW_SEE, "window")
def window(ask: Ask) -> Response:
    """The page."""
    name, month = ask.window(unsegment(ask.path("name"))), month_asked(ask)
    ask.about["month"] = month
    days, this = days_of_month(month), period_of(ask.today, "month")
    with ask.hall.store.reading() as work:
        violations = work.own.violations(days[0], days[-1], window=name)
        lines = people_of(ask, work, name, days, violations)
        people = {line.person for line in lines}
        entries = work.own.entries(days[0], days[-1], people, [name])
        scores = work.own.scores("window", name)
        periods = [period_of(days[0], kind) for kind in ("month", "quarter", "year")]
        ranks = work.own.ranks("window", name, periods)
        survey = surveyed(ask, work, ask.known, ask.now).windows if month == this else []
        near = list(nearest(ask, work, name, month, violations, lines, scores)) if month <= this else []
    bench, end = ask.known.bench, start_of(days[-1] + 1)
    today = [w for w in survey if w.window == name]
    here = [p for w in today for p in w.people if ask.reach.person(p.person)]
    return ask.page(
        "window/window.html",
        name=name,
        unit=ask.known.windows[name],
        month=month,
        before=beside(month, -1),
        after=beside(month, 1),
        days=days,
        crew=lines,
        stood=[s for s in stood(ask, violations, entries) if not s.violation.person or s.violation.person in people],
        scores=[s for s in scores if touches(s.period, month)],
        ranks=ranks,
        near=near_words,
        warned=in_order(near),
        now=ask.now,
        present=[shown(p, bench, ask.known.people, ask.now) for p in here],
        state=today[0].state if today else "",
        cover=coverage(ask, name, ask.today) if month == this else None,
        standins=[
            (row, span) for row, span in standins_of(bench, start_of(days[0]), end) if row.absent in people
        ],
    )  # fmt: skip


def people_of(ask: Ask, work: Work, name: str, days: range, violations: Iterable[Violation]) -> list[Line]:
    """Who is posted to a window in a month, with each day there; of those out of reach only that they were there."""
    bench, rows = ask.known.bench, list(violations)
    posted = sorted(
        {p.person for p in bench.case.postings if p.window == name and p.first <= days[-1] and p.last >= days[0]}
    )
    reached = [p for p in posted if ask.reach.person(p)]
    verdicts = list(work.own.verdicts(reached, days[0], days[-1]))
    tallies = {t.person: t for t in work.own.tallies([period_of(days[0], "month")], reached)}
    out: list[Line] = []
    for person in posted:
        views: list[DayView | None] = []
        if person in reached:
            mine = [v for v in verdicts if v.person == person]
            found = days_of(bench, person, days, mine, rows, now=ask.now, why=False)
            views = [v if v.posting is not None and v.posting.window == name else None for v in found]
        cells = [cell(v) for v in views]
        out.append(Line(person, ask.known.name(person), person in reached, views, cells, tallies.get(person)))
    return out


def cell(view: DayView | None) -> tuple[str, str, str]:
    """A day in the table: the look and shape of its gravest mark, and the words of all."""
    marks = view.marks if view is not None else ()
    return (marks[0].look, marks[0].sign, "、".join(m.word for m in marks)) if marks else ("", "", "")


def nearest(
    ask: Ask,
    work: Work,
    name: str,
    month: str,
    violations: Iterable[Violation],
    lines: Iterable[Line],
    scores: Iterable[Score],
) -> Iterator[Near]:
    """How near a window is to what the pack does at a count, as of the month shown."""
    pack, rows = ask.hall.pack, list(violations)
    day: Day = min(days_of_month(month)[-1], ask.today)
    facts = work.own.facts(months_of(month[:4]), "window", name)
    yield from by_facts(pack, (f for f in facts if f.month <= month), "window", day).get(name, [])
    yield from by_stars(pack, scores, "window", day)
    for line in lines:
        mine = [v for v in rows if v.person == line.person]
        yield from by_runs(pack, mine, [s for v in line.views if v for s in v.sessions], month, "window")
