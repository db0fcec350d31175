"""A validated pack file as the judge's rules: same names, same values, dates as days, citations split in two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from punchsync.core import outcome_rules, rules
from punchsync.core.moment import MINUTE, to_day
from punchsync.core.period import longest
from punchsync.core.records import FIRST_DAY, LAST_DAY
from punchsync.core.rule import Cites
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
    kind = KINDS[type(part)]
    values = {field.name: getattr(part, field.name) for field in fields(kind)}
    for name, value in values.items():
        if name == "cites":
            values[name] = cites(value)
        elif name == "first" and isinstance(part, schema.RulePart):
            values[name] = to_day(value) if value else FIRST_DAY
        elif name == "last" and isinstance(part, schema.RulePart):
            values[name] = to_day(value) if value else LAST_DAY
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            values[name] = tuple(rule(inner) for inner in value)
    return kind(**values)


def span(file: schema.PackFile) -> str:
    """Within what kind of period the charges of violations depend on each other."""
    counted = {i.counted for i in file.item if i.steps} | {c.period for c in file.category if c.per == "item"}
    return longest(counted)


def cites(texts: tuple[str, ...]) -> Cites:
    """`document article` texts as pairs."""
    return tuple((document, article) for document, _gap, article in (t.partition(" ") for t in texts))


KINDS: dict[type[Part], type[Any]] = {
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
    schema.CountPart: outcome_rules.Count,
    schema.PointsLimitPart: outcome_rules.PointsLimit,
    schema.RunsPart: outcome_rules.Runs,
    schema.WorstPart: outcome_rules.Worst,
    schema.RepeatPart: outcome_rules.Repeat,
    schema.StarStepPart: outcome_rules.StarStep,
    schema.StarPart: outcome_rules.Star,
    schema.PostedDaysPart: outcome_rules.PostedDays,
    schema.GradeStepPart: outcome_rules.GradeStep,
    schema.GradePart: outcome_rules.Grade,
    schema.SharePart: outcome_rules.Share,
    schema.RankingPart: outcome_rules.Ranking,
    schema.AppealsPart: rules.AppealTerm,
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
    "appeals": "appeals",
}
"""The tables of a pack file and the rules of a pack that they become."""
