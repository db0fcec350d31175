"""The shape of a pack file; whatever is not described here is an error."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from punchsync.packs.case_schema import CasePart
from punchsync.packs.fields import (
    TINY,
    Cites,
    Kind,
    Kinds,
    LeaveKind,
    MonthDay,
    OutcomeName,
    Part,
    Period,
    Periods,
    Points,
    Post,
    Seconds,
    Sessions,
    SignOff,
    Weekdays,
    Who,
    read_sign_offs,
)


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


class AppealsPart(RulePart):
    says: TINY = "申诉期限"
    days: Annotated[int, Field(ge=1, le=366)]


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
    "appeals": AppealsPart,
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
    appeals: tuple[AppealsPart, ...] = ()
    case: tuple[CasePart, ...] = ()

    def rules(self) -> Iterator[tuple[str, int, RulePart]]:
        """Every rule with its table and its place in it from 1, in the order in which a reader wants them."""
        for table in RULES:
            for n, part in enumerate(getattr(self, table), 1):
                yield table, n, part
