"""Each kind of rule in sentences that a clerk understands: what it sets, without what the pack says of it anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from punchsync.core.moment import show_clock
from punchsync.core.points import number
from punchsync.packs import outcome_sentences as outcomes
from punchsync.packs import schema
from punchsync.packs.phrases import (
    Blanks,
    consequence,
    duration,
    half_days,
    kinds,
    leaves,
    listed,
    named,
    points,
)
from punchsync.texts import _
from punchsync.words import account, kind, leave, period, post, sign_off, weekday

EARLY, LATE = date.min, date.max


def terms(part: schema.RulePart, file: schema.PackFile, blanks: Blanks = frozenset()) -> list[str]:
    """What a rule sets, a sentence each."""
    return _TERMS[type(part)](part, file, blanks)


def title(part: schema.RulePart, table: str) -> str:
    """What a rule is about, in a few words."""
    if isinstance(part, schema.ItemPart):
        return part.name
    if isinstance(part, schema.CategoryPart):
        return _("得分：{account} {name}").format(account=account(part.account), name=part.name)
    return {
        "season": _("作息"),
        "punctuality": _("迟到、早退、缺卡"),
        "backup": _("AB 岗"),
        "roster_duty": _("排班"),
        "ladder": _("请假审批"),
        "cover": _("请假顶岗"),
        "late_registration": _("事后登记"),
        "leave_limit": _("请假天数"),
        "presence": _("在岗率"),
        "findings": _("督查发现合并计次"),
        "conversion": _("折算"),
        "count": _("累计次数"),
        "points_limit": _("累计扣分"),
        "runs": _("连续旷工"),
        "worst": _("末位"),
        "repeat": _("连续出现"),
        "star": _("星级"),
        "posted_days": _("在岗天数"),
        "grade": _("等次"),
        "ranking": _("评比"),
        "appeals": _("申诉"),
    }[table]


def span(first: date | None, last: date | None) -> str:
    """The days on which something is in force; nothing where it always is."""
    if first and last:
        return _("{first} 起，到 {last} 止").format(first=first, last=last)
    if first:
        return _("{first} 起").format(first=first)
    return _("到 {last} 止").format(last=last) if last else ""


# The default timetable


def hours(file: schema.PackFile) -> list[str]:
    """What holds by default: the timetable, its shifts and checkpoints, and the approval of leave."""
    default = [_("默认：{season}").format(season=sentence) for s in file.season for sentence in season(s, file, set())]
    if not file.season:
        default = [_("没有默认班次：每个工作日都要导入排班")]
    named = {s.shift for s in file.season}
    other = [
        _("可排的班次：{name}（{id}），{sessions}").format(name=s.name, id=s.id, sessions=clocks(s.sessions))
        for s in file.shift
        if s.id not in named
    ]
    both = len(file.timetable.checkpoints) == 2
    only = _("上班") if "in" in file.timetable.checkpoints else _("下班")
    checks = _("每个半天上班、下班各打一次卡") if both else _("每个半天只打{only}的卡").format(only=only)
    opens = _("上班的卡最早提前 {n} 分钟打").format(n=file.timetable.opens_minutes)
    dropped = _("扣除请假、外出以后，不足 {n} 分钟的一段不再要求在岗").format(n=file.timetable.dropped_minutes)
    return [*default, *other, checks, opens, dropped, otherwise(file)]


def otherwise(file: schema.PackFile) -> str:
    """What a leave needs that no rung of the ladder is about."""
    if not file.leave.otherwise:
        return _("没有另写审批的请假，任何一级签字即可")
    return _("没有另写审批的请假，须{signed}签字").format(signed=listed(map(sign_off, file.leave.otherwise)))


def season(part: schema.SeasonPart, file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """When which shift applies by default."""
    shift = next((s for s in file.shift if s.id == part.shift), None)
    name, sessions = (shift.name, clocks(shift.sessions)) if shift else (part.shift, "")
    if (part.begins, part.ends) == ((1, 1), (12, 31)):
        when = _("全年") if part is file.season[0] else _("其余日子")
    else:
        when = _("每年 {m1} 月 {d1} 日至 {m2} 月 {d2} 日").format(
            m1=part.begins[0], d1=part.begins[1], m2=part.ends[0], d2=part.ends[1]
        )
    if len(part.weekdays) < 7:
        when = _("{when}的{days}").format(when=when, days=listed(weekday(n) for n in sorted(part.weekdays)))
    return [_("{when}，{name}（{id}），{sessions}").format(when=when, name=name, id=part.shift, sessions=sessions)]


def clocks(sessions: Iterable[tuple[int, int]]) -> str:
    """Sessions as the clock shows them."""
    return listed(f"{show_clock(s)[:5]}–{show_clock(e)[:5]}" for s, e in sessions)


# Attendance and leave


def punctuality(part: schema.PunctualityPart, file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """From when on late is late, and what a missing punch makes."""
    late, early = duration(part.late), duration(part.early)
    watched = file.timetable.checkpoints
    out = []
    if len(watched) == 2 and late == early:
        out.append(_("迟到、早退满 {length}起算").format(length=late))
    else:
        out += [_("迟到满 {length}起算").format(length=late)] if "in" in watched else []
        out += [_("早退满 {length}起算").format(length=early)] if "out" in watched else []
    if part.late_limit and part.late_beyond:
        beyond = kind(part.late_beyond)
        out.append(_("迟到超过 {length}，算{beyond}").format(length=duration(part.late_limit), beyond=beyond))
    if part.early_limit and part.early_beyond:
        beyond = kind(part.early_beyond)
        out.append(_("早退超过 {length}，算{beyond}").format(length=duration(part.early_limit), beyond=beyond))
    if part.missing == "absent_half_day_each":
        text = _("没有打卡，缺一次算旷工半天一次；要求在岗的时间不超过 {percent}% 的，只算一次")
        out.append(text.format(percent=number(part.each_over * 100)))
    else:
        out.append(_("没有打卡，缺卡的那个半天算旷工半天"))
    return out


def backup(_part: schema.BackupPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """Who owes an A post's session."""
    return [_("窗口只有一名 A 岗，而他整个半天都免到的，由 B 岗到岗，B 岗按这个半天考勤")]


