"""Judging a million person-days: ours beside a bare bisect over the same punches, which finds the nearest, no more."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from time import perf_counter
from typing import NamedTuple

from punchsync.core.moment import Day, Moment, parse_day, start_of
from punchsync.core.records import Bound, Case, Leave, Posting, Punch, Read, Terminal
from punchsync.core.rules import Pack
from punchsync.core.settle import settle
from punchsync.core.timetable import Timetables
from punchsync.intake.notices import published
from punchsync.packs.load import load
from punchsync.packs.shelf import shipped

PEOPLE = 120
FIRST, LAST = parse_day("2025-01-01"), parse_day("2025-12-31")
MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]
PACKS = ("yihuang", "tianyang", "changxing")
"""The packs with the most rules: conversions; stand-ins, runs and outcomes; charges per item of a quarter."""


class Year(NamedTuple):
    """A hall's year, and its due times by person and day."""

    case: Case
    dues: dict[tuple[str, Day], list[Moment]]


class Measured(NamedTuple):
    """Person-days with a timetable that were judged, and the seconds of each way."""

    pack: str
    person_days: int
    bisect: float
    ours: float


def hall(pack: Pack, seed: int) -> Year:
    """A year of a hall: of a hundred checkpoints one missed, two late or early, five punched twice; some leave."""
    chance = random.Random(seed)
    postings = tuple(
        Posting(f"P{i}", "", "", f"W{i % 20}", "staff", str(i), (f"P{i - 20}",) if i >= 20 else (), FIRST)
        for i in range(PEOPLE)
    )
    calendar = published()
    timetables = Timetables(Case(postings=postings, calendar=calendar), pack)
    punches: list[Punch] = []
    leaves: list[Leave] = []
    dues: dict[tuple[str, Day], list[Moment]] = {}
    rule = pack.punctual(FIRST)
    for day in range(FIRST, LAST + 1):
        plan = timetables.of("P0", day)
        for i in range(PEOPLE if plan else 0):
            dues[f"P{i}", day] = [c.due for c in plan.checkpoints] if plan else []
            if plan and chance.random() < 0.01:
                start, end = Bound(plan.sessions[0].start), Bound(plan.sessions[0].end)
                granted = frozenset({"window_lead", "inspection"})
                leaves.append(
                    Leave(f"L{len(leaves)}", f"P{i}", "personal", start, end, None, start.moment - 1, False, granted)
                )
            for point in plan.checkpoints if plan else ():
                luck = chance.random()
                if luck < 0.01:
                    continue
                before, after = chance.randint(0, 900), chance.randint(0, 900)
                off = -before if point.kind == "in" else after
                if luck < 0.03:
                    off = rule.late + after if point.kind == "in" else -rule.early - before
                punches.append(Punch("T1", str(i), point.due + off))
                if luck > 0.95:
                    punches.append(Punch("T1", str(i), point.due + off + 3))
    times = [p.at for p in punches]
    read = Read("T1", 1, ((1, len(punches)),), min(times), max(times), (1,), start_of(LAST + 2))
    case = Case(
        postings,
        leaves=tuple(leaves),
        terminals=(Terminal("T1"),),
        reads=(read,),
        punches=tuple(punches),
        calendar=calendar,
    )
    return Year(case, dues)


def bare(year: Year) -> float:
    """Seconds to find the punch nearest to each due time."""
    begin = perf_counter()
    rows: dict[tuple[str, Day], list[Moment]] = defaultdict(list)
    for _terminal, device_user_id, at in year.case.punches:
        rows[f"P{device_user_id}", at // 86_400].append(at)
    nearest = 0
    for key, due in year.dues.items():
        times = sorted(rows[key])
        for moment in due:
            n = bisect_left(times, moment)
            nearest += min((abs(t - moment) for t in times[max(0, n - 1) : n + 1]), default=0)
    return perf_counter() - begin


def ours(year: Year, pack: Pack) -> float:
    """Seconds to judge and charge the year."""
    begin = perf_counter()
    results, _bench = settle(year.case, pack, MONTHS, start_of(LAST + 2))
    seconds = perf_counter() - begin
    if sum(len(r.verdicts) for r in results) != sum(map(len, year.dues.values())):
        raise AssertionError("not every checkpoint was judged")
    return seconds


def measure(person_days: int = 1_000_000) -> Iterator[Measured]:
    """For each of the packs with the most rules, hall-years in one process until so many person-days were judged."""
    for name in PACKS:
        pack = load(shipped()[name]).pack
        done, seed, sums = 0, 0, [0.0, 0.0]
        while done < person_days:
            year = hall(pack, seed)
            sums[0] += bare(year)
            sums[1] += ours(year, pack)
            done += len(year.dues)
            seed += 1
        yield Measured(name, done, *sums)
