"""The passages of a published text that are about one person and nobody else. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

BETWEEN: Final = re.compile(r"[|、，。；：:;,()（）\s]+")
"""What stands between the names and ids of a bulletin."""


def passages(text: str, me: Collection[str], others: Collection[str]) -> tuple[int, list[str]]:
    """How many lines name a person (by name or id), and those of them that name nobody else."""
    mine, rest = set(me), set(others) - set(me)
    named = [(line, set(BETWEEN.split(line))) for line in text.splitlines()]
    about = [(line, words) for line, words in named if words & mine]
    return len(about), [line for line, words in about if not words & rest]
