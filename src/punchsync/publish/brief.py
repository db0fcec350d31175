"""The essence of a document in a few lines of the Markdown of notices (`core.marked`), at a publication level. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from punchsync.core.marked import escape
from punchsync.publish.document import Document, Edition, Section, Table
from punchsync.publish.edition import numbered
from punchsync.publish.level import at_level
from punchsync.texts import _

TOLD: Final = ("windows", "occurrences", "patrol", "unknown", "outcomes", "corrections")
"""The sections that a notice tells of, by their ids."""
ROWS: Final = 20
ROOM: Final = 2_400
"""At most so many rows of a section, and about so many characters in all."""
NONE: Final = frozenset({"", "0", "—"})


def brief(document: Document, edition: Edition, level: str) -> list[str]:
    """Lines of Markdown: title, number, how far it was judged, what there is to say of each section."""
    shown = at_level(document, level)
    lines = [f"**{escape(shown.title)}**", ""]
    above = numbered(shown, edition)
    lines += [escape(line) for line in (*([above] if above else []), *shown.under)]
    room = ROOM - sum(map(len, lines))
    for section in shown.sections:
        if section.id not in TOLD:
            continue
        rows = list(_rows(section))
        kept: list[str] = []
        for row in rows[:ROWS]:
            room -= len(row)
            if room < 0:
                break
            kept.append(row)
        if rows:
            lines += ["", f"**{escape(section.title)}**", "", *kept]
        if len(kept) < len(rows):
            lines.append(_("- 另有 {n} 项").format(n=len(rows) - len(kept)))
    return [*lines, "", _("全文见通报。")]


def _rows(section: Section) -> Iterator[str]:
    for part in section.parts:
        if isinstance(part, Table):
            calm = _calm() if section.id == "windows" else frozenset()
            # What all windows come to first: it is not to be cut off.
            rows = (*part.rows[-1:], *part.rows[:-1]) if part.total else part.rows
            yield from (f"- {said}" for row in rows if (said := _row(part, row, calm)))


def _row(table: Table, row: tuple[str, ...], calm: frozenset[str]) -> str:
    """A row as one line: what it is about, its counts after their heads, what it rests on in brackets.

    Of the windows, empty where nothing but what is as it should be is to be counted.
    """
    subject: list[str] = []
    counts: list[str] = []
    ground: list[str] = []
    for column, cell in zip(table.columns, row, strict=True):
        if cell in NONE or column.head in _left_out():
            continue
        if column.kind in ("count", "points"):
            counts += [] if column.head in calm else [f"{escape(column.head)} {escape(cell)}"]
        elif column.share >= 3:
            ground.append(escape(cell))
        elif column.share < 2:
            subject.append(escape(cell))
    if calm and not counts:
        return ""
    if calm:
        subject = [f"**{subject[0]}**", *subject[1:]] if subject else []
    said = "：".join(part for part in (" ".join(subject), "、".join(counts)) if part)
    return said + (_("（{ground}）").format(ground="；".join(ground)) if ground else "")


def _calm() -> frozenset[str]:
    """Heads of what is as it should be."""
    heads = (
        _("应到"), _("在岗"), _("请假"), _("请假外出"), _("有人顶岗"), _("人数"), _("应到半天"), _("请假外出半天"),
    )  # fmt: skip
    return frozenset(heads)


def _left_out() -> frozenset[str]:
    """Heads of what a notice has no room for: the half day, which the time of day shows, and numbers of entries."""
    return frozenset({_("半天"), _("单位"), _("编号")})
