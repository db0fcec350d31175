"""The words that say where an issued document stands: its number, what it replaces, the anchor."""

from __future__ import annotations

from punchsync.publish.document import Document, Edition
from punchsync.texts import _


def numbered(document: Document, edition: Edition) -> str:
    """`第 12 号（暂定），代替第 11 号`; empty for a draft."""
    if not edition.number:
        return ""
    said = _("第 {number} 号").format(number=edition.number) + (_("（暂定）") if document.provisional else "")
    return said + (_("，代替第 {number} 号").format(number=edition.replaces) if edition.replaces else "")


def beside(document: Document, edition: Edition) -> str:
    """The same for a form that prints the document number: a letter has its number in that alone."""
    if document.layout != "letter" or not code(document, edition):
        return numbered(document, edition)
    return _("代替第 {number} 号").format(number=edition.replaces) if edition.replaces else ""


def code(document: Document, edition: Edition) -> str:
    """The document number (发文字号), `示政服考〔2026〕12号`; empty for a draft or where the hall has none."""
    pattern = document.letterhead.code
    if not edition.number or not pattern:
        return ""
    return pattern.replace("{year}", edition.issued[:4]).replace("{number}", str(edition.number))


def dated(edition: Edition) -> str:
    """The day of issue as it is signed, `2026年11月22日`; empty for a draft."""
    if not edition.issued:
        return ""
    year, month, day = (int(part) for part in edition.issued.split("-"))
    return f"{year}年{month}月{day}日"


def anchored(edition: Edition) -> list[str]:
    """The anchor of the hall's chain before this document, where there is one."""
    return [_("链锚：{anchor}").format(anchor=edition.anchor)] if edition.anchor else []
