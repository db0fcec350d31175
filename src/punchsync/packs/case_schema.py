"""The shape of a worked case: a scene of a few people and what it must come to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from punchsync.packs.fields import TINY, Kind, LeaveKind, Part, Post, SignOff


class ExpectPart(Part):
    """What a case expects; what is left out is not compared. All but `outcomes`, `ranking`, `others` is of 甲."""

    verdicts: tuple[str, ...] | None = None
    violations: tuple[str, ...] | None = None  # "kind source"
    person: Decimal | None = None
    window: Decimal | None = None
    others: dict[str, tuple[str, ...]] | None = None  # person -> "kind source"
    outcomes: tuple[str, ...] | None = None  # "outcome subject period"
    ranking: tuple[str, ...] | None = None  # "period subject rank"
    reversals: int | None = None


class CaseLeavePart(Part):
    person: TINY = "甲"
    kind: LeaveKind
    start: str
    end: str
    registered: str = ""
    approvals: tuple[SignOff, ...] = ()
    certificate: bool = False


class CaseOutingPart(Part):
    person: TINY = "甲"
    start: str
    end: str
    registered: str


class CaseStandInPart(Part):
    absent: TINY = "甲"
    standin: TINY = "乙"
    start: str
    end: str
    filed: str


class CaseIncidentPart(Part):
    person: str = "甲"
    window: str = ""  # instead of the person
    kind: Kind
    at: str
    warned: bool = False


class CaseOutagePart(Part):
    kind: Literal["no_punch", "lost"]
    start: str
    end: str


class CaseRulingPart(Part):
    date: date
    session: int
    effect: Literal["excuse", "uphold", "amend"]
    kind: str = ""
    as_kind: str = ""


class CaseRosterPart(Part):
    person: str = ""
    window: str = ""
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    shift: str
    days: str = ""


class CaseScorePart(Part):
    period: str
    subject: TINY  # a person's or a window's name
    category: TINY
    points: Decimal


class CasePersonPart(Part):
    """Another person of a case."""

    id: TINY
    window: TINY = "一号窗口"
    post: Post = "staff"
    backup_for: tuple[str, ...] = ()
    days: dict[str, str] = Field(default_factory=dict)
    every: str = ""
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")


class LaterPart(Part):
    days: dict[str, str]
    expect: ExpectPart


class CasePart(Part):
    """A worked case. 甲 sits at 一号窗口; he is posted `from` to `to`, or on the days named only.

    `days` are date -> his punches; `every` are the punches of every other working day of his posting.
    """

    name: TINY
    days: dict[str, str] = Field(default_factory=dict)
    every: str = ""
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    post: Post = "staff"
    window: TINY = "一号窗口"
    backup_for: tuple[str, ...] = ()
    person: tuple[CasePersonPart, ...] = ()
    roster: tuple[CaseRosterPart, ...] = ()
    leave: tuple[CaseLeavePart, ...] = ()
    outing: tuple[CaseOutingPart, ...] = ()
    standin: tuple[CaseStandInPart, ...] = ()
    incident: tuple[CaseIncidentPart, ...] = ()
    outage: tuple[CaseOutagePart, ...] = ()
    ruling: tuple[CaseRulingPart, ...] = ()
    score: tuple[CaseScorePart, ...] = ()
    calendar: dict[str, Literal["work", "off", "am_off", "pm_off"]] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    interpretations: dict[str, str] = Field(default_factory=dict)
    read_through: str = ""
    as_of: str = ""
    expect: ExpectPart
    later: LaterPart | None = None
