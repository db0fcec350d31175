"""What a well-formed pack may still get wrong: citations, names that lead nowhere, what is in force at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise

from punchsync.core.period import longest
from punchsync.core.rules import in_stretch
from punchsync.packs import schema
from punchsync.problems import Complaint
from punchsync.texts import _


def lint(file: schema.PackFile, name: str) -> list[Complaint]:
    """Every complaint that keeps a validated pack file from judging, each with its key and remedy."""
    checks = (citations, shifts, seasons, categories, at_once, overlaps, unbroken, conversions, twice, periods, steps)
    return [complaint for check in checks for complaint in check(file, name)]


def begins(part: schema.RulePart) -> date:
    """The first day on which a rule is in force."""
    return part.first or date.min


def ends(part: schema.RulePart) -> date:
    """The last day on which a rule is in force."""
    return part.last or date.max


def citations(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Each citation names a document of the pack and an article of it."""
    known = {d.id for d in file.document}
    for table, n, part in file.rules():
        for text in part.cites:
            document, _gap, article = text.partition(" ")
            if document not in known or not article.strip():
                yield Complaint(
                    name,
                    f"{table}.{n}.cites",
                    _("写的是 {value}").format(value=repr(text)),
                    _("“文件 条款”，文件为 {known} 之一").format(known="、".join(sorted(known))),
                )


