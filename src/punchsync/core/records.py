"""What a hall knows, as plain frozen records: people, rosters, leave, incidents, terminals, reads, punches.

They carry what was written down and nothing that was concluded from it. Withdrawn records never get here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from punchsync.core.clock import MAX_CORRECTION
from punchsync.core.intervals import Interval
from punchsync.core.moment import FOREVER, Day, Moment

FIRST_DAY: Final[Day] = 1
LAST_DAY: Final[Day] = 3_652_059  # 9999-12-31

LEAVE_KINDS: Final = (
    "official", "personal", "sick", "annual", "marriage", "maternity", "bereavement", "family", "injury",
    "paternity", "childcare", "nursing", "prenatal", "compensatory", "other",
)  # fmt: skip
SIGN_OFFS: Final = ("window_lead", "inspection", "unit_leader", "centre_leader", "centre")
INCIDENT_KINDS: Final = (
    "window_empty", "off_post", "wandering", "private_work", "games", "no_badge", "missed_meeting", "late_meeting",
    "missed_study", "missed_joint_review", "late_joint_review", "missed_weekly", "late_weekly", "missed_training",
    "late_training", "left_duty", "duty_harm", "early", "leave_breach", "proxy_punch",
)  # fmt: skip
CONDUCT: Final = frozenset({"off_post", "wandering", "private_work", "games", "no_badge", "early"})
VIOLATION_KINDS: Final = (
    "late", "early", "off_post", "absent_half_day", "retroactive_leave", "uncovered", "leave_over", "low_presence",
    *(k for k in INCIDENT_KINDS if k not in ("off_post", "early")),
)  # fmt: skip
OUTCOMES: Final = (
    "award", "shortlisted", "award_barred", "notify_unit", "unqualified", "returned_to_unit", "talk", "replace_person",
    "star_minus_one", "star_minus_two", "grade_excellent", "grade_qualified", "grade_unqualified", "grade_competent",
    "grade_basic", "grade_incompetent", "warning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a span: a moment, or a half of a day (`am`, `pm`) that the person's own timetable places."""

    moment: Moment  # for a half: 00:00 or 12:00 of the day
    half: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """A person's place at a window, `first` to `last` day, both included."""

    person: str
    name: str
    unit: str
    window: str
    post: str
    device_user_id: str
    backup_for: tuple[str, ...]
    first: Day
    last: Day = LAST_DAY


@dataclass(frozen=True, slots=True)
class Device:
    """A device user id's owner on one terminal (empty: all), `first` to `last` day."""

    terminal: str
    device_user_id: str
    person: str
    first: Day
    last: Day = LAST_DAY


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster row of a person or a window: a shift id of the pack, `off`, or sessions as seconds of the day."""

    id: str
    entered_at: Moment
    person: str
    window: str
    first: Day
    last: Day
    shift: str  # "" where sessions are written out
    sessions: tuple[Interval, ...]
    days: str  # "" default, "workdays", "rest", "all", or "weekdays"
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Leave:
    """A leave as registered; `daily` are seconds of the day, if only these hours of each day are taken."""

    id: str
    person: str
    kind: str
    start: Bound
    end: Bound
    daily: Interval | None
    registered_at: Moment
    certificate: bool
    approvals: frozenset[str]
    returned_at: Moment | None = None
    first_registered_at: Moment | None = None  # by the first version ever brought, where a later one says otherwise

    @property
    def first_registered(self) -> Moment:
        """When it was registered for the first time."""
        return self.registered_at if self.first_registered_at is None else self.first_registered_at


@dataclass(frozen=True, slots=True)
class Outing:
    """An outing as registered; `end` None: still going on."""

    id: str
    person: str
    start: Bound
    end: Bound | None
    registered_at: Moment
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who stands in for an absent person, as filed."""

    id: str
    absent: str
    standin: str
    start: Bound
    end: Bound
    filed_at: Moment


@dataclass(frozen=True, slots=True)
class Incident:
    """What a supervisor wrote down about a person or (`window_empty`) a window."""

    id: str
    person: str
    window: str
    kind: str
    at: Moment
    noted_by: str = ""
    place: str = ""
    evidence: str = ""
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which a terminal took no punches, or took some that can never be read; both ends included."""

    terminal: str
    start: Moment
    end: Moment  # FOREVER while going on
    kind: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A sign-in on paper: counts as a punch of the terminal `paper`."""

    person: str
    at: Moment
    sheet: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision on the violations of a person or window, date and session (`kind` empty: all), or on a single one."""

    id: str
    person: str
    window: str
    day: Day
    session: int
    kind: str
    effect: str
    as_kind: str
    document: str
    decided_by: str
    decided_at: Moment
    violation: str = ""  # on this one alone, by its id, whatever its session and kind; an appeal's decision


@dataclass(frozen=True, slots=True)
class GivenScore:
    """Points that others gave a person or window for a period (votes, panels, other chapters)."""

    period: str
    subject_type: str  # person, window
    subject_id: str
    category: str
    points: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal of the site: which windows' people it must have been read for (empty: all), and its life.

    `correction` is by how many seconds a punch's time is corrected at most where its clock is off.
    """

    id: str
    windows: frozenset[str] = frozenset()
    first: Day = FIRST_DAY
    last: Day = LAST_DAY
    live: bool = True
    correction: int = MAX_CORRECTION


@dataclass(frozen=True, slots=True)
class Read:
    """One read or file of a terminal, as far as coverage asks.

    `spans` are runs (both ends included) of the terminal's own punch numbers that it held; `first` and `last` its
    first and last plausible record, `last_numbers` the punch numbers at `last`; `reach` our clock when counting began
    (live); `through` a person's word (file).
    """

    terminal: str
    id: int
    spans: tuple[Interval, ...]
    first: Moment | None
    last: Moment | None
    last_numbers: tuple[int, ...]
    reach: Moment | None = None
    through: Moment | None = None


class Punch(NamedTuple):
    """A punch as taken: where, under which device user id, when."""

    terminal: str
    device_user_id: str
    at: Moment


class Doubt(NamedTuple):
    """A record of a terminal made from `first` to `last` (both included) by whoever has an id; empty: by anybody.

    It can't be read as a punch: its time, its user or the terminal's clock is not to be trusted.
    """

    terminal: str
    device_user_id: str
    first: Moment
    last: Moment


@dataclass(frozen=True, slots=True)
class Calendar:
    """Published years with their holidays and make-up days, and the hall's own dates, which win."""

    years: frozenset[int]
    holidays: frozenset[Day]
    makeup: frozenset[Day]
    overrides: Mapping[Day, str] = field(default_factory=dict)  # work, off, am_off, pm_off


@dataclass(frozen=True, slots=True)
class Case:
    """All that a hall knows, for judging; punches at least of the days judged."""

    postings: tuple[Posting, ...] = ()
    devices: tuple[Device, ...] = ()
    rosters: tuple[Roster, ...] = ()
    leaves: tuple[Leave, ...] = ()
    outings: tuple[Outing, ...] = ()
    standins: tuple[StandIn, ...] = ()
    incidents: tuple[Incident, ...] = ()
    outages: tuple[Outage, ...] = ()
    papers: tuple[Paper, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    given: tuple[GivenScore, ...] = ()
    terminals: tuple[Terminal, ...] = ()
    reads: tuple[Read, ...] = ()
    punches: tuple[Punch, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    calendar: Calendar = field(default_factory=lambda: Calendar(frozenset(), frozenset(), frozenset()))


def still(end: Moment | None) -> Moment:
    """An end, or later than any moment where it is still going on."""
    return FOREVER if end is None else end
