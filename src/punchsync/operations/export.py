"""The exports: the contract's columns as rows of text, sorted from the left by code point."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from punchsync.core.article import cited
from punchsync.core.coverage import Coverage, cover_all
from punchsync.core.moment import DAY, Day, Moment, day_of, show_day, show_moment, start_of
from punchsync.core.outcome import Rank
from punchsync.core.owners import Owners
from punchsync.core.period import days_of_month, span_of
from punchsync.core.points import number, two_places
from punchsync.core.readback import COLUMNS as LEDGER
from punchsync.core.readback import texts
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.core.stored import TerminalState
from punchsync.operations.clocks import Clocks
from punchsync.operations.hall import Hall, known_reads, records
from punchsync.operations.ports import Work

COLUMNS: dict[str, tuple[str, ...]] = {
    "punches": ("at", "device_user_id", "person_id", "terminal", "verify", "state", "source"),
    "verdicts": (
        "date", "person_id", "session", "checkpoint", "due", "punch", "terminal", "verdict", "seconds",
    ),
    "violations": (
        "date", "person_id", "session", "kind", "window", "unit", "seconds", "source", "rule", "article", "id",
    ),
    "ledger": LEDGER,
    "scores": ("period", "account_type", "account_id", "category", "base", "points", "score"),
    "outcomes": ("period", "subject_type", "subject_id", "outcome", "count", "rule", "article", "state"),
    "ranking": ("period", "subject_type", "subject_id", "rank", "score", "violations", "seconds"),
    "tallies": (
        "period", "person_id", "required_sessions", "late", "early", "off_post", "absent_half_days", "in_post_days",
        "leave_official", "leave_personal", "leave_sick", "leave_other",
    ),
    "coverage": ("terminal", "through", "last_read", "records", "clock_offset_seconds", "state"),
}  # fmt: skip

DATED = frozenset({"punches", "verdicts", "violations"})
"""Exports whose first column is the date by which they are cut."""

Row = tuple[str, ...]


class Table(NamedTuple):
    """An export: its columns and rows."""

    columns: Row
    rows: list[Row]


def moment(value: Moment | None) -> str:
    """A moment as hall time; empty for none."""
    return "" if value is None else show_moment(value)


def export(hall: Hall, kind: str, first: Day | None = None, last: Day | None = None) -> Table:
    """One export, cut to `first` to `last` where they are given; KeyError for a kind there is not."""
    columns = COLUMNS[kind]
    with hall.store.reading() as work:
        rows = MAKERS[kind](hall, work, first or FIRST_DAY, last or LAST_DAY)
        return Table(columns, sorted(rows))


def stretches(hall: Hall, kind: str, first: Day | None = None, last: Day | None = None) -> Iterator[list[Row]]:
    """The rows of one export, some at a time, in the same order and out of one view of the store.

    What is sorted by its date is made a settled month at a time; the rest is not that much.
    """
    begin, end = first or FIRST_DAY, last or LAST_DAY
    with hall.store.reading() as work:
        starts = [days_of_month(month)[0] for month in sorted(work.months.states())] if kind in DATED else []
        cuts = [begin, *(day for day in starts if begin < day <= end), end + 1]
        for start, after in pairwise(cuts):
            yield sorted(MAKERS[kind](hall, work, start, after - 1))


def punches(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """Every punch kept and every paper sign-in, with whose it is, in our time where that can be said."""
    case = records(hall, work, ("staff", "device", "paper"))
    owners = Owners(case)
    clocks = Clocks(work, hall.terminals)
    for p, placed in clocks.stored(start_of(first), start_of(last + 1) - 1):
        at = p.at if placed.at is None else placed.at
        person = owners.of(p.terminal, p.device_user_id, day_of(at)) or ""
        yield show_moment(at), p.device_user_id, person, p.terminal, p.verify, p.state, p.source
    for paper in case.papers:
        if first <= day_of(paper.at) <= last:
            yield show_moment(paper.at), "", paper.person, "paper", "", "", "paper"


def verdicts(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """A row for every checkpoint of a timetable."""
    for v in work.months.verdicts(first, last):
        yield (
            show_day(v.day), v.person, str(v.session), v.checkpoint, moment(v.due), moment(v.punch), v.terminal,
            v.verdict, str(v.seconds),
        )  # fmt: skip


def violations(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """Every standing violation, with rule and article."""
    for v in work.months.violations(first, last):
        rule, article = cited(v, hall.pack)
        yield (
            show_day(v.day), v.person, str(v.session), v.kind, v.window, v.unit, str(v.seconds), v.source, rule,
            article, v.id,
        )  # fmt: skip


def ledger(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """Every entry by value date, reversals included."""
    return map(texts, work.ledger.dated(first, last))


def scores(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """Base and points of every posted account."""
    for s in work.months.scores():
        if overlaps(s.period, first, last):
            yield (
                s.period, s.account_type, s.account_id, s.category, number(s.base), number(s.points), number(s.score),
            )  # fmt: skip


def outcomes(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """What totals and scores led to."""
    for o, state in work.months.outcomes():
        if overlaps(o.period, first, last):
            yield (
                o.period, o.subject_type, o.subject_id, o.outcome, number(o.counted), o.rule, o.article, state,
            )  # fmt: skip


def ranking(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """Every ranking of a period that is over and certain."""
    rows: list[Rank] = [r for r in work.months.ranks() if overlaps(r.period, first, last)]
    for r in rows:
        yield (
            r.period, r.subject_type, r.subject_id, str(r.rank), two_places(r.score), str(r.violations),
            str(r.seconds),
        )  # fmt: skip


def tallies(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """Every person's months in numbers."""
    for t in work.months.tallies(None):
        if overlaps(t.month, first, last):
            yield tuple(str(value) for value in t)


def coverage(hall: Hall, work: Work, first: Day, last: Day) -> Iterable[Row]:
    """What is known of each terminal, as of the last settle (or now)."""
    now = work.runs.settled_as_of()
    as_of = hall.clock.now() if now is None else now
    covers = cover_all(hall.terminals, known_reads(hall, work, as_of))
    states = work.readings.states()
    for terminal in hall.terminals:
        known = states.get(terminal.id)
        offset = "" if known is None or known.clock_offset is None else str(known.clock_offset)
        yield (
            terminal.id, moment(covers[terminal.id].through), moment(known.last_read if known else None),
            str(known.records if known else 0), offset, state_of(terminal.live, covers[terminal.id], known, as_of),
        )  # fmt: skip


def state_of(live: bool, covered: Coverage, known: TerminalState | None, as_of: Moment) -> str:
    """`silent`: not read for a day; `lost`: a stretch of the last 31 days is lost; `behind`: not read today."""
    if not live:
        return "file_only"
    if covered.through is None or known is None or covered.through < as_of - DAY:
        return "silent"
    if any(end >= as_of - 31 * DAY for _start, end in covered.lost):
        return "lost"
    if known.last_failure or day_of(covered.through) < day_of(as_of):
        return "behind"
    return "ok"


def overlaps(period: str, first: Day, last: Day) -> bool:
    """Whether a period shares a day with `first` to `last`."""
    begins, ends = span_of(period)
    return begins <= last and ends >= first


MAKERS: dict[str, Callable[[Hall, Work, Day, Day], Iterable[Row]]] = {
    "punches": punches,
    "verdicts": verdicts,
    "violations": violations,
    "ledger": ledger,
    "scores": scores,
    "outcomes": outcomes,
    "ranking": ranking,
    "tallies": tallies,
    "coverage": coverage,
}
