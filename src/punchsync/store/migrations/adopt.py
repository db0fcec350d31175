"""Links for all that a store holds which was written before there were links: of the rows as they are found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from punchsync.core.chain import Kept, follow
from punchsync.core.ledger import GENESIS
from punchsync.store.links import SqlLinks
from punchsync.store.rows import BLOCK, Tuple, insert
from punchsync.store.tables import hall, link


def adopt(connection: Connection) -> None:
    """Link the rows of every hall, none of which has a link yet; holds no more than one reading's rows at a time."""
    for (hall_id,) in connection.execute(select(hall.c.hall_id).order_by(hall.c.hall_id)).all():
        rows: list[Tuple] = []
        previous = GENESIS
        for height, kept in enumerate(there(SqlLinks(connection, hall_id)), 1):
            assert kept.number is not None
            previous = follow(previous, kept.chain, kept.number, kept.digest, kept.at)
            rows.append((hall_id, height, kept.chain, kept.number, kept.digest, previous, kept.at))
            if len(rows) == BLOCK:
                insert(connection, link, rows)
                rows.clear()
        insert(connection, link, rows)


def there(links: SqlLinks) -> Iterator[Kept]:
    """What links must stand for, chain by chain; rows that belong to nothing stay without, for `verify` to name."""
    for terminal in links.terminals():
        yield from (kept for kept, _brought in links.readings(terminal) if kept.number is not None)
    for _chain, rows in links.rows():
        yield from (kept for kept in rows if kept.number is not None)
    yield from links.packs()
    yield from runs(links.entries())
    yield from links.issued()


def runs(entries: Iterable[Kept]) -> Iterator[Kept]:
    """The last of each run of entries that were booked at the same time."""
    last: Kept | None = None
    for kept in entries:
        if last is not None and kept.at != last.at:
            yield last
        last = kept
    if last is not None:
        yield last
