"""What a change of a roster writes: rows for stretches of days, split rows, and a copy of an earlier time; pure.

Nothing is copied onto a day that is over, nor from a working day onto a day of rest or the other way round: it would
ask of people what nobody decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from punchsync.core.moment import Day, Moment, parse_day, show_day, show_moment, weekday
from punchsync.core.timetable import because_working
from punchsync.desk.rosters.grid import Rows, Subject, deciding, shift_text

Body = Mapping[str, str]
PAST: Final = "past"
KIND: Final = "kind"


class Assign(NamedTuple):
    """A day of a person or window is to have a shift; `days` as in a roster row."""

    subject: Subject
    day: Day
    shift: str
    days: str = "all"


class Stretch(NamedTuple):
    """A stretch of days with the same shift: a roster row to be written."""

    subject: Subject
    first: Day
    last: Day
    shift: str
    days: str


class Skipped(NamedTuple):
    """A day onto which nothing is copied, and why: past, kind."""

    subject: Subject
    day: Day
    why: str


class Copy(NamedTuple):
    """What a copy writes, and what it leaves out."""

    writes: tuple[Stretch, ...]
    skipped: tuple[Skipped, ...]


def stretches(assigned: Iterable[Assign]) -> list[Stretch]:
    """Days that follow each other with the same shift, as one row each."""
    out: list[Stretch] = []
    for subject, day, shift, days in sorted(assigned):
        if out and out[-1] == (subject, out[-1].first, day - 1, shift, days):
            out[-1] = out[-1]._replace(last=day)
        else:
            out.append(Stretch(subject, day, day, shift, days))
    return out


def bodies(writes: Iterable[Stretch], at: Moment, id: Callable[[], str]) -> list[dict[str, str]]:
    """Roster rows as they are stored, entered at that moment."""
    return [
        {
            "roster_id": id(),
            "entered_at": show_moment(at),
            "person_id": w.subject[1] if w.subject[0] == "person" else "",
            "window": w.subject[1] if w.subject[0] == "window" else "",
            "from": show_day(w.first),
            "to": show_day(w.last),
            "shift": w.shift,
            "days": w.days,
            "withdrawn": "",
        }
        for w in writes
    ]


def without(body: Body, days: Iterable[Day], at: Moment, id: Callable[[], str]) -> list[dict[str, str]]:
    """A stored row that no longer says anything of these days: what is left of it, or the row withdrawn."""
    first, last = parse_day(body["from"]), parse_day(body["to"])
    when = body["days"] or ("all" if first == last else "workdays")
    pieces: list[tuple[Day, Day]] = []
    begin = first
    for day in [*sorted(set(days)), last + 1]:
        if begin < day:
            pieces.append((begin, day - 1))
        begin = day + 1
    if not pieces:
        return [{**body, "withdrawn": show_moment(at)}]
    return [
        {
            **body,
            "roster_id": body["roster_id"] if n == 0 else id(),
            "from": show_day(a),
            "to": show_day(b),
            "days": when,
        }
        for n, (a, b) in enumerate(pieces)
    ]


def same_weekday(day: Day, first: Day, source: Sequence[Day]) -> Day:
    """The day of an earlier month that stands for one of the month that begins at `first`: the n-th Monday for the
    n-th Monday, the last one for a fifth that it has not."""
    same = [d for d in source if weekday(d) == weekday(day)]
    return same[min((day - first) // 7, len(same) - 1)]


def copied(
    rows: Rows,
    subjects: Iterable[tuple[Subject, Day]],
    source_of: Callable[[Day], Day],
    kind: Callable[[Day], str],
    today: Day,
) -> Copy:
    """What the rows of an earlier time write onto these days of people and windows; days that say the same stay."""
    assigned: list[Assign] = []
    skipped: list[Skipped] = []
    for subject, day in subjects:
        source = source_of(day)
        said = deciding(rows, subject, source, kind(source))
        if not said:
            continue
        there = deciding(rows, subject, day, kind(day))
        if there and shift_text(there[0]) == shift_text(said[0]):
            continue
        if day < today:
            skipped.append(Skipped(subject, day, PAST))
        elif kind(day) == "unknown" or (kind(day) == "off") != (kind(source) == "off"):
            skipped.append(Skipped(subject, day, KIND))
        else:
            when = "workdays" if because_working(said[0]) else "all"
            assigned.append(Assign(subject, day, shift_text(said[0]), when))
    return Copy(tuple(stretches(assigned)), tuple(skipped))
