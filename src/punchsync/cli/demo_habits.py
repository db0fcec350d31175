"""When people punch: a crowd at about 08:25, and now and then somebody late, early, forgetful or punching twice.

Every person's day has its own random numbers, so that a demonstration of three days begins as one of ten does.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from punchsync.cli.demo_hall import PEOPLE, STRAY_NUMBER, STRAYED, Person
from punchsync.core.moment import Day, Moment, parse_clock, start_of

SEED = 20261026

STAGED: dict[tuple[int, str], str] = {
    (1, "甲二"): "08:22:41 12:01:09 14:19:30 17:20:00",  # 600 s early
    (1, "甲三"): "08:39:59 12:02:11 14:21:05 17:31:20",  # 599 s late
    (1, "乙三"): "08:40:00 12:03:40 14:18:26 17:33:02",  # 600 s late
    (1, "乙四"): "08:24:12 12:00:48 14:22:37 17:20:01",  # 599 s early
    (1, "丙三"): "08:24:50 08:24:53 08:24:53 12:04:10 14:20:00 17:35:44",  # three times over
    (1, "丁二"): "08:21:33 14:18:06 17:34:15",  # forgot 12:00
    (2, "甲四"): "08:23:18 12:03:26 14:20:51 17:32:37",
    (2, "丙二"): "14:19:12 17:31:45",  # leave in the morning, signed by all
    (2, "丙四"): "14:21:27 17:30:58",  # leave in the morning, one signature short
    (3, "甲二"): "08:23:02 12:01:37 14:20:44 17:31:16",
    (3, "甲四"): "08:25:07 12:02:49 14:17:22 17:34:08",
    (3, "乙二"): "08:26:35 12:05:13 14:21:58 17:32:29",
    (4, "戊二"): "12:02:20 14:22:10 17:35:31",  # forgot 08:30
    (5, "己二"): "08:47:30 12:01:52 14:20:17 17:33:46",  # late
}
"""What the story tells of, by number of the day and name; nobody else's day matters to it."""


class Tap(NamedTuple):
    """One punch: when, where, under which number."""

    at: Moment
    terminal: str
    number: str


def taps(number: int, day: Day) -> list[Tap]:
    """Everybody's punches on the hall's `number`th working day, in time order."""
    out: list[Tap] = []
    for person in PEOPLE:
        staged = STAGED.get((number, person.name))
        seconds = [parse_clock(c) for c in staged.split()] if staged else habit(person, number)
        strayed = person.name == STRAYED and number >= 2
        used = STRAY_NUMBER if strayed else person.number
        out += [Tap(start_of(day) + s, person.window.terminal, used) for s in seconds]
    return sorted(out)


def habit(person: Person, number: int) -> list[int]:
    """A person's day by chance, as seconds of the day."""
    chance = Random(f"{SEED}/{number}/{person.id}")
    times = [
        within(chance.gauss(0, 110) + parse_clock("08:25"), "08:12", "08:33"),
        within(chance.expovariate(1 / 180) + parse_clock("12:00:20"), "12:00", "12:15"),
        within(chance.gauss(0, 150) + parse_clock("14:20"), "14:05", "14:36"),
        within(chance.expovariate(1 / 300) + parse_clock("17:30:20"), "17:30", "18:10"),
    ]
    mishap = chance.random()
    if mishap < 0.02:
        times[0] = chance.randint(parse_clock("08:40"), parse_clock("09:02"))
    elif mishap < 0.03:
        times[3] = chance.randint(parse_clock("17:05"), parse_clock("17:19"))
    elif mishap < 0.042:
        del times[chance.randrange(4)]
    elif mishap < 0.1:
        place = chance.randrange(4)
        times.insert(place + 1, times[place] + chance.randint(2, 9))
    return times


def within(second: float, first: str, last: str) -> int:
    """A second of the day, cut to a stretch of it."""
    return int(min(max(second, parse_clock(first)), parse_clock(last)))


def rush(day: list[Tap]) -> tuple[int, int]:
    """How many of a day's punches fall between 08:20 and 08:30, and how many into the fullest minute of it."""
    minutes = [t.at % 86_400 // 60 for t in day]
    crowd = [m for m in minutes if parse_clock("08:20") // 60 <= m < parse_clock("08:30") // 60]
    return len(crowd), max(map(crowd.count, crowd), default=0)
