"""A hall's chain: a link for all that is only ever added to, each following from the one before it.

Whoever changes or takes out a row that a link stands for breaks the link; whoever makes a link anew breaks every one
after it, and the anchors that were printed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, select

from punchsync.core.chain import follow
from punchsync.core.ledger import GENESIS
from punchsync.core.moment import Moment
from punchsync.store.rows import Prepared, insert
from punchsync.store.tables import link, metadata

READING_CHAIN: Final = "reading/"
"""Before a terminal's id: the chain of what was read of it."""

COLUMNS: Final = {
    "record": ("hall_id", "kind", "key", "version", "body", "stored_at", "batch"),
    "reading": (
        "hall_id", "number", "terminal", "source", "name", "digest", "began", "through", "serial", "count_before",
        "count_after", "clock_offset", "bytes_moved", "plan", "rows", "new", "spans", "first_at", "last_at",
        "last_numbers", "later_at", "stored_at", "layout", "held", "capacity", "samples", "continues", "replaces",
    ),
    "defect": (
        "hall_id", "terminal", "number", "raw", "reason", "ordinal", "reading", "position", "users", "first_at",
        "last_at",
    ),
    "closing": ("hall_id", "number", "month", "action", "by", "reason", "at"),
    "outcome_decision": (
        "hall_id", "number", "period", "subject_type", "subject_id", "outcome", "rule", "state", "decided_by", "note",
        "decided_at",
    ),
    "outcome": ("hall_id", "period", "subject_type", "subject_id", "outcome", "rule", "counted", "article"),
    "rank": ("hall_id", "period", "rule", "subject_type", "subject_id", "rank", "score", "violations", "seconds"),
    "pack": ("hall_id", "digest", "text", "stored_at"),
    "bulletin": ("hall_id", "kind", "year", "number", "period", "content", "issued_at"),
    "appeal": (
        "hall_id", "number", "violation", "stage", "day", "person", "window", "session", "kind", "seconds", "source",
        "filed_by", "role", "grounds", "late", "filed_at",
    ),
    "evidence": ("hall_id", "appeal", "position", "name", "digest", "content"),
    "appeal_decision": (
        "hall_id", "appeal", "outcome", "as_kind", "decided_by", "document", "note", "ruling", "decided_at",
    ),
}  # fmt: skip
"""The columns that a row's digest is made of, in their order: all there are, and there were when links began."""

_L = link.c
_HERE = _L.hall_id == bindparam("hall")
_HEAD = Prepared(select(_L.height, _L.hash).where(_HERE).order_by(_L.height.desc()).limit(1))
_LAST = Prepared(
    select(_L.number, _L.digest).where(and_(_HERE, _L.chain == bindparam("chain"))).order_by(_L.number.desc()).limit(1)
)


class SqlChain:
    """The chain of a hall, in one transaction that excludes other writers."""

    def __init__(self, connection: Connection, hall_id: str) -> None:
        self._connection = connection
        self._hall = hall_id

    def add(self, chain: str, number: int, digest: str, at: Moment) -> None:
        """Link what was just written: which of the hall's chains it belongs to, its number there, and its digest."""
        head = _HEAD.run(self._connection, hall=self._hall)
        height, previous = head[0] if head else (0, GENESIS)
        hash_ = follow(previous, chain, number, digest, at)
        insert(self._connection, link, [(self._hall, height + 1, chain, number, digest, hash_, at)])

    def last(self, chain: str) -> tuple[int, str]:
        """The number and digest that a chain ends with; (0, GENESIS) before its first."""
        found = _LAST.run(self._connection, hall=self._hall, chain=chain)
        return (found[0][0], found[0][1]) if found else (0, GENESIS)


def whole(hall_id: str, name: str) -> Select[*tuple[Any, ...]]:
    """A hall's rows of a table as digests are made of them."""
    table = metadata.tables[name]
    return select(*(table.c[column] for column in COLUMNS[name])).where(table.c.hall_id == hall_id)


def digest_of(rows: Iterable[Sequence[Any]]) -> str:
    """The digest of rows as stored: texts, numbers, nulls and bytes, each for itself."""
    made = hashlib.sha256(b"[")
    for n, row in enumerate(rows):
        plain = [v.hex() if isinstance(v, (bytes, memoryview)) else v for v in row]
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        made.update(f"{',' if n else ''}{text}".encode())
    made.update(b"]")
    return made.hexdigest()


def digest_of_reading(
    previous: str, reading: Sequence[Any], punches: Sequence[Sequence[Any]], defects: Iterable[Sequence[Any]]
) -> str:
    """The digest of a reading, the punches that it brought and its defects, after the terminal's reading before it.

    `punches` are columns, in the order of the numbers: number, device user id, moment, ordinal, verify, state, raw,
    position. A log may hold a hundred thousand, which are hashed sooner so than row by row. None for no punches.
    """
    made = hashlib.sha256(f"{previous}\n{digest_of([reading])}\n{digest_of(defects)}\n".encode())
    if punches:
        numbers, users, moments, ordinals, verifies, states, raws, positions = punches
        for whole in (numbers, moments, ordinals, positions):
            made.update(_eights(whole))
        for texts in (users, verifies, states):
            made.update(json.dumps(list(texts), ensure_ascii=False, separators=(",", ":")).encode())
        made.update(_eights(map(len, raws)))
        made.update(b"".join(raw if isinstance(raw, bytes) else repr(raw).encode() for raw in raws))
    return made.hexdigest()


def _eights(numbers: Iterable[int]) -> bytes:
    """Numbers of eight bytes each, the lowest first whatever machine this is; as text what is none (any more)."""
    whole = list(numbers)
    try:
        packed = array("q", whole)
    except (TypeError, OverflowError):
        return repr(whole).encode()
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()
