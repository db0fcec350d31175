"""What terminals' readings brought, read anew: each with its punches and defects, their digest and their place.

A log may hold millions of punches: they are read in blocks, and a reading's are in memory at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, bindparam, select

from punchsync.core.chain import Kept
from punchsync.core.ledger import GENESIS
from punchsync.core.raw import Brought
from punchsync.store import tables
from punchsync.store.chain import COLUMNS, READING_CHAIN, digest_of_reading, whole
from punchsync.store.rows import Prepared, Tuple, fetch, stream

BLOCK: Final = 20_000

_P = tables.punch.c
_BLOCK = Prepared(
    select(_P.number, _P.device_user_id, _P.at, _P.ordinal, _P.verify, _P.state, _P.raw, _P.position, _P.reading)
    .where(
        and_(
            _P.hall_id == bindparam("hall"), _P.terminal == bindparam("terminal"), _P.number > bindparam("after")
        )
    )
    .order_by(_P.number)
    .limit(BLOCK)
)  # fmt: skip


class Batch(NamedTuple):
    """Punches next to each other that say the same of which reading brought them."""

    reading: int
    rows: list[Tuple]


def brought(connection: Connection, hall: str, terminal: str) -> Iterator[tuple[Kept, Brought | None]]:
    """A terminal's readings by number, each with the punches that it brought; last what no reading brought."""
    chain = READING_CHAIN + terminal
    r, own = tables.reading.c, tables.link.c
    mine = (r.hall_id == hall, r.terminal == terminal)
    numbers = {n for (n,) in fetch(connection, select(r.number).where(*mine))}
    # Whatever remains of a reading, the next one follows from all that it was.
    linked: dict[int, str] = dict(
        fetch(connection, select(own.number, own.digest).where(own.hall_id == hall, own.chain == chain))
    )
    defects = _defects(connection, hall, terminal)
    batches = _batches(connection, hall, terminal)
    batch = next(batches, None)
    previous, reached, marred = GENESIS, 0, 0
    for row in stream(connection, whole(hall, "reading").where(r.terminal == terminal).order_by(r.number)):
        read = dict(zip(COLUMNS["reading"], row, strict=True))
        number, at = read["number"], read["stored_at"]
        while batch is not None and (batch.reading < number or batch.reading not in numbers):
            yield Kept(chain, None, "", f"punch {terminal} {batch.rows[0][0]}", at), None
            batch = next(batches, None)
        taken: list[Tuple] = []
        if batch is not None and batch.reading == number:
            taken, batch = batch.rows, next(batches, None)
        columns = list(zip(*taken, strict=True))[:8]
        odd = defects.pop(number, [])
        digest = digest_of_reading(previous, row, columns, odd)
        previous = linked.get(number, digest)
        place = _place(terminal, number, range(reached + 1, reached + 1 + read["new"]), columns, odd, marred)
        reached += read["new"]
        marred = odd[-1][2] if odd else marred
        yield Kept(chain, number, digest, place, at), _brought(terminal, read, columns)
    for rest in ([batch] if batch else []), batches:
        for left in rest:
            yield Kept(chain, None, "", f"punch {terminal} {left.rows[0][0]}", 0), None
    for rows in defects.values():
        yield Kept(chain, None, "", f"defect {terminal} {rows[0][2]}", 0), None


def _defects(connection: Connection, hall: str, terminal: str) -> dict[int, list[Tuple]]:
    d = tables.defect.c
    found: dict[int, list[Tuple]] = defaultdict(list)
    for row in stream(connection, whole(hall, "defect").where(d.terminal == terminal).order_by(d.number)):
        found[row[6]].append(row)
    return found


def _batches(connection: Connection, hall: str, terminal: str) -> Iterator[Batch]:
    for reading, rows in groupby(_punches(connection, hall, terminal), itemgetter(8)):
        yield Batch(reading, list(rows))


def _punches(connection: Connection, hall: str, terminal: str) -> Iterator[Tuple]:
    after = -(2**62)
    while block := _BLOCK.run(connection, hall=hall, terminal=terminal, after=after):
        yield from block
        after = block[-1][0]


def _brought(terminal: str, read: dict[str, Any], columns: Sequence[Sequence[Any]]) -> Brought:
    if not columns:
        return Brought(terminal, read["source"], read["layout"])
    numbers, users, moments, _ordinals, verifies, states, raws, _positions = columns
    return Brought(terminal, read["source"], read["layout"], numbers, users, moments, verifies, states, raws)


def _place(
    terminal: str, number: int, right: range, columns: Sequence[Sequence[Any]], odd: Sequence[Tuple], marred: int
) -> str:
    """A reading and what it brought; of punches or defects whose numbers have a gap, the first that is wrong."""
    parts = [f"reading {terminal} {number}"]
    numbers = columns[0] if columns else ()
    gap = _gap(right, numbers)
    if numbers or gap is not None:
        parts.append(f"punch {terminal} {_span(numbers) if gap is None else gap}")
    if odd:
        found = [row[2] for row in odd]
        gap = _gap(range(marred + 1, marred + 1 + len(found)), found)
        parts.append(f"defect {terminal} {_span(found) if gap is None else gap}")
    return ", ".join(parts)


def _gap(right: range, found: Sequence[int]) -> int | None:
    """The first number that is missing or too many."""
    pairs = zip_longest(right, found)
    return next((min(n for n in pair if n is not None) for pair in pairs if pair[0] != pair[1]), None)


def _span(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
