"""A log's bytes as rows and defects: pure, the 40-byte layout only.

The log is a u32 total in bytes, then records: u16 uid, 24 bytes user id (NUL-terminated), u8 verify, u32 packed time,
u8 state, 8 bytes reserved; little-endian. Source: TERMINALS.md, "Reading the log" and "Time".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from struct import Struct
from typing import TYPE_CHECKING, Final

from punchsync.core.moment import DAY
from punchsync.core.reading import Defect, Row

if TYPE_CHECKING:
    from punchsync.core.moment import Moment

TOTAL: Final = 4
RECORD: Final = 40
KNOWN_SIZES: Final = (8, 16, 40, 49)
"""Record sizes that terminals have, of which we read one; the others are told apart so as not to be misread."""

_RAW: Final = Struct(f"{RECORD}s")
_FIELDS: Final = Struct("<H24sBIB8s")
_PREFIX: Final = b"\xff255\0\0\0\0\0"
_NUMBERS: Final = tuple(str(n) for n in range(256))


@dataclass(frozen=True, slots=True)
class Decoded:
    """The records of a log: those that are punches, and those that could not be read as one."""

    rows: tuple[Row, ...] = ()
    defects: tuple[Defect, ...] = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """Bytes that are no 40-byte log of that many records: `short` or `layout`, and what was found."""

    code: str
    detail: str


def decode(blob: bytes, before: int, after: int) -> Decoded | Misfit:
    """Read a whole log, announced as `before` records when it was counted first and `after` when counted again.

    A punch may be added in between; nothing else explains a difference. No bytes at all are an empty log.
    """
    misfit = fit(blob, before, after)
    return misfit if misfit is not None else records(blob[TOTAL:])


def fit(blob: bytes, before: int, after: int) -> Misfit | None:
    """Why these bytes are no 40-byte log of `before` to `after` records; None if they are one."""
    total = int.from_bytes(blob[:TOTAL], "little")
    found = f"bytes={len(blob)} total={total} before={before} after={after}"
    if blob[TOTAL:].startswith(_PREFIX):
        return Misfit("layout", f"{found} prefix={_PREFIX.hex()}")
    if len(blob) != TOTAL + total and (blob or before):
        return Misfit("short", found)
    sizes = [size for size in KNOWN_SIZES if total % size == 0 and before <= total // size <= after]
    if total == 0:
        return None if sizes else Misfit("short", found)
    if sizes == [RECORD]:
        return None
    if sizes:
        return Misfit("layout", f"{found} record_size={'|'.join(map(str, sizes))}")
    return Misfit("short" if total % RECORD == 0 else "layout", found)


def records(body: bytes) -> Decoded:
    """Read whole 40-byte records; one that can't be read becomes a defect and stops no other."""
    rows: list[Row] = []
    defects: list[Defect] = []
    names: dict[bytes, tuple[str, str]] = {}
    starts: dict[int, Moment | None] = {}
    pairs = zip(_RAW.iter_unpack(body), _FIELDS.iter_unpack(body), strict=True)
    for position, ((raw,), (_, user, verify, packed, state, _)) in enumerate(pairs):
        day = packed // DAY
        try:
            start, (text, reason) = starts[day], names[user]
        except KeyError:
            start, (text, reason) = starts[day], names[user] = _start(day), _user_id(user)
        if reason or start is None:
            defects.append(Defect(position, raw, reason or "impossible_date"))
        else:
            rows.append(Row(position, raw, text, start + packed % DAY, _NUMBERS[verify], _NUMBERS[state]))
    return Decoded(tuple(rows), tuple(defects))


def moment_of(packed: int) -> Moment | None:
    """A terminal's packed time as a moment; None for a day that does not exist, such as 31 February."""
    day, second = divmod(packed, DAY)
    start = _start(day)
    return None if start is None else start + second


@cache
def _start(days: int) -> Moment | None:
    # Months of 31 days each, years of 12 such months, from 2000 on: under 50,000 different ones fit in the field.
    months, day = divmod(days, 31)
    year, month = divmod(months, 12)
    try:
        return date(2000 + year, month + 1, day + 1).toordinal() * DAY
    except ValueError:
        return None


def _user_id(field: bytes) -> tuple[str, str]:
    """A user id field as text, and the reason when it can't be one."""
    raw = field.split(b"\0", 1)[0]
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        return "", "unreadable_user_id"
    if not text:
        return "", "empty_user_id"
    return (text, "") if text.isprintable() else ("", "unreadable_user_id")
