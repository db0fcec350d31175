"""What becomes issued when a month is closed: outcomes and rankings of the periods that end with it.

They are derived, but stay as they are from then on, so that nothing could compute them anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from punchsync.core.chain import ISSUED, Kept, issued_chain
from punchsync.core.closing import Closing, ending_with
from punchsync.store.chain import digest_of, whole
from punchsync.store.rows import fetch
from punchsync.store.tables import metadata


def issued(connection: Connection, hall_id: str, closing: Closing) -> Iterator[Kept]:
    """For every period that ends with a closed month and both tables: its rows as they are now, be there any or not."""
    for period in ending_with(closing.month):
        for name in ISSUED:
            column = metadata.tables[name].c.period
            # Sorted here: every database would by its own collation.
            rows = sorted(fetch(connection, whole(hall_id, name).where(column == period)), key=repr)
            yield Kept(issued_chain(name, period), closing.number, digest_of(rows), f"{name} {period}", closing.at)
