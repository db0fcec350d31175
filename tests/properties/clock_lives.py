"""Random lives of a terminal: people who are always on time, a clock that drifts, jumps and fails, reads and files.

Between two looks at it the clock is moved once at most, as nobody can see what is set there and back between them; and
in the end it is looked at: a file alone says nothing of the clock that wrote it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from punchsync.core.moment import DAY, HOUR, Moment, parse_day, weekday
from punchsync.core.reading import Defect, Reading, Row, Sample

FIRST, LAST = parse_day("2026-10-26"), parse_day("2026-11-06")
PEOPLE = ("1", "2")
USUAL = (8 * HOUR + 1_500, 12 * HOUR + 300, 14 * HOUR + 1_500, 17 * HOUR + 2_100)
"""Five minutes before or after each checkpoint of the winter timetable."""
FAR = (-20 * DAY, -DAY, -HOUR, HOUR, DAY, 20 * DAY)


class Act(NamedTuple):
    """Something that comes to the store: when, and a reading; of a tail, which act it continues."""

    at: Moment
    reading: Reading
    after: int | None = None


def life(chance: random.Random) -> list[Act]:
    """What a terminal's life brings to the store, in order."""
    clock = Clock(chance)
    log: list[Row | Defect] = []
    acts: list[Act] = []
    base: tuple[int, int] | None = None
    last = FIRST * DAY
    reads = moments(chance)
    for began in reads:
        filed, silent = (chance.random() < share and began != reads[-1] for share in (0.15, 0.1))
        moved = chance.randint(last, began)
        before, after = clock.offset, clock.offset if filed or silent else clock.move()
        for at, user in punches(last, began):
            shown = at + (after if at >= moved else before)
            log.append(written(chance, len(log), user, shown, last, began))
        if filed:
            rows = tuple(r for r in log if isinstance(r, Row))
            acts.append(
                Act(began, Reading("T1", "file", "f", f"f{len(acts)}", rows[chance.choice([0, len(rows) // 2]) :]))
            )
        else:
            tail = base is not None and chance.random() < 0.5
            held = base[1] if tail and base else 0
            offset = None if silent else after
            acts.append(Act(began, live(log[held:], began, offset, len(log), tail), base[0] if tail and base else None))
            base = (len(acts) - 1, len(log))
        last = began
    return acts


class Clock:
    """A clock that mostly goes right, and is moved now and then: by little, by much, or far."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.offset = 0

    def move(self) -> int:
        """The offset after it may have been moved once."""
        kind = self._chance.random()
        if kind < 0.3:
            self.offset = 0
        elif kind < 0.45:
            self.offset += self._chance.randint(-40, 40)
        elif kind < 0.6:
            self.offset = self._chance.randint(-590, 590)
        elif kind < 0.7:
            self.offset = self._chance.choice(FAR)
        return self.offset


def moments(chance: random.Random) -> list[Moment]:
    """When the terminal is read, or its log taken to a file."""
    out = [FIRST * DAY + 7 * HOUR]
    while out[-1] < (LAST + 1) * DAY + 7 * HOUR:
        out.append(out[-1] + chance.choice([2 * HOUR, 5 * HOUR, DAY, DAY, 3 * DAY]) + chance.randint(0, 4_000))
    return out


def punches(first: Moment, last: Moment) -> list[tuple[Moment, str]]:
    """Everybody's punches after `first`, up to `last`: on time, every working day."""
    days = [day for day in range(FIRST, LAST + 1) if weekday(day) < 5]
    made = [(day * DAY + at + 7 * n, user) for day in days for at in USUAL for n, user in enumerate(PEOPLE)]
    return [(at, user) for at, user in sorted(made) if first < at <= last]


def written(chance: random.Random, n: int, user: str, at: Moment, last: Moment, began: Moment) -> Row | Defect:
    """A record as the terminal's reader finds it."""
    raw = f"{user}@{at}#{n}".encode()
    if at > began + 600:
        return Defect(n, raw, "future", (user,), last, began)
    if chance.random() < 0.03:
        return Defect(n, raw, "impossible_date", (user,), last, began)
    return Row(n, raw, user, at, "1", "0")


def live(log: Sequence[Row | Defect], began: Moment, offset: int | None, held: int, tail: bool) -> Reading:
    """A live read of a log, or of its end."""
    rows = tuple(r for r in log if isinstance(r, Row))
    defects = tuple(d for d in log if isinstance(d, Defect))
    return Reading(
        "T1", "tcp", "a", f"d{began}", rows, defects, began, serial="S1", clock_offset=offset, layout="40", held=held,
        samples=(Sample(began, offset), Sample(began + 1, offset)), plan="tail" if tail else "full",
    )  # fmt: skip
