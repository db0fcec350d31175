"""Literal judge for tests: a person's day — windows, matching, verdicts (HALLS: Checkpoint, Matching,
Verdicts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .halls import HOURS_3
from .hours import Case
from .leave import required
from .owed import day_sessions
from .reading import Punches, Reading
from .records import DAY, SECOND, midnight

MINUTES_30 = timedelta(minutes=30)


@dataclass
class Check:
    """A checkpoint of one person's day and what is said of it."""

    session: int
    name: str  # in, out
    opens: datetime
    close: datetime  # awaited until
    matches_until: datetime
    due: datetime | None
    punch: datetime | None = None
    terminal: str = ""
    verdict: str = ""
    would: str = ""  # for `unverified`: what it would be
    cleared: bool = False  # an `unverified` that a ruling excused

    @property
    def seconds(self) -> int:
        """Late or early against the due time, whatever the threshold."""
        if self.due is None or self.punch is None:
            return 0
        late = int((self.punch - self.due).total_seconds())
        return max(0, late if self.name == "in" else -late)

    @property
    def unknown(self) -> bool:
        return self.verdict == "pending" or (self.verdict == "unverified" and not self.cleared)


def checkpoints(case: Case, person: str, day: date) -> list[Check]:
    """Windows from the timetable, both bounds included, cut to the date; due times from the required
    pieces.
    """
    sessions = day_sessions(case, person, day)
    first, last = midnight(day), midnight(day) + DAY - SECOND
    out: list[Check] = []
    for n, (start, end) in enumerate(sessions):
        pieces, _ = required(case, person, (start, end))
        opens = max(first, start - case.hall.in_opens_before)
        if n > 0:
            opens = max(opens, sessions[n - 1][1])
        close = min(last, end + HOURS_3)
        if n + 1 < len(sessions):
            close = matches_until = min(close, sessions[n + 1][0])
        else:
            matches_until = last
        if "in" in case.hall.checkpoints:
            out.append(Check(n + 1, "in", opens, end, end, pieces[0][0] if pieces else None))
        if "out" in case.hall.checkpoints:
            out.append(Check(n + 1, "out", start, close, matches_until, pieces[-1][1] if pieces else None))
    return out


Assignment = tuple[tuple[datetime, str] | None, ...]


def orderly(choices: list[list[tuple[datetime, str] | None]], before: datetime | None = None) -> Iterator[Assignment]:
    """Every assignment whose punches come in order, each at least 60 s after the one before."""
    if not choices:
        yield ()
        return
    for p in choices[0]:
        if p is None or before is None or (p[0] - before).total_seconds() >= 60:
            for rest in orderly(choices[1:], before if p is None else p[0]):
                yield (p, *rest)


def match(checks: list[Check], found: list[tuple[datetime, str]], threshold: int) -> None:
    """Over the whole day at once: every assignment of the due checkpoints is tried, the best by the stated
    order is kept.
    """
    due = [check for check in checks if check.due is not None]
    choices: list[list[tuple[datetime, str] | None]] = [
        [None, *[p for p in found if check.opens <= p[0] <= check.matches_until]] for check in due
    ]
    best: tuple[tuple[int, int, int, int, list[datetime]], Assignment] | None = None
    for assignment in orderly(choices):
        unmatched = past = late_early = distance = 0
        for check, p in zip(due, assignment, strict=True):
            assert check.due is not None
            if p is None:
                unmatched += 1
                continue
            seconds = int((p[0] - check.due).total_seconds())
            wrong = max(0, seconds if check.name == "in" else -seconds)
            past += wrong >= threshold
            late_early += wrong
            distance += abs(seconds)
        key = (unmatched, past, late_early, distance, [p[0] if p else datetime.max for p in assignment])
        if best is None or key < best[0]:
            best = (key, assignment)
    if best is not None:
        for check, p in zip(due, best[1], strict=True):
            if p is not None:
                check.punch, check.terminal = p


def judge_check(case: Case, reading: Reading, day: date, window: str, check: Check) -> None:
    """`normal` and `excused` at once; pending before unverified."""
    if check.due is None:
        check.verdict = "excused"
        return
    if check.punch is not None and check.seconds < case.hall.threshold:
        check.verdict = "normal"
        return
    terminals = reading.relevant(day, window)
    check.would = "missing" if check.punch is None else ("late" if check.name == "in" else "early")
    margin = timedelta(seconds=case.hall.threshold - 1)
    read_until = check.due + margin if check.would == "late" else check.close
    if (
        not terminals
        or (check.would != "late" and case.as_of < check.close)
        or any(not reading.read_through(t, check.opens, read_until) for t in terminals)
    ):
        check.verdict = "pending"
        return
    # dark at a moment when a punch would have made it normal
    first, last = (check.opens, check.due + margin) if check.name == "in" else (check.due - margin, check.close)
    if check.would != "missing":
        first, last = max(first, check.due - MINUTES_30), min(last, check.due + MINUTES_30)
    first, last = max(first, check.opens), min(last, check.close)
    own_paper = check.terminal == "paper"
    check.verdict = "unverified" if not own_paper and reading.was_dark(terminals, first, last) else check.would


def judge_day(case: Case, reading: Reading, found: Punches, person: str, window: str, day: date) -> list[Check]:
    checks = checkpoints(case, person, day)
    match(checks, found.get((person, day), []), case.hall.threshold)
    for check in checks:
        judge_check(case, reading, day, window, check)
    return checks
