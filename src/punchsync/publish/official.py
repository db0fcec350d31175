"""Documents in the look of Chinese official papers: typefaces, sizes, margins and page numbers of GB/T 9704-2012."""

from __future__ import annotations

import io
from typing import Any, Final

from docx.oxml.ns import qn
from docx.shared import Pt

from punchsync.publish.document import Table
from punchsync.publish.word import heads
from punchsync.publish.word.file import fill, new, packed
from punchsync.publish.word.pages import ACROSS, FORM, UPRIGHT, Page, folio, laid, section
from punchsync.publish.word.pieces import (
    HEAD,
    LINE,
    SIZE,
    SUBHEAD,
    Block,
    empty,
    ems,
    paragraph,
    quoted,
    run,
    say,
)
from punchsync.publish.word.tables import grid
from punchsync.publish.word.widths import fit

FOOT: Final = 25
"""Millimetres from the page's foot to below its number, whose dashes are 7 mm below the type area then."""
LETTER_FOOT, LETTER_HEAD = 20, 27


class Word:
    """A Word file under way: titles, heads, paragraphs, tables and pictures, one after the other.

    `issued` (`YYYY-MM-DD`; empty: none) is the day that the file says it is of; `letter` is the organ whose letter it
    is: its head and rules stand on the first page, which has no number.
    """

    def __init__(self, title: str, *, page: Page = UPRIGHT, issued: str = "", letter: str = "") -> None:
        self._document = new(title, issued)
        self._page, self._issued, self._letter = page, issued, letter
        self._blocks: list[Block] = []
        self._pictures = 0

    def add(self, *blocks: Block) -> None:
        """Pieces as they are."""
        self._blocks.extend(blocks)

    def title(self, text: str, below: str = "") -> None:
        """The document's title in its middle, and a line below it."""
        self.add(heads.title(text, "", self._page.area))
        if below:
            self.add(heads.below(below))
        self.add(empty(14))

    def head(self, text: str, level: int = 1) -> None:
        """A head: of a part (1), of an article (2)."""
        said = run(text, HEAD if level == 1 else SUBHEAD)
        first = 2 * SIZE if level == 1 and ems(text) < 20 else 0
        self.add(Block(paragraph(said, style=f"Heading{level}", kept=True, first=first), kept=True))

    def say(self, text: str, *, strong: bool = False, small: bool = False, kept: bool = False) -> None:
        """A paragraph, its first line indented by two characters; a strong one stays with the next."""
        if not strong and not small:
            self.add(say(text, kept=kept))
            return
        size, line = (12, 20) if small else (SIZE, LINE)
        said = run(text, size=size, strong=strong)
        self.add(
            Block(paragraph(said, align="both", line=line, first=2 * SIZE, kept=strong, whole=strong), kept=strong)
        )

    def point(self, text: str) -> None:
        """One of several points below a paragraph."""
        self.add(Block(paragraph(run(f"·\t{text}"), align="both", left=48, first=-16, whole=True)))

    def table(self, table: Table) -> None:
        """A table under its caption, on a page across where it is too wide for this one."""
        turned = ACROSS.area if self._page in (UPRIGHT, FORM) else 0
        fitted = fit(table, self._page.area, turned)
        if table.caption:
            self.add(Block(paragraph(run(table.caption, HEAD, 14), align="center", kept=True), kept=True))
        self.add(empty(6, kept=True), grid(table, fitted), empty(14)._replace(across=fitted.across))

    def picture(self, png: bytes, caption: str, description: str) -> None:
        """A picture, no wider than the type area and no higher than fits with its caption, and its caption below it."""
        identity, image = self._document.part.get_or_add_image(io.BytesIO(png))
        self._pictures += 1
        wide = Pt(self._page.area)
        high = self._page.depth / 5 if self._page is FORM else self._page.depth - 3 * LINE
        shrunk = min(1.0, wide / image.width, Pt(high) / image.height)
        size = f'cx="{int(image.width * shrunk)}" cy="{int(image.height * shrunk)}"'
        drawn = _PICTURE.format(size=size, number=self._pictures, said=quoted(description), id=identity)
        self.add(Block(paragraph(drawn, align="center", line=0, kept=True, before=6), kept=True))
        self.add(Block(paragraph(run(caption, SUBHEAD, 14), align="center")))

    def save(self) -> bytes:
        """The document's file: the same calls give the same bytes."""
        first = self._document.sections[0]
        below = 5.5 * 72 / 25.4 if self._letter else 0
        foot, top = (LETTER_FOOT, LETTER_HEAD) if self._letter else (FOOT, 15)
        feet = [(first.footer, folio("right", below)), (first.even_page_footer, folio("left", below))]
        if self._letter:
            feet.append((first.first_page_footer, heads.letter_foot()))
            first.first_page_header.is_linked_to_previous = False
            fill(first.first_page_header.part, "w:hdr", heads.letter_head(self._letter))
        for footer, xml in feet:
            footer.is_linked_to_previous = False
            fill(footer.part, "w:ftr", xml)
        references = "".join(_reference(e) for e in first._sectPr if e.tag.endswith("Reference"))
        upright = section(self._page, references, foot, top)
        titled = section(self._page, references, foot, top, titled=bool(self._letter))
        body = laid(self._blocks, upright, section(ACROSS, references, foot, top), titled)
        fill(self._document.part, "w:document", f"<w:body>{body}</w:body>")
        return packed(self._document, self._issued)


def _reference(element: Any) -> str:
    name = element.tag.rpartition("}")[2]
    return f'<w:{name} w:type="{element.get(qn("w:type"))}" r:id="{element.get(qn("r:id"))}"/>'


_PICTURE: Final = (
    '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
    '<wp:docPr id="{number}" name="{number}" descr={said}/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="{number}" name="{number}" descr={said}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="{id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
