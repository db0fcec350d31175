"""The verdict of every checkpoint of a person's day (HALLS.md, Required time, Matching, Verdicts).

A verdict never says more than what is known: it waits (`pending`) for terminals not read past it, and doubts
(`unverified`) where every terminal was dark at a moment that could have shown a good punch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from punchsync.core.coverage import Terminals
from punchsync.core.excuse import pieces
from punchsync.core.intervals import Interval
from punchsync.core.match import Due, match, off_by
from punchsync.core.moment import MINUTE, Day, Moment, last_second, start_of
from punchsync.core.rules import Pack, Punctuality
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


def required(plan: DayPlan, excused: list[Interval], shortest: int) -> dict[int, Required]:
    """By session number, what excused time leaves to be required."""
    return {s.number: Required(*pieces((s.start, s.end), excused, shortest)) for s in plan.sessions}


def overlapping(excused: list[Interval], day: Day) -> list[Interval]:
    """The excused intervals that touch a day."""
    start, end = start_of(day), start_of(day + 1)
    return [i for i in excused if i[0] < end and i[1] > start]


def judge_day(
    person: str,
    plan: DayPlan,
    excused: list[Interval],
    punches: Mapping[Moment, str],
    relevant: tuple[str, ...],
    terminals: Terminals,
    pack: Pack,
    as_of: Moment,
) -> list[Verdict]:
    """A verdict for every checkpoint of a day, due or not.

    `punches` are the person's of that day, each second once, in order, with its terminal; `excused` those that touch
    the day; `relevant` the terminals that must have been read.
    """
    dues: list[tuple[Checkpoint, Due | None]] = []
    if excused:
        left = required(plan, excused, pack.dropped_piece)
        for point in plan.checkpoints:
            remaining = left[point.session].pieces
            if remaining:
                moved = remaining[0][0] if point.kind == "in" else remaining[-1][1]
                dues.append((point, Due(point.kind, moved, point.opens, point.shuts)))
            else:
                dues.append((point, None))
    else:
        dues = [(p, Due(p.kind, p.due, p.opens, p.shuts)) for p in plan.checkpoints]
    asked = [due for _, due in dues if due is not None]
    served = iter(match(asked, list(punches), pack.punctuality))
    out: list[Verdict] = []
    for point, due in dues:
        if due is None:
            out.append(Verdict(plan.day, person, point.session, point.kind, None, None, "", "excused", 0))
            continue
        at = next(served)
        terminal = punches[at] if at is not None else ""
        seconds = off_by(due.kind, due.due, at) if at is not None else 0
        would = call(due.kind, at, seconds, pack.punctuality)
        verdict = would
        if would != "normal":
            through = terminals.read_through(relevant, point.opens)
            if unread(would, point, due.due, pack.punctuality, through, as_of):
                verdict = "pending"
            elif terminal != PAPER and doubtful(would, point, due.due, pack.punctuality, terminals.dark(relevant)):
                verdict = "unverified"
        out.append(Verdict(plan.day, person, point.session, point.kind, due.due, at, terminal, verdict, seconds, would))
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


def of_day(punches: Sequence[tuple[Moment, str]], day: Day) -> dict[Moment, str]:
    """A sorted row of a person's (moment, terminal) cut to a day, one terminal for each second.

    Of two terminals in one second the one that sorts first counts, and any terminal before `paper`.
    """
    start, end = start_of(day), last_second(day)
    out: dict[Moment, str] = {}
    for at, terminal in punches:
        if start <= at <= end:
            other = out.get(at)
            if other is None or (terminal == PAPER, terminal) < (other == PAPER, other):
                out[at] = terminal
    return out
