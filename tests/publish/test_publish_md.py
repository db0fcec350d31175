"""A document as Markdown: whatever a text begins with or holds is read back as that text."""

from __future__ import annotations

import re
from html import unescape

import pytest
from docsamples import ALL, EDITION, SMALL
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from punchsync.publish.document import Column, Document, Said, Section, Table
from punchsync.publish.forms.md import make
from punchsync.publish.order import Order

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PART = re.compile(r"<(h1|h2|p|td|th)(?: [^>]*)?>(.*?)</\1>", re.DOTALL)


def read(document: Document) -> list[tuple[str, str]]:
    """Heads, paragraphs and cells as a reader of Markdown shows them."""
    html = READER.render(make(Order(document, EDITION, ("md",)), {}).decode())
    return [(tag, unescape(re.sub(r"<[a-z/][^>]*>", "<MARKUP>", text))) for tag, text in PART.findall(html)]


@pytest.mark.parametrize("name", list(ALL))
def test_every_cell_is_read_back(name: str) -> None:
    found = [text for tag, text in read(ALL[name]) if tag in ("td", "th")]

    assert found == [
        cell
        for section in ALL[name].sections
        for part in section.parts
        if isinstance(part, Table)
        for row in ([c.head for c in part.columns], *part.rows)
        for cell in row
    ]


WORDS = ("# 甲", "- 乙", "+ 丙", "1. 丁", "2) 戊", "> 己", "---", "===", "***", "a|b", "`x`", "<b>张*</b>", "\\", "\\|",
         "[x](http://192.0.2.1)", "&lt;", "_a_", "~~b~~", "张* 李*", "    四", "一\n二")  # fmt: skip


def shown(text: str) -> str:
    return " ".join(text.splitlines()).strip()


@pytest.mark.parametrize("text", WORDS)
def test_markup_in_a_text_is_text(text: str) -> None:
    table = Table((Column(text),), ((text,),), text)
    found = read(SMALL._replace(title=text, under=(), sections=(Section("x", text, (Said(text), table)),)))

    said = [(tag, t) for tag, t in found if t == shown(text)]
    assert said == [(tag, shown(text)) for tag in ("h1", "h2", "p", "p", "th", "td")]


@given(
    st.text(st.sampled_from("#-+*_`~|\\<>&[]()!.1 a甲=:"), min_size=1, max_size=12).filter(
        lambda t: shown(t) == t and "  " not in t
    )
)
def test_any_marks_come_back(text: str) -> None:
    found = read(SMALL._replace(under=(), sections=(Section("x", "节", (Said(text),)),)))

    assert ("p", text) in found
