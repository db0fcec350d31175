"""The shape of a pack file; whatever is not described here is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from punchsync.core.intervals import Interval
from punchsync.core.records import LEAVE_KINDS, SIGN_OFFS, VIOLATION_KINDS
from punchsync.core.sessions import WrongSessions, parse_sessions
from punchsync.texts import _


class Part(BaseModel):
    """A table of a pack file: closed, and never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


def read_sessions(text: object) -> tuple[Interval, ...]:
    """Sessions written out, as seconds of the day; raises ValueError with what is allowed."""
    try:
        return parse_sessions(str(text))
    except WrongSessions:
        raise ValueError(_("HH:MM-HH:MM，或以 + 相连的两段，先后有序，相隔至少 30 分钟")) from None


def parse_month_day(text: object) -> tuple[int, int]:
    """`MM-DD` as (month, day); raises ValueError with what is allowed."""
    if isinstance(text, str) and re.fullmatch(r"\d\d-\d\d", text):
        month, day = int(text[:2]), int(text[3:])
        try:
            date(2000, month, day)
        except ValueError:
            pass
        else:
            return month, day
    raise ValueError(_("月-日 MM-DD"))


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    """A check that a text is one of these; it raises ValueError with all of them."""

    def check(text: str) -> str:
        if text not in allowed:
            raise ValueError("、".join(allowed))
        return text

    return check


def positive(points: Decimal) -> Decimal:
    """Points as a pack writes them, zero or more, to the thousandth."""
    exponent = points.normalize().as_tuple().exponent
    if points < 0 or not isinstance(exponent, int) or exponent < -3:
        raise ValueError(_("不小于 0、最多三位小数的分值"))
    return points


Kind = Annotated[str, AfterValidator(one_of(VIOLATION_KINDS))]
Points = Annotated[Decimal, AfterValidator(positive)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(parse_month_day)]
Sessions = Annotated[tuple[Interval, ...], BeforeValidator(read_sessions)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Cites = Annotated[tuple[str, ...], Field(min_length=1)]  # each "document article"
LeaveKind = Annotated[str, AfterValidator(one_of(LEAVE_KINDS))]
SignOff = Annotated[str, AfterValidator(one_of(SIGN_OFFS))]
Period = Literal["month", "quarter", "year"]
Who = Literal["person", "window"]
TINY = Annotated[str, Field(min_length=1, max_length=200)]


class DocumentPart(Part):
    id: TINY
    title: TINY
    short: TINY


class InterpretationPart(Part):
    id: TINY
    value: str
    says: TINY


class AnswerPart(Part):
    id: TINY
    form: Literal["points", "text"] = "points"
    says: TINY


class ShiftPart(Part):
    id: TINY
    name: TINY
    sessions: Sessions


class SeasonPart(Part):
    shift: TINY
    first: MonthDay = Field(alias="from")
    last: MonthDay = Field(alias="to")


class TimetablePart(Part):
    checkpoints: tuple[Literal["in", "out"], ...] = ("in", "out")
    dropped_minutes: Annotated[int, Field(ge=0, le=120)] = 10
    shift: tuple[ShiftPart, ...]
    season: tuple[SeasonPart, ...] = ()


class PunctualityPart(Part):
    late_seconds: Seconds
    early_seconds: Seconds
    missing: Literal["absent_half_day"] = "absent_half_day"
    cites: Cites


class RungPart(Part):
    kinds: tuple[LeaveKind, ...]
    up_to_half_days: Annotated[int, Field(ge=1)] | None = None
    sign_offs: tuple[SignOff, ...] = ()
    certificate: bool = False
    says: TINY
    cites: Cites


class ChargePart(Part):
    account: Who
    category: TINY
    points: Points
    when: Literal["", "warned"] = ""


class ItemPart(Part):
    id: TINY
    name: TINY
    kinds: tuple[Kind, ...]
    charges: tuple[ChargePart, ...] = ()
    cites: Cites
    asks: TINY
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")


class FindingsPart(Part):
    kinds: tuple[Kind, ...]
    first: Kind
    later: Kind
    says: TINY
    cites: Cites


class TensPart(Part):
    kinds: tuple[Kind, ...]
    every: Annotated[int, Field(ge=2)]
    period: Literal["month"] = "month"
    yields: Kind
    mode: Literal["heavier", "replace", "add", "count_only"] = "heavier"
    says: TINY
    cites: Cites


class LeaveLimitPart(Part):
    id: TINY
    kind: LeaveKind
    over_half_days: Annotated[int, Field(ge=0)]
    outcome: Literal["award_barred"]
    says: TINY
    cites: Cites


class CategoryPart(Part):
    account: Who
    name: TINY
    base: Points
    cap: Points
    period: Period
    cites: Cites


class RankingPart(Part):
    id: TINY
    subject: Who
    period: Period
    places: Annotated[int, Field(ge=1)]
    by_months: bool = False
    posted_throughout: bool = False
    says: TINY
    cites: Cites


class ExpectPart(Part):
    verdicts: tuple[str, ...] | None = None
    violations: tuple[str, ...] | None = None  # "kind source"
    person: Decimal | None = None
    window: Decimal | None = None
    outcomes: tuple[str, ...] | None = None
    reversals: int | None = None


class CaseLeavePart(Part):
    kind: LeaveKind
    start: str
    end: str
    approvals: tuple[SignOff, ...] = ()
    certificate: bool = False


class CaseIncidentPart(Part):
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


class LaterPart(Part):
    days: dict[str, str]
    expect: ExpectPart


class CasePart(Part):
    name: TINY
    days: dict[str, str]  # date -> punches, times with blanks between
    post: Literal["staff", "lead", "chief"] = "staff"
    leave: tuple[CaseLeavePart, ...] = ()
    incident: tuple[CaseIncidentPart, ...] = ()
    outage: tuple[CaseOutagePart, ...] = ()
    ruling: tuple[CaseRulingPart, ...] = ()
    read_through: str = ""
    as_of: str = ""
    expect: ExpectPart
    later: LaterPart | None = None


class PackFile(Part):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    name: TINY
    document: Annotated[tuple[DocumentPart, ...], Field(min_length=1)]
    interpretation: tuple[InterpretationPart, ...] = ()
    answer: tuple[AnswerPart, ...] = ()
    timetable: TimetablePart
    punctuality: PunctualityPart
    ladder: tuple[RungPart, ...] = ()
    item: tuple[ItemPart, ...] = ()
    findings: FindingsPart | None = None
    tens: TensPart | None = None
    leave_limit: tuple[LeaveLimitPart, ...] = ()
    category: tuple[CategoryPart, ...] = ()
    ranking: tuple[RankingPart, ...] = ()
    case: tuple[CasePart, ...] = ()