def roster_duty(_part: schema.RosterDutyPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What must be rostered by when."""
    return [_("每个工作日都要有排班；下月的排班在本月内排好；没有排班的只提醒，不扣分")]


def ladder(part: schema.RungPart, file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What a leave needs, by kind and length."""
    lengths = {k: length_of(part, k, file) for k in leaves(part.kinds)}
    if len(set(lengths.values())) == 1:
        who = _("{kinds}{length}").format(kinds=named(part.kinds), length=next(iter(lengths.values())))
    else:
        who = listed(_("{kinds}{length}").format(kinds=leave(k), length=text) for k, text in lengths.items())
    if part.posts:
        posts = [post(p) for p in ("staff", "lead", "chief") if p in part.posts]
        who = _("{posts}的{leave}").format(posts=listed(posts), leave=who)
    signed = listed(map(sign_off, part.sign_offs))
    if part.sign_offs and part.certificate:
        return [_("{leave}：{signed}签字，并有证明").format(leave=who, signed=signed)]
    if part.certificate:
        return [_("{leave}：有证明即可").format(leave=who)]
    if part.sign_offs:
        return [_("{leave}：{signed}签字").format(leave=who, signed=signed)]
    return [_("{leave}：任何一级签字即可").format(leave=who)]


def length_of(part: schema.RungPart, kind: str, file: schema.PackFile) -> str:
    """How long a leave of a kind may be for a rung: above the shorter rungs, up to its own."""
    shorter = [
        r.up_to
        for r in file.ladder
        if r is not part and kind in r.kinds and r.up_to and (part.up_to is None or r.up_to < part.up_to)
        if (not r.posts or not part.posts or r.posts & part.posts) and together(r, part)
    ]
    above = _("超过{days}").format(days=half_days(max(shorter))) if shorter else ""
    upto = _("不超过{days}").format(days=half_days(part.up_to)) if part.up_to else ""
    if above and upto:
        return _("{above}、{upto}").format(above=above, upto=upto)
    return above or upto or _("（不论长短）")


def together(one: schema.RulePart, other: schema.RulePart) -> bool:
    """Whether two rules are in force on some day together."""
    return max(one.first or EARLY, other.first or EARLY) <= min(one.last or LATE, other.last or LATE)


def cover(part: schema.CoverPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """From what length on a leave must be stood in for, and what it yields if it is not."""
    out = [_("窗口工作人员请假满{days}的，须有人顶岗").format(days=half_days(part.half_days))]
    if (part.half_days_lead, part.half_days_alone) != (part.half_days, part.half_days):
        out.append(
            _("负责人、首席满{lead}，窗口仅有一人的满{alone}，即须有人顶岗").format(
                lead=half_days(part.half_days_lead), alone=half_days(part.half_days_alone)
            )
        )
    out.append(_("顶岗记录须盖满全部请假时间") if part.whole else _("逐个半天看：AB 岗的另一人在岗，或有顶岗记录"))
    if part.in_time:
        out.append(_("顶岗要在请假开始前登记，过时登记的不算"))
    what = kind(part.yields)
    if not part.yields:
        out.append(_("没有顶岗的，在通报里列出，不记违规"))
    elif part.per == "session":
        out.append(_("没有顶岗的，请假仍有效，没有顶的每个半天另记{kind}一次").format(kind=what))
    else:
        out.append(_("没有顶岗的，请假仍有效，另记{kind}一次").format(kind=what))
    if part.letter and part.unlettered:
        out.append(
            _("其中没有{signed}签字的，改记{kind}").format(signed=sign_off(part.letter), kind=kind(part.unlettered))
        )
    return out


def late_registration(part: schema.LateRegistrationPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What registering afterwards yields."""
    what = kind(part.yields)
    if part.about == "leave":
        return [_("开始以后才登记的请假仍有效，另记{kind}一次").format(kind=what)]
    return [_("没有在开始前登记的外出不算外出，记{kind}一次").format(kind=what)]


def leave_limit(part: schema.LeaveLimitPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """How much leave a year has room for."""
    what = consequence(part.outcome) if part.outcome else _("记{kind}一次").format(kind=kind(part.yields))
    return [
        _("全年{kinds}合计超过{days}的：{what}").format(kinds=named(part.kinds), days=half_days(part.over), what=what)
    ]


def presence(part: schema.PresencePart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """How much of a month's required time must be kept."""
    text = _("当月在岗时间不到应在岗时间 {percent}% 的：记{kind}一次")
    return [text.format(percent=number(part.below * 100), kind=kind(part.yields))]


# What follows from violations


def findings(part: schema.FindingsPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What findings also yield."""
    text = _("{kinds}，每人每月合并计次：第一次另记{begins}一次，以后每次另记{later}一次；分值从重，不并罚")
    return [text.format(kinds=listed(map(kind, kinds(part.kinds))), begins=kind(part.begins), later=kind(part.later))]


def conversion(part: schema.ConversionPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """What so many of some kinds yield, and which points count."""
    text = _("{kinds}，每人每月每满 {n} 次，折成{kind}一次")
    mode = {
        "heavier": _("原有各次与折成的一次，分值从重，不并罚"),
        "replace": _("只扣折成的一次，原有各次不再扣分"),
        "add": _("折成的一次另外加扣"),
        "count_only": _("折成的一次只计次数，不扣分"),
    }[part.mode]
    return [text.format(kinds=listed(map(kind, kinds(part.kinds))), n=part.every, kind=kind(part.yields)), mode]


# Points


def category(part: schema.CategoryPart, _file: schema.PackFile, blanks: Blanks) -> list[str]:
    """Base, cap and period of a part of the score."""
    base, cap = points(part.base, "base" in blanks), points(part.cap, "cap" in blanks)
    out = [_("基础分 {base} 分，按{period}计").format(base=base, period=period(part.period))]
    out.append(_("扣完为止") if part.base == part.cap else _("最多扣 {cap} 分").format(cap=cap))
    if part.per == "item":
        out.append(_("按条目扣分：同一条目在一{period}内只扣第一次").format(period=period(part.period)))
    return out


def item(part: schema.ItemPart, _file: schema.PackFile, blanks: Blanks) -> list[str]:
    """What each occurrence costs whom."""
    each = _("{kinds}，每次：{charges}")
    costs = [charge(c, f"charges.{n}.points" in blanks) for n, c in enumerate(part.charges, 1)]
    out = [each.format(kinds=listed(map(kind, kinds(part.kinds))), charges=_("，").join(costs) or _("只记录，不扣分"))]
    return out + [step(s, part.counted) for s in part.steps]


def charge(part: schema.ChargePart, blank: bool) -> str:
    """Points of one account and category, with their condition."""
    text = _("{account} {category} 扣 {points} 分").format(
        account=account(part.account), category=part.category, points=points(part.points, blank)
    )
    limits = []
    if part.when:
        limits.append(_("经指出不改的"))
    if part.least:
        limits.append(_("满 {length}的").format(length=duration(part.least)))
    if part.below:
        limits.append(_("不满 {length}的").format(length=duration(part.below)))
    return _("{text}（{limits}）").format(text=text, limits=listed(limits)) if limits else text


def step(part: schema.StepPart, counted: str) -> str:
    """What the occurrences of a step cost."""
    if part.end is None:
        which = _("第 {n} 次起").format(n=part.begin)
    elif part.end == part.begin:
        which = _("第 {n} 次").format(n=part.begin)
    else:
        which = _("第 {n} 至 {m} 次").format(n=part.begin, m=part.end)
    if part.times == 0:
        cost = _("不扣分")
    elif part.times == 1:
        cost = _("照上列分值扣")
    else:
        cost = _("按上列分值的 {times} 倍扣").format(times=number(part.times))
    what = [cost, consequence(part.outcome)] if part.outcome else [cost]
    return _("同一{period}内{which}：{what}").format(period=period(counted), which=which, what=_("，").join(what))


def appeals(part: schema.AppealsPart, _file: schema.PackFile, _blanks: Blanks) -> list[str]:
    """Within how many days an appeal is filed."""
    return [_("对违规不服的，自违规之日或第一次记账之日（取较晚的）起 {n} 日内申诉，末日包括在内").format(n=part.days)]


_TERMS: dict[type[schema.RulePart], Callable[[Any, schema.PackFile, Blanks], list[str]]] = {
    schema.SeasonPart: season,
    schema.PunctualityPart: punctuality,
    schema.BackupPart: backup,
    schema.RosterDutyPart: roster_duty,
    schema.RungPart: ladder,
    schema.CoverPart: cover,
    schema.LateRegistrationPart: late_registration,
    schema.LeaveLimitPart: leave_limit,
    schema.PresencePart: presence,
    schema.FindingsPart: findings,
    schema.ConversionPart: conversion,
    schema.CategoryPart: category,
    schema.ItemPart: item,
    schema.CountPart: outcomes.count,
    schema.PointsLimitPart: outcomes.points_limit,
    schema.RunsPart: outcomes.runs,
    schema.WorstPart: outcomes.worst,
    schema.RepeatPart: outcomes.repeat,
    schema.StarPart: outcomes.star,
    schema.PostedDaysPart: outcomes.posted_days,
    schema.GradePart: outcomes.grade,
    schema.RankingPart: outcomes.ranking,
    schema.AppealsPart: appeals,
}
