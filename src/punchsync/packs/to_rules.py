"""A validated pack file as the judge's rules: same names, same values, dates as days, citations split in two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from punchsync.core import rules
from punchsync.core.moment import MINUTE, to_day
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.packs import schema
from punchsync.packs.fields import Part


def to_rules(file: schema.PackFile, digest: str, overrides: Mapping[str, str]) -> rules.Pack:
    """A validated pack file as the judge's rules."""
    table = {name: tuple(rule(part) for part in getattr(file, name)) for name in schema.RULES}
    return rules.Pack(
        id=file.id,
        name=file.name,
        digest=digest,
        documents=tuple(rules.Document(d.id, d.title, d.short) for d in file.document),
        interpretations=tuple(
            rules.Interpretation(i.id, i.says, overrides.get(i.id, i.value), i.id in overrides)
            for i in file.interpretation
        ),
        shifts=tuple(rules.Shift(s.id, s.name, s.sessions) for s in file.shift),
        checkpoints=frozenset(file.timetable.checkpoints),
        dropped_piece=file.timetable.dropped_minutes * MINUTE,
        opens_before=file.timetable.opens_minutes * MINUTE,
        otherwise=file.leave.otherwise,
        span=span(file),
        **{FIELDS[name]: parts for name, parts in table.items()},
    )


def rule(part: Part) -> Any:
    """One table of a pack as the judge's rule of that kind: same names, same values, citations split in two."""
    values = {name: getattr(part, name) for name in type(part).model_fields if name not in ("period",)}
    if isinstance(part, (schema.CategoryPart, schema.RankingPart)):
        values["period"] = part.period
    for name, value in values.items():
        if name == "cites":
            values[name] = cites(value)
        elif name == "first" and isinstance(part, schema.RulePart):
            values[name] = to_day(value) if value else FIRST_DAY
        elif name == "last" and isinstance(part, schema.RulePart):
            values[name] = to_day(value) if value else LAST_DAY
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            values[name] = tuple(rule(inner) for inner in value)
    return KINDS[type(part)](**values)


def span(file: schema.PackFile) -> str:
    """Within what kind of period the charges of violations depend on each other."""
    counted = {i.counted for i in file.item if i.steps} | {c.period for c in file.category if c.per == "item"}
    return max(counted | {"month"}, key=("month", "quarter", "year").index)


def cites(texts: tuple[str, ...]) -> rules.Cites:
    """`document article` texts as pairs."""
    return tuple((document, article) for document, _gap, article in (t.partition(" ") for t in texts))


KINDS: dict[type[Part], type] = {
    schema.SeasonPart: rules.Season,
    schema.PunctualityPart: rules.Punctuality,
    schema.BackupPart: rules.Backup,
    schema.RosterDutyPart: rules.RosterDuty,
    schema.RungPart: rules.Rung,
    schema.CoverPart: rules.Cover,
    schema.LateRegistrationPart: rules.LateRegistration,
    schema.LeaveLimitPart: rules.LeaveLimit,
    schema.PresencePart: rules.Presence,
    schema.FindingsPart: rules.Findings,
    schema.ConversionPart: rules.Conversion,
    schema.CategoryPart: rules.Category,
    schema.ChargePart: rules.Charge,
    schema.StepPart: rules.Step,
    schema.ItemPart: rules.Item,
    schema.CountPart: rules.Count,
    schema.PointsLimitPart: rules.PointsLimit,
    schema.RunsPart: rules.Runs,
    schema.WorstPart: rules.Worst,
    schema.RepeatPart: rules.Repeat,
    schema.StarStepPart: rules.StarStep,
    schema.StarPart: rules.Star,
    schema.PostedDaysPart: rules.PostedDays,
    schema.GradeStepPart: rules.GradeStep,
    schema.GradePart: rules.Grade,
    schema.SharePart: rules.Share,
    schema.RankingPart: rules.Ranking,
}
FIELDS = {
    "season": "seasons",
    "punctuality": "punctuality",
    "backup": "backup",
    "roster_duty": "roster_duty",
    "ladder": "ladder",
    "cover": "covers",
    "late_registration": "late_registrations",
    "leave_limit": "leave_limits",
    "presence": "presences",
    "findings": "findings",
    "conversion": "conversions",
    "category": "categories",
    "item": "items",
    "count": "counts",
    "points_limit": "points_limits",
    "runs": "runs",
    "worst": "worsts",
    "repeat": "repeats",
    "star": "stars",
    "posted_days": "posted_days",
    "grade": "grades",
    "ranking": "rankings",
}
"""The tables of a pack file and the rules of a pack that they become."""
