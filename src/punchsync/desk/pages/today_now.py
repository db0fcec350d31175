"""The hall at this moment, worked out once for all who look within a few seconds."""

from __future__ import annotations

import threading
from typing import Final, NamedTuple

from punchsync.core.moment import Moment
from punchsync.core.presence import WindowNow
from punchsync.desk.ask import Ask
from punchsync.desk.known import Known
from punchsync.operations.ports import Work
from punchsync.operations.today import Line, Punched, lines, punched, survey

SHELF: Final = "today"
STEP: Final = 10
"""Seconds for which a survey is shown again: nobody's place changes faster than people look."""


class Kept(NamedTuple):
    """Today's punches with what is known beside them, and the last survey of these."""

    known: Known
    punched: Punched
    step: int
    at: Moment
    windows: list[WindowNow]


class Now(NamedTuple):
    """Every window of the hall, and every terminal, at a moment."""

    at: Moment
    windows: list[WindowNow]
    lines: list[Line]


_turn = threading.Lock()


def now_of(ask: Ask) -> Now:
    """The hall now."""
    known, now = ask.known, ask.now
    with ask.hall.store.reading() as work:
        kept = surveyed(ask, work, known, now)
        return Now(kept.at, kept.windows, lines(ask.hall, work, known.bench.terminals.coverages, now))


def surveyed(ask: Ask, work: Work, known: Known, now: Moment) -> Kept:
    """The survey of this moment, as it is kept for a few seconds; one of many who ask works it out."""
    with _turn:
        kept: Kept | None = ask.desk.shelf.get(SHELF)
        if kept is None or kept.known is not known:
            kept = Kept(known, punched(work, known.case, now), -1, now, [])
        if kept.step != now // STEP:
            kept = kept._replace(step=now // STEP, at=now, windows=survey(known.bench, kept.punched, now))
        ask.desk.shelf[SHELF] = kept
        return kept
