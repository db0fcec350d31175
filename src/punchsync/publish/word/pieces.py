"""Runs and paragraphs: a text in its Chinese face, with the spacing that GB/T 9704 asks for."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr  # nosec B406 - it writes, nothing is parsed

TITLE, BODY, HEAD, SUBHEAD, FOLIO = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN: Final = "Times New Roman"
SIZE: Final = 16
LINE: Final = 28
PITCH: Final = 15.75
"""From one character of the body to the next: 28 of them are as wide as the type area."""
LANGUAGE: Final = '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
INDENT: Final = 2 * PITCH
UNSPACED: Final = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
"""No space of their own between Chinese and Latin letters: it would take the characters off their grid."""

_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_MEET: Final = re.compile(r"(?<=[0-9A-Za-z%])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])")
_DIGITS: Final = "〇一二三四五六七八九"
_BREAKS: Final = {"\n": "<w:br/>", "\t": "<w:tab/>"}


class Block(NamedTuple):
    """A paragraph or a table of the body; `kept`: on one page with the next; `across`: on a page across."""

    xml: str
    kept: bool = False
    across: bool = False


def clean(text: str) -> str:
    """A text without what a file can't hold, or what would turn the direction of the words around it."""
    return _UNFIT.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def quoted(text: str) -> str:
    """A text as an attribute's value, with its quotes."""
    return quoteattr(clean(text))


@lru_cache(maxsize=8192)
def ems(text: str) -> float:
    """How wide a text is, in its own size: a Chinese character is 1, a digit one half."""
    return sum(_em(c) for c in text)


@lru_cache(maxsize=8192)
def roomy(text: str) -> float:
    """The same where a program puts a quarter between Chinese and Latin letters, whatever the file asks for."""
    return ems(text) + len(_MEET.findall(text)) / 4


@lru_cache(maxsize=4096)
def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if not character.isascii():
        return 1 if unicodedata.east_asian_width(character) in "WFA" else 0.8
    return 0.8 if character.isupper() or character in "mw@%&" else 0.5


@lru_cache(maxsize=256)
def look(face: str, size: float, colour: str = "", strong: bool = False, spacing: float = 0) -> str:
    """The properties of a run: the Chinese face, and Latin letters of the same size."""
    return (
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{face}" w:cs="{LATIN}" w:hint="eastAsia"/>'
        + ("<w:b/>" if strong else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + (f'<w:spacing w:val="{twips(spacing)}"/>' if spacing else "")
        + f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>{LANGUAGE}</w:rPr>'
    )


def run(
    text: str, face: str = BODY, size: float = SIZE, *, colour: str = "", strong: bool = False, spacing: float = 0
) -> str:
    """A run of text; new lines and tabs in it stay."""
    said = "".join(
        _BREAKS.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in re.split(r"([\n\t])", clean(text))
        if piece
    )
    return f"<w:r>{look(face, size, colour, strong, spacing)}{said}</w:r>"


def paragraph(
    runs: str,
    *,
    align: str = "left",
    line: float = LINE,
    first: float = 0,
    left: float = 0,
    right: float = 0,
    before: float = 0,
    after: float = 0,
    style: str = "",
    kept: bool = False,
    whole: bool = False,
    borders: str = "",
    tab: float = 0,
    section: str = "",
) -> str:
    """A paragraph; `line` is its exact line height (0: as high as what stands in it), `first` may be negative."""
    pitch = f'w:line="{twips(line)}" w:lineRule="exact"' if line else 'w:line="240" w:lineRule="auto"'
    inward = f'w:{"firstLine" if first >= 0 else "hanging"}="{twips(abs(first))}"'
    return (
        "<w:p><w:pPr>"
        + (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ("<w:keepNext/>" if kept else '<w:keepNext w:val="0"/>' if style else "")
        + ("<w:keepLines/>" if whole else "")
        + '<w:widowControl w:val="0"/>'
        + (f"<w:pBdr>{borders}</w:pBdr>" if borders else "")
        + (f'<w:tabs><w:tab w:val="right" w:pos="{twips(tab)}"/></w:tabs>' if tab else "")
        + UNSPACED
        + ("" if line == LINE else '<w:snapToGrid w:val="0"/>')
        + f'<w:spacing w:before="{twips(before)}" w:after="{twips(after)}" {pitch}/>'
        + f'<w:ind w:left="{twips(left)}" w:right="{twips(right)}" {inward}/><w:jc w:val="{align}"/>{section}'
        + f"</w:pPr>{runs}</w:p>"
    )


def empty(line: float = LINE, kept: bool = False) -> Block:
    """An empty line."""
    return Block(paragraph("", line=line, kept=kept), kept)


def say(text: str, *, kept: bool = False) -> Block:
    """A paragraph of the body, its first line indented by two characters."""
    said = run(text, spacing=PITCH - SIZE)
    return Block(paragraph(said, align="both", first=INDENT, kept=kept), kept)


def twips(points: float) -> int:
    """Points as the file counts them."""
    return round(points * 20)


def ordinal(number: int) -> str:
    """A number from 1 to 99 as heads count: 一, 十, 十二, 二十一."""
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{_DIGITS[ones] if ones else ''}"
