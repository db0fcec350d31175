"""A document for an LED screen: short lines of so many Chinese characters, without articles and what is in order.

It tells what a reader in the hall needs: the title, the number, the windows that something is to be said of, what
happened, what is not known. A cell that is not a number is told as it stands; nothing is told that is not known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from punchsync.publish.document import Column, Figure, Table
from punchsync.publish.edition import numbered
from punchsync.publish.order import Order, Pictures
from punchsync.publish.page import CLOSING, NOT_FIRST, words
from punchsync.texts import _

NOTHING: Final = frozenset(("", "0"))
"""Counts of nothing."""
SILENT: Final = frozenset(("", "—"))
"""Cells that say nothing."""
NOT_BEGINNING: Final = NOT_FIRST | CLOSING | frozenset("」』】…")
"""Marks that begin no line."""
NEVER_FIRST: Final = NOT_BEGINNING | {" "}
SHORT: Final = 12
"""Columns of what is rather put on the next line than broken."""
RUN: Final = re.compile(r"[ ，；：。、]*[^ ，；：。、]+[ ，；：。、]*")


def make(order: Order, pictures: Pictures) -> bytes:
    """The lines, each of at most twice `order.line` columns; ends with a line break."""
    room = 2 * max(1, order.line)
    return "".join(f"{line}\n" for said in _said(order) for line in fold(said, room)).encode()


def fold(text: str, room: int) -> Iterator[str]:
    """A text on lines of at most so many columns (at least two); no line begins with a closing mark.

    A closing mark that would do so takes what stands before it along; where that is impossible it is left out."""
    line = ""
    for word in _whole(_clean(text), room):
        if columns(line) + columns(word.rstrip()) <= room:
            line += word
            continue
        if line.strip():
            yield line.rstrip()
        line = ""
        for c in word:
            if columns(line) + columns(c) <= room:
                line += "" if not line and c in NEVER_FIRST else c
            elif c not in NEVER_FIRST:
                yield line.rstrip()
                line = c
            elif len(line) > 1 and line[-1] not in NEVER_FIRST and columns(line[-1] + c) <= room:
                yield line[:-1].rstrip()
                line = line[-1] + c
    if line.strip():
        yield line.rstrip()


def columns(text: str) -> int:
    """Columns that a text takes on the screen: two for all that is not ASCII, whose font has but one width for it."""
    return sum(1 if c.isascii() else 2 for c in text)


def _clean(text: str) -> str:
    """A text in one line, without characters that are not seen, and not beginning with a closing mark."""
    seen = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join("".join(seen).split())
    while line and line[0] in NOT_BEGINNING:
        line = line[1:].lstrip()
    return line


def _whole(text: str, room: int) -> Iterator[str]:
    """The pieces that stay together: short runs between spaces and marks, closing marks with what they close."""
    piece = ""
    for run in RUN.findall(text):
        for word in [run] if columns(run.rstrip()) <= min(SHORT, room) else words(run):
            if piece and word[0] not in NOT_BEGINNING:
                yield piece
                piece = ""
            piece += word
    if piece:
        yield piece


# What is said


def _said(order: Order) -> Iterator[str]:
    document = order.document
    yield document.title
    yield numbered(document, order.edition)
    if document.provisional:
        yield _("暂定，有的情况尚不清楚。")
    yield from document.under
    for section in document.sections:
        yield _("【{title}】").format(title=section.title) if section.title else ""
        for part in section.parts:
            if isinstance(part, Table):
                yield part.caption
                yield from _TOLD.get(section.id, _pairs)(part)
            elif isinstance(part, Figure):
                yield _("{caption}：{text}").format(caption=part.caption, text=part.text) if part.text else ""
            else:
                yield part.text


def _windows(table: Table) -> Iterator[str]:
    """Each window that something is to be said of; how many others there are, where it is known that all is well."""
    fine, unsure = _fine(), _unsure()
    told = [n for n, c in enumerate(table.columns) if c.kind == "count" and c.head not in fine]
    rows = table.rows[: len(table.rows) - table.total]
    quiet = 0
    for row in rows:
        found = [_pair(table.columns[n], row[n]) for n in told if row[n] not in NOTHING]
        if found:
            yield _("{window}：{found}").format(window=row[0], found=_("，").join(found))
        else:
            quiet += 1
    if quiet and any(table.columns[n].head in unsure for n in told):
        every = _("{n} 个窗口都正常。") if quiet == len(rows) else _("其余 {n} 个窗口正常。")
        yield every.format(n=quiet)


def _events(table: Table) -> Iterator[str]:
    """A line a row: what it says without its heads, numbers with theirs."""
    kept = _kept(table)
    for row in table.rows:
        cells = [(table.columns[n], row[n]) for n in kept if row[n] not in SILENT]
        yield " ".join(_pair(c, cell) if c.kind in ("count", "points") else cell for c, cell in cells)


def _terminals(table: Table) -> Iterator[str]:
    """How many terminals are in order, and those that are not."""
    heads = [column.head for column in table.columns]
    if _("状态") not in heads:
        yield from _pairs(table)
        return
    state = heads.index(_("状态"))
    good = [row for row in table.rows if row[state] == _("正常")]
    if good:
        yield _("{n} 台考勤机正常").format(n=len(good))
    for row in table.rows:
        if row not in good:
            yield " ".join((row[0], row[state], *(cell for n, cell in enumerate(row) if n not in (0, state))))


def _pairs(table: Table) -> Iterator[str]:
    """A line a row: every cell that says anything after its head."""
    kept = _kept(table)
    for row in table.rows:
        yield _("，").join(_pair(table.columns[n], row[n]) for n in kept if row[n] not in SILENT)


_TOLD: Final[dict[str, Callable[[Table], Iterator[str]]]] = {
    "windows": _windows,
    "occurrences": _events,
    "patrol": _events,
    "unknown": _events,
    "data": _terminals,
}
"""By a section's id; what is not named here is written in pairs."""


def _pair(column: Column, cell: str) -> str:
    """A head and its cell; a number stands close to a Chinese head."""
    close = column.kind in ("count", "points") and not column.head.isascii()
    return f"{column.head}{cell}" if close else f"{column.head} {cell}"


def _kept(table: Table) -> list[int]:
    """The columns that a screen has room for: no ids of people, no articles, nothing to be written in."""
    left_out = {_("条款"), _("规则"), _("依据"), _("半天"), _("时长")}
    return [n for n, c in enumerate(table.columns) if c.kind not in ("person", "blank") and c.head not in left_out]


def _fine() -> set[str]:
    """Heads of counts that are in order whatever they are."""
    return {
        _("人数"), _("应到"), _("应到半天"), _("在岗"), _("出勤"), _("请假"), _("请假外出"), _("请假外出半天"),
        _("有人顶岗"),
    }  # fmt: skip


def _unsure() -> set[str]:
    """Heads of counts of what is not known."""
    return {_("未知"), _("未知人数")}
