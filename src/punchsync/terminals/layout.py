"""Record layouts: their shapes, and which of them a log has. Pure.

A log is a u32 total in bytes, then records; nothing in it says how long they are. The counts that the terminal told
leave few layouts, and of those the one is right whose records read as somebody at some time. Source: TERMINALS.md,
"Reading the log".
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

from punchsync.core.moment import DAY
from punchsync.core.reading import LAYOUTS
from punchsync.core.stored import EARLIEST
from punchsync.terminals.packed import ADDED, FIRST
from punchsync.terminals.users import Texts

if TYPE_CHECKING:
    from punchsync.core.moment import Moment

TOTAL: Final = 4
"""Bytes of the total before a log."""
PREFIX: Final = b"\xff255\0\0\0\0\0"
"""What one firmware puts before 40-byte records: once (`40p`) or before each (`49p`)."""
CODES: Final = frozenset({0, 1, 2, 3, 4, 5, 15, 16, 25, 101, 104, 255})
"""Values of verify and state that terminals are known to write."""

_ENOUGH: Final = 0.5
"""The part of a log that must be possible: what is less was not written so."""
_HEAD: Final = 8 * 3_920
"""The bytes of a log, at either end, that are enough to see how it reads in a layout: whole records of all."""
_FIRST: Final = itemgetter(0)


class Shape(NamedTuple):
    """A layout: a record's bytes, the bytes before all records; a record's user and time, where its codes are."""

    size: int
    prefix: int
    user: Struct
    time: Struct
    verify: int
    state: int
    each: bool = False  # the prefix is before each record, inside its size


SHAPES: Final = {
    "8": Shape(8, 0, Struct("<H6x"), Struct("<3xIx"), 2, 7),
    "8b": Shape(8, 0, Struct("<H6x"), Struct("<4xI"), 2, 3),
    "16": Shape(16, 0, Struct("<I12x"), Struct("<4xI8x"), 8, 9),
    "40": Shape(40, 0, Struct("<2x24s14x"), Struct("<27xI9x"), 26, 31),
    "49": Shape(49, 0, Struct("<2x24s23x"), Struct("<27xI18x"), 26, 31),
    "40p": Shape(40, len(PREFIX), Struct("<2x24s14x"), Struct("<27xI9x"), 26, 31),
    "49p": Shape(49, 0, Struct("<11x24s14x"), Struct("<36xI9x"), 35, 40, each=True),
}


class Misfit(NamedTuple):
    """Bytes that can't be read as what they should be: a code of `FAILURES`, and what was found."""

    code: str
    detail: str


class Score(NamedTuple):
    """Which part of the records reads well in a layout: of a time since 2020, of any that can be, of codes we know."""

    recent: float
    sound: float
    coded: float


def size_of(layout: str) -> int:
    """How many bytes a record has; KeyError for a layout that is none of `LAYOUTS`."""
    return SHAPES[layout].size


def prefix_of(layout: str) -> int:
    """How many bytes come before all records, inside the total: 9 of `40p`, else none."""
    return SHAPES[layout].prefix


def body_of(blob: bytes, layout: str) -> bytes:
    """A log's records alone, without total and prefix."""
    return blob[TOTAL + prefix_of(layout) :] if layout else b""


def users(body: bytes, layout: str) -> Iterator[bytes | int]:
    """User field of each record; of 8 bytes, the slot."""
    return map(_FIRST, SHAPES[layout].user.iter_unpack(body))


def times(body: bytes, layout: str) -> Iterator[int]:
    """Packed time of each record."""
    return map(_FIRST, SHAPES[layout].time.iter_unpack(body))


def codes(body: bytes, layout: str) -> tuple[bytes, bytes]:
    """Verify and state of each record, a byte each."""
    shape = SHAPES[layout]
    return body[shape.verify :: shape.size], body[shape.state :: shape.size]


