"""Cutting a text at ends of lines into pieces that a platform takes; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator


def cut(text: str, most: int, size: Callable[[str], int]) -> list[str]:
    """The text in as few pieces as fit, each of at most so large a size; a longer line is cut between characters.

    Nothing of it is lost but empty lines and spaces where it is cut.
    """
    pieces: list[str] = []
    piece = ""
    for line in text.split("\n"):
        for some in _fitting(line, most, size):
            longer = f"{piece}\n{some}" if piece else some
            if piece.strip() and size(longer) > most:
                pieces.append(piece.strip())
                longer = some
            piece = longer
    return [*pieces, piece.strip()] if piece.strip() or not pieces else pieces


def _fitting(line: str, most: int, size: Callable[[str], int]) -> Iterator[str]:
    """A line in pieces of which each fits by itself."""
    while size(line) > most:
        low, high = 1, len(line)
        while low < high:  # the longest beginning that fits
            middle = (low + high + 1) // 2
            low, high = (middle, high) if size(line[:middle]) <= most else (low, middle - 1)
        yield line[:low]
        line = line[low:]
    yield line
