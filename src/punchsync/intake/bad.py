"""Why a cell's text is no value of its column: what is allowed instead, and what to do."""

from __future__ import annotations

from typing import NamedTuple


class Bad(NamedTuple):
    """What is allowed in a cell, and the remedy."""

    allowed: str
    remedy: str = ""
