"""A document as a Word file in the layout of GB/T 9704-2012: a bulletin with its red head, a letter, a form, a grid."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.publish.document import Document, Edition, Figure, Part, Table
from punchsync.publish.edition import anchored, beside, code, dated
from punchsync.publish.official import Word
from punchsync.publish.order import Order, Pictures
from punchsync.publish.word import heads
from punchsync.publish.word.pages import FORM, GRID, UPRIGHT
from punchsync.publish.word.pieces import Block, empty, ordinal
from punchsync.texts import _


def make(order: Order, pictures: Pictures) -> bytes:
    """The file's bytes, the same ones for the same order."""
    document, edition, head = order.document, order.edition, order.document.letterhead
    letter = head.organ if document.layout == "letter" else ""
    page = {"grid": GRID, "form": FORM}.get(document.layout, UPRIGHT)
    word = Word(document.title, page=page, issued=edition.issued, letter=letter)
    word.add(*_above(document, edition))
    word.add(*(heads.below(line) for line in document.under))
    word.add(*([empty(), heads.recipients(head.recipients)] if head.recipients else [empty(14)]))
    for text in head.opening:
        word.say(text)
    _sections(word, document, pictures)
    for n, text in enumerate(head.closing, 1):
        word.say(text, kept=bool(head.signature) and n == len(head.closing))
    date = dated(edition)
    if head.signature:
        word.add(*heads.signed(head.signature, date, head.seal))
    if head.note:
        word.add(heads.note(head.note))
    word.add(*(heads.fine(line) for line in anchored(edition)))
    word.add(heads.imprint(head.copies, "" if letter else head.printer, date, rules=not letter))
    return word.save()


def _above(document: Document, edition: Edition) -> Iterator[Block]:
    """What stands above a title, each layout in its own way, and the title."""
    number, all_said = code(document, edition), beside(document, edition)
    more = document.provisional or edition.replaces or not number
    lines = [line for line in (number, all_said if more else "") if line]
    organ = document.letterhead.organ
    width = (GRID if document.layout == "grid" else UPRIGHT).area
    if document.layout == "report" and (organ or lines):
        yield from heads.red_head(organ, lines)
        yield from (empty(), empty())
    elif document.layout == "letter":
        yield from heads.letter_lines(lines)
        yield from (empty(), empty())
    yield heads.title(document.title, document.hall, width)
    if document.layout in ("form", "grid"):
        yield from (heads.below(line) for line in lines)


def _sections(word: Word, document: Document, pictures: Pictures) -> None:
    titled = [s.id for s in document.sections if s.title]
    for section in document.sections:
        if section.title:
            number = ordinal(titled.index(section.id) + 1) if len(titled) > 1 else ""
            word.head(_("{number}、{title}").format(number=number, title=section.title) if number else section.title)
        for part in section.parts:
            _part(word, part, pictures)


def _part(word: Word, part: Part, pictures: Pictures) -> None:
    if isinstance(part, Table):
        word.table(part)
    elif not isinstance(part, Figure):
        word.say(part.text)
    elif part.id in pictures:
        word.picture(pictures[part.id], part.caption, part.text or part.caption)
    else:
        word.say(_("{caption}：{text}").format(caption=part.caption, text=part.text))
