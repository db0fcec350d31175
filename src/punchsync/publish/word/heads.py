"""Heads and feet of official papers: the red head and its rule, a letter's rules, titles, signature, 版记."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from punchsync.publish.word.box import boxed
from punchsync.publish.word.pages import MILLIMETRE, UPRIGHT
from punchsync.publish.word.pieces import (
    BODY,
    PITCH,
    SIZE,
    SUBHEAD,
    TITLE,
    Block,
    clean,
    empty,
    ems,
    paragraph,
    roomy,
    run,
)
from punchsync.publish.word.widths import lines
from punchsync.texts import _

RED: Final = "FF0000"
SMALL: Final = 14
LOW: Final = 22
_ABOVE: Final = 0.18
"""Of an organ's size: what stays empty in its line above its letters."""
_OUT: Final = (-8 * MILLIMETRE, -6 * MILLIMETRE)
"""How far a letter's rules, 170 mm in the middle of the page, go beyond the type area."""
_WORDS: Final = re.compile(r"[!-~]+|.", re.DOTALL)
_OPENS: Final = "（《〔“"
_CLOSES: Final = "）》〕”，。、：；"


def red_head(organ: str, lines: Sequence[str]) -> Iterator[Block]:
    """The issuing organ in red, 35 mm below the type area's top, what numbers the paper two lines below, the rule."""
    if organ:
        size = _organ(organ, 56)
        yield empty(35 * MILLIMETRE - _ABOVE * size)
        yield Block(paragraph(run(organ, TITLE, size, colour=RED), align="center", line=size * 1.3))
    yield from (empty(), empty())
    for n, line in enumerate(lines):
        yield Block(paragraph(run(line, BODY if n == 0 else SUBHEAD, SIZE), align="center"))
    rule = f'<w:bottom w:val="single" w:sz="18" w:space="0" w:color="{RED}"/>'
    yield Block(paragraph("", line=4 * MILLIMETRE - 5, borders=rule))


def letter_head(organ: str) -> str:
    """A letter's organ in red and the double rule below it, as a page's head."""
    size = _organ(organ, 44)
    name = paragraph(run(organ, TITLE, size, colour=RED), align="center", line=size * 1.3)
    return name + paragraph("", line=4 * MILLIMETRE - 0.2 * size) + _double("thick", "thin")


def letter_lines(lines: Sequence[str]) -> Iterator[Block]:
    """What numbers a letter: flush right, below the rule by 7/8 of a character."""
    for n, line in enumerate(lines):
        yield Block(paragraph(run(line), align="right", before=0 if n else SIZE * 7 / 8 - 6))


def letter_foot() -> str:
    """The double rule at the foot of a letter's first page."""
    return _double("thin", "thick")


def _double(upper: str, lower: str) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{24 if weight == "thick" else 8}" w:space="0" w:color="{RED}"/>'
        for side, weight in (("top", upper), ("bottom", lower))
    )
    return paragraph("", line=2, left=_OUT[0], right=_OUT[1], borders=edges)


def _organ(organ: str, most: float) -> float:
    """The size in which an organ's name stands on one line, if it is not too small then."""
    return max(26, min(most, int(UPRIGHT.area / max(ems(organ), 1))))


def title(text: str, hall: str, width: float = UPRIGHT.area) -> Block:
    """A title, broken where its parts end if one line can't hold it."""
    said = "\n".join(broken(clean(text), hall, width / 22 - 1))
    return Block(paragraph(run(said, TITLE, 22), align="center", line=34))


def broken(text: str, hall: str, width: float) -> list[str]:
    """A title's lines, none wider than a width in characters: after the hall's name, else of about the same length."""
    if roomy(text) <= width:
        return [text]
    if hall and text.startswith(hall) and text != hall and max(roomy(hall), roomy(text.removeprefix(hall))) <= width:
        return [hall, text.removeprefix(hall)]
    parts = -int(-roomy(text) // width)
    made: list[str] = []
    line = ""
    for word in _WORDS.findall(text):
        full = roomy(line + word) > width or roomy(line) >= roomy(text) / parts
        if line and full and word not in _CLOSES and line[-1] not in _OPENS:
            made, line = [*made, line], ""
        line += word
    return [*made, line]


def below(text: str) -> Block:
    """A line below the title."""
    return Block(paragraph(run(text, SUBHEAD, SMALL), align="center"))


def recipients(names: Sequence[str]) -> Block:
    """主送: a line below the title, flush left, with a colon."""
    said = _("{recipients}：").format(recipients=_("、").join(names))
    return Block(paragraph(run(said, spacing=PITCH - SIZE), align="both"))


def signed(name: str, date: str, seal: bool) -> Iterator[Block]:
    """署名 and 成文日期 at the right: under a seal the date 4 characters from the edge and the name above its middle;
    without one the name 2 characters from the edge and the date beginning 2 characters after it."""
    wide, dated = ems(name) * SIZE, ems(date) * SIZE
    if seal:
        name_right = max(0.0, 4 * SIZE + dated / 2 - wide / 2) if date else 2.0 * SIZE
        date_right = max(4.0 * SIZE, name_right + wide / 2 - dated / 2)
    else:
        name_right, date_right = 2.0 * SIZE, wide - dated
        if date and wide - dated < 2 * SIZE:
            name_right, date_right = 4 * SIZE + dated - wide, 2.0 * SIZE
    yield empty(kept=True)
    if seal:
        yield empty(kept=True)
    if name:
        right = min(name_right, max(0.0, UPRIGHT.area - wide))
        yield Block(paragraph(run(name), align="right", right=right, kept=True))
    if date:
        yield Block(paragraph(run(date), align="right", right=date_right, kept=True))


def note(text: str) -> Block:
    """附注, in brackets, on a line of its own."""
    inner = text if text.startswith("（") else _("（{note}）").format(note=text)
    return Block(paragraph(run(inner), first=2 * SIZE, kept=True))


def fine(text: str) -> Block:
    """A small line at the end."""
    return Block(paragraph(run(text, BODY, 9), line=16, kept=True))


def imprint(copies: Sequence[str], printer: str, date: str, rules: bool) -> Block:
    """版记 at the foot of the page: 抄送, then 印发机关 and its date between rules as wide as the type area."""
    rows, high, width = [], 6.0, UPRIGHT.area - 2 * SMALL
    if copies:
        said = _("抄送：{copies}。").format(copies=_("，").join(copies))
        rows.append(
            paragraph(run(said, BODY, SMALL), align="both", line=LOW, left=4 * SMALL, right=SMALL, first=-3 * SMALL)
        )
        high += LOW * lines(said, width / SMALL - 3)
    if printer:
        said = f"{printer}\t" + _("{date}印发").format(date=date) if date else printer
        rows.append(paragraph(run(said, BODY, SMALL), line=LOW, left=SMALL, right=SMALL, tab=width + SMALL))
        high += LOW * lines(said, width / SMALL)
    if rules:
        thick, thin = (
            paragraph("", line=1, borders=f'<w:top w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>')
            for size in (8, 6)
        )
        rows = [thick, thin.join(rows), thick]
    return boxed("".join(rows), UPRIGHT.area, high) if copies or printer else Block("")
