"""A Word file that is always the same: what the library puts beside the body, reduced to what is needed."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.document import Document as Library
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from punchsync.publish.word.pieces import BODY, HEAD, SUBHEAD, clean, look

UNDATED: Final = "2000-01-01"
_STYLES: Final = ("Normal", "Heading1", "Heading2", "Footer", "Header", "DefaultParagraphFont", "TableNormal", "NoList")
_HEADINGS: Final = (("Heading1", HEAD), ("Heading2", SUBHEAD))
_SPARE: Final = ("thumbnail", "stylesWithEffects", "customXml", "numbering")
_SPACES: Final = nsdecls("w", "r", "wp", "a", "pic") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def new(title: str, issued: str = "") -> Library:
    """An empty document of the library, with Chinese faces, that says of itself only its title and its day."""
    document = Document()
    day = datetime.fromisoformat(issued or UNDATED)
    about = document.core_properties
    about.title, about.author, about.comments, about.last_modified_by = clean(title)[:255], "", "", ""
    about.created = about.modified = day
    about.language, about.revision = "zh-CN", 1
    for holder in (document.part.package, document.part):
        for key in [k for k, r in holder.rels.items() if r.reltype.endswith(_SPARE)]:
            del holder.rels[key]
    _styles(document)
    settings = document.settings
    settings.odd_and_even_pages_header_footer = True
    for element in settings.element.findall(qn("w:rsids")):
        settings.element.remove(element)
    for element in settings.element.findall(qn("w:themeFontLang")):
        element.set(qn("w:eastAsia"), "zh-CN")
    return document


def fill(part: Any, root: str, xml: str) -> None:
    """Gives a part of the file (`w:document`, `w:hdr`, `w:ftr`) its contents, read at once: to move them is slow."""
    part._element = parse_xml(f"<{root} {_SPACES}>{xml}</{root}>")


def packed(document: Library, issued: str = "") -> bytes:
    """A document's file, in which nothing tells when it was written."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    year, month, day = (int(part) for part in (issued or UNDATED).split("-"))
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(entry, source.read(name))
    return out.getvalue()


def _styles(document: Library) -> None:
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in _STYLES:
            styles.remove(style)
    for default in styles.findall(qn("w:docDefaults")):
        default[:] = _elements(
            f'<w:rPrDefault>{look(BODY, 16)}</w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl w:val="0"/>'
            '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:spacing w:before="0" w:after="0"/></w:pPr>'
            "</w:pPrDefault>"
        )
    for name, face in _HEADINGS:
        (style,) = (s for s in styles.findall(qn("w:style")) if s.get(qn("w:styleId")) == name)
        for element in (*style.findall(qn("w:rPr")), *style.findall(qn("w:link"))):
            style.remove(element)
        style.extend(_elements(look(face, 16)))


def _elements(xml: str) -> list[Any]:
    return list(parse_xml(f"<w:style {_SPACES}>{xml}</w:style>"))
