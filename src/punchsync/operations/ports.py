"""What the use cases ask of the outside: protocols that the store, the terminals and the clock fulfil."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from punchsync.core.appeal import Appeal, AppealDecision, Evidence
from punchsync.core.chain import Head, Kept, Link
from punchsync.core.clock import Look
from punchsync.core.closing import Closing
from punchsync.core.decision import Decision, Place
from punchsync.core.fact import Fact
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.ledger import Plan as LedgerPlan
from punchsync.core.moment import Day, Moment
from punchsync.core.outbox import Answer, Batch, Cut, Delivery
from punchsync.core.outcome import Outcome, Rank, Standing
from punchsync.core.raw import Brought
from punchsync.core.readback import Row
from punchsync.core.reading import Defect, Memory, ReadFailure, Reading
from punchsync.core.records import Doubt, Punch, Read
from punchsync.core.score import Score, Sums
from punchsync.core.settle import MonthResult
from punchsync.core.stored import Added, ChainedEntry, MonthState, ReadingNote, SettleRun, StoredPunch, TerminalState
from punchsync.core.tally import Tally
from punchsync.core.violations import Violation

Body = Mapping[str, str]


class Records(Protocol):
    """Imported records, kind by kind: every version is kept, the latest of a key counts."""

    def put(self, kind: str, rows: Sequence[tuple[str, Body]], at: Moment) -> int:
        """Store new versions of those that differ from what is there; returns how many did."""
        ...

    def all(self, kind: str) -> dict[str, dict[str, str]]:
        """The latest body of every key, withdrawn ones included."""
        ...

    def firsts(self, kind: str, column: str) -> dict[str, str]:
        """What a column said in the first version of every key whose versions differ in it."""
        ...


class Readings(Protocol):
    """Reads and files of terminals, and the punches they brought."""

    def add(self, reading: Reading, at: Moment) -> Added:
        """Store a reading with its new punches and its defects, in this transaction."""
        ...

    def failed(self, failure: ReadFailure, at: Moment) -> None:
        """Note that a terminal could not be read."""
        ...

    def reads(self, latest: Moment) -> list[Read]:
        """Every reading as coverage asks; records before 2020 or after `latest` are not plausible."""
        ...

    def looks(self) -> Mapping[str, Sequence[Look]]:
        """How the clock stood at each live read of every terminal whose clock was ever off."""
        ...

    def notes(self, numbers: Iterable[int]) -> dict[int, ReadingNote]:
        """What is kept of these readings, by number."""
        ...

    def states(self) -> dict[str, TerminalState]:
        """What is known of each terminal that was ever read or tried."""
        ...


class Memories(Protocol):
    """What is remembered of each terminal between its reads."""

    def of(self, terminal: str) -> Memory:
        """All that is known of a terminal when it is read; an empty memory before its first read."""
        ...

    def set_aside(self) -> Mapping[str, tuple[Moment, str, bytes]]:
        """The logs put aside because they were not understood: when, what was found, the bytes, by terminal."""
        ...


class Defects(Protocol):
    """Records of terminals that could not be read as a punch, or are odd."""

    def all(self) -> list[tuple[str, Defect]]:
        """All defects, with their terminals."""
        ...

    def doubts(self) -> list[Doubt]:
        """Whom the defects may be of, and when they were made."""
        ...


class Punches(Protocol):
    """Punches as taken."""

    def between(self, first: Moment, last: Moment, but: Collection[str] = ()) -> list[Punch]:
        """The punches of a stretch, both ends included, every occurrence, but those of some terminals."""
        ...

    def numbered(self, terminal: str, first: Moment, last: Moment) -> list[tuple[str, Moment, int]]:
        """A terminal's punches of a stretch as written by its clock: device user id, time, number."""
        ...

    def counted(self, terminal: str, first: int, last: int) -> list[tuple[str, Moment, int]]:
        """A terminal's punches by their numbers, both ends included: device user id, time, number."""
        ...

    def stored(self, first: Moment, last: Moment) -> Iterator[StoredPunch]:
        """The same with all that is kept of them, by time."""
        ...

    def strange(self, terminal: str | None = None) -> list[tuple[str, str]]:
        """Every (terminal, device user id) that ever punched."""
        ...


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
        """Note that a job that was due is done; doing so twice changes nothing."""
        ...

    def last(self, job: str) -> Moment | None:
        """The latest due time of a job that is done."""
        ...


class Papers(Protocol):
    """Packs as they judged, and bulletins as they were issued."""

    def keep_pack(self, digest: str, text: str, at: Moment) -> None:
        """Keep a pack's text under its digest."""
        ...

    def pack(self, digest: str) -> str | None:
        """A kept pack's text."""
        ...

    def issue(self, kind: str, period: str, content: str, at: Moment) -> int:
        """Keep a bulletin as issued; the same content for the same period keeps its number. Returns the number."""
        ...

    def told(self, kind: str, period: str) -> int | None:
        """The ledger's height when the bulletin of the latest period before this one was first issued; None without."""
        ...


class Decisions(Protocol):
    """Decisions on outcomes by named people."""

    def decide(self, place: Place, state: str, by: str, note: str, at: Moment) -> Decision:
        """Add a decision and return it with its number."""
        ...

    def all(self) -> list[Decision]:
        """Every decision in the order they were taken."""
        ...


class Closings(Protocol):
    """Months closed and opened again."""

    def closed(self) -> set[str]:
        """The months that are closed now."""
        ...

    def add(self, month: str, action: str, by: str, reason: str, at: Moment) -> Closing:
        """Note that a month was closed or opened again (`close`, `reopen`)."""
        ...

    def all(self) -> list[Closing]:
        """Every closing and reopening in the order they were done."""
        ...


