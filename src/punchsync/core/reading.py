"""What one read of a terminal, or one file from it, brought: rows and defects, counts, clocks, and its reach."""

from __future__ import annotations

from dataclasses import dataclass

from punchsync.core.moment import Moment


@dataclass(frozen=True, slots=True)
class Row:
    """A record of a terminal's log as decoded; `raw` are its own bytes, `position` its place in the log from 0."""

    position: int
    raw: bytes
    device_user_id: str
    at: Moment
    verify: str
    state: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A record that could not be read as a punch: kept with its bytes and the reason, never dropped."""

    position: int
    raw: bytes
    reason: str  # impossible_date, empty_user_id, unreadable_user_id


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole read (`source` tcp) or file (`source` file) of one terminal.

    `began` is our clock when counting began (live), `through` a person's word (file); `count_before` and
    `count_after` what the terminal said of its log; `clock_offset` its clock minus ours in seconds; `digest` the
    SHA-256 of the bytes as received; `name` the file's name or the address read.
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


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """A terminal that could not be read, and why, by a code of `FAILURES`."""

    terminal: str
    code: str
    detail: str = ""


FAILURES = (
    "refused",  # nothing listens at the address
    "timeout",  # no answer within the deadline
    "unreachable",  # no route, unknown host name
    "wrong_key",  # the comm key was not accepted
    "encrypted",  # firmware that wants an encrypted handshake
    "broken",  # the answer broke off or does not verify
    "short",  # the log held fewer or more records than announced
    "layout",  # a record layout that we can't read
    "other_device",  # the serial number, or the log, of another device
    "emptied",  # a log that held records is empty
)
