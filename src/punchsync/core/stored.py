"""What a store hands back, as plain records: punches with where they were read, marks of months, chained entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from punchsync.core.ledger import Entry
from punchsync.core.moment import DAY, Day, Moment, parse_day

EARLIEST: Final[Moment] = parse_day("2020-01-01") * DAY
"""A terminal whose clock says earlier was reset; nothing is concluded from such a record's time."""


class Added(NamedTuple):
    """What storing a reading changed: its number, its new punches, and the first moment that may be judged anew."""

    reading: int
    new: int
    touched: Moment | None
    first_new: Moment | None


class Version(NamedTuple):
    """A version of an imported record: its number from 1, and when it was stored."""

    kind: str
    key: str
    number: int
    at: Moment
    body: Mapping[str, str]


class StoredPunch(NamedTuple):
    """A punch as stored, with where it was first read."""

    terminal: str
    device_user_id: str
    at: Moment
    ordinal: int
    number: int
    verify: str
    state: str
    source: str
    raw: bytes
    reading: int
    position: int


class Taken(NamedTuple):
    """A punch as its terminal wrote it, with its number there and its place in the reading that brought it."""

    terminal: str
    device_user_id: str
    at: Moment
    number: int
    reading: int
    position: int


class IdDay(NamedTuple):
    """How often a device user id punched at a terminal on a day, and when first and last, by its clock."""

    terminal: str
    device_user_id: str
    day: Day
    punches: int
    first: Moment
    last: Moment


class ReadingNote(NamedTuple):
    """Where punches came from: a read (`began`: our clock when counting began) or a file (`through`: a person's word).

    `name` is the address or the file's name, `offset` the terminal's clock minus ours in seconds, `at` when stored.
    """

    number: int
    terminal: str
    source: str
    name: str
    at: Moment
    began: Moment | None
    through: Moment | None
    offset: int | None
    serial: str


class ReadRow(NamedTuple):
    """A read or a file in a line: as `ReadingNote`, with its plan, the records it brought, those that were new, all
    that the log held, and its last plausible record."""

    number: int
    source: str
    name: str
    at: Moment
    began: Moment | None
    through: Moment | None
    offset: int | None
    serial: str
    plan: str
    records: int
    new: int
    held: int | None
    last: Moment | None


class TerminalState(NamedTuple):
    """What is known of a terminal's reads: last good read (hall time), punches kept, clock offset, serial, defects."""

    terminal: str
    last_read: Moment | None
    records: int
    clock_offset: int | None
    serial: str
    defects: int
    last_count: int | None
    last_failure: str
    last_failure_at: Moment | None


class MonthState(NamedTuple):
    """A hall-month's marks: due when `marked` differs from `settled`, or when it was settled before it was over."""

    month: str
    marked: int
    settled: int
    as_of: Moment
    unknown: int
    pack: str

    @property
    def waits(self) -> bool:
        """Whether it was marked since it was settled."""
        return self.marked != self.settled

    def stale(self, digest: str) -> bool:
        """Whether its records have changed since it was settled, or the rules are others (by their digest) now."""
        return self.waits or self.pack != digest


class SettleRun(NamedTuple):
    """A settle as noted: its as-of, the digest of its pack, and the height of the hall's chain when it was done.

    That is 0 where no link was made then.
    """

    as_of: Moment
    pack: str
    height: int


class JobRun(NamedTuple):
    """A job of the schedule that was done: when it was due, when it was done, and what came of it in a word."""

    job: str
    due: Moment
    at: Moment
    outcome: str


class JobTrouble(NamedTuple):
    """A job that fails: `due` of the one that failed last, since when, when last and how often in a row.

    `error` is the error's kind, `detail` what may be shown of its words.
    """

    job: str
    due: Moment
    since: Moment
    at: Moment
    times: int
    error: str
    detail: str


class ChainedEntry(NamedTuple):
    """A ledger entry as stored, with its place in the chain."""

    entry: Entry
    height: int
    previous: str
    hash: str
