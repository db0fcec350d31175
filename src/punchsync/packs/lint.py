"""What a well-formed pack may still get wrong: missing or unknown citations, names that lead nowhere, overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from punchsync.packs import schema
from punchsync.problems import Complaint
from punchsync.texts import _


def lint(file: schema.PackFile, name: str) -> list[Complaint]:
    """Every complaint about a validated pack file, each with its key and remedy."""
    return [
        complaint
        for check in (citations, shifts, seasons, categories, overlaps, conversions, twice)
        for complaint in check(file, name)
    ]


def cited(file: schema.PackFile) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every place of a pack that cites, with what it cites."""
    yield "punctuality", file.punctuality.cites
    for table in ("ladder", "item", "leave_limit", "category", "ranking"):
        for n, part in enumerate(getattr(file, table), 1):
            yield f"{table}.{n}", part.cites
    for table in ("findings", "tens"):
        part = getattr(file, table)
        if part is not None:
            yield table, part.cites


def citations(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Each citation names a document of the pack and an article of it."""
    known = {d.id for d in file.document}
    for place, texts in cited(file):
        for text in texts:
            document, _gap, article = text.partition(" ")
            if document not in known or not article.strip():
                yield Complaint(
                    name,
                    f"{place}.cites",
                    _("写的是 {value}").format(value=repr(text)),
                    _("“文件 条款”，文件为 {known} 之一").format(known="、".join(sorted(known))),
                )


def shifts(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Each season names a shift of the pack."""
    known = {s.id for s in file.timetable.shift}
    for n, season in enumerate(file.timetable.season, 1):
        if season.shift not in known:
            yield Complaint(
                name,
                f"timetable.season.{n}.shift",
                _("写的是 {value}").format(value=repr(season.shift)),
                "、".join(sorted(known)),
            )


def seasons(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Seasons, where there are any, leave no day of the year without a default shift."""
    if not file.timetable.season:
        return
    for ordinal in range(date(2000, 1, 1).toordinal(), date(2001, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        at = (day.month, day.day)
        held = (
            s.first <= at <= s.last if s.first <= s.last else at >= s.first or at <= s.last
            for s in file.timetable.season
        )
        if not any(held):
            yield Complaint(
                name,
                "timetable.season",
                _("{day} 没有默认班次").format(day=f"{day.month:02d}-{day.day:02d}"),
                _("各季相接，覆盖全年"),
            )
            return


def categories(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """Each charge names a category of its account."""
    known = {(c.account, c.name) for c in file.category}
    for n, item in enumerate(file.item, 1):
        for m, charge in enumerate(item.charges, 1):
            if (charge.account, charge.category) not in known:
                yield Complaint(
                    name,
                    f"item.{n}.charges.{m}.category",
                    _("写的是 {value}").format(value=repr(charge.category)),
                    "、".join(sorted(c for a, c in known if a == charge.account)),
                )


def overlaps(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """No two items in force at once charge one kind of violation to one category."""
    for (n, one), (m, other) in combinations(enumerate(file.item, 1), 2):
        kinds = set(one.kinds) & set(other.kinds)
        accounts = {(c.account, c.category) for c in one.charges} & {(c.account, c.category) for c in other.charges}
        apart = (one.last and other.first and one.last < other.first) or (
            other.last and one.first and other.last < one.first
        )
        if kinds and accounts and not apart:
            yield Complaint(
                name,
                f"item.{m}",
                _("与第 {n} 条（{id}）同时有效，对 {kinds} 重复扣分").format(
                    n=n, id=one.id, kinds="、".join(sorted(kinds))
                ),
                _("同一违规、同一账户、同一类别在同一天只有一条"),
                _("用 from、to 分开新旧两条"),
            )


def conversions(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """No conversion yields what it counts."""
    if file.tens is not None and file.tens.yields in file.tens.kinds:
        yield Complaint(name, "tens.yields", _("折算结果又计入折算"), _("另一种违规"))
    if file.findings is not None and {file.findings.first, file.findings.later} & set(file.findings.kinds):
        yield Complaint(name, "findings", _("折算结果又计入折算"), _("另一种违规"))


def twice(file: schema.PackFile, name: str) -> Iterator[Complaint]:
    """No id stands twice in a table."""
    for table in ("document", "interpretation", "answer", "item", "leave_limit", "ranking"):
        ids = [part.id for part in getattr(file, table)]
        for id in sorted({i for i in ids if ids.count(i) > 1}):
            yield Complaint(name, table, _("编号 {id} 出现了两次").format(id=id), _("每个编号只用一次"))
