"""What one read of a terminal, or one file from it, brought, and what is remembered of a terminal between reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from punchsync.core.moment import Day, Moment

LAYOUTS: Final = ("8", "8b", "16", "40", "49", "40p", "49p")
"""Record layouts that can be read (TERMINALS.md, "Reading the log"): by size in bytes; `8b` is the 8 bytes of
MA300/ZEM500, `40p` 40 bytes with one 9-byte prefix before all of them, `49p` that prefix before each."""

SLOTTED: Final = frozenset({"8", "8b"})
"""Layouts whose records name a slot, not a user."""

PLANS: Final = ("full", "tail", "range")
"""Ways to read a log: all of it; from an offset, with an overlap that must be what was read before; from a time on."""


class Row(NamedTuple):
    """A record of a terminal's log as decoded; `raw` are its own bytes, `position` its place in the log from 0."""

    position: int
    raw: bytes
    device_user_id: str
    at: Moment
    verify: str
    state: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A record that could not be read as a punch, or is odd: kept with its bytes and the reason, never dropped.

    `users` are the device user ids that it may be of (none: anybody), `first` to `last` the stretch of time in which
    it was taken (None: it is a punch all the same, and only odd): who has one of them is not judged by what is missing
    then.
    """

    position: int
    raw: bytes
    reason: str  # one of DEFECTS
    users: tuple[str, ...] = ()
    first: Moment | None = None
    last: Moment | None = None


DEFECTS: Final = (
    "impossible_date",  # 31 February
    "dead_clock",  # before 2020: the terminal's battery was empty
    "future",  # later than any clock of ours
    "empty_user_id",
    "unreadable_user_id",
    "unknown_slot",  # 8-byte rows: nobody has this slot
    "changed_slot",  # 8-byte rows: the slot had another user at the read before
    "foreign",  # a new device in the place of another brought it from where it was before
    "odd_code",  # a verify or state that no terminal is known to write; the punch counts
)


class Sample(NamedTuple):
    """A terminal's clock minus ours, in seconds (None: it showed no time), when our clock showed `ours`."""

    ours: Moment
    offset: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A read (`source` tcp, udp) or file (`source` file) of one terminal, good to be stored.

    `began` is our clock when counting began (live), `through` a person's word (file); `count_before` and
    `count_after` what the terminal said of its log, `capacity` how many it can hold; `clock_offset` its clock minus
    ours in seconds, `samples` all that were taken, in order; `digest` the SHA-256 of the bytes as received; `name` the
    file's name or the address read. `held` is how many records the log held.

    Of a plan other than `full`, `rows` and `defects` are only those behind the `held` ones of the reading `continues`;
    all before them was found to be as it was then.
    """

    terminal: str
    source: str
    name: str
    digest: str
    rows: tuple[Row, ...]
    defects: tuple[Defect, ...] = ()
    began: Moment | None = None
    through: Moment | None = None
    serial: str = ""
    count_before: int | None = None
    count_after: int | None = None
    clock_offset: int | None = None
    bytes_moved: int = 0
    plan: str = "full"
    layout: str = ""
    held: int | None = None
    capacity: int | None = None
    samples: tuple[Sample, ...] = ()
    continues: int | None = None
    tail: bytes = b""  # the last OVERLAP records of the log as bytes, fewer where it holds fewer
    slots: Mapping[int, str] = field(default_factory=dict)  # 8-byte rows: user id by slot, as the terminal has them
    refused: frozenset[str] = frozenset()  # plans that this terminal was found not to honour, now or before
    replaces: str = ""  # the serial number of the device in whose place this one was accepted

    @property
    def in_log(self) -> int:
        """How many records the log held; of a file, how many it has."""
        return len(self.rows) + len(self.defects) if self.held is None else self.held


OVERLAP: Final = 64
"""Records at a log's end that are kept as bytes, and read again to see that the log continues."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a terminal when it is read; nothing at all before its first read.

    `last` is the time and device user ids of the last plausible record ever read of it. `reading` is its latest live
    reading, after which the log held `held` records, the last of them `tail`; `full_on` the day of the last full read.
    `said` holds, of 8-byte rows, whose each stored record was said to be, by its bytes; `odd` the defects that were
    found, by theirs, one for each of identical records: both stay what they were. `elsewhere` are the serial numbers of
    other terminals.
    """

    serial: str = ""
    last: tuple[Moment, frozenset[str]] | None = None
    layout: str = ""
    reading: int | None = None
    held: int = 0
    tail: bytes = b""
    full_on: Day | None = None
    refused: frozenset[str] = frozenset()
    slots: Mapping[int, str] = field(default_factory=dict)
    said: Mapping[bytes, tuple[str, ...]] = field(default_factory=dict)
    odd: Mapping[bytes, tuple[Defect, ...]] = field(default_factory=dict)
    began: Moment | None = None  # our clock at the latest live reading
    elsewhere: Mapping[str, str] = field(default_factory=dict)  # terminal id by serial number


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """A terminal that could not be read, and why, by a code of `FAILURES`.

    `blob` is the log as it came where its layout is not understood: kept aside, so that somebody can look at it.
    """

    terminal: str
    code: str
    detail: str = ""
    blob: bytes = field(default=b"", repr=False)


FAILURES = (
    "refused",  # nothing listens at the address
    "timeout",  # no answer within the deadline
    "unreachable",  # no route, unknown host name
    "busy",  # it answers the network but no client: another one has it
    "wrong_key",  # the comm key was not accepted
    "encrypted",  # firmware that wants an encrypted handshake (6001)
    "push_only",  # firmware without a log to read (4989): it sends punches by itself
    "broken",  # the answer broke off or does not verify
    "short",  # the log held fewer or more records than announced
    "layout",  # a record layout that we can't read, or not the one this terminal had
    "other_device",  # the serial number, or the log, of another device
    "emptied",  # a log that held records is empty
)
