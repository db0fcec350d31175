"""What may be asked of a terminal: requests by command and payload. Pure.

Source: TERMINALS.md, "Frames" and "Reading the log". Everything that is not here is never sent: no command that
changes a terminal, but for its clock where that is permitted, and none that would bring fingerprints.
"""

from __future__ import annotations

from datetime import date
from struct import Struct
from typing import TYPE_CHECKING, Final

from punchsync.core.moment import DAY

if TYPE_CHECKING:
    from punchsync.core.moment import Moment

CONNECT: Final = 1000
EXIT: Final = 1001
AUTH: Final = 1102
FREE_SIZES: Final = 50
GET_TIME: Final = 201
SET_TIME: Final = 202
OPTIONS: Final = 11
PREPARE_BUFFER: Final = 1503
READ_BUFFER: Final = 1504
FREE_BUFFER: Final = 1502

_PLAIN: Final = frozenset({CONNECT, EXIT, AUTH, FREE_SIZES, GET_TIME, OPTIONS, READ_BUFFER, FREE_BUFFER})
_PREPARE: Final = Struct("<bhII")
_PART: Final = Struct("<II")
_U32: Final = Struct("<I")

_LOG: Final = 13
_LOG_BETWEEN: Final = 10_004
_USERS_AND_TEMPLATES: Final = 9
_USERS_ALONE: Final = 5

WHOLE_LOG: Final = _PREPARE.pack(1, _LOG, 0, 0)
USERS: Final = _PREPARE.pack(1, _USERS_AND_TEMPLATES, _USERS_ALONE, 0)
SERIAL: Final = b"~SerialNumber\0"
LATEST: Final = 2**31 - 1
"""The latest packed time that fits however a terminal reads the field: in October 2066."""


def between(begin: int, end: int) -> bytes:
    """The payload that asks for the records of a stretch of packed times."""
    return _PREPARE.pack(1, _LOG_BETWEEN, begin, end)


def part(start: int, size: int) -> bytes:
    """The payload that asks for so many bytes of a prepared buffer."""
    return _PART.pack(start, size)


def shown(moment: Moment) -> bytes:
    """The payload that sets a clock; ValueError for a moment before 2000."""
    day = date.fromordinal(moment // DAY)
    packed = (((day.year - 2000) * 12 + day.month - 1) * 31 + day.day - 1) * DAY + moment % DAY
    if packed < 0:
        raise ValueError(moment)
    return _U32.pack(packed)


def permitted(command: int, payload: bytes, set_clock: bool = False) -> bool:
    """Whether this may be sent: what a read needs, and SET_TIME where the clock may be set."""
    if command == PREPARE_BUFFER:
        ranged = len(payload) == _PREPARE.size and _PREPARE.unpack(payload)[:2] == (1, _LOG_BETWEEN)
        return ranged or payload in (WHOLE_LOG, USERS)
    if command == SET_TIME:
        return set_clock and len(payload) == _U32.size
    return command in _PLAIN
