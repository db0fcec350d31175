"""The verdict of every checkpoint of a person's day (HALLS.md, Required time, Matching, Verdicts).

A verdict never says more than what is known: it waits (`pending`) for terminals not read past it, and doubts
(`unverified`) where every terminal was dark at a moment that could have shown a good punch, or the person may have made
one that can't be read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from punchsync.core.coverage import Terminals
from punchsync.core.excuse import pieces
from punchsync.core.intervals import Interval
from punchsync.core.match import APART, Due, match, off_by
from punchsync.core.moment import MINUTE, Day, Moment, start_of
from punchsync.core.rules import Punctuality
from punchsync.core.timetable import Checkpoint, DayPlan

PAPER = "paper"
NEAR = 30 * MINUTE


class Verdict(NamedTuple):
    """What is said of one checkpoint; `would` is what an `unverified` one would be."""

    day: Day
    person: str
    session: int
    checkpoint: str
    due: Moment | None
    punch: Moment | None
    terminal: str
    verdict: str
    seconds: int
    would: str = ""


class Required(NamedTuple):
    """A session's remaining required pieces, the dropped short ones, and its excused time otherwise."""

    pieces: list[Interval]
    dropped: list[Interval]


def required(plan: DayPlan, excused: Sequence[Interval], shortest: int) -> dict[int, Required]:
    """By session number, what excused time leaves to be required."""
    return {s.number: Required(*pieces((s.start, s.end), excused, shortest)) for s in plan.sessions}


def within(excused: list[Interval], first: Day, last: Day) -> list[Interval]:
    """The excused intervals that touch the days `first` to `last`."""
    start, end = start_of(first), start_of(last + 1)
    return [i for i in excused if i[0] < end and i[1] > start]


def judge_day(
    person: str,
    plan: DayPlan,
    left: Mapping[int, Required],
    punches: Mapping[Moment, str],
    relevant: tuple[str, ...],
    terminals: Terminals,
    rule: Punctuality,
    as_of: Moment,
    doubts: Sequence[Interval] = (),
) -> list[Verdict]:
    """A verdict for every checkpoint of a day, due or not.

    `left` is what is required of its sessions; `punches` are the person's of that day, each second once, in order, with
    its terminal; `relevant` the terminals that must have been read; `doubts` the moments (half-open, sorted) at which
    he may have punched though no punch shows it.
    """
    dues = [moved(point, left[point.session].pieces) for point in plan.checkpoints]
    served = iter(match([due for due in dues if due is not None], list(punches), rule))
    out: list[Verdict] = []
    for point, due in zip(plan.checkpoints, dues, strict=True):
        if due is None:
            out.append(Verdict(plan.day, person, point.session, point.kind, None, None, "", "excused", 0))
            continue
        at = next(served)
        terminal = punches[at] if at is not None else ""
        seconds = off_by(due.kind, due.due, at) if at is not None else 0
        would = call(due.kind, at, seconds, rule)
        verdict = would
        if would != "normal":
            through = terminals.read_through(relevant, point.opens)
            if unread(would, point, due.due, rule, through, as_of):
                verdict = "pending"
            elif terminal != PAPER and any(
                doubtful(would, point, due.due, rule, unseen) for unseen in (terminals.dark(relevant), doubts)
            ):
                verdict = "unverified"
        out.append(Verdict(plan.day, person, point.session, point.kind, due.due, at, terminal, verdict, seconds, would))
    return out


def moved(point: Checkpoint, pieces: list[Interval]) -> Due | None:
    """A checkpoint as due for what remains required of its session; None where nothing does."""
    if not pieces:
        return None
    return Due(point.kind, pieces[0][0] if point.kind == "in" else pieces[-1][1], point.opens, point.shuts)


def on_time(plan: DayPlan, punches: Sequence[Moment]) -> list[Moment] | None:
    """The punches that serve a day on which nothing is excused, if nobody's nearest is late, early or taken; else None.

    The last punch up to each `in` and the first from each `out` on lose no second; where they also keep order and
    distance no other matching is as good, and all of the day is `normal`. `punches` are sorted; those of other days
    lie in no window of this one.
    """
    out: list[Moment] = []
    free, count = 0, len(punches)
    for _session, kind, due, opens, shuts, _close in plan.checkpoints:
        n = bisect_right(punches, due) - 1 if kind == "in" else bisect_left(punches, due)
        if n < 0 or n == count:
            return None
        at = punches[n]
        if at < opens or at > shuts or at < free:
            return None
        free = at + APART
        out.append(at)
    return out


def call(kind: str, at: Moment | None, seconds: int, rule: Punctuality) -> str:
    """`missing`, `late`, `early` or `normal`, were everything known."""
    if at is None:
        return "missing"
    if kind == "in":
        return "late" if seconds >= rule.late else "normal"
    return "early" if seconds >= rule.early else "normal"


def unread(would: str, point: Checkpoint, due: Moment, rule: Punctuality, through: Moment, as_of: Moment) -> bool:
    """Whether reading further, or waiting, could still change a verdict that is not normal."""
    if would == "late":
        return through < due + rule.late - 1
    return as_of < point.close or through < point.close


def doubtful(would: str, point: Checkpoint, due: Moment, rule: Punctuality, dark: Sequence[Interval]) -> bool:
    """Whether it was dark at a moment when a punch would have made the verdict normal."""
    if not dark:
        return False
    if point.kind == "in":
        first, last = point.opens, due + rule.late - 1
    else:
        first, last = due - rule.early + 1, point.close
    if would != "missing":
        first, last = max(first, due - NEAR), min(last, due + NEAR)
    first, last = max(first, point.opens), min(last, point.close)
    return any(lo <= last and first < hi for lo, hi in dark) and first <= last
