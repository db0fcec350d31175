"""What pictures are drawn on: a sheet measured in millimetres from its top left corner, in greys."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Final, Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure as Sheet
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from punchsync.publish.pictures.ink import Ink

WIDTH: Final = 156.0
"""Millimetres of the type area of an official document."""
TALLEST: Final = 196.0
"""Millimetres of height that leave room on a page for a caption and a line of text."""
DOTS: Final = 200
"""Dots an inch."""
GREYS: Final = (16, 6)
"""How many greys, fewer where there is much on it; 15 can be divided by one less of each, and fewer than six would not
tell the bands of coverage apart."""
LARGEST: Final = 80_000
"""Bytes that a picture should not go beyond: a paper has several."""
BLACK, WHITE = 0.0, 1.0
HATCH: Final = "/////"
Point = tuple[float, float]
Side = Literal["left", "center", "right"]
Dashes = Literal["-", "--", ":", "-."]


class Paper:
    """An empty sheet of `WIDTH`; shades go from 0 (black) to 1 (white)."""

    def __init__(self, ink: Ink, height: float) -> None:
        self.ink = ink
        self._sheet = Sheet(figsize=(WIDTH / 25.4, height / 25.4), dpi=DOTS)
        self._axes = self._sheet.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        self._axes.set_axis_off()
        self._boxes: dict[bool, list[tuple[Sequence[Point], float]]] = {False: [], True: []}
        self._rules: list[tuple[Sequence[Point], float]] = []

    def say(
        self,
        x: float,
        y: float,
        text: str,
        points: float,
        side: Side = "center",
        shade: float = BLACK,
        lit: bool = False,
    ) -> None:
        """Text whose middle is at the height y; `side`: which side of it stands at x; `lit`: white around it."""
        clean, font = self.ink.set(text, points)
        written = self._axes.text(
            x, y, clean, fontproperties=font, ha=side, va="center_baseline", color=str(shade), parse_math=False
        )
        if lit:
            written.set_path_effects([withStroke(linewidth=2.2, foreground="1")])

    def box(self, x: float, y: float, width: float, height: float, shade: float, hatched: bool = False) -> None:
        """A framed box."""
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self._boxes[hatched].append((corners, shade))

    def rule(self, start: Point, end: Point, shade: float = BLACK) -> None:
        """A thin line."""
        self._rules.append(((start, end), shade))

    def line(self, points: Sequence[Point], shade: float, dashes: Dashes, marker: str) -> None:
        """A line through points, each of them marked."""
        self._axes.add_line(
            Line2D(
                [x for x, _y in points], [y for _x, y in points], color=str(shade), linestyle=dashes, linewidth=1.1,
                marker=marker, markersize=4.2, markerfacecolor="1" if shade else str(shade), markeredgewidth=0.9,
            )
        )  # fmt: skip

    def png(self) -> bytes:
        """The sheet as a PNG file, without a word on when and by what it was made."""
        for hatched, boxes in self._boxes.items():
            if boxes:
                self._axes.add_collection(
                    PolyCollection(
                        [corners for corners, _s in boxes], facecolors=[str(s) for _c, s in boxes],
                        edgecolors="0.45", linewidths=0.4, hatch=HATCH if hatched else None, zorder=1,
                    ),
                    autolim=False,
                )  # fmt: skip
        self._axes.add_collection(
            LineCollection(
                [line for line, _s in self._rules], colors=[str(s) for _l, s in self._rules], linewidths=0.5, zorder=0
            ),
            autolim=False,
        )
        canvas = FigureCanvasAgg(self._sheet)
        canvas.draw()  # type: ignore[no-untyped-call] # matplotlib says nothing of it
        red = bytes(canvas.buffer_rgba())[::4]  # type: ignore[no-untyped-call] # nor of this; all colours are alike
        width, _height = canvas.get_width_height()
        files = (_packed(red, width, levels) for levels in GREYS)
        return next((file for file in files if len(file) <= LARGEST), _packed(red, width, GREYS[-1]))


def _packed(dots: bytes, width: int, levels: int) -> bytes:
    """A picture, a byte a dot and an even number of them in a row, as a PNG file of so many greys, two dots a byte.

    Pillow writes such files with a palette only, which typst would take for colours and write into a PDF threefold.
    """
    few = [round(v * (levels - 1) / 255) * (15 // (levels - 1)) for v in range(256)]
    left = int.from_bytes(dots[::2].translate(bytes(v << 4 for v in few)))
    right = int.from_bytes(dots[1::2].translate(bytes(few)))
    pairs, half, height = (left | right).to_bytes(len(dots) // 2), width // 2, len(dots) // width
    rows = b"".join(b"\0" + pairs[half * n : half * (n + 1)] for n in range(height))  # each begins with its filter
    metre = round(DOTS / 0.0254)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", metre, metre, 1)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def whole(length: float) -> float:
    """So many millimetres cut to whole dots: what repeats comes out alike each time, and packs well."""
    return int(length * DOTS / 25.4) * 25.4 / DOTS
