"""Every window within reach, and what its month comes to."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from fastapi import Response

from punchsync.core.outcome import Rank
from punchsync.core.period import days_of_month, period_of
from punchsync.desk.access.rights import Right
from punchsync.desk.ask import Ask
from punchsync.desk.pages.person import beside, month_asked
from punchsync.desk.room import Room

room = Room()


class Line(NamedTuple):
    """A window's line: its people today, what stands this month, points, rank and times that it stood empty."""

    window: str
    unit: str
    people: int
    occurrences: int
    empty: int
    points: Decimal
    rank: Rank | None


@room.get("/windows", Right.WINDOW_SEE)
def windows(ask: Ask) -> Response:
    """The list."""
    month = month_asked(ask)
    days = days_of_month(month)
    names = sorted(w for w in ask.known.windows if w and ask.reach.window(w))
    people = Counter(p.window for p in ask.known.bench.timetables.posted(min(days[-1], ask.today)))
    with ask.hall.store.reading() as work:
        stands = work.months.violations(days[0], days[-1])
        points: dict[str, Decimal] = {}
        for score in work.own.points(month, "window"):
            points[score.account_id] = points.get(score.account_id, Decimal(0)) + score.points
        ranks = {r.subject_id: r for r in reversed(work.concluded.ranks(month)) if r.subject_type == "window"}
    count = Counter(v.window for v in stands)
    empty = Counter(v.window for v in stands if v.kind == "window_empty")
    unit = ask.known.windows
    return ask.page(
        "window/windows.html",
        rows=[Line(w, unit[w], people[w], count[w], empty[w], points.get(w, Decimal(0)), ranks.get(w)) for w in names],
        month=month,
        before=beside(month, -1),
        after=beside(month, 1),
        this=period_of(ask.today, "month"),
    )
