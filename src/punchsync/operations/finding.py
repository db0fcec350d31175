"""What somebody should know of a hall or a terminal: a level, a code for its words, and what goes into them."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One line of a check or of a read: `level` ok, warn or fail; a code for its words, and what goes into them."""

    level: str
    code: str
    about: str = ""
    value: str = ""
