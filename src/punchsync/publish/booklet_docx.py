"""A pack in words as a Word document."""

from __future__ import annotations

from punchsync.core.booklet import Booklet, Choice
from punchsync.publish.booklet import (
    answered,
    cases,
    cases_title,
    choices_title,
    heading,
    held,
    hours_title,
    notes,
    nothing,
    replies_title,
    untouched,
)
from punchsync.publish.official import Paper
from punchsync.texts import _


def to_docx(booklet: Booklet) -> bytes:
    """All of it, with the look of an official paper."""
    paper = Paper(booklet.name)
    paper.title(booklet.name, booklet.id + (f" · {held(booklet.hall)}" if booklet.hall else ""))
    for chapter in booklet.chapters:
        paper.head(f"《{chapter.title}》")
        if not chapter.articles:
            paper.say(untouched())
        for article in chapter.articles:
            paper.head(f"{chapter.short} {article.number}", 2)
            for clause in article.clauses:
                paper.say(heading(clause), strong=True)
                for term in clause.terms:
                    paper.point(term)
                for note in notes(clause):
                    paper.say(f"〔{note}〕", small=True)
    paper.head(choices_title())
    if booklet.choices:
        rows = [(c.id, value(c), c.says) for c in booklet.choices]
        paper.table((_("编号"), _("取值"), _("读法")), rows, (50, 46, 60))
    else:
        paper.say(nothing())
    if booklet.replies:
        paper.head(replies_title())
        rows = [(r.id, answered(r), r.says) for r in booklet.replies]
        paper.table((_("编号"), _("答复"), _("所问")), rows, (50, 46, 60))
    paper.head(hours_title())
    for sentence in booklet.hours:
        paper.say(sentence)
    paper.head(cases_title())
    paper.say(cases(booklet))
    return paper.save()


def value(choice: Choice) -> str:
    """An interpretation's value, with the pack's own where the hall changed it."""
    if not choice.overridden:
        return choice.value
    return choice.value + "\n" + _("（本大厅改写，规则包原值 {given}）").format(given=choice.given)
