"""Records from the desk into the store, as an import takes them, with every problem in words for its field."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from punchsync.bootstrap.bringing import bring_records, bring_row
from punchsync.core.moment import show_day
from punchsync.desk.ask import Ask
from punchsync.desk.search import people_like
from punchsync.intake.kinds import KINDS
from punchsync.intake.problem import Problem
from punchsync.operations.bring_in import BroughtIn, ReachesBack
from punchsync.texts import _

SOME = 6
"""Of those who may be meant, as many as are named."""


class Outcome(NamedTuple):
    """What came of a write: problems by column, and those that are about the whole; nothing was written if any."""

    fields: Mapping[str, str]
    lines: Sequence[str]
    changed: int = 0

    @property
    def bad(self) -> bool:
        """Whether it was refused."""
        return bool(self.fields or self.lines)


def write_one(ask: Ask, kind: str, cells: Mapping[str, str]) -> Outcome:
    """Take one record in, and have its months judged anew."""
    try:
        done = bring_row(ask.desk.site, kind, cells)
    except ReachesBack as error:
        return Outcome({}, [reaching(error)])
    fields: dict[str, str] = {}
    for problem in done.problems:
        fields.setdefault(english(kind, problem.column), said(problem))
    return finished(ask, fields, [], done)


def write_all(ask: Ask, kind: str, rows: Sequence[Mapping[str, str]]) -> Outcome:
    """Take several records in together or none of them, and have their months judged anew."""
    try:
        done = bring_records(ask.desk.site, kind, as_csv(kind, rows), "")
    except ReachesBack as error:
        return Outcome({}, [reaching(error)])
    fields: dict[str, str] = {}
    for problem in done.problems:
        fields.setdefault(english(kind, problem.column), said(problem))
    return finished(ask, fields, [], done)


def said_of(done: Outcome) -> list[str]:
    """All that is wrong, for the top of a page."""
    return [*done.fields.values(), *done.lines]


def finished(ask: Ask, fields: Mapping[str, str], lines: Sequence[str], done: BroughtIn) -> Outcome:
    """The outcome, after the settle is asked for; what is about sealed days only was not taken in, which is said."""
    if done.left_out and done.through is not None and not done.problems:
        words = _("只涉及已封存的日子（{day} 及以前），没有收入；那些日子不再核算").format(day=show_day(done.through))
        lines = [*lines, words]
    if done.changed and not done.problems:
        ask.desk.settle()
    return Outcome(fields, lines, done.changed)


def as_csv(kind: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Records as a file of their kind."""
    columns = [column.name for column in KINDS[kind].columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([" ".join(row.get(name, "").split()) for name in columns] for row in rows)
    return text.getvalue().encode()


def english(kind: str, column: str) -> str:
    """The English name of a column, however a problem writes it."""
    return next((c.name for c in KINDS[kind].columns if column in (c.name, *c.chinese)), column)


def said(problem: Problem) -> str:
    """What is wrong and what to do, without its place."""
    parts = [problem.found]
    if problem.allowed:
        parts.append(_("应为 {allowed}").format(allowed=problem.allowed))
    return _("；").join([*parts, *([problem.remedy] if problem.remedy else [])])


def reaching(error: ReachesBack) -> str:
    """That a record can't be taken in because those that it would be judged by are gone."""
    return _("这条从已封存的日子跨到以后，那时的排班等记录已清除，算不出长短；请从 {since} 起写").format(
        since=show_day(error.since)
    )


def who(ask: Ask, text: str) -> tuple[str, str]:
    """The id of the person who is meant, or the problem; neither for an empty text."""
    if not text:
        return "", ""
    found = people_like(ask.known.people, text, [id for id in ask.known.people if ask.reach.person(id)])
    if len(found) == 1:
        return ask.person(found[0].id), ""
    if not found:
        return "", _("没有找到这个人；写工号、姓名或拼音首字母")
    named = "、".join(f"{each.id} {each.name}" for each in found[:SOME])
    more = _("等") if len(found) > SOME else ""
    return "", _("可能是 {n} 个人：{named}{more}；请写工号").format(n=len(found), named=named, more=more)
