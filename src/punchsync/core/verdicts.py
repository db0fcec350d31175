"""A month's verdicts in order: of a day on which all was well only the timetable is kept, and told when asked.

Most days are such days; a record for each of their checkpoints would cost more than judging them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from punchsync.core.judge import Verdict, on_time
from punchsync.core.owners import Punches
from punchsync.core.timetable import DayPlan


@dataclass(frozen=True, slots=True)
class PersonVerdicts:
    """A person's verdicts by day; a timetable stands for those of a day with a punch on time for every checkpoint."""

    person: str
    punches: Punches
    rows: list[Verdict | DayPlan]

    def __iter__(self) -> Iterator[Verdict]:
        for row in self.rows:
            if isinstance(row, DayPlan):
                yield from self._clean(row)
            else:
                yield row

    def __len__(self) -> int:
        return sum(len(row.checkpoints) if isinstance(row, DayPlan) else 1 for row in self.rows)

    def _clean(self, plan: DayPlan) -> Iterator[Verdict]:
        served = on_time(plan, self.punches.moments) or ()
        for point, at in zip(plan.checkpoints, served, strict=True):
            terminal = self.punches.terminals[at]
            yield Verdict(
                plan.day, self.person, point.session, point.kind, point.due, at, terminal, "normal", 0, "normal"
            )


class Verdicts(Sequence[Verdict]):
    """The verdicts of people, one after the other, as a sequence."""

    __slots__ = ("_people",)

    def __init__(self, people: Sequence[PersonVerdicts]) -> None:
        self._people = people

    def __len__(self) -> int:
        return sum(len(person) for person in self._people)

    def __iter__(self) -> Iterator[Verdict]:
        for person in self._people:
            yield from person

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Verdict]: ...
    def __getitem__(self, index: int | slice) -> Verdict | Sequence[Verdict]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Verdicts({tuple(self)!r})"
