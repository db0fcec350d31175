"""Each kind of rule about outcomes in sentences that a clerk understands."""

from __future__ import annotations

from punchsync.core.points import number
from punchsync.packs import schema
from punchsync.packs.phrases import (
    Blanks,
    consequence,
    for_periods,
    half_days,
    kinds,
    listed,
    points,
)
from punchsync.texts import _
from punchsync.words import account, kind, outcome, period


def count(part: schema.CountPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """How many of some kinds lead to what."""
    if part.unit == "times":
        amount = _(" {n} 次").format(n=part.least)
    else:
        amount = half_days(part.least)
    text = _("{who}一{within}内{kinds}合计满{amount}的：{what}")
    what = for_periods(part.outcome, part.periods)
    listing = listed(map(kind, kinds(part.kinds)))
    return [text.format(who=account(part.subject), within=period(part.within), kinds=listing, amount=amount, what=what)]


def points_limit(part: schema.PointsLimitPart, _file: schema.PackFile, blanks: Blanks) -> list[str]:
    """How many points lead to what."""
    text = _("{who}一{within}内因{kinds}在“{category}”合计扣满 {n} 分的：{what}")
    return [
        text.format(
            who=account(part.subject),
            within=period(part.within),
            kinds=listed(map(kind, kinds(part.kinds))),
            category=part.category,
            n=points(part.least, "at_least" in blanks),
            what=consequence(part.outcome),
        )
    ]


def runs(part: schema.RunsPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """Which runs of absence lead to what."""
    text = _("一个人一月内接连旷工（中间没有到岗的半天）满 {n} 起，或有一起达{days}的：{who}{what}")
    what = for_periods(part.outcome, part.periods)
    return [text.format(n=part.runs, days=half_days(part.longest), who=account(part.subject), what=what)]


def worst(part: schema.WorstPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What comes to the last of a month."""
    if part.ties:
        text = _("{who}每月违规最多的 {n} 名（并列的都算，没有违规的不算）：{what}")
    else:
        text = _("{who}每月违规最多的 {n} 名（并列而超出名额的不算，没有违规的不算）：{what}")
    return [text.format(who=account(part.subject), n=part.places, what=consequence(part.outcome))]


def repeat(part: schema.RepeatPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What the same outcome months running leads to."""
    text = _("{who}连续 {n} 个月“{of}”的：{what}")
    what, of = consequence(part.outcome), outcome(part.of)
    return [text.format(who=account(part.subject), n=part.times, of=of, what=what)]


def star(part: schema.StarPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What points lost lead to, highest first."""
    text = _("{who}一{within}内扣满 {n} 分的：{what}")
    out = [
        text.format(
            who=account(part.subject), within=period(part.within), n=number(s.least), what=consequence(s.outcome)
        )
        for s in part.steps
    ]
    return out + ([_("失去评先资格的：{what}").format(what=consequence(part.steps[0].outcome))] if part.barred else [])


def posted_days(part: schema.PostedDaysPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """How long a posting must be."""
    if part.days == "calendar":
        text = _("个人一{within}内在岗不满 {n} 天（日历天）的：{what}")
    else:
        text = _("个人一{within}内在岗不满 {n} 个工作日的：{what}")
    return [text.format(within=period(part.within), n=part.least, what=consequence(part.outcome))]


def grade(part: schema.GradePart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """Which score makes which grade."""
    out = []
    for s in part.steps:
        if s.best_percent is None:
            out.append(_("满 {n} 分：{grade}").format(n=number(s.least), grade=outcome(s.grade)))
        else:
            text = _("满 {n} 分，且在前 {percent}% 之内：{grade}")
            out.append(text.format(n=number(s.least), percent=s.best_percent, grade=outcome(s.grade)))
    out.append(_("其余：{grade}").format(grade=outcome(part.otherwise)))
    text = _("{who}按一{within}的总分评等次，其他各章的评分须已导入")
    return [text.format(who=account(part.subject), within=period(part.within)), *out]


def ranking(part: schema.RankingPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """Who is ranked by what, and how many are awarded."""
    out = [_("{who}每{period}排名").format(who=account(part.subject), period=period(part.period))]
    if part.shares:
        shares = [
            (_("{category} {percent}%（各月平均）") if s.by_months else _("{category} {percent}%")).format(
                category=s.category, percent=number(s.weight * 100)
            )
            for s in part.shares
        ]
        out.append(_("得分由导入的评分合成：{shares}").format(shares=listed(shares)))
    elif part.by_months:
        out.append(_("得分取各月平均"))
    if part.shortlist:
        out.append(_("前 {n} 名列入候选（并列的都算）").format(n=part.shortlist))
    if part.places:
        out.append(_("前 {n} 名获评（并列的都算）").format(n=part.places))
    if part.posted_throughout:
        out.append(_("须整{period}在岗").format(period=period(part.period)))
    return out
