"""Ids of records that are written at the desk: short enough to be read out, and never given twice."""

from __future__ import annotations

import secrets
from typing import Final

from punchsync.core.moment import Moment, show_moment

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that are not taken for each other."""


def new_id(prefix: str, now: Moment) -> str:
    """A prefix, the date and five characters of chance: `QJ20261120-7K3MX`."""
    return f"{prefix}{show_moment(now)[:10].replace('-', '')}-{''.join(secrets.choice(LETTERS) for _ in range(5))}"
