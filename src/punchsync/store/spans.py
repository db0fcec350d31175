"""Runs of punch numbers and their compact text: `1-5040,5043-5043`, both ends included."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def runs(numbers: Iterable[int]) -> list[Span]:
    """Distinct numbers, in any order, as runs in ascending order."""
    out: list[Span] = []
    if isinstance(numbers, range):
        return [(numbers[0], numbers[-1])] if numbers else []
    ordered = sorted(numbers)
    if not ordered:
        return out
    first = last = ordered[0]
    for number in ordered:
        if number > last + 1:
            out.append((first, last))
            first = number
        last = number
    out.append((first, last))
    return out


def joined(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The numbers of both as runs in ascending order; runs that touch become one."""
    out: list[Span] = []
    for first, last in sorted([*one, *other]):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return out


def to_text(spans: Iterable[Span]) -> str:
    """Runs as text."""
    return ",".join(f"{first}-{last}" for first, last in spans)


def from_text(text: str) -> tuple[Span, ...]:
    """Runs from text."""
    if not text:
        return ()
    pairs = (part.split("-") for part in text.split(","))
    return tuple((int(first), int(last)) for first, last in pairs)


def held(spans: Iterable[Span], number: int) -> bool:
    """Whether a number lies in one of the runs."""
    return any(first <= number <= last for first, last in spans)