class Deliveries(Protocol):
    """The outbox: batches of the ledger for scoring stores, and how each of them fared."""

    def all(self, store: str) -> list[Delivery]:
        """Every batch for a scoring store, by number."""
        ...

    def unfinished(self, store: str) -> list[Delivery]:
        """Its batches that wait or are parked, by number."""
        ...

    def stores(self) -> list[str]:
        """Every scoring store that a batch was ever made for."""
        ...

    def first_waiting(self, store: str) -> Batch | None:
        """The batch that is to be sent next, of those that are made."""
        ...

    def cut(self, store: str) -> Cut:
        """How far a store's batches reach."""
        ...

    def times(self, store: str, first: int, last: int) -> int:
        """How many batches of exactly these heights were made."""
        ...

    def add(self, store: str, batches: Iterable[Batch], at: Moment) -> None:
        """Write down batches that wait to be sent."""
        ...

    def note(self, store: str, number: int, meaning: str, detail: str, at: Moment) -> None:
        """Note what came of a try; what was taken stays taken whatever another try says."""
        ...

    def unpark(self, store: str) -> int:
        """Let the parked batches wait again; returns how many."""
        ...

    def head(self, height: int | None = None) -> tuple[int, str]:
        """A height of the ledger with its chain hash, the last one without an argument; 0 where there is none."""
        ...

    def booked_at(self, height: int) -> Moment | None:
        """When an entry was booked, by our clock."""
        ...

    def entries(self, first: int, last: int) -> list[ChainedEntry]:
        """The ledger's entries from one height to another, both included."""
        ...


class Appeals(Protocol):
    """Appeals with their evidence, and the decisions on them."""

    def file(self, filed: Appeal, files: Sequence[Evidence], at: Moment) -> Appeal:
        """Add an appeal with its evidence and return it with its number."""
        ...

    def decide(self, decision: AppealDecision, at: Moment) -> None:
        """Add the decision on an appeal that has none yet."""
        ...

    def all(self) -> list[Appeal]:
        """Every appeal in the order of filing."""
        ...

    def decisions(self) -> list[AppealDecision]:
        """Every decision by the number of its appeal."""
        ...

    def evidence(self, number: int) -> list[Evidence]:
        """The files of an appeal in their order."""
        ...


class Links(Protocol):
    """The links of a hall's chain, and what they stand for as it is now."""

    def head(self) -> Head:
        """Where the chain ends."""
        ...

    def before(self, chain: str, number: int) -> Head:
        """Where the chain ended before a link; ValueError if there is no such link."""
        ...

    def all(self) -> list[Link]:
        """Every link, by height."""
        ...

    def rows(self) -> Iterator[tuple[str, Iterable[Kept]]]:
        """Every chain of rows that have numbers, with what is kept for each of its links, by number."""
        ...

    def packs(self) -> list[Kept]:
        """Every pack; its link is found by what it says."""
        ...

    def entries(self) -> Iterator[Kept]:
        """Every entry of the ledger, whose digest is the ledger's own hash."""
        ...

    def terminals(self) -> list[str]:
        """Every terminal that has a reading, a punch or a defect."""
        ...

    def readings(self, terminal: str) -> Iterator[tuple[Kept, Brought | None]]:
        """A terminal's readings by number, each with the punches that it brought; last what no reading brought."""
        ...


class Work(Protocol):
    """One transaction on a hall's store."""

    @property
    def records(self) -> Records: ...
    @property
    def readings(self) -> Readings: ...
    @property
    def memories(self) -> Memories: ...
    @property
    def defects(self) -> Defects: ...
    @property
    def punches(self) -> Punches: ...
    @property
    def months(self) -> Months: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def papers(self) -> Papers: ...
    @property
    def decisions(self) -> Decisions: ...
    @property
    def closings(self) -> Closings: ...
    @property
    def appeals(self) -> Appeals: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def links(self) -> Links: ...


class Store(Protocol):
    """A hall's store: reading and writing in transactions that are wholly there or not at all."""

    def reading(self) -> AbstractContextManager[Work]:
        """A consistent view."""
        ...

    def writing(self) -> AbstractContextManager[Work]:
        """A transaction that excludes other writers; committed at the end, undone on any exception."""
        ...


class TerminalReader(Protocol):
    """Reads terminals over the network."""

    def read(
        self, terminal: str, memory: Memory, *, full: bool = False, replaced: bool = False, kept: bool = False
    ) -> Reading | ReadFailure:
        """What is new at a terminal of which so much is known, or why it could not be had.

        `full` asks for all of its log; `replaced` accepts another device in its place, if it is none of the others;
        only a reading that will be `kept` may set the terminal's clock, as nothing else remembers that it did. Never
        raises for what a terminal does.
        """
        ...


class ScoringStore(Protocol):
    """Where the ledger's entries are delivered to."""

    @property
    def name(self) -> str:
        """What the outbox knows it by: kind and address, without secrets."""
        ...

    def deliver(self, batch: Batch, rows: Sequence[Row]) -> Answer:
        """Send a batch, its entries in order; the same batch again is no other. Never raises for what a store does."""
        ...

    def read_back(self, most: int) -> list[Row]:
        """Every entry that is there, by entry id, as often as it is there; raises Unreadable, also beyond `most`."""
        ...

    def interrupt(self) -> None:
        """End what is under way, from another thread; nothing is sent after that."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Clock(Protocol):
    """Hall time."""

    def now(self) -> Moment: ...
