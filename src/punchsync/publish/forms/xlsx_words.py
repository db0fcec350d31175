"""What stands above and below a document's sections in a workbook, line by line, each with its look."""

from __future__ import annotations

from collections.abc import Iterator

from punchsync.publish.edition import anchored, beside, code, dated
from punchsync.publish.order import Order
from punchsync.texts import _

Line = tuple[str, str]
"""The name of a look (`xlsx_book.LOOKS`), and a text."""


def above(order: Order) -> Iterator[Line]:
    """Organ, numbers, title, what is below it, recipients, opening."""
    document, edition, head = order.document, order.edition, order.document.letterhead
    if head.organ:
        yield "organ", head.organ
    yield "title", document.title
    mark = beside(document, edition) or (_("（暂定）") if document.provisional else "")
    for line in (code(document, edition), mark, *document.under):
        if line:
            yield "number", line
    if head.recipients:
        yield "flush", _("{names}：").format(names=_("、").join(head.recipients))
    for line in head.opening:
        yield "said", line


def below(order: Order) -> Iterator[Line]:
    """Closing, signature and date, note, copies, who printed it and when, anchor."""
    edition, head = order.edition, order.document.letterhead
    on = dated(edition)
    for line in head.closing:
        yield "said", line
    for line in (head.signature, on if head.signature else ""):
        if line:
            yield "right", line
    if head.note:
        yield "said", _("（{note}）").format(note=head.note)
    if head.copies:
        yield "flush", _("抄送：{names}").format(names=_("、").join(head.copies))
    if head.printer:
        yield "flush", head.printer + (_("　{day}印发").format(day=on) if on else "")
    for line in anchored(edition):
        yield "small", line
