"""Bars as data: where each of them stands, for a template to draw. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from punchsync.core.points import number

LETTER: Final = 13
"""The room of a Chinese character, in the units of the drawing."""
ROW, BAR = 26, 16
NARROWEST, WIDEST = 4 * LETTER, 12 * LETTER
FIELD: Final = 420
VALUE: Final = 64
"""Room for a value beside its bar."""


class Bar(NamedTuple):
    """One bar: its label (cut where it is long), value and side (`gain`, `lose`), and where they stand."""

    label: str
    whole: str
    value: str
    side: str
    x: int
    y: int
    width: int
    height: int
    label_y: int
    value_x: int
    value_anchor: str  # start, end


class Chart(NamedTuple):
    """Bars to both sides of a line at `zero`, on a drawing of `width` and `height`; labels end at `labels`."""

    width: int
    height: int
    labels: int
    zero: int
    bars: Sequence[Bar]


def bars(values: Iterable[tuple[str, Decimal]]) -> Chart:
    """A bar a row, positive values to the right; none is shorter than a hair."""
    rows = list(values)
    labels = min(max((len(label) * LETTER for label, _v in rows), default=0), WIDEST)
    labels = max(labels, NARROWEST)
    least = min((v for _l, v in rows), default=Decimal(0))
    most = max((v for _l, v in rows), default=Decimal(0))
    left, right = max(-least, Decimal(0)), max(most, Decimal(0))
    scale = Decimal(FIELD) / ((left + right) or Decimal(1))
    begins = labels + 8 + (VALUE if left else 0)
    zero = begins + round(left * scale)
    out = []
    for n, (label, value) in enumerate(rows):
        width = max(round(abs(value) * scale), 1)
        y = n * ROW + (ROW - BAR) // 2
        gain = value > 0
        out.append(
            Bar(
                label=short(label),
                whole=label,
                value=f"+{number(value)}" if gain else number(value),
                side="gain" if gain else "lose",
                x=zero if gain else zero - width,
                y=y,
                width=width,
                height=BAR,
                label_y=y + BAR - 3,
                value_x=zero + width + 5 if gain else zero - width - 5,
                value_anchor="start" if gain else "end",
            )
        )
    return Chart(begins + FIELD + (VALUE if right else 8), max(len(rows), 1) * ROW, labels, zero, out)


def short(label: str) -> str:
    """A label that has room."""
    most = WIDEST // LETTER
    return label if len(label) <= most else label[: most - 1] + "…"
