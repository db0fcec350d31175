"""What a terminal's answers say: payloads of the simple commands as values. Pure.

Source: TERMINALS.md, "Frames" (FREE_SIZES, time) and "Reading the log" (1503, PREPARE_DATA).
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

from punchsync.terminals.packed import moment_of
from punchsync.terminals.trouble import Trouble

if TYPE_CHECKING:
    from punchsync.core.moment import Moment

_U32: Final = Struct("<I")
_COUNT: Final = Struct("<i")
_SIZES: Final = 80
_USERS_AT: Final = 4 * 4
_RECORDS_AT: Final = 8 * 4
_CAPACITY_AT: Final = 16 * 4
_BUFFER_SIZE_AT: Final = 1


class Sizes(NamedTuple):
    """How many users and records a terminal holds, and how many records it can (None: it does not say)."""

    users: int
    records: int
    capacity: int | None


def sizes(payload: bytes) -> Sizes:
    """What a FREE_SIZES answer (80 bytes or more) says; raises Trouble `broken` when it is none."""
    if len(payload) < _SIZES:
        raise Trouble("broken", f"sizes_bytes={len(payload)} expected={_SIZES}")
    users, records, capacity = (_COUNT.unpack_from(payload, at)[0] for at in (_USERS_AT, _RECORDS_AT, _CAPACITY_AT))
    if users < 0 or records < 0:
        raise Trouble("broken", f"users={users} records={records}")
    return Sizes(users, records, capacity if capacity > 0 else None)


def record_count(payload: bytes) -> int:
    """How many records a FREE_SIZES answer says the log holds; raises Trouble `broken` when it is none."""
    return sizes(payload).records


def shown_time(payload: bytes) -> Moment | None:
    """The time a GET_TIME answer shows; None for a day that does not exist, or no time at all."""
    return moment_of(_U32.unpack_from(payload)[0]) if len(payload) >= _U32.size else None


def option_value(payload: bytes) -> str:
    """The value in an OPTIONS_RRQ answer (`~SerialNumber=…`, NUL); empty when there is none."""
    _, _, value = payload.split(b"\0", 1)[0].partition(b"=")
    return value.decode("ascii", "backslashreplace").strip()


def buffer_size(payload: bytes) -> int:
    """The size a 1503 answer announces, in bytes; raises Trouble `broken` when it holds none."""
    if len(payload) < _BUFFER_SIZE_AT + _U32.size:
        raise Trouble("broken", f"buffer_answer_bytes={len(payload)}")
    size: int = _U32.unpack_from(payload, _BUFFER_SIZE_AT)[0]
    return size


def chunk_size(payload: bytes) -> int:
    """The size a PREPARE_DATA answer announces, in bytes; raises Trouble `broken` when it holds none."""
    if len(payload) < _U32.size:
        raise Trouble("broken", f"prepare_bytes={len(payload)}")
    size: int = _U32.unpack_from(payload)[0]
    return size
