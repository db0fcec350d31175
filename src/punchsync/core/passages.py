"""The passages of a published text that are about one person and nobody else. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

BETWEEN: Final = re.compile(r"[|、，。；：:;,()（）\s]+")
"""What stands between the names and ids of a bulletin."""


def lines_of(kept: str) -> str:
    """A kept bulletin as lines, a row of its tables or a paragraph each; one kept as Markdown as it is."""
    if not kept.startswith('{"document":'):
        return kept
    return "\n".join(
        line for section in json.loads(kept)["sections"] for part in section["parts"] for line in _of(part)
    )


def _of(part: dict[str, Any]) -> Iterator[str]:
    if "table" in part:
        yield from (" | ".join(row) for row in part["table"]["rows"])
    elif "said" in part:
        yield part["said"]


def passages(text: str, me: Collection[str], others: Collection[str]) -> tuple[int, list[str]]:
    """How many lines name a person (by name or id), and those of them that name nobody else."""
    mine, rest = set(me), set(others) - set(me)
    named = [(line, set(BETWEEN.split(line))) for line in text.splitlines()]
    about = [(line, words) for line, words in named if words & mine]
    return len(about), [line for line, words in about if not words & rest]
