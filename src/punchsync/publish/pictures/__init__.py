"""Pictures of a document: each figure drawn as PNG, in grey alone, for paper that is copied in black and white.

One module lays out each kind; `paper` is what they draw on, in millimetres. matplotlib is imported here and nowhere
else: only the press's process comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from punchsync.publish.document import Figure
from punchsync.publish.fonts import Fonts
from punchsync.publish.pictures.cells import coverage, heat
from punchsync.publish.pictures.ink import Ink
from punchsync.publish.pictures.paper import Paper
from punchsync.publish.pictures.ranking import ranking
from punchsync.publish.pictures.trend import trend

KINDS: Final[Mapping[str, Callable[[Figure, Ink], Paper]]] = {
    "heat": heat, "coverage": coverage, "trend": trend, "ranking": ranking,
}  # fmt: skip


def draw(figure: Figure, fonts: Fonts) -> bytes:
    """A figure as PNG, at most 156 mm wide at 200 dots an inch, without its caption; the same bytes every time.

    Raises KeyError for a kind that there is not, and OSError for a font that can't be read.
    """
    return KINDS[figure.kind](figure, Ink(fonts)).png()
