"""A roster's choices, conflicts and what a copy leaves out, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from punchsync.core.intervals import Interval
from punchsync.core.moment import Day, show_clock, show_day
from punchsync.core.rules import Pack
from punchsync.desk.known import Known
from punchsync.desk.rosters.grid import LEAVE, NOTHING, OTHER, PARTNER, Cell, Note, Subject
from punchsync.desk.rosters.plan import PAST, Skipped
from punchsync.texts import _


class Conflict(NamedTuple):
    """What contradicts on a day of somebody."""

    subject: Subject
    day: Day
    who: str
    texts: list[str]


def options(pack: Pack, shifts: Iterable[str]) -> list[tuple[str, str]]:
    """What may be chosen for a day: the pack's shifts, hours that are in use, off."""
    named = [(s.id, f"{s.name} {clocks(s.sessions)}") for s in pack.shifts]
    return [*named, *((text, text) for text in shifts), ("off", _("休"))]


def clocks(sessions: Sequence[Interval]) -> str:
    """Sessions as a reader has them."""
    return " ".join(f"{show_clock(s)[:5]}–{show_clock(e)[:5]}" for s, e in sessions)


def conflicts(known: Known, cells: Iterable[Cell]) -> list[Conflict]:
    """All that contradicts, day by day."""
    found = []
    for cell in cells:
        if cell.notes:
            who = known.name(cell.subject[1]) if cell.subject[0] == "person" else cell.subject[1]
            found.append(Conflict(cell.subject, cell.day, who, [note_words(known, note) for note in cell.notes]))
    return sorted(found, key=lambda c: (c.day, c.subject))


def note_words(known: Known, note: Note) -> str:
    """One contradiction."""
    return {
        LEAVE: _("这天请了假"),
        OTHER: _("另有一行写的是 {shift}，录入较早，不算").format(shift=note.about),
        NOTHING: _("规则要求工作日都排班，这天没有排"),
        PARTNER: _("与互为 A、B 岗的{name}同日都不在").format(name=known.name(note.about)),
    }[note.kind]


def skip_words(known: Known, skipped: Iterable[Skipped]) -> list[str]:
    """What a copy leaves out, a line for each day and reason."""
    counted = Counter((each.day, each.why) for each in skipped)
    past = _("{day}：已过去的日子不照抄（{n} 格）")
    other = _("{day}：与原来那天一个上班一个休息，或年份没有公布，不照抄（{n} 格）")
    return [
        (past if why == PAST else other).format(day=show_day(day), n=n) for (day, why), n in sorted(counted.items())
    ]