def shifts(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Each season names a shift of the pack."""
    known = {s.id for s in file.shift}
    for n, season in enumerate(file.season, 1):
        if season.shift not in known:
            yield Complaint(
                name,
                f"season.{n}.shift",
                _("写的是 {value}").format(value=repr(season.shift)),
                "、".join(sorted(known)),
            )


def seasons(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Seasons, where there are any, leave no day without a default shift, before and after every amendment."""
    if not file.season:
        return
    edges = {date(2000, 1, 1), *(s.first for s in file.season if s.first)}
    edges |= {s.last + timedelta(days=1) for s in file.season if s.last and s.last < date.max}
    for edge in sorted(edges):
        for ordinal in range(edge.toordinal(), min(edge.toordinal() + 366, date.max.toordinal() + 1)):
            day = date.fromordinal(ordinal)
            if not any(in_season(s, day) for s in file.season):
                yield Complaint(
                    name,
                    "season",
                    _("{day} 没有默认班次").format(day=day.isoformat()),
                    _("各季相接，覆盖全年"),
                )
                return


def in_season(season: schema.SeasonPart, day: date) -> bool:
    """Whether a season decides the default shift of a day."""
    inside = in_stretch((day.month, day.day), season.begins, season.ends)
    return inside and day.weekday() in season.weekdays and begins(season) <= day <= ends(season)


def categories(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Each charge and each limit of points names a category of its account."""
    known = {(c.account, c.name) for c in file.category}
    wanted = [
        (f"item.{n}.charges.{m}.category", charge.account, charge.category)
        for n, item in enumerate(file.item, 1)
        for m, charge in enumerate(item.charges, 1)
    ] + [(f"points_limit.{n}.category", x.subject, x.category) for n, x in enumerate(file.points_limit, 1)]
    for place, account, category in wanted:
        if (account, category) not in known:
            allowed = "、".join(sorted(c for a, c in known if a == account))
            yield Complaint(name, place, _("写的是 {value}").format(value=repr(category)), allowed)


def at_once(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """No two versions of one rule are in force on one day, nor two rules of a kind of which a day has only one."""
    for table in schema.RULES:
        parts: list[schema.RulePart] = list(getattr(file, table))
        for (_n, one), (m, other) in combinations(enumerate(parts, 1), 2):
            same = one.id == other.id or table in ALONE or same_category(one, other)
            if same and begins(one) <= ends(other) and begins(other) <= ends(one):
                yield Complaint(
                    name,
                    f"{table}.{m}",
                    _("{one} 与 {other} 同时有效").format(one=spoken(one), other=spoken(other)),
                    _("同一天只有一条有效"),
                    _("用 from、to 分开新旧两条"),
                )


def same_category(one: schema.RulePart, other: schema.RulePart) -> bool:
    """Whether two rules are both the one category of that name of an account."""
    if not isinstance(one, schema.CategoryPart) or not isinstance(other, schema.CategoryPart):
        return False
    return (one.account, one.name) == (other.account, other.name)


def overlaps(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """No two charges in force at once take one kind of violation of the same seconds to one category."""
    charges = [(n, item, m, c) for n, item in enumerate(file.item, 1) for m, c in enumerate(item.charges, 1)]
    for (_n, one, _m, first), (n, other, m, second) in combinations(charges, 2):
        kinds = one.kinds & other.kinds
        account = (first.account, first.category) == (second.account, second.category)
        seconds = first.least < (second.below or 1 << 30) and second.least < (first.below or 1 << 30)
        if kinds and account and seconds and begins(one) <= ends(other) and begins(other) <= ends(one):
            yield Complaint(
                name,
                f"item.{n}.charges.{m}",
                _("与第 {n} 条（{id}）同时有效，对 {kinds} 重复扣分").format(
                    n=_n, id=one.id, kinds="、".join(sorted(kinds))
                ),
                _("同一违规、同一账户、同一类别在同一天只有一条"),
                _("用 from、to 分开新旧两条，或用 seconds_from、seconds_below 分开档次"),
            )


def unbroken(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Punctuality, and each category that is charged, are in force on every day on which they are asked for."""
    parts = sorted(file.punctuality, key=begins)
    if begins(parts[0]) != date.min or ends(parts[-1]) != date.max or any(gap(a, b) for a, b in pairwise(parts)):
        yield Complaint(name, "punctuality", _("有的日子没有迟到早退的规定"), _("各条相接，不留空档"))
    for n, item in enumerate(file.item, 1):
        for m, charge in enumerate(item.charges, 1):
            held = [c for c in file.category if (c.account, c.name) == (charge.account, charge.category)]
            if held and not throughout(held, item):
                found = _("类别 {name} 在该条有效期内并非始终有效").format(name=charge.category)
                yield Complaint(name, f"item.{n}.charges.{m}.category", found, _("始终有效的类别"))


def throughout(versions: list[schema.CategoryPart], item: schema.ItemPart) -> bool:
    """Whether one of the versions is in force on every day of an item."""
    day = begins(item)
    for version in sorted(versions, key=begins):
        if begins(version) > day:
            return False
        if ends(version) >= ends(item):
            return True
        day = max(day, ends(version) + timedelta(days=1))
    return False


def gap(before: schema.RulePart, after: schema.RulePart) -> bool:
    """Whether days lie between the end of one version and the beginning of the next."""
    return ends(before) != date.max and begins(after) > ends(before) + timedelta(days=1)


def conversions(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """No conversion leads back to what it counts, by itself or through others."""
    leads: dict[str, set[str]] = defaultdict(set)
    places = [(f"conversion.{n}.yields", c.kinds, {c.yields}) for n, c in enumerate(file.conversion, 1)]
    places += [(f"findings.{n}", f.kinds, {f.begins, f.later}) for n, f in enumerate(file.findings, 1)]
    for _place, kinds, yields in places:
        for kind in kinds:
            leads[kind] |= yields
    for place, kinds, yields in places:
        reached, fresh = set[str](), set(yields)
        while fresh:
            reached |= fresh
            fresh = {k for f in fresh for k in leads[f]} - reached
        if reached & kinds:
            found = _("折算结果 {kinds} 又计入折算").format(kinds="、".join(sorted(reached & kinds)))
            yield Complaint(name, place, found, _("另一种违规"))


def twice(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """No id stands twice in a table, but for the versions of a rule; no rule's id in two tables."""
    for table in ("document", "interpretation", "answer", "shift"):
        ids = [part.id for part in getattr(file, table)]
        for id in sorted({i for i in ids if ids.count(i) > 1}):
            yield Complaint(name, table, _("编号 {id} 出现了两次").format(id=id), _("每个编号只用一次"))
    owner: dict[str, str] = {}
    for table, n, part in file.rules():
        if owner.setdefault(part.id, table) != table:
            found = _("编号 {id} 已用于 {table}").format(id=part.id, table=owner[part.id])
            yield Complaint(name, f"{table}.{n}.id", found, _("每个编号只用一次"))


def periods(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Rules that say the same thing of two periods or kinds say a whole thing: ends after begins, one consequence."""
    for table, n, part in file.rules():
        if begins(part) > ends(part):
            yield Complaint(name, f"{table}.{n}.to", str(part.last), _("不早于 from 的日期"))
    for n, limit in enumerate(file.leave_limit, 1):
        if bool(limit.outcome) == bool(limit.yields):
            yield Complaint(name, f"leave_limit.{n}", _("outcome 与 yields"), _("二者写且只写一个"))
    for n, cover in enumerate(file.cover, 1):
        if bool(cover.letter) != bool(cover.unlettered):
            yield Complaint(name, f"cover.{n}", _("letter 与 unlettered"), _("两个都写，或两个都不写"))
    for n, rule in enumerate(file.punctuality, 1):
        for one, other in (("late_limit", "late_beyond"), ("early_limit", "early_beyond")):
            if (getattr(rule, one) is None) != (getattr(rule, other) == ""):
                place = f"punctuality.{n}.{other}"
                yield Complaint(name, place, f"{one}_seconds, {other}", _("两个都写，或两个都不写"))


def steps(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Steps of an item follow one another, tiers of a charge hold some second, and a step is not in vain.

    What a step costs can be booked: a thousandth of a point is the least there is.
    """
    per_item = {(c.account, c.name) for c in file.category if c.per == "item"}
    for n, item in enumerate(file.item, 1):
        after = 0
        for m, step in enumerate(item.steps, 1):
            if step.begin <= after or (step.end is not None and step.end < step.begin):
                found = f"from_nth = {step.begin}, to_nth = {step.end}"
                yield Complaint(name, f"item.{n}.steps.{m}", found, _("依次相接、互不重叠，to_nth 不小于 from_nth"))
            after = step.end or 1 << 30
            for charge in item.charges:
                if charge.points * step.times * 1000 % 1:
                    found = _("{points} 分的 {times} 倍超过三位小数").format(points=charge.points, times=step.times)
                    yield Complaint(name, f"item.{n}.steps.{m}.times", found, _("乘分值后最多三位小数的倍数"))
        if any(s.outcome for s in item.steps) and not any(c.points for c in item.charges):
            found = _("写了后果，但该条不扣分，后果不会提出")
            yield Complaint(name, f"item.{n}.steps", found, _("至少有一项大于 0 的 charges，或用 count 写后果"))
        for m, charge in enumerate(item.charges, 1):
            place = f"item.{n}.charges.{m}"
            if charge.below is not None and charge.below <= charge.least:
                found = f"seconds_from = {charge.least}, seconds_below = {charge.below}"
                yield Complaint(name, place, found, _("seconds_below 大于 seconds_from"))
            if item.steps and (charge.account, charge.category) in per_item:
                found = _("类别 {name} 按项扣分，分次规定不起作用").format(name=charge.category)
                yield Complaint(name, place, found, _("按次扣分（per = occurrence）的类别，或不写 steps"))
    for n, count in enumerate(file.count, 1):
        if any(longest((p, count.within)) != p for p in count.periods):
            yield Complaint(name, f"count.{n}.periods", "、".join(count.periods), _("不短于 within 的周期"))


def spoken(part: schema.RulePart) -> str:
    """A rule by its id and the days on which it is in force."""
    if part.first is None and part.last is None:
        return part.id
    return f"{part.id}（{part.first or ''}–{part.last or ''}）"


ALONE = frozenset({"punctuality", "cover", "presence", "appeals"})
"""Kinds of rule of which a day has at most one."""
