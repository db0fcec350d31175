"""A person's day, or a window's own violation, laid open: everything that a verdict, a violation or an entry rests on.

Plain records between `operations`, which gathers them, and `publish`, which puts them in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from punchsync.core.alternatives import Alternative, Fate
from punchsync.core.appeal import Appeal, AppealDecision
from punchsync.core.basis import Basis
from punchsync.core.checkpoint import Checkpoint as Purge
from punchsync.core.closing import Closing
from punchsync.core.excuse import Standing
from punchsync.core.ground import Ground
from punchsync.core.intervals import Interval
from punchsync.core.judge import Verdict
from punchsync.core.ledger import Entry
from punchsync.core.moment import Day, Moment
from punchsync.core.origin import Origin
from punchsync.core.records import Incident, Leave, Outage, Outing, Paper, Posting, Roster, Ruling, StandIn
from punchsync.core.rules import Interpretation, Season
from punchsync.core.stored import ReadingNote, StoredPunch
from punchsync.core.timetable import Checkpoint, DayPlan, Session
from punchsync.core.trace import Charged, Weighed
from punchsync.core.violations import Violation

# What was read


class Raw(NamedTuple):
    """A record of a terminal as kept, in our time (None: it can't be placed), and what became of it.

    `claim` says by what its device user id is the person's; `fate` codes are those of `alternatives.Fate`, and
    `unplaced` and `same_second` (another record of that second counts).
    """

    punch: StoredPunch
    at: Moment | None
    doubt: Interval | None
    basis: Basis
    reading: ReadingNote
    claim: str
    fate: Fate


class Sheet(NamedTuple):
    """A sign-in on paper and what became of it."""

    paper: Paper
    fate: Fate


class Doubted(NamedTuple):
    """A stretch (both ends included) in which a record was made that may be the person's; `why` a defect or `clock`."""

    terminal: str
    device_user_id: str
    first: Moment
    last: Moment
    why: str


class TerminalRead(NamedTuple):
    """A terminal that must have been read: through when, by which reading, and what of the day is lost or dark."""

    terminal: str
    through: Moment | None
    by: ReadingNote | None
    lost: tuple[Interval, ...]
    outages: tuple[Outage, ...]


# Whose time was asked


class Timetable(NamedTuple):
    """Where a day's sessions come from: `own` or `window` roster row, the pack's `default`, or `none`."""

    origin: str
    roster: Roster | None
    season: Season | None
    shift: str  # its name; empty where sessions are written out
    day_kind: str  # work, off, am_off, pm_off, unknown
    calendar: str  # override, holiday, makeup, weekday, unknown
    reads: tuple[Interpretation, ...]


class LeaveShown(NamedTuple):
    """A leave that touches the day: what it asks, what was taken, whether it holds; `uncovered` has its sessions."""

    leave: Leave
    standing: Standing
    asked: tuple[Interval, ...]
    taken: tuple[Interval, ...]
    in_time: bool
    article: str
    cover_asked: bool
    uncovered: tuple[Session, ...]


class OutingShown(NamedTuple):
    """An outing that touches the day."""

    outing: Outing
    span: Interval
    in_time: bool


class StandInShown(NamedTuple):
    """A stand-in row that touches the day; the person is the `absent` or the `standin`; `leaves` it is for."""

    row: StandIn
    span: Interval
    role: str
    in_time: bool
    leaves: tuple[str, ...]


class BackupShown(NamedTuple):
    """A session of the A post that falls to the B post; the person is the one or the other."""

    first: str
    backup: str
    start: Moment
    end: Moment


class IncidentShown(NamedTuple):
    """An incident of the day, and the violation that it is, if it is one."""

    incident: Incident
    violation: str


# What it came to


class Point(NamedTuple):
    """A checkpoint: its window, due time (moved; None: excused), verdict as settled and as judged now, and why.

    `alternatives` are of the matching as judged now.
    """

    point: Checkpoint
    due: Moment | None
    settled: Verdict | None
    fresh: Verdict
    ground: Ground
    alternatives: tuple[Alternative, ...]


class Threshold(NamedTuple):
    """What a violation from a total counts: leave in half-days against a limit, or seconds present of those required.

    `records` are the leaves counted.
    """

    counted: int
    limit: Decimal
    of: int = 0
    records: tuple[str, ...] = ()


class Progress(NamedTuple):
    """The how-many-th of its person's month a violation is under a conversion (`every`-th yields one more) or findings.

    `every` is 0 for findings, each of which yields something.
    """

    rule: str
    article: str
    every: int
    nth: int
    before: tuple[Violation, ...]


class Shown(NamedTuple):
    """A violation with its rule, the readings that bear on it, what it was made of and into, and its charges.

    `found` says whether judging anew still finds it; where not, nothing is known of its charges.
    """

    violation: Violation
    rule: str
    article: str
    says: tuple[str, ...]
    reads: tuple[Interpretation, ...]
    ruling: Ruling | None
    counts: tuple[Progress, ...]
    made_of: tuple[Violation, ...]
    made_into: tuple[Violation, ...]
    weighed: tuple[Weighed, ...]
    charges: tuple[Charged, ...]
    threshold: Threshold | None
    found: bool


class Booked(NamedTuple):
    """An entry; `reversed_by` the one that took it back; `closed` the closing for which it was booked later."""

    entry: Entry
    reversed_by: Entry | None
    closed: Closing | None


class Cap(NamedTuple):
    """What an account's score comes to: `cut` is what lies beyond the cap."""

    account_type: str
    account_id: str
    category: str
    period: str
    base: Decimal
    cap: Decimal
    points: Decimal
    score: Decimal
    cut: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A person's day, or (`person` empty) a window's own violations of it; settled as of `as_of` (None: never).

    `points`, `violations` and `entries` are those of the last settle; `stale` says what of them (`verdicts`,
    `violations`, `entries`) a fresh judging of what is known now has otherwise, and `fresh` has its violations then.

    Of a day whose records were erased by a purge (`erased`) it is what was judged then: `verdicts` instead of `points`,
    and nothing that would have to be judged anew.
    """

    hall: str
    person: str
    name: str
    window: str
    day: Day
    as_of: Moment | None
    posting: Posting | None = None
    plan: DayPlan | None = None
    timetable: Timetable | None = None
    raw: tuple[Raw, ...] = ()
    papers: tuple[Sheet, ...] = ()
    terminals: tuple[TerminalRead, ...] = ()
    doubts: tuple[Doubted, ...] = ()
    leaves: tuple[LeaveShown, ...] = ()
    outings: tuple[OutingShown, ...] = ()
    standins: tuple[StandInShown, ...] = ()
    backups: tuple[BackupShown, ...] = ()
    incidents: tuple[IncidentShown, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    appeals: tuple[tuple[Appeal, AppealDecision | None], ...] = ()
    points: tuple[Point, ...] = ()
    violations: tuple[Shown, ...] = ()
    entries: tuple[Booked, ...] = ()
    caps: tuple[Cap, ...] = ()
    stale: tuple[str, ...] = ()
    fresh: tuple[Violation, ...] = ()
    erased: Purge | None = None
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """An entry with all that was booked for its cause, and the day behind it.

    Where no violation stands for it any more `behind` is None and `origin` says what it was about, if that can be told.
    """

    entry: Entry
    history: tuple[Booked, ...]
    behind: Violation | None
    origin: Origin | None
    about: Explained | None
