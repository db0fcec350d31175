"""Pages of A4, upright or across: margins, the grid of lines, numbers at the foot, and where a page across begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from punchsync.publish.word.pieces import FOLIO, LINE, Block, look, paragraph, run, twips

MILLIMETRE: Final = 72 / 25.4


class Page(NamedTuple):
    """A page in millimetres: its width and height, and the margins at its top, right, bottom and left."""

    width: float
    height: float
    top: float
    right: float
    bottom: float
    left: float

    @property
    def area(self) -> float:
        """How wide the type area is, in points."""
        return (self.width - self.left - self.right) * MILLIMETRE

    @property
    def depth(self) -> float:
        """How high the type area is, in points."""
        return (self.height - self.top - self.bottom) * MILLIMETRE


UPRIGHT: Final = Page(210, 297, 37, 26, 35, 28)
FORM: Final = Page(210, 297, 25, 26, 24, 28)
"""For slips and sheets, which are no official papers: more fits on one page."""
ACROSS: Final = Page(297, 210, 28, 36, 26, 36)
"""The same type area of 225 by 156 mm, turned."""
GRID: Final = Page(297, 210, 25, 15, 22, 15)
"""For a sheet that is nothing but one wide table."""


def section(page: Page, references: str, foot: float, header: float, *, titled: bool = False) -> str:
    """The properties of a section; `titled`: its first page has a head and a foot of its own."""
    width, height, top, right, bottom, left = (twips(side * MILLIMETRE) for side in page)
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    return (
        f'<w:sectPr>{references}<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
        f'w:header="{twips(header * MILLIMETRE)}" w:footer="{twips(foot * MILLIMETRE)}" w:gutter="0"/>'
        f'<w:cols w:space="720"/>{"<w:titlePg/>" if titled else ""}'
        f'<w:docGrid w:type="lines" w:linePitch="{twips(LINE)}"/></w:sectPr>'
    )


def laid(blocks: Sequence[Block], upright: str, across: str, first: str) -> str:
    """The body: sections for the blocks, each section's properties at its end.

    What stays with a table on a page across goes there with it; `first`: the properties of the first upright section.
    """
    turned: list[Block] = []
    for block in reversed(blocks):
        follows = bool(turned) and turned[-1].across and block.kept
        turned.append(block._replace(across=block.across or follows))
    parts = [(side, "".join(b.xml for b in group)) for side, group in groupby(reversed(turned), lambda b: b.across)]
    ends = [across if side else first if n == 0 else upright for n, (side, _xml) in enumerate(parts)]
    body = "".join(
        xml + (end if n == len(parts) - 1 else paragraph("", line=1, section=end))
        for n, ((_side, xml), end) in enumerate(zip(parts, ends, strict=True))
    )
    return body or first


def folio(align: str, below: float) -> str:
    """A page's number, `— 1 —`, one character from the edge; `below`: points that stay empty under it."""
    face = look(FOLIO, 14)
    number = (
        f'<w:r>{face}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{face}<w:instrText xml:space="preserve"> PAGE '
        f'</w:instrText></w:r><w:r>{face}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{face}<w:t>1</w:t></w:r>'
        f'<w:r>{face}<w:fldChar w:fldCharType="end"/></w:r>'
    )
    runs = run("— ", FOLIO, 14) + number + run(" —", FOLIO, 14)
    line = paragraph(runs, align=align, line=16, left=14, right=14)
    return line + (paragraph("", line=below) if below else "")
