"""What stored lines of files say by themselves: user, time, verify and state of each."""

from __future__ import annotations

from collections.abc import Sequence

from punchsync.core.moment import parse_moment
from punchsync.core.raw import Told
from punchsync.core.reading import Reading
from punchsync.intake.attlog import parse_attlog
from punchsync.intake.fields import read
from punchsync.intake.kinds import PUNCHES

TABS = 3
"""What a line of a terminal's file has at least; a row of a table has none."""

_COLUMNS = {column.name: column for column in PUNCHES.columns}


def told(raws: Sequence[bytes]) -> list[Told | None]:
    """What each of these lines says, nothing where it is no line of a punch."""
    if all(raw.count(b"\t") >= TABS for raw in raws):
        found = parse_attlog(b"\n".join(raws) + b"\n", "", "")
        if isinstance(found, Reading) and len(found.rows) == len(raws):
            return [Told(*row[2:]) for row in found.rows]
    return [_line(raw) if raw.count(b"\t") >= TABS else _row(raw) for raw in raws]


def _line(raw: bytes) -> Told | None:
    found = parse_attlog(raw + b"\n", "", "")
    return Told(*found.rows[0][2:]) if isinstance(found, Reading) and len(found.rows) == 1 else None


def _row(raw: bytes) -> Told | None:
    """A table's row as it is kept: terminal, user and time, a comma between."""
    try:
        terminal_and_user, at = raw.decode().rsplit(",", 1)
        user = read(_COLUMNS["device_user_id"], terminal_and_user.split(",", 1)[1], frozenset())
        moment = read(_COLUMNS["at"], at, frozenset())
        if user and isinstance(user, str) and isinstance(moment, str):
            return Told(user, parse_moment(moment), "", "")
        return None
    except (ValueError, LookupError):
        return None
