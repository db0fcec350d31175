"""What happened at a terminal that can't be read as somebody's punch at some time, and whom it protects.

A record without a readable time, user or trustworthy clock may be the very punch that somebody is said to lack. Who may
have made it is not judged by what is missing in the stretch in which it was made: such a verdict is `unverified`, as if
the terminals had been dark for this one person (HALLS.md, Dark, and the principle: never charge what is not known).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from punchsync.core.intervals import Interval, union
from punchsync.core.moment import Day, day_of
from punchsync.core.owners import Owners
from punchsync.core.records import Doubt

LONGEST = 400
"""Days of a doubt that are looked at, so that a terminal last read years ago costs no more than one of a year."""


class Doubts:
    """The doubts of a case, by person and day."""

    def __init__(self, doubts: Iterable[Doubt], owners: Owners) -> None:
        self._of: dict[tuple[str, Day], list[Interval]] = defaultdict(list)
        self._anybody: dict[tuple[str, Day], list[Interval]] = defaultdict(list)
        for terminal, id, first, last in doubts:
            for day in range(max(day_of(first), day_of(last) - LONGEST), day_of(last) + 1):
                if not id:
                    self._anybody[terminal, day].append((first, last + 1))
                    continue
                person = owners.of(terminal, id, day)
                if person is not None:
                    self._of[person, day].append((first, last + 1))

    def of(self, person: str, day: Day, relevant: Sequence[str]) -> list[Interval]:
        """When, on a day, records were made that may be a person's: his own id's on any terminal, and anybody's on
        those that count for him. Half-open."""
        if not (self._of or self._anybody):
            return []
        found = list(self._of.get((person, day), ()))
        for terminal in relevant:
            found += self._anybody.get((terminal, day), ())
        return union(found)
