"""Documents in the look of Chinese official papers: typefaces, sizes, margins and page numbers of GB/T 9704."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

TITLE, BODY, HEAD, SUBHEAD = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"
LINE = Pt(28)


class Paper:
    """A document under way: titles, heads, paragraphs and tables, one after the other."""

    def __init__(self, title: str) -> None:
        self._document = Document()
        self._document.core_properties.title = title
        self._document.core_properties.author = ""
        self._document.core_properties.comments = ""
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        for name in ("Normal", "Heading 1", "Heading 2"):
            style = self._document.styles[name]
            assert isinstance(style, ParagraphStyle)
            style.font.name, style.font.size, style.font.bold = LATIN, Pt(16), False
            style.font.color.rgb = None
            _fonts(style.element.get_or_add_rPr(), BODY if name == "Normal" else HEAD)
        _numbers(section.footer.paragraphs[0])

    def title(self, text: str, below: str = "") -> None:
        """The document's title in its middle, and a line below it."""
        self._put(text, TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(34))
        if below:
            self._put(below, SUBHEAD, 14, align=WD_ALIGN_PARAGRAPH.CENTER)
        self._document.add_paragraph().paragraph_format.line_spacing = Pt(14)

    def head(self, text: str, level: int = 1) -> None:
        """A head: of a part (1), of an article (2)."""
        paragraph = self._put(text, HEAD if level == 1 else SUBHEAD, 16, style=f"Heading {level}", before=level == 1)
        paragraph.paragraph_format.keep_with_next = True

    def say(self, text: str, *, strong: bool = False, small: bool = False, indent: int = 2) -> None:
        """A paragraph, its first line indented by so many characters."""
        paragraph = self._put(text, BODY, 12 if small else 16, strong=strong, line=Pt(20) if small else LINE)
        paragraph.paragraph_format.first_line_indent = Pt(16 * indent)
        paragraph.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_together = strong

    def point(self, text: str) -> None:
        """One of several points below a paragraph."""
        paragraph = self._put(f"·\t{text}", BODY, 16)
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Pt(48), Pt(-16)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """Rows under heads that are repeated on every page; `widths` in millimetres."""
        table = self._document.add_table(rows=0, cols=len(head), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for n, texts in enumerate((head, *rows)):
            row = table.add_row()
            kept = row._tr.get_or_add_trPr()
            kept.append(OxmlElement("w:cantSplit"))
            if n == 0:
                kept.append(OxmlElement("w:tblHeader"))
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = Mm(width)
                _cell(cell, text, HEAD if n == 0 else BODY)

    def save(self) -> bytes:
        """The document's file."""
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _put(
        self,
        text: str,
        face: str,
        size: int,
        *,
        style: str | None = None,
        align: WD_ALIGN_PARAGRAPH | None = None,
        line: Pt = LINE,
        strong: bool = False,
        before: bool = False,
    ) -> Paragraph:
        paragraph = self._document.add_paragraph(style=style)
        if align is not None:
            paragraph.alignment = align
        layout = paragraph.paragraph_format
        layout.space_before, layout.space_after = Pt(14 if before else 0), Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
        run(paragraph, text, face, size).bold = strong
        return paragraph


def run(paragraph: Paragraph, text: str, face: str, size: int) -> Run:
    """A run of text in a Chinese face; what is Latin in it is set in Latin letters of the same size."""
    made = paragraph.add_run(text)
    made.font.name, made.font.size = LATIN, Pt(size)
    _fonts(made._r.get_or_add_rPr(), face)
    return made


def _fonts(properties: object, face: str) -> None:
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined] # made by the library's element classes
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:ascii"), LATIN)
    fonts.set(qn("w:hAnsi"), LATIN)
    fonts.set(qn("w:eastAsia"), face)
    fonts.set(qn("w:hint"), "eastAsia")


def _cell(cell: _Cell, text: str, face: str) -> None:
    for n, line in enumerate(text.split("\n")):
        paragraph = cell.add_paragraph() if n else cell.paragraphs[0]
        layout = paragraph.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(18)
        run(paragraph, line, face, 12)


def _numbers(footer: Paragraph) -> None:
    """`— 1 —` in the middle of the foot."""
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run(footer, "— ", "宋体", 14)
    field = run(footer, "", "宋体", 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        field._r.append(element)
    run(footer, " —", "宋体", 14)
