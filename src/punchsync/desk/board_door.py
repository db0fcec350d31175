"""Who may see the board without a login: the addresses that the settings name."""

from __future__ import annotations

from punchsync.desk.access.client import within
from punchsync.desk.ask import Ask


def board_open(ask: Ask) -> bool:
    """Whether the asking address is one of the hall's displays."""
    return within(ask.address, ask.desk.settings.board)
