"""The letter (函) to a unit for a confirmed outcome."""

from __future__ import annotations

from typing import Final

from punchsync.core.moment import Day, show_day, to_date
from punchsync.core.outcome_letter import Letter
from punchsync.core.points import number
from punchsync.publish.document import Column, Document, Letterhead, Part, Said, Section, Table
from punchsync.publish.documents.grid import named
from punchsync.publish.sections import length
from punchsync.texts import _
from punchsync.words import occurrence, outcome

GOOD: Final = frozenset(
    {"award", "shortlisted", "grade_excellent", "grade_qualified", "grade_competent", "grade_basic"}
)
"""Outcomes of which nobody asks the unit for anything."""


def document(letter: Letter, head: Letterhead, name: str) -> Document:
    """The letter, kept under `name`; to the unit where the hall's letterhead names no one else."""
    head = head._replace(recipients=head.recipients or ((letter.unit,) if letter.unit else ()))
    person = letter.outcome.subject_type == "person"
    title = _("关于派驻人员考勤情况的函") if person else _("关于派驻窗口考勤情况的函")
    section = Section("body", "", (*told(letter), *asked(letter)))
    return Document(letter.hall, "letter", name, title, "letter", head, sections=(section,))


def told(letter: Letter) -> tuple[Part, ...]:
    """What was confirmed, of whom, by what; and what it counts."""
    o = letter.outcome
    about = _("你单位派驻人员") if o.subject_type == "person" else _("你单位派驻窗口")
    said = _("{about}{period}考勤中，下列事项已由本中心于 {day} 确认。")
    first = Said(said.format(about=about, period=spoken(o.period), day=dated(letter.decided_on)))
    columns = [Column(_("窗口"), share=2), Column(_("事项"), share=2), Column(_("计数"), "points"),
               Column(_("规则"), share=4), Column(_("依据"), share=4)]  # fmt: skip
    row = [letter.window or o.subject_id, outcome(o.outcome), number(o.counted), o.rule, o.article]
    if o.subject_type == "person":
        columns[:0] = [Column(_("姓名"), "name", 2), Column(_("工号"), "person", 2)]
        row[:0] = [letter.name, o.subject_id]
    personal = o.subject_type == "person"
    matter = Table(tuple(columns), (tuple(row),), personal=personal)
    return (first, matter, *counts(letter))


def counts(letter: Letter) -> tuple[Part, ...]:
    """The violations that are counted, with their dates."""
    if not letter.violations:
        return ()
    named_ = letter.outcome.subject_type == "window"
    columns = [Column(_("日期"), share=3), Column(_("半天"), "count"), Column(_("违规"), share=3),
               Column(_("时长"), share=4), Column(_("规则"), share=4), Column(_("依据"), share=5)]  # fmt: skip
    rows = [
        (
            show_day(v.day), str(v.session or ""), occurrence(v.kind, v.source),
            length(v.seconds), *letter.cited[v.id],
        )
        for v in letter.violations
    ]  # fmt: skip
    said = Said(_("与此有关的违规共 {n} 项：").format(n=len(rows)))
    return (said, Table(tuple(columns), tuple(rows), personal=not named_))


def asked(letter: Letter) -> tuple[Part, ...]:
    """What the unit is asked for."""
    if letter.outcome.outcome in GOOD:
        return ()
    return (Said(_("请你单位按有关规定处理，并将处理情况反馈本中心。")),)


def dated(day: Day) -> str:
    """A date as an official paper has it."""
    at = to_date(day)
    return _("{year}年{month}月{day}日").format(year=at.year, month=at.month, day=at.day)


def spoken(period: str) -> str:
    """A period as a sentence has it, `2026年11月`, `2026年第4季度`, `2026年`."""
    if "-Q" in period:
        return _("{year}年第{n}季度").format(year=period[:4], n=period[-1])
    return named(period) if "-" in period else _("{year}年").format(year=period)
