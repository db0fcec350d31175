"""The shape of a pack file; whatever is not described here is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from punchsync.core.intervals import Interval
from punchsync.core.records import LEAVE_KINDS, OUTCOMES, SIGN_OFFS, VIOLATION_KINDS
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


def read_weekdays(names: object) -> frozenset[int]:
    """Names of weekdays as numbers, 0 for Monday; raises ValueError with what is allowed."""
    if not isinstance(names, list) or not names or not all(n in WEEKDAYS for n in names):
        raise ValueError("、".join(WEEKDAYS))
    return frozenset(WEEKDAYS.index(n) for n in names)


def read_sign_offs(text: object) -> tuple[str, ...]:
    """Sign-offs all of which are needed, `;` between them, or `any` for any one; raises ValueError otherwise."""
    if text == "any":
        return ()
    names = tuple(str(text).split(";"))
    if not all(n in SIGN_OFFS for n in names):
        raise ValueError(_("any，或以 ; 相连的 {names}").format(names="、".join(SIGN_OFFS)))
    return names


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


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Kind = Annotated[str, AfterValidator(one_of(VIOLATION_KINDS))]
Points = Annotated[Decimal, AfterValidator(positive)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(parse_month_day)]
Sessions = Annotated[tuple[Interval, ...], BeforeValidator(read_sessions)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Cites = Annotated[tuple[str, ...], Field(min_length=1)]  # each "document article"
LeaveKind = Annotated[str, AfterValidator(one_of(LEAVE_KINDS))]
SignOff = Annotated[str, AfterValidator(one_of(SIGN_OFFS))]
Period = Literal["month", "quarter", "year"]
Post = Literal["staff", "lead", "chief"]
Weekdays = Annotated[frozenset[int], BeforeValidator(read_weekdays)]
Who = Literal["person", "window"]
Kinds = Annotated[frozenset[Kind], Field(min_length=1)]
Periods = Annotated[tuple[Period, ...], Field(min_length=1)]
OutcomeName = Annotated[str, AfterValidator(one_of(OUTCOMES))]
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


class RulePart(Part):
    """What every rule has; `from` and `to` are the days on which it is in force, both included."""

    id: TINY
    says: TINY
    cites: Cites
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")


class TimetablePart(Part):
    checkpoints: Annotated[frozenset[Literal["in", "out"]], Field(min_length=1)] = frozenset({"in", "out"})
    dropped_minutes: Annotated[int, Field(ge=0, le=120)] = 10
    opens_minutes: Annotated[int, Field(ge=1, le=180)] = 180


class LeavePart(Part):
    """What holds for leave that no rung of the ladder is about."""

    otherwise: Annotated[tuple[str, ...], BeforeValidator(read_sign_offs)] = ()


class ShiftPart(Part):
    id: TINY
    name: TINY
    sessions: Sessions


class SeasonPart(RulePart):
    says: TINY = "默认班次"
    cites: tuple[str, ...] = ()
    shift: TINY
    begins: MonthDay = (1, 1)
    ends: MonthDay = (12, 31)
    weekdays: Weekdays = frozenset(range(7))


class PunctualityPart(RulePart):
    late: Seconds = Field(alias="late_seconds")
    early: Seconds = Field(alias="early_seconds")
    late_limit: Seconds | None = Field(default=None, alias="late_limit_seconds")
    late_beyond: Literal["", "off_post", "absent_half_day"] = ""
    early_limit: Seconds | None = Field(default=None, alias="early_limit_seconds")
    early_beyond: Literal["", "off_post", "absent_half_day"] = ""
    missing: Literal["absent_half_day", "absent_half_day_each"] = "absent_half_day"
    each_over: Annotated[Decimal, Field(ge=0, lt=1)] = Decimal("0.5")


class BackupPart(RulePart):
    pass


class RosterDutyPart(RulePart):
    pass


class RungPart(RulePart):
    kinds: Annotated[frozenset[LeaveKind], Field(min_length=1)]
    posts: frozenset[Post] = frozenset()
    up_to: Annotated[int, Field(ge=1)] | None = Field(default=None, alias="up_to_half_days")
    sign_offs: tuple[SignOff, ...] = ()
    certificate: bool = False


class CoverPart(RulePart):
    half_days: Annotated[int, Field(ge=1)]
    half_days_lead: Annotated[int, Field(ge=1)]
    half_days_alone: Annotated[int, Field(ge=1)]
    whole: bool
    in_time: bool
    yields: Kind | Literal[""]
    per: Literal["leave", "session"] = "leave"
    letter: Literal["", "window_lead", "inspection", "unit_leader", "centre_leader", "centre"] = ""
    unlettered: Kind | Literal[""] = ""


class LateRegistrationPart(RulePart):
    about: Literal["leave", "outing"]
    yields: Kind


class LeaveLimitPart(RulePart):
    kinds: Annotated[frozenset[LeaveKind], Field(min_length=1)]
    over: Annotated[int, Field(ge=0)] = Field(alias="over_half_days")
    outcome: OutcomeName | Literal[""] = ""
    yields: Kind | Literal[""] = ""


class PresencePart(RulePart):
    below: Annotated[Decimal, Field(gt=0, le=1)]
    yields: Kind


class FindingsPart(RulePart):
    kinds: Kinds
    begins: Kind
    later: Kind


class ConversionPart(RulePart):
    kinds: Kinds
    every: Annotated[int, Field(ge=2)]
    period: Literal["month"] = "month"
    yields: Kind
    mode: Literal["heavier", "replace", "add", "count_only"] = "heavier"


class CategoryPart(RulePart):
    says: TINY = "得分"
    account: Who
    name: TINY
    base: Points
    cap: Points
    period: Period
    per: Literal["occurrence", "item"] = "occurrence"


class ChargePart(Part):
    account: Who
    category: TINY
    points: Points
    when: Literal["", "warned"] = ""
    least: Annotated[int, Field(ge=0)] = Field(default=0, alias="seconds_from")
    below: Annotated[int, Field(ge=1)] | None = Field(default=None, alias="seconds_below")


class StepPart(Part):
    begin: Annotated[int, Field(ge=1)] = Field(alias="from_nth")
    end: Annotated[int, Field(ge=1)] | None = Field(default=None, alias="to_nth")
    times: Annotated[Decimal, Field(ge=0, le=10)]
    outcome: OutcomeName | Literal[""] = ""


class ItemPart(RulePart):
    name: TINY
    kinds: Kinds
    charges: tuple[ChargePart, ...] = ()
    steps: tuple[StepPart, ...] = ()
    counted: Period = "month"


class CountPart(RulePart):
    subject: Who
    kinds: Kinds
    least: Annotated[int, Field(ge=1)] = Field(alias="at_least")
    within: Period
    periods: Periods
    outcome: OutcomeName
    unit: Literal["times", "half_days", "days"] = "times"


class PointsLimitPart(RulePart):
    subject: Who
    category: TINY
    kinds: Kinds
    least: Points = Field(alias="at_least")
    within: Period
    outcome: OutcomeName


class RunsPart(RulePart):
    subject: Who
    runs: Annotated[int, Field(ge=1)]
    longest: Annotated[int, Field(ge=1)] = Field(alias="longest_half_days")
    periods: Periods
    outcome: OutcomeName


class WorstPart(RulePart):
    subject: Who
    places: Annotated[int, Field(ge=1)]
    ties: bool = True
    outcome: OutcomeName


class RepeatPart(RulePart):
    subject: Who
    of: OutcomeName
    times: Annotated[int, Field(ge=2)]
    outcome: OutcomeName


class StarStepPart(Part):
    least: Points = Field(alias="at_least")
    outcome: OutcomeName


class StarPart(RulePart):
    subject: Who
    within: Period
    steps: Annotated[tuple[StarStepPart, ...], Field(min_length=1)]
    barred: bool = True


class PostedDaysPart(RulePart):
    within: Period
    least: Annotated[int, Field(ge=1)] = Field(alias="at_least")
    days: Literal["calendar", "working"] = "calendar"
    outcome: OutcomeName


class GradeStepPart(Part):
    least: Points = Field(alias="at_least")
    grade: OutcomeName
    best_percent: Annotated[int, Field(ge=1, le=100)] | None = None


class GradePart(RulePart):
    subject: Who
    within: Period
    steps: Annotated[tuple[GradeStepPart, ...], Field(min_length=1)]
    otherwise: OutcomeName


class SharePart(Part):
    category: TINY
    weight: Annotated[Decimal, Field(gt=0, le=1)]
    by_months: bool = False


class RankingPart(RulePart):
    subject: Who
    period: Period
    places: Annotated[int, Field(ge=0)]
    shortlist: Annotated[int, Field(ge=0)] = 0
    by_months: bool = False
    posted_throughout: bool = False
    shares: tuple[SharePart, ...] = ()


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
    days: dict[str, str] = {}
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
    days: dict[str, str] = {}
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
    calendar: dict[str, Literal["work", "off", "am_off", "pm_off"]] = {}
    answers: dict[str, str] = {}
    interpretations: dict[str, str] = {}
    read_through: str = ""
    as_of: str = ""
    expect: ExpectPart
    later: LaterPart | None = None


RULES: dict[str, type[RulePart]] = {
    "season": SeasonPart,
    "punctuality": PunctualityPart,
    "backup": BackupPart,
    "roster_duty": RosterDutyPart,
    "ladder": RungPart,
    "cover": CoverPart,
    "late_registration": LateRegistrationPart,
    "leave_limit": LeaveLimitPart,
    "presence": PresencePart,
    "findings": FindingsPart,
    "conversion": ConversionPart,
    "category": CategoryPart,
    "item": ItemPart,
    "count": CountPart,
    "points_limit": PointsLimitPart,
    "runs": RunsPart,
    "worst": WorstPart,
    "repeat": RepeatPart,
    "star": StarPart,
    "posted_days": PostedDaysPart,
    "grade": GradePart,
    "ranking": RankingPart,
}
"""Every table of a pack that holds rules, in the order in which a reader wants them."""


class PackFile(Part):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    name: TINY
    document: Annotated[tuple[DocumentPart, ...], Field(min_length=1)]
    interpretation: tuple[InterpretationPart, ...] = ()
    answer: tuple[AnswerPart, ...] = ()
    timetable: TimetablePart = TimetablePart()
    leave: LeavePart = LeavePart()
    shift: tuple[ShiftPart, ...] = ()
    season: tuple[SeasonPart, ...] = ()
    punctuality: Annotated[tuple[PunctualityPart, ...], Field(min_length=1)]
    backup: tuple[BackupPart, ...] = ()
    roster_duty: tuple[RosterDutyPart, ...] = ()
    ladder: tuple[RungPart, ...] = ()
    cover: tuple[CoverPart, ...] = ()
    late_registration: tuple[LateRegistrationPart, ...] = ()
    leave_limit: tuple[LeaveLimitPart, ...] = ()
    presence: tuple[PresencePart, ...] = ()
    findings: tuple[FindingsPart, ...] = ()
    conversion: tuple[ConversionPart, ...] = ()
    category: tuple[CategoryPart, ...] = ()
    item: tuple[ItemPart, ...] = ()
    count: tuple[CountPart, ...] = ()
    points_limit: tuple[PointsLimitPart, ...] = ()
    runs: tuple[RunsPart, ...] = ()
    worst: tuple[WorstPart, ...] = ()
    repeat: tuple[RepeatPart, ...] = ()
    star: tuple[StarPart, ...] = ()
    posted_days: tuple[PostedDaysPart, ...] = ()
    grade: tuple[GradePart, ...] = ()
    ranking: tuple[RankingPart, ...] = ()
    case: tuple[CasePart, ...] = ()
