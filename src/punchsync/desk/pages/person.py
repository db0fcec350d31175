"""A person's month: how near to what, a calendar, each day on a time line, totals, and what stands with its article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from fastapi import Response

from punchsync.core.article import cited
from punchsync.core.bench import NONE, Bench
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, day_of, parse_day, weekday
from punchsync.core.nearness import Near, by_conversions, by_facts, by_leave, by_runs, by_stars, in_order
from punchsync.core.period import days_of_month, months_of, period_of, span_of
from punchsync.core.score import Score
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation
from punchsync.core.wanted import violation_of
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask, Missing
from punchsync.desk.drawn import near_words
from punchsync.desk.drawn.days import DayView, days_of
from punchsync.desk.drawn.shapes import axis_of, strip
from punchsync.desk.room import Room
from punchsync.desk.segment import unsegment
from punchsync.operations.own_punches import bench_with
from punchsync.operations.ports import Work

room = Room()
FIRST_MONTH: Final = "1900-01"
LAST_MONTH: Final = "9998-12"


class Stands(NamedTuple):
    """A standing violation with its rule and article, and the points that it cost by account."""

    violation: Violation
    rule: str
    article: str
    points: list[tuple[str, str, Decimal]]


def month_asked(ask: Ask) -> str:
    """The month of the address; this one where it names none."""
    text = ask.query("month")
    try:
        good = period_of(parse_day(f"{text}-01"), "month") == text and FIRST_MONTH <= text <= LAST_MONTH
    except ValueError:
        good = False
    return text if good else period_of(ask.today, "month")


def beside(month: str, by: int) -> str:
    """The month before or after one."""
    days = days_of_month(month)
    return period_of(days[-1] + 1 if by > 0 else days[0] - 1, "month")


@room.get("/person/{id}", Right.PERSON_SEE, "person")
def person(ask: Ask) -> Response:
    """The page."""
    id, month = ask.person(unsegment(ask.path("id"))), month_asked(ask)
    ask.about["month"] = month
    days, year = days_of_month(month), months_of(month[:4])
    posting = ask.known.posting(id, days[-1])
    with ask.hall.store.reading() as work:
        bench = bench_with(work, ask.known.bench, [id], days[0], days[-1])
        verdicts = list(work.own.verdicts([id], days[0], days[-1]))
        violations = work.own.violations(days[0], days[-1], person=id)
        tallies = work.own.tallies(year, [id])
        scores = work.own.scores("person", id)
        windows = sorted({v.window for v in violations if v.window})
        entries = work.own.entries(days[0], days[-1], [id], windows)
        now = ask.now
        views = days_of(bench, id, days, verdicts, violations, bench.punches.get(id, NONE), now)
        warned = list(nearest(ask, work, bench, id, month, violations, views, scores))
    axis = axis_of(views)
    return ask.page(
        "person/person.html",
        id=id,
        name=ask.known.name(id),
        posting=posting,
        month=month,
        before=beside(month, -1),
        after=beside(month, 1),
        warned=in_order(warned),
        near=near_words,
        weeks=weeks(views),
        views=[v for v in views if v.plan or v.verdicts or v.violations or v.punches],
        strips={v.day: strip(v, axis, now) for v in views},
        axis=axis,
        now=now,
        stood=stood(ask, violations, entries),
        tally=next((t for t in tallies if t.month == month), None),
        total=total(tallies),
        scores=[s for s in scores if touches(s.period, month)],
        unknown=[sum(x.verdict == code for v in views for x in v.unsure) for code in ("pending", "unverified")],
        day_of=day_of,
    )


def nearest(
    ask: Ask,
    work: Work,
    bench: Bench,
    person: str,
    month: str,
    violations: Sequence[Violation],
    views: Sequence[DayView],
    scores: Iterable[Score],
) -> Iterator[Near]:
    """How near a person is to all that the pack does at a count, as of the month shown."""
    pack = ask.hall.pack
    day = min(days_of_month(month)[-1], ask.today)
    if month > period_of(ask.today, "month"):
        return
    facts = work.own.facts(months_of(month[:4]), "person", person)
    yield from by_facts(pack, (f for f in facts if f.month <= month), "person", day).get(person, [])
    yield from by_conversions(pack, violations, day)
    yield from by_runs(pack, violations, [s for v in views for s in v.sessions], month)
    yield from by_leave(pack, bench.excuses, person, day)
    yield from by_stars(pack, scores, "person", day)


def stood(ask: Ask, violations: Iterable[Violation], entries: Iterable[Entry]) -> list[Stands]:
    """Violations with what they cost: what was booked for each and stands, by account."""
    points: dict[str, dict[tuple[str, str], Decimal]] = {}
    for e in entries:
        mine = points.setdefault(violation_of(e.cause), {})
        place = (e.account_type, e.category)
        mine[place] = mine.get(place, Decimal(0)) + e.points
    return [
        Stands(v, *cited(v, ask.hall.pack), [(*at, p) for at, p in sorted(points.get(v.id, {}).items()) if p])
        for v in violations
    ]


def total(tallies: Iterable[Tally]) -> Tally | None:
    """Some months of a person in numbers, added up."""
    rows = list(tallies)
    if not rows:
        return None
    sums = (sum(column) for column in zip(*(t[2:] for t in rows), strict=True))
    return Tally(rows[0].month[:4], rows[0].person, *sums)


def touches(period: str, month: str) -> bool:
    """Whether a period has a month in it."""
    first, last = span_of(period)
    return first <= days_of_month(month)[0] <= last


def weeks(views: Sequence[DayView]) -> list[list[DayView | None]]:
    """A month as rows of seven, Monday first."""
    cells: list[DayView | None] = [None] * weekday(views[0].day) + list(views)
    cells += [None] * (-len(cells) % 7)
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def day_asked(text: str) -> Day | None:
    """A day as an address writes it; None for anything else."""
    try:
        day = parse_day(text)
    except ValueError:
        return None
    return day if FIRST_MONTH <= period_of(day, "month") <= LAST_MONTH else None


def day_needed(text: str) -> Day:
    """The same; raises Missing."""
    day = day_asked(text)
    if day is None:
        raise Missing(text)
    return day
