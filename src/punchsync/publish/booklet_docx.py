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
from punchsync.publish.document import Column, Table
from punchsync.publish.official import Word
from punchsync.texts import _


def to_docx(booklet: Booklet) -> bytes:
    """All of it, with the look of an official paper."""
    word = Word(booklet.name)
    word.title(booklet.name, booklet.id + (f" · {held(booklet.hall)}" if booklet.hall else ""))
    for chapter in booklet.chapters:
        word.head(f"《{chapter.title}》")
        if not chapter.articles:
            word.say(untouched())
        for article in chapter.articles:
            word.head(f"{chapter.short} {article.number}", 2)
            for clause in article.clauses:
                word.say(heading(clause), strong=True)
                for term in clause.terms:
                    word.point(term)
                for note in notes(clause):
                    word.say(f"〔{note}〕", small=True)
    word.head(choices_title())
    if booklet.choices:
        rows = tuple((c.id, value(c), c.says) for c in booklet.choices)
        word.table(Table((Column(_("编号")), Column(_("取值")), Column(_("读法"))), rows))
    else:
        word.say(nothing())
    if booklet.replies:
        word.head(replies_title())
        rows = tuple((r.id, answered(r), r.says) for r in booklet.replies)
        word.table(Table((Column(_("编号")), Column(_("答复")), Column(_("所问"))), rows))
    word.head(hours_title())
    for sentence in booklet.hours:
        word.say(sentence)
    word.head(cases_title())
    word.say(cases(booklet))
    return word.save()


def value(choice: Choice) -> str:
    """An interpretation's value, with the pack's own where the hall changed it."""
    if not choice.overridden:
        return choice.value
    return choice.value + "\n" + _("（本大厅改写，规则包原值 {given}）").format(given=choice.given)