def choose(blob: bytes, before: int, after: int, pinned: str, latest: Moment) -> str | Misfit:
    """The layout of a whole log, announced as `before` records when it was counted first and `after` when again.

    The pinned one where it fits; else the only one that fits, is plausible, and is not beaten by one that does not
    fit; for a log of no records the pinned one, which may be empty. `latest` is the latest moment that any clock of
    ours shows.
    """
    total = int.from_bytes(blob[:TOTAL], "little")
    found = f"bytes={len(blob)} total={total} before={before} after={after}"
    if before > after or (len(blob) != TOTAL + total and (blob or before)):
        return Misfit("short", found)
    if total == 0:
        return pinned if before == 0 else Misfit("short", found)
    if blob[TOTAL:] == PREFIX and before == 0 and pinned in ("", "40p"):
        return "40p"
    fitting = [name for name in LAYOUTS if _fits(blob, before, after, name)]
    if pinned in fitting:
        return pinned
    if not fitting:
        return Misfit(_unfit(blob, pinned, latest), found)
    scores = {name: _score(_ends(body_of(blob, name)), name, latest) for name in fitting}
    best = max(scores.values())
    chosen = [name for name, score in scores.items() if score == best]
    if len(chosen) > 1 or best.sound < _ENOUGH:
        return Misfit("layout", f"{found} layout={'|'.join(chosen)} sound={best.sound:.2f}")
    if best.recent == 1:
        return chosen[0]
    recent = _recent(blob, chosen[0], latest)
    rivals = [name for name in _whole(blob) if name not in fitting and _recent(blob, name, latest) > recent]
    return Misfit("short", f"{found} layout={'|'.join(rivals)}") if rivals else chosen[0]


def _fits(blob: bytes, before: int, after: int, layout: str) -> bool:
    shape = SHAPES[layout]
    count, rest = divmod(len(blob) - TOTAL - shape.prefix, shape.size)
    return not rest and count > 0 and before <= count <= after and _marked(blob, shape)


def _marked(blob: bytes, shape: Shape) -> bool:
    """Whether the prefix is where a layout has one; of many, a few may be damaged."""
    if shape.each:
        places = range(TOTAL, len(blob), shape.size)
        return sum(blob.startswith(PREFIX, at) for at in places) >= _ENOUGH * len(places)
    return not shape.prefix or blob.startswith(PREFIX, TOTAL)


def _whole(blob: bytes) -> list[str]:
    """The layouts of which it would be whole records, however many were counted."""
    total = len(blob) - TOTAL
    return [name for name in LAYOUTS if total > prefix_of(name) and not (total - prefix_of(name)) % size_of(name)]


def _unfit(blob: bytes, pinned: str, latest: Moment) -> str:
    """Short if it is a log of another count, in the layout it had or in one that we know; else a strange layout."""
    if pinned:
        return "short" if pinned in _whole(blob) else "layout"
    known = any(_recent(blob, name, latest) >= _ENOUGH for name in _whole(blob))
    return "short" if known else "layout"


def _recent(blob: bytes, layout: str, latest: Moment) -> float:
    return _score(body_of(blob, layout)[:_HEAD], layout, latest).recent


def _ends(body: bytes) -> bytes:
    """A log's records, or of a long one the first and the last."""
    return body if len(body) <= 2 * _HEAD else body[:_HEAD] + body[-_HEAD:]


def _score(body: bytes, layout: str, latest: Moment) -> Score:
    shape = SHAPES[layout]
    texts = Texts()
    recent = sound = coded = 0
    end = latest + DAY
    columns = zip(users(body, layout), times(body, layout), *codes(body, layout), strict=True)
    for n, (user, packed, verify, state) in enumerate(columns):
        at = packed + ADDED[packed // DAY]
        if FIRST <= at <= end and texts[user] and (not shape.each or body.startswith(PREFIX, n * shape.size)):
            sound += 1
            recent += at >= EARLIEST
            coded += verify in CODES and state in CODES
    records = len(body) // shape.size
    return Score(recent / records, sound / records, coded / records)
