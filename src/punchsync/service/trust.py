"""Whether our own clock may be believed: it was stepped, or the terminals agree that it is wrong. Pure.

A clock that is wrong charges people for days that have not been, or are read no further than it says; so while it is in
doubt nothing is settled, published, erased or set by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as midnight
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from punchsync.core.moment import DAY, Moment, day_of, to_date
from punchsync.core.reading import Reading

STEP: Final = 60
"""Seconds that our clock may part from the time since the machine was started: more is a step."""
OFF: Final = 600
"""Seconds that terminals may be off without speaking against our clock."""
APART: Final = 60
"""Seconds within which terminals agree with each other."""

AGREES, AGAINST, SPLIT, SILENT = "agrees", "against", "split", "silent"


class Line(NamedTuple):
    """Where our clock was believed: an instant, and how long the machine had been running (sleep included) then."""

    instant: float
    boot: float


class Vote(NamedTuple):
    """What a round of reads says of our clock; `offset` is that of the terminals against it, in seconds."""

    kind: str
    offset: int = 0


class Trust(NamedTuple):
    """What is known of our clock.

    `agreed`: a round of reads agreed with it, and it was not stepped since; `heard`: some terminal was read since it
    was last in doubt. `strayed` is by how many seconds it left its line, found at `since`; `against` how far the
    terminals are from it that agree with each other; `behind` by how much it is before the last settle.
    """

    agreed: bool = False
    heard: bool = False
    strayed: int = 0
    since: float = 0.0
    against: int = 0
    behind: int = 0

    @property
    def doubt(self) -> str:
        """Why it is in doubt, "" if it is not."""
        return "terminals" if self.against else "stepped" if self.strayed else "behind" if self.behind else ""

    @property
    def off(self) -> int:
        """By how many seconds it is wrong, as far as known: more than it should be, or less."""
        return -self.against or self.strayed or -self.behind

    @property
    def ahead(self) -> int:
        """By how many seconds it may be ahead."""
        return max(-self.against, self.strayed, 0)


def instants(moment: Moment, zone: ZoneInfo) -> tuple[float, ...]:
    """The instants at which a zone's clocks show a moment: two in the hour that is repeated when summer ends."""
    local = datetime.combine(to_date(day_of(moment)), midnight()) + timedelta(seconds=moment % DAY)
    return tuple(sorted({local.replace(tzinfo=zone, fold=fold).timestamp() for fold in (0, 1)}))


def strayed(line: Line, boot: float, shown: Iterable[float]) -> int:
    """By how many seconds a clock that shows one of these instants has left its line; 0 within `STEP`."""
    expected = line.instant + (boot - line.boot)
    away = min((instant - expected for instant in shown), key=abs)
    return round(away) if abs(away) > STEP else 0


def vote(offsets: Iterable[int], live: int, agreed: bool) -> Vote:
    """What terminals say that show these offsets against our clock, of `live` terminals that the hall has.

    Two that agree with each other, if they are most of those that answered, outweigh our clock; so does the only
    one. Where no round has agreed with our clock yet, it is enough that none does now.
    """
    said = sorted(offsets)
    near = [o for o in said if abs(o) <= OFF]
    if not said:
        return Vote(SILENT)
    if near and 2 * len(near) >= len(said):
        return Vote(AGREES, _middle(near))
    most = _largest([o for o in said if abs(o) > OFF])
    outweigh = 2 * len(most) > len(said) and (len(most) > 1 or live == 1)
    if outweigh or not (agreed or near):
        return Vote(AGAINST, _middle(most))
    return Vote(SPLIT)


def looked(trust: Trust, away: int, behind: int, boot: float) -> Trust:
    """After a look at our clock, which is `away` from its line and `behind` the last settle.

    What terminals said of it before it was stepped is said of the clock as it is now. A clock that nobody contradicts
    is believed again when it has gone evenly for a day.
    """
    trust = trust._replace(behind=behind)
    if abs(away - trust.strayed) > STEP or (away == 0) != (trust.strayed == 0):
        against = trust.against - (away - trust.strayed) if trust.against else 0
        against = against if abs(against) > OFF else 0
        return trust._replace(agreed=False, heard=False, strayed=away, since=boot, against=against)
    if trust.strayed and not trust.against and boot - trust.since >= DAY:
        return trust._replace(strayed=0)
    return trust


def rounded(trust: Trust, said: Vote) -> Trust:
    """After a round of reads in which some terminal answered."""
    if said.kind == AGREES:
        return Trust(agreed=True, heard=True, behind=trust.behind)
    if said.kind == AGAINST:
        return trust._replace(agreed=False, heard=False, against=said.offset)
    return trust._replace(heard=not trust.doubt)


def bounded(reading: Reading, *latest: Moment) -> Reading:
    """A reading that claims to reach no further than the earliest of these moments."""
    if reading.began is None:
        return reading
    return replace(reading, began=min(reading.began, *latest))


def _largest(offsets: Sequence[int]) -> Sequence[int]:
    """The most of these offsets, in order, that lie within `APART`."""
    runs = [[o for o in offsets if first <= o <= first + APART] for first in offsets]
    return max(runs, key=len, default=[])


def _middle(offsets: Sequence[int]) -> int:
    return sorted(offsets)[len(offsets) // 2]
