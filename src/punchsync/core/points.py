"""Points and scores as text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def number(value: Decimal) -> str:
    """A decimal without trailing zeros, never in scientific form; zero is `0`."""
    text = f"{value.normalize():f}"
    return "0" if text == "-0" else text


def two_places(value: Fraction) -> str:
    """An exact number to two decimals, half up, without trailing zeros."""
    scaled = abs(value) * 200
    cents = (scaled.numerator // scaled.denominator + 1) // 2
    return number(Decimal(-cents if value < 0 else cents) / 100)
