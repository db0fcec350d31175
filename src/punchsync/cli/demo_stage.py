"""The demonstration as it plays: people punch, a clock jumps, and the hall does its day's work.

Everything goes through the product's own use cases; nothing but the terminals and the time is played.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from punchsync.bootstrap import Site
from punchsync.bootstrap.bringing import bring_records
from punchsync.cli.cmd_bulletin import publish
from punchsync.cli.common import progress
from punchsync.cli.demo_habits import Tap, taps
from punchsync.cli.demo_hall import csv_text
from punchsync.core.moment import DAY, Day, Moment, day_of, parse_clock, show_day, start_of, to_moment
from punchsync.emulator import EmulatedTerminal
from punchsync.emulator.clock import HallClock
from punchsync.operations.bring_in import BroughtIn
from punchsync.operations.export import export
from punchsync.operations.poll import Round, poll
from punchsync.operations.settle import Settled, settle
from punchsync.texts import _

POLLS = ("09:10", "12:40", "15:10", "20:40")
NIGHTLY = "21:00"


class DemoClock:
    """Hall time that stands still and jumps forward, until it is let run."""

    def __init__(self, start: Moment) -> None:
        self._hall = HallClock(_datetime(start), 0)

    def now(self) -> Moment:
        """Now, as the product asks for it."""
        return to_moment(self._hall.now())

    def shown(self) -> datetime:
        """Now, as a terminal's clock shows it."""
        return self._hall.now()

    def jump(self, to: Moment) -> None:
        """Go forward to a moment; one already past is ignored."""
        self._hall.advance(_datetime(to))

    def run(self) -> None:
        """From here on run as fast as real time does."""
        self._hall = HallClock(self._hall.now(), 1)


def _datetime(moment: Moment) -> datetime:
    return datetime.fromordinal(day_of(moment)) + timedelta(seconds=moment % DAY)


@dataclass(frozen=True, slots=True)
class DayDone:
    """A day played to its end: its polls, its nightly settle and its bulletin."""

    day: Day
    rounds: tuple[Round, ...]
    settled: Settled
    bulletin: Path
    number: int
    provisional: bool


@dataclass(slots=True)
class Stage:
    """A site with its terminals and its clock; `taps` are the punches still to come."""

    site: Site
    clock: DemoClock
    terminals: Mapping[str, EmulatedTerminal]
    taps: list[Tap] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    done: list[DayDone] = field(default_factory=list)

    def go(self, day: Day, clock: str) -> None:
        """Let time pass until then: people punch."""
        self.clock.jump(start_of(day) + parse_clock(clock))
        self.punch()

    def punch(self) -> None:
        """Whoever was to punch by now does."""
        while self.taps and self.taps[0].at <= self.clock.now():
            tap = self.taps.pop(0)
            self.terminals[tap.terminal].device.punch(tap.number, _datetime(tap.at))

    def bring(self, kind: str, name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> BroughtIn:
        """Write a file into the site's `imports/` and import it."""
        file = self.site.folder / "imports" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(csv_text(head, rows), encoding="utf-8")
        result = bring_records(self.site, kind, file.read_bytes(), name, False)
        if result.problems:
            raise RuntimeError([p.show() for p in result.problems])
        return result

    def read(self, *terminals: str, since: Day | None = None) -> Round:
        """Read terminals now (none named: all) and settle what that changed."""
        return poll(self.site.hall, self.clock.now(), terminals, since=since)

    def settle(self) -> Settled:
        """Settle what is due."""
        return settle(self.site.hall, self.clock.now(), due_only=True)

    def begin(self, day: Day, number: int) -> None:
        """Begin the hall's `number`th working day: its people get ready to punch."""
        self.taps += taps(number, day)

    def polls(self, day: Day, until: str) -> None:
        """The day's polls up to a time of day that are not done yet."""
        due = [p for p in POLLS if p <= until]
        with progress(_("演示 {day}").format(day=show_day(day))) as advance:
            for clock in due[len(self.rounds) :]:
                advance(len(self.rounds), len(due))
                self.go(day, clock)
                self.rounds.append(self.read())

    def finish(self, day: Day) -> DayDone:
        """The rest of a day: its polls, the nightly settle, the bulletin."""
        self.polls(day, NIGHTLY)
        self.go(day, NIGHTLY)
        settled = self.settle()
        made = publish(self.site, "daily", day, self.site.folder / "bulletins", send=False)
        self.done.append(DayDone(day, tuple(self.rounds), settled, made.file, made.number, made.provisional))
        self.rounds.clear()
        return self.done[-1]

    def rows(self, kind: str, first: Day | None = None, last: Day | None = None) -> list[dict[str, str]]:
        """An export's rows by column: what the demonstration says is what `punchsync export` gives."""
        columns, rows = export(self.site.hall, kind, first, last)
        return [dict(zip(columns, row, strict=True)) for row in rows]
