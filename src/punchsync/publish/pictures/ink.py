"""Characters for pictures: which face of which font file writes a text, how wide it is, and how it is shortened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import category

from matplotlib.font_manager import FontPath, FontProperties
from matplotlib.ft2font import FT2Font

from punchsync.publish.fonts import Fonts

LACKING: Final = "〓"
"""What printers set where they have no type for a character."""
UNWRITTEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Characters that have no shape."""
MM: Final = 25.4 / 72
"""Millimetres of a point."""


class Face(NamedTuple):
    """A face of a font file."""

    path: FontPath
    font: FT2Font

    def has(self, text: str) -> bool:
        """Whether it has all characters of a text."""
        return all(self.font.get_char_index(ord(c)) for c in text)


class Ink:
    """The faces that pictures are written in: that without serifs first, the others for what it lacks.

    Of a collection it is the face for simplified Chinese, not the first, which is the Japanese one.
    """

    def __init__(self, fonts: Fonts) -> None:
        files = ((fonts.sans, fonts.sans_number), (fonts.serif, fonts.serif_number), *(f[1:] for f in fonts.faces))
        self._faces = tuple(_face(str(path), number) for path, number in dict.fromkeys(files) if path)

    def set(self, text: str, points: float) -> tuple[str, FontProperties]:
        """A text as it can be written, and the face that writes it."""
        clean = "".join(" " if category(c) in UNWRITTEN else c for c in text)
        able = next((f for f in self._faces if f.has(clean)), None)
        if able is None:
            able = self._faces[0]
            clean = "".join(c if able.has(c) else LACKING if able.has(LACKING) else "?" for c in clean)
        return clean, FontProperties(fname=able.path, size=points)

    def width(self, text: str, points: float) -> float:
        """Millimetres that a text takes."""
        return advance(self.set(text, points)[0]) * points * MM

    def shortened(self, names: Sequence[str], points: float, room: float) -> list[str]:
        """Names in so many millimetres, what is too long cut by "…": at its end, or before so much of the end that no
        two names look alike."""
        longest = max(map(len, names), default=0)
        for tail in range(0, longest, 2):
            cut = [self._cut(name, points, room, tail) for name in names]
            if len(set(cut)) == len(set(names)):
                return cut
        return [self._cut(name, points, room, 0) for name in names]

    def _cut(self, name: str, points: float, room: float, tail: int) -> str:
        if self.width(name, points) <= room:
            return name
        end = name[len(name) - tail :]
        for kept in range(len(name) - tail - 1, 0, -1):
            short = f"{name[:kept]}…{end}"
            if self.width(short, points) <= room:
                return short
        return f"{name[:1]}…"


def advance(text: str) -> float:
    """How wide a text is, in its type's size: Chinese characters take all of it, Latin letters and digits 0.6."""
    return sum(0.6 if ord(c) < 0x2000 else 1.0 for c in text)


@lru_cache(maxsize=16)
def _face(path: str, number: int) -> Face:
    return Face(FontPath(path, number), FT2Font(path, face_index=number))
