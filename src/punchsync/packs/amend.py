"""What of a pack is not what it was, and on which days that makes a difference."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.core.amendment import Amendment
from punchsync.core.moment import parse_day, to_day
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.packs import schema
from punchsync.packs.diff import Difference, differences
from punchsync.packs.load import reread

JUDGES = (*(table for table in schema.RULES if table != "appeals"), "shift", "timetable", "leave")
"""Tables that decide; others only say, or, as the term for appeals, judge nothing."""


def amendments(kept: str, present: schema.PackFile) -> list[Amendment]:
    """What the present pack has otherwise than one kept as it judged (`kept`, as stored); all of it if unreadable."""
    before = reread(kept)
    if before is None:
        return [Amendment("", FIRST_DAY, LAST_DAY)]
    return list(touching(differences(before.file, present)))


def touching(found: list[Difference]) -> Iterator[Amendment]:
    """The differences that decide something, with the days on which they do."""
    for d in found:
        if d.table in JUDGES and set(d.keys) != {"says"}:
            first, last = stretch(d)
            yield Amendment(f"{d.table}.{d.id}" if d.id else d.table, first, last)


def stretch(d: Difference) -> tuple[int, int]:
    """The days on which a difference counts: where only an end moved, those between its old and its new place."""
    first = to_day(d.first) if d.first else FIRST_DAY
    last = to_day(d.last) if d.last else LAST_DAY
    if d.keys == ("to",):
        ends = [c for change in d.changes for c in (change.old, change.new) if c]
        first = min(parse_day(e) for e in ends) + 1
    if d.keys == ("from",):
        begins = [c for change in d.changes for c in (change.old, change.new) if c]
        last = max(parse_day(b) for b in begins) - 1
    return first, last
