"""Small typefaces made on the spot, with the names that the sold ones of official papers have inside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont


def face(file: Path, family: str, signs: Iterable[str]) -> Path:
    """A face of that family in which every one of the signs is a black box."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made(family, signs).save(file)
    return file


def collection(file: Path, families: Iterable[str], signs: str) -> Path:
    """Several of them in one file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    together = TTCollection()
    together.fonts = [made(family, signs) for family in families]
    together.save(str(file))
    return file


def made(family: str, signs: Iterable[str]) -> TTFont:
    """The face itself."""
    by_sign = {ord(sign): f"u{ord(sign):04X}" for sign in sorted(set(signs))}
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *by_sign.values()])
    builder.setupCharacterMap(by_sign)
    builder.setupGlyf(dict.fromkeys((".notdef", *by_sign.values()), box))
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *by_sign.values()), (1000, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable(
        {"familyName": family, "styleName": "Regular", "psName": family.encode("ascii", "ignore").decode() or "Face"}
    )
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    return builder.font
