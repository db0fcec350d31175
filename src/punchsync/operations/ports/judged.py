"""What was judged, and what was booked for it: hall-months, the ledger, settles and jobs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from punchsync.core.difference import Difference
from punchsync.core.fact import Fact
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.ledger import Plan as LedgerPlan
from punchsync.core.moment import Day, Moment
from punchsync.core.outcome import Outcome, Rank, Standing
from punchsync.core.score import Score, Sums
from punchsync.core.settle import MonthResult
from punchsync.core.sought import Sought
from punchsync.core.stored import ChainedEntry, JobRun, JobTrouble, MonthState, SettleRun
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation


class Months(Protocol):
    """Hall-months: marks, and the results of the last settle."""

    def mark(self, from_month: str) -> None:
        """Mark every settled month from this one on as to be judged anew."""
        ...

    def epoch(self) -> int:
        """A number that grows with every `mark`: the same number, the same records."""
        ...

    def states(self) -> dict[str, MonthState]:
        """The marks of all months ever settled."""
        ...

    def replace(self, result: MonthResult, marked: int, as_of: Moment, pack: str) -> None:
        """Put a month's results in the place of its old ones; `marked` is the mark that was seen when loading."""
        ...

    def verdicts(self, first: Day, last: Day) -> Iterator[Verdict]:
        """Verdicts by date, person, session, checkpoint."""
        ...

    def violations(self, first: Day, last: Day) -> list[Violation]:
        """Standing violations of a stretch of days."""
        ...

    def verdicts_of(self, people: Iterable[str], days: Iterable[Day]) -> list[Verdict]:
        """Some people's verdicts of some days, by date, person, session, checkpoint."""
        ...

    def unverified(self, first: Day, last: Day) -> list[Verdict]:
        """The verdicts of a stretch of days that are `unverified`, by date, person, session, checkpoint."""
        ...

    def violations_of(self, person: str, first: Day, last: Day) -> list[Violation]:
        """A person's standing violations of a stretch of days, in their order."""
        ...

    def violation(self, id: str) -> Violation | None:
        """A standing violation by its id."""
        ...

    def tallies(self, months: Iterable[str] | None) -> list[Tally]:
        """Tallies of these months, or of all."""
        ...

    def standings(self) -> list[Standing]:
        """Violations and seconds of every subject and month."""
        ...

    def facts(self) -> list[Fact]:
        """What every month says of its subjects under the pack's rules."""
        ...

    def conclude(self, scores: Iterable[Score], outcomes: Iterable[Outcome], ranks: Iterable[Rank]) -> None:
        """Put scores, outcomes and rankings in the place of the old ones."""
        ...

    def scores(self) -> list[Score]:
        """All score rows."""
        ...

    def outcomes(self) -> list[tuple[Outcome, str]]:
        """All outcomes with the state that the latest decision gave them; `proposed` without one."""
        ...

    def held(self) -> Iterator[tuple[str, str]]:
        """The months that a table holds results of, each with the table."""
        ...

    def illegible(self, *, every: bool = False) -> Iterator[Difference]:
        """The first value of each table (of results, or `every`) that can't be what was written."""
        ...

    def ranks(self) -> list[Rank]:
        """All ranking rows."""
        ...


class Ledger(Protocol):
    """Entries, appended and never changed."""

    def latest(self, spans: Iterable[tuple[Day, Day]], causes: Iterable[str]) -> dict[str, Entry]:
        """The latest entry of every cause that is named, or whose latest entry's value date lies in a span."""
        ...

    def append(self, plan: LedgerPlan, at: Moment) -> list[Entry]:
        """Append a plan's entries with their ids and chain hashes."""
        ...

    def sums(self) -> Sums:
        """Standing sums by period, account and category."""
        ...

    def back(self, first: Day, last: Day, told: int | None, closed: Day) -> list[tuple[int, Entry]]:
        """What was booked on days `first` to `last`, or before but above the height `told`, for days before `first`.

        Only what reverses or posts anew, and what is for days up to `closed`; with heights, in the order of booking.
        """
        ...

    def entries(self) -> Iterator[ChainedEntry]:
        """All entries in the order of booking."""
        ...

    def find(self, entry_id: str) -> Entry | None:
        """One entry."""
        ...

    def of_causes(self, causes: Iterable[str]) -> list[Entry]:
        """Every entry of these causes, in the order of booking."""
        ...

    def dated(self, first: Day, last: Day) -> list[Entry]:
        """Every entry with a value date from `first` to `last`, in the order of booking."""
        ...

    def page(
        self, sought: Sought, most: int | None = None, *, below: int | None = None, above: int | None = None
    ) -> list[ChainedEntry]:
        """The newest entries of those sought, newest first, at most so many: below a height, or the next above one."""
        ...

    def of_account(self, account_type: str, account_id: str, first: Day, last: Day) -> list[Entry]:
        """Every entry of a person or window with a value date from `first` to `last`, in the order of booking."""
        ...


class Runs(Protocol):
    """What was done when: settles, and the jobs of the schedule."""

    def settled_as_of(self) -> Moment | None:
        """The latest as-of that was ever settled."""
        ...

    def settled(self, as_of: Moment, pack: str, at: Moment) -> None:
        """Note a settle."""
        ...

    def last_settle(self) -> SettleRun | None:
        """The settle that was done last."""
        ...

    def ripened(self, as_of: Moment) -> bool:
        """Whether a punch that the last settle had, but ahead of its as-of, is no longer ahead of this one."""
        ...

    def done(self, job: str, due: Moment, at: Moment, outcome: str) -> None:
        """Note that a job that was due is done, which ends its own trouble; doing so twice changes nothing."""
        ...

    def last(self, job: str) -> Moment | None:
        """The latest due time of a job that is done."""
        ...

    def ran(self, jobs: Iterable[str], since: Moment, until: Moment) -> list[JobRun]:
        """The jobs of these names that are done and were due after `since` and not after `until`, by due time."""
        ...

    def latest(self, until: Moment) -> dict[str, JobRun]:
        """The latest run of every job that was ever done and was not due after `until`, by name."""
        ...

    def failed(self, job: str, due: Moment, at: Moment, error: str, detail: str) -> None:
        """Note that a job failed once more."""
        ...

    def eased(self, jobs: Iterable[str]) -> None:
        """Forget the troubles of these jobs."""
        ...

    def troubles(self) -> dict[str, JobTrouble]:
        """The jobs that fail, by name."""
        ...

    def hold(self, at: Moment) -> None:
        """Note that the store was restored, and is to be compared with the scoring store."""
        ...

    def held(self) -> bool:
        """Whether that is noted."""
        ...

    def release(self) -> None:
        """Forget that."""
        ...
