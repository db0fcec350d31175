"""Settling a hall's year: ours beside a bare bisect over the same punches, which finds the nearest and says no more."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from time import perf_counter

from punchsync.core.moment import Day, Moment, parse_day, start_of
from punchsync.core.records import Case, Posting, Punch, Read, Terminal
from punchsync.core.settle import settle
from punchsync.core.timetable import Timetables
from punchsync.intake.notices import published
from punchsync.packs.load import load, shipped

PEOPLE = 100
FIRST, LAST = parse_day("2025-01-01"), parse_day("2025-12-31")
MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]


def hall() -> tuple[Case, dict[tuple[str, Day], list[Moment]]]:
    """A year of a hall with forgotten and late punches and doubles, and its due times by person and day."""
    chance = random.Random(1)
    postings = tuple(Posting(f"P{i}", "", "", f"W{i % 20}", "staff", str(i), (), FIRST) for i in range(PEOPLE))
    calendar = published()
    timetables = Timetables(Case(postings=postings, calendar=calendar), load(shipped()["yihuang"]).pack)
    punches: list[Punch] = []
    dues: dict[tuple[str, Day], list[Moment]] = {}
    for day in range(FIRST, LAST + 1):
        plan = timetables.of("P0", day)
        for i in range(PEOPLE if plan else 0):
            dues[f"P{i}", day] = [c.due for c in plan.checkpoints] if plan else []
            for point in plan.checkpoints if plan else ():
                luck = chance.random()
                if luck < 0.01:
                    continue
                off = chance.randint(-600, 300) if point.kind == "in" else chance.randint(-300, 900)
                if luck < 0.03:
                    off += 900 if point.kind == "in" else -900
                punches.append(Punch("T1", str(i), point.due + off))
                if luck > 0.95:
                    punches.append(Punch("T1", str(i), point.due + off + 3))
    times = [p.at for p in punches]
    read = Read("T1", 1, ((1, len(punches)),), min(times), max(times), (1,), start_of(LAST + 2))
    case = Case(postings, terminals=(Terminal("T1"),), reads=(read,), punches=tuple(punches), calendar=calendar)
    return case, dues


def measure() -> Iterator[tuple[str, float]]:
    """Seconds of each way, by name."""
    case, dues = hall()
    pack = load(shipped()["yihuang"]).pack
    begin = perf_counter()
    rows: dict[tuple[str, Day], list[Moment]] = defaultdict(list)
    for _terminal, device_user_id, at in case.punches:
        rows[f"P{device_user_id}", at // 86_400].append(at)
    nearest = 0
    for key, due in dues.items():
        times = sorted(rows[key])
        for moment in due:
            n = bisect_left(times, moment)
            nearest += min((abs(t - moment) for t in times[max(0, n - 1) : n + 1]), default=0)
    yield "bare bisect", perf_counter() - begin
    begin = perf_counter()
    results, _bench = settle(case, pack, MONTHS, start_of(LAST + 2))
    yield f"ours: settle {PEOPLE * 365} person-days", perf_counter() - begin
    assert sum(len(r.verdicts) for r in results) == sum(map(len, dues.values()))
