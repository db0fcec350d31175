"""The key below a picture: samples of what is drawn, each with its meaning, in lines."""

from __future__ import annotations

from typing import Final, NamedTuple

from punchsync.publish.pictures.ink import Ink
from punchsync.publish.pictures.paper import WHITE, WIDTH, Dashes, Paper
from punchsync.texts import _

POINTS: Final = 7.5
LINE: Final = 5.0
"""Millimetres from one line of the key to the next."""
_SAMPLE, _GAP = 7.0, 4.0


class Entry(NamedTuple):
    """A meaning, and its sample: a box of a shade, hatched or not; a dashed and marked line; or nothing."""

    text: str
    shade: float | None = None
    hatched: bool = False
    dashes: Dashes = "-"
    marker: str = ""


def unknown() -> Entry:
    """What a hatched place means."""
    return Entry(_("尚不清楚"), WHITE, hatched=True)


def placed(entries: list[Entry], ink: Ink) -> list[tuple[float, int, Entry]]:
    """Each entry with the millimetre it begins at and the line it stands on."""
    out: list[tuple[float, int, Entry]] = []
    x, line = 0.0, 0
    for entry in entries:
        width = ink.width(entry.text, POINTS) + (0 if entry.shade is None else _SAMPLE)
        if x and x + width > WIDTH:
            x, line = 0.0, line + 1
        out.append((x, line, entry))
        x += width + _GAP
    return out


def height(entries: list[Entry], ink: Ink) -> float:
    """Millimetres that the key takes."""
    return LINE * (1 + max((line for _x, line, _e in placed(entries, ink)), default=-1))


def draw(paper: Paper, top: float, entries: list[Entry]) -> None:
    """Draws the key from so many millimetres below the sheet's top."""
    for x, line, entry in placed(entries, paper.ink):
        middle = top + LINE * (line + 0.5)
        start = x + 0.2
        if entry.shade is not None:
            if entry.marker:
                paper.line([(start + 1, middle), (start + 4.5, middle)], entry.shade, entry.dashes, entry.marker)
            else:
                paper.box(start, middle - 1.6, 5.0, 3.2, entry.shade, entry.hatched)
                if entry.hatched:
                    paper.say(start + 2.5, middle, "?", POINTS, lit=True)
            start += _SAMPLE
        paper.say(start, middle, entry.text, POINTS, "left")
